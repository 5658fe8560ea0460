package main

import (
	"context"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/adrg/xdg"

	"xmppscope/lessons/course"
)

// A stage that is left, with what is held on it, leaves no goroutine, no socket
// and no server behind.
func TestStagesLeaveNothingBehind(t *testing.T) {
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	stateIn(t, t.TempDir())
	n := &learning{}
	teach := n.teach(e)
	if teach == nil || len(teach.Lessons) == 0 {
		t.Fatal("there are no lessons")
	}
	scene := course.Scene{Play: []string{"open\nstarttls\nlogin PLAIN mbed mirror\nbind board\nclose"}, Break: []string{`step == "sasl-auth"`}}
	before := 0
	for i := range 4 {
		st, err := teach.Stage(t.Context(), scene)
		if err != nil {
			t.Fatal(err)
		}
		src := st.Source()
		ctx, stop := context.WithCancel(t.Context())
		loaded := make(chan error, 1)
		go func() { loaded <- src.Load(ctx, func(int64, int64) {}) }()
		eventually(t, "a login is held", func() bool { return len(src.Live.Held()) == 1 })
		if len(src.Faults.Faults()) == 0 {
			t.Error("the practice server of a stage cannot be told to misbehave")
		}
		addr := strings.Fields(src.Live.Status().Listening[0])[1]
		if err := src.Faults.Switch(src.Faults.Faults()[0].Name, true); err != nil {
			t.Error(err)
		}
		stop()
		<-loaded
		src.Close()
		n.ending.Wait()
		if c, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			c.Close()
			t.Errorf("%s still takes connections", addr)
		}
		if i == 0 { // what is made once and stays
			settle(0)
			before = runtime.NumGoroutine()
		}
	}
	if now := settle(before); now > before {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines more than before:\n%s", now-before, buf[:runtime.Stack(buf, true)])
	}
}

// settle waits until no more than so many goroutines are left, for a moment at
// most.
func settle(want int) int {
	for range 100 {
		if runtime.NumGoroutine() <= want {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return runtime.NumGoroutine()
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patient); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// Without a terminal lessons are listed, and told as text; at the prompt they are
// taken.
func TestLearnWithoutATerminal(t *testing.T) {
	if got := command(t, "", "learn"); !strings.Contains(got, "07-plain") {
		t.Errorf("it lists:\n%s", got)
	}
	stateIn(t, t.TempDir())
	got := command(t, "skip\nskip\nskip\nanswer 3\nquit\n", "learn", "--plain", "7")
	for _, text := range []string{"Lesson 07-plain", "Step 1 of", "hidden until you have answered", "Right."} {
		if !strings.Contains(got, text) {
			t.Errorf("%q is not said:\n%s", text, got)
		}
	}
}

// stateIn keeps the state of the program in a folder.
func stateIn(t *testing.T, folder string) {
	t.Cleanup(xdg.Reload) // with what the environment says when this is over
	t.Setenv("XDG_STATE_HOME", folder)
	xdg.Reload()
}

// command runs a command line with something to read, and gives what it wrote.
func command(t *testing.T, in string, args ...string) string {
	t.Helper()
	var out strings.Builder
	e := &env{streams: &streams{in: strings.NewReader(in), out: &out, err: io.Discard}}
	root := newRoot(e)
	e.tree = newRoot
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Errorf("%v: %v", args, err)
	}
	return out.String()
}
