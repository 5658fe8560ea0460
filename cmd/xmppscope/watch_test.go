//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What ends the program from within a goroutine that is not of the screen leaves
// the terminal as it was, and a report. A signal that the runtime takes for a
// fault stands for it here.
func TestWatchedInTmux(t *testing.T) {
	m := inTerminal(t, 80, 24, "open sample:plain-login")
	m.sees("opens a stream")
	m.run("set-option", "-g", "remain-on-exit", "on")
	pid, err := strconv.Atoi(strings.TrimSpace(m.run("display-message", "-p", "#{pane_pid}")))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	var all []string
	for deadline := time.Now().Add(patient); len(all) == 0 && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		all, _ = filepath.Glob(filepath.Join(m.state, "xmppscope", "crash-*.txt"))
	}
	if len(all) != 1 {
		t.Fatalf("reports: %q\n%s", all, m.run("capture-pane", "-p"))
	}
	if st, err := os.Stat(all[0]); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", st, err)
	}
	if on := strings.TrimSpace(m.run("display-message", "-p", "#{alternate_on}")); on != "0" {
		t.Error("the terminal still shows its other buffer")
	}
}

func TestFaultsWithoutValues(t *testing.T) {
	const in = "panic: the password is mirror\n\tand more of it [recovered, repanicked]\n\ngoroutine 7 [running]:\nmain.f(0x1)\n\t/x.go:1\n"
	if got := withoutValues(in); strings.Contains(got, "mirror") || strings.Contains(got, "more of it") || !strings.Contains(got, "goroutine 7") || !strings.Contains(got, "x.go:1") {
		t.Errorf("got %q", got)
	}
	const own = "panic: runtime error: index out of range [3] with length 0\n\ngoroutine 7 [running]:\n"
	if got := withoutValues(own); got != own {
		t.Errorf("got %q", got)
	}
}
