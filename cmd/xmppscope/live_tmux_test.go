package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// liveTerminal is a terminal in which a command of the program runs.
type liveTerminal struct {
	t      *testing.T
	socket string
	state  string // its XDG_STATE_HOME
}

// built is the program as it is given away, made once, beside the one that scripts
// run: what lies there goes with the tests.
var built = sync.OnceValues(func() (string, error) {
	scripted, err := exec.LookPath("xmppscope")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(filepath.Dir(filepath.Dir(scripted)), "built", "xmppscope")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return bin, nil
})

func inTerminal(t *testing.T, w, h int, command string) *liveTerminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("SKIPPED: tmux is not installed, so nothing was tried in a real terminal")
	}
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	m := &liveTerminal{t, fmt.Sprintf("xmppscope-%s-%d", strings.ReplaceAll(t.Name(), "/", "-"), os.Getpid()), t.TempDir()}
	m.run("-f", os.DevNull, "new-session", "-d", "-x", fmt.Sprint(w), "-y", fmt.Sprint(h), "-e", "NO_COLOR=1",
		"-e", "XDG_STATE_HOME="+m.state, "-e", "XDG_DATA_HOME="+t.TempDir(), "-e", "XDG_CONFIG_HOME="+t.TempDir(), "exec "+bin+" "+command)
	t.Cleanup(func() { exec.Command("tmux", "-L", m.socket, "kill-server").Run() })
	return m
}

// patient is how long a screen is waited for: where tests of many packages run at
// once, what comes at once may take long.
const patient = time.Minute

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
	for deadline := time.Now().Add(patient); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if screen = m.run("capture-pane", "-p"); strings.Contains(screen, text) {
			return screen
		}
	}
	m.t.Fatalf("%q never appears:\n%s", text, screen)
	return ""
}

// answers presses a key and waits until the screen has changed.
func (m *liveTerminal) answers(key string) string {
	m.t.Helper()
	before := m.run("capture-pane", "-p")
	m.press(key)
	for deadline := time.Now().Add(patient); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if screen := m.run("capture-pane", "-p"); screen != before {
			return screen
		}
	}
	m.t.Fatalf("%s changes nothing:\n%s", key, before)
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
	m.sees("✓ passwd agrees")
	m.press("C-u", "wrong")
	m.sees("came as mirror")
	m.sees("✗ passwd does not agree")
	m.press("Enter")
	m.sees("not-authorized")
	// The client tries again, and is let through.
	m.sees("1 unit held")
	m.press("3")
	m.sees("Verified against the password")
	m.press("c")
	m.sees("SCRAM-SHA-256")
	m.press("1")
	m.sees("logs in with SCRAM-SHA-256")
	m.press("c")
	m.sees("response  waits")
	m.press("e")
	m.sees("✓ ClientProof agrees")
	m.press("C-t")
	m.sees("✓ well-formed")
	m.press("C-t")
	m.press("C-g")
	m.sees("✗ ClientProof does not agree")
	m.press("C-s")
	m.sees("refuses the login: not-author")
	m.sees("1 unit held") // the next try
	m.press("q")
	m.sees("would be lost")
	m.press("y")
	for deadline := time.Now().Add(patient); time.Now().Before(deadline); {
		if exec.Command("tmux", "-L", m.socket, "has-session").Run() != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("q and y do not end the program")
}

// Something of one's own is sent into a session that is held, its answer is
// shown, and it is sent once more with another question in it.
func TestInjectAndReplayInTmux(t *testing.T) {
	m := inTerminal(t, 100, 30, "demo")
	m.sees("1 unit held")
	m.press("b", "C-u")
	m.sees("for example")
	m.press(`name == "presence" and dir == "initiator"`, "Enter")
	m.sees("is held from now on")
	m.press("c")
	m.sees("presence  waits")
	m.press("i")
	m.sees("To the server")
	m.press("disco info to server", "Enter")
	m.sees("✓ well-formed")
	for range 5 {
		m.press("Tab")
	}
	m.press("Enter")
	m.sees("place: before what is held")
	m.press("C-s")
	m.sees("is answered by #")
	// Once more from the list, changed.
	m.sees("injected: asks")
	m.press("Home", "End")
	for range 6 {
		if strings.Contains(m.answers("BTab"), "Taken out on the way") {
			break
		}
	}
	m.press("k", "r")
	m.sees("Replay #")
	m.press("C-a", "<iq type='get' id='again' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>")
	m.sees("✓ well-formed")
	for range 5 {
		m.press("Tab")
	}
	m.press("Enter")
	m.sees("place: before what is held")
	m.press("C-s")
	m.sees("pings")
	m.sees("is answered by #")
}
