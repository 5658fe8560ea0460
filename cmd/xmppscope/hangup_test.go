//go:build unix

package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A terminal that is closed under open connections ends the program, and what
// was recorded until then is whole.
func TestHangupKeepsTheRecording(t *testing.T) {
	file := filepath.Join(t.TempDir(), "demo.pcapng")
	m := inTerminal(t, 80, 24, "demo --record "+file)
	m.sees("1 unit held")
	pid, err := strconv.Atoi(strings.TrimSpace(m.run("display-message", "-p", "#{pane_pid}")))
	if err != nil {
		t.Fatal(err)
	}
	m.run("kill-pane")
	for deadline := time.Now().Add(patient); syscall.Kill(pid, 0) == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the program does not end with its terminal")
		}
	}
	var out, told bytes.Buffer
	code := run(context.Background(), &streams{in: strings.NewReader(""), out: &out, err: &told}, []string{"dump", file})
	if code != exitDone || !strings.Contains(out.String(), "opens a stream to localhost") || strings.Contains(told.String(), "incomplete") {
		t.Errorf("exit %d\n%s%s", code, out.String(), told.String())
	}
}
