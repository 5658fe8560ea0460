package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// liveTerminal is a terminal in which a command of the program runs.
type liveTerminal struct {
	t      *testing.T
	socket string
}

func inTerminal(t *testing.T, w, h int, command string) *liveTerminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("SKIPPED: tmux is not installed, so nothing was tried in a real terminal")
	}
	bin := filepath.Join(t.TempDir(), "xmppscope")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	m := &liveTerminal{t, fmt.Sprintf("xmppscope-live-%d", os.Getpid())}
	m.run("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h), "-e", "NO_COLOR=1",
		"-e", "XDG_DATA_HOME="+t.TempDir(), "-e", "XDG_CONFIG_HOME="+t.TempDir(), "exec "+bin+" "+command)
	t.Cleanup(func() { exec.Command("tmux", "-L", m.socket, "kill-server").Run() })
	return m
}

func (m *liveTerminal) run(args ...string) string {
	m.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-u", "-L", m.socket}, args...)...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

func (m *liveTerminal) press(keys ...string) { m.run(append([]string{"send-keys"}, keys...)...) }

func (m *liveTerminal) sees(text string) string {
	m.t.Helper()
	screen := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if screen = m.run("capture-pane", "-p"); strings.Contains(screen, text) {
			return screen
		}
	}
	m.t.Fatalf("%q never appears:\n%s", text, screen)
	return ""
}

// What a person does who is told nothing but the keys in the last line: hold a
// password on its way, change it, see the failure, let the next try through, and
// then break one message of SCRAM.
func TestDemoInTmux(t *testing.T) {
	m := inTerminal(t, 80, 24, "demo")
	m.sees("opens a stream to localhost")
	m.sees("1 unit held")
	// A breakpoint on logins, and on to the first.
	m.press("b", "C-u")
	m.sees("for example")
	m.press(`name == "auth" or name == "response"`)
	m.sees("fits 0 of")
	m.press("Enter")
	m.sees("is held from now on")
	m.press("c")
	m.sees("logs in with PLAIN")
	m.press("e")
	m.sees("passwd   mirror")
	m.press("Down", "Down", "C-u", "wrong")
	m.sees("came as mirror")
	m.press("Enter")
	m.sees("not-authorized")
	// The client tries again, and is let through.
	m.sees("1 unit held")
	m.press("3")
	m.sees("␀mbed␀mirror")
	m.press("c")
	m.sees("SCRAM-SHA-256")
	m.press("1")
	m.sees("logs in with SCRAM-SHA-256")
	m.press("c")
	m.sees("response  waits")
	m.press("e")
	m.sees("proof")
	m.press("C-t")
	m.sees("✓ well-formed")
	m.press("Escape")
	m.sees("is still held")
	m.press("q")
	m.sees("would be lost")
	m.press("y")
	for range 500 {
		if exec.Command("tmux", "-L", m.socket, "has-session").Run() != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("q and y do not end the program")
}
