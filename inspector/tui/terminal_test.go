//go:build unix

package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// atShell is a terminal with a shell in which the interface was started, as a
// person has it. PATH of the program is $p there.
func atShell(t *testing.T, env ...string) *tmux {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m := newTmuxOf(t, 80, 24, "exec sh -i", append(env, "p="+self, "ENV=")...)
	m.types("PS1='at 'prompt'> '")
	m.sees("at prompt>")
	return m
}

func (m *tmux) types(line string) { m.run("send-keys", "-l", line); m.run("send-keys", "Enter") }

// gone waits for the end of a process.
func gone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if syscall.Kill(pid, 0) != nil {
			return
		}
	}
	t.Errorf("process %d does not end", pid)
}

// Ctrl-Z gives the terminal back, and fg the screen. A program that was stopped
// in another way paints its screen too when it goes on.
func TestSuspendInTmux(t *testing.T) {
	m := atShell(t, demoEnv+"=plain")
	m.types(`$p`)
	m.sees("opens a stream to localhost")
	m.run("send-keys", "s", "s", "C-z")
	m.sees("Stopped")
	m.types("stty -a | tr ' ;' '\\n\\n' | grep -x -e '-*echo'")
	m.sees("\necho\n")
	m.types("fg")
	m.sees("▶    3")
	m.run("send-keys", "s")
	m.sees("▶    4")
	m.run("send-keys", "q")
	m.sees("fg\n${p}\nat prompt>") // keys before that are the program's still
	m.types(`echo "code $?"`)
	m.sees("code 0")
}

// Where no shell is there to stop the program for, it says so and goes on.
func TestSuspendWithoutAShell(t *testing.T) {
	m := newTmux(t, 80, 24, demoEnv+"=plain")
	m.sees("opens a stream to localhost")
	m.run("send-keys", "C-z")
	m.sees("nothing here would take the terminal")
	m.run("send-keys", "s")
	m.sees("▶    2")
}

// A panic leaves the terminal as it was, tells where the report is, and fails.
func TestPanicInTmux(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	m := atShell(t, demoEnv+"=plain", demoEnv+"_STATE="+dir)
	m.types(`$p; echo "code $?"`)
	m.sees("opens a stream to localhost")
	m.run("send-keys", "o")
	m.sees("Open another capture")
	m.run("send-keys", "-l", "./panic")
	m.run("send-keys", "Enter")
	m.sees("code 70")
	screen := m.run("capture-pane", "-p", "-J")
	if !strings.Contains(screen, "a fault of xmppscope itself ended it") || !strings.Contains(screen, dir) || strings.Contains(screen, "goroutine") {
		t.Errorf("the screen after a panic:\n%s", screen)
	}
	m.types("stty -a | tr ' ;' '\\n\\n' | grep -x -e '-*echo'")
	m.sees("\necho\n")
	if all, _ := filepath.Glob(filepath.Join(dir, "crash-*.txt")); len(all) != 1 {
		t.Errorf("reports: %q", all)
	}
}

// A terminal that is closed ends the program, whether the system tells it or,
// as under nohup, only the terminal does.
func TestTerminalClosed(t *testing.T) {
	for _, how := range []string{"exec $p", "trap '' HUP; exec $p"} {
		t.Run(how, func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			m := newTmuxOf(t, 80, 24, "exec sh -c \""+strings.ReplaceAll(how, "$", "\\$")+"\"", demoEnv+"=plain", "p="+self)
			m.sees("opens a stream to localhost")
			pid, err := strconv.Atoi(strings.TrimSpace(m.run("display-message", "-p", "#{pane_pid}")))
			if err != nil {
				t.Fatal(err)
			}
			m.run("kill-pane")
			gone(t, pid)
		})
	}
}

// Alt with any letter is a key in a real terminal too, and no lock.
func TestAltInTmux(t *testing.T) {
	m := newTmux(t, 80, 24, demoEnv+"=plain")
	m.sees("opens a stream to localhost")
	for i, key := range []string{"X", "P", "_", "^", "]", "[", "O", "N"} {
		m.run("send-keys", "M-"+key)
		m.sees("Alt-" + key + " does nothing here")
		m.run("send-keys", "s")
		m.sees(fmt.Sprintf("▶    %d", i+2))
	}
}
