package tui

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// tmux runs the interface in a real terminal of its own.
type tmux struct {
	t      *testing.T
	socket string
}

func newTmux(t *testing.T, w, h int, env ...string) *tmux {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return newTmuxOf(t, w, h, "exec "+self, env...)
}

// newTmuxOf runs a command line in a terminal of its own.
func newTmuxOf(t *testing.T, w, h int, command string, env ...string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("SKIPPED: tmux is not installed, so nothing was tried in a real terminal")
	}
	m := &tmux{t, fmt.Sprintf("xmppscope-test-%d-%d", os.Getpid(), time.Now().UnixNano())}
	args := []string{"-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h)}
	for _, e := range env {
		args = append(args, "-e", e)
	}
	m.run(append(args, command)...)
	t.Cleanup(func() { exec.Command("tmux", "-L", m.socket, "kill-server").Run() })
	return m
}

func (m *tmux) run(args ...string) string {
	m.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-u", "-L", m.socket}, args...)...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

// sees waits for a text on the screen and returns the screen with its escapes.
func (m *tmux) sees(text string) string {
	m.t.Helper()
	screen := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if screen = m.run("capture-pane", "-p"); strings.Contains(screen, text) {
			return m.run("capture-pane", "-p", "-e")
		}
	}
	m.t.Fatalf("%q never appears:\n%s", text, screen)
	return ""
}

func TestInTmux(t *testing.T) {
	m := newTmux(t, 80, 24, demoEnv+"=plain", "NO_COLOR=1")
	raw := m.sees("opens a stream to localhost")
	if strings.Contains(raw, "\x1b[38;") || strings.Contains(raw, "\x1b[31m") {
		t.Errorf("colours in spite of NO_COLOR:\n%q", raw)
	}
	m.run("send-keys", "s", "s", "s", "s", "3")
	m.sees("␀mbed␀mirror")
	m.run("send-keys", "h")
	m.sees("3c 61 75 74 68")
	m.run("send-keys", "/", "roster", "Enter")
	m.sees("found in #14")
	m.run("send-keys", "Escape")
	m.sees("s step") // before the next key: terminals join Escape and a letter
	m.run("send-keys", "q")
	for range 3000 {
		if exec.Command("tmux", "-L", m.socket, "has-session").Run() != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("q does not end the program")
}

// The terminal itself must not have taken an escape of the capture: its title
// stays, nothing blinks, no colour is set by the wire.
func TestHostileInTmux(t *testing.T) {
	m := newTmux(t, 100, 40, demoEnv+"=hostile", "NO_COLOR=1")
	m.sees("[red]evil[-].example")
	for _, tab := range []string{"1", "2", "3", "4", "5"} {
		m.run("send-keys", tab, "Home")
		for range 11 {
			m.run("send-keys", "s")
		}
		raw := m.sees("this is the last event")
		for _, bad := range []string{"\x1b[5m", "\x1b[31m", "\u202e", "\u009b"} {
			if strings.Contains(raw, bad) {
				t.Errorf("tab %s: the terminal got %q", tab, bad)
			}
		}
	}
	if title := m.run("display-message", "-p", "#{pane_title}"); strings.Contains(title, "owned") {
		t.Errorf("the capture set the title of the terminal: %q", title)
	}
}

// Findings, answers and the state are reachable in a small terminal without
// colour and mouse.
func TestFindingsInTmux(t *testing.T) {
	m := newTmux(t, 80, 24, demoEnv+"=broken", "NO_COLOR=1")
	m.sees("F see it")
	m.run("send-keys", ":", "findings", "Enter")
	m.sees("Findings: ")
	m.run("send-keys", "e", "G", "k")
	m.sees("errors only")
	m.run("send-keys", "Enter")
	m.sees("✗ an & that begins no reference")
	m.run("send-keys", "w")
	m.sees("Why not?")
	m.run("send-keys", "starttls", "Enter")
	m.sees("✗ No. ")
	m.run("send-keys", "Tab", "Enter")
	m.sees("w asks again")
	m.run("send-keys", "t", "Home")
	if raw := m.sees("[5 State"); strings.Contains(raw, "\x1b[38;") {
		t.Errorf("colours in spite of NO_COLOR:\n%q", raw)
	}
	m.run("send-keys", "q")
}
