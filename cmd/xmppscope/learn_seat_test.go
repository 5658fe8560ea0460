package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// hostProcess is a teacher whose program can be killed.
type hostProcess struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	mu  sync.Mutex
	out bytes.Buffer
}

func (h *hostProcess) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.out.Write(p)
}

func hostAlone(t *testing.T, state string, args ...string) *hostProcess {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	h := &hostProcess{t: t, cmd: exec.Command(bin, append([]string{"learn", "--host"}, args...)...)}
	h.cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+state)
	h.cmd.Stdout, h.cmd.Stderr = h, h
	if h.in, err = h.cmd.StdinPipe(); err == nil {
		err = h.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.kill)
	return h
}

// kill ends the program without a word.
func (h *hostProcess) kill() {
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait() // it was killed
}

func (h *hostProcess) says(text string) {
	h.t.Helper()
	said := ""
	for end := time.Now().Add(patient); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		h.mu.Lock()
		said = h.out.String()
		h.mu.Unlock()
		if strings.Contains(said, text) {
			return
		}
	}
	h.t.Fatalf("%q is not said in:\n%s", text, said)
}

// A student sits in a class on the screen of a terminal: it follows the teacher,
// what is answered counts, and a teacher whose program is killed goes on with the
// class when it is started again.
func TestClassOnTheScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: it needs a terminal and processes")
	}
	var port int
	free(t, &port)
	addr := fmt.Sprint("127.0.0.1:", port)
	state := t.TempDir()
	args := []string{addr, "--token", "abcdefgh", "--lessons", "../../lessons/course/testdata", "00-test"}
	host := hostAlone(t, state, args...)
	host.says("help lists")
	m := inTerminal(t, 120, 40, "learn --join "+addr+" --token abcdefgh --name Anna")
	m.sees("Following the teacher, at step 1")
	_, _ = io.WriteString(host.in, "step 2\n")
	m.sees("2. What comes next")
	m.press("1")
	m.sees("✓ Right.")
	_, _ = io.WriteString(host.in, "show 5\n")
	if screen := m.sees("#5 in login"); strings.Contains(screen, "AG1iZWQAbWlycm9y") {
		t.Error("a password is mirrored:\n", screen)
	}
	m.press("@")
	m.sees("On your own; the teacher is at step 2")
	m.press("@")
	kept := ""
	for end := time.Now().Add(patient); !strings.Contains(kept, `"done":true`) && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		files, _ := filepath.Glob(filepath.Join(state, "xmppscope", "classes", "*.json"))
		for _, f := range files {
			text, _ := os.ReadFile(f)
			kept = string(text)
			if st, err := os.Stat(f); err == nil && st.Mode().Perm() != 0o600 {
				t.Error(f, st.Mode())
			}
		}
	}
	if strings.Contains(kept, "abcdefgh") || !strings.Contains(kept, "Anna") {
		t.Error(kept)
	}
	host.kill()
	m.sees("✗ Connection lost; trying again")
	host = hostAlone(t, state, args...)
	host.says("It goes on where it was cut short")
	m.sees("back in the class")
	m.sees("Anna 1/9")
	host.says("Anna is back")
	_, _ = io.WriteString(host.in, "quit\n")
	m.sees("The class is over")
	if files, _ := filepath.Glob(filepath.Join(state, "xmppscope", "classes", "*.json")); len(files) > 0 {
		t.Error("a class that is over is kept: ", files)
	}
	m.press("q")
}
