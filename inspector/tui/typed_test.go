package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"
)

// parse gives the keys that tcell sees in what passes typed, burst by burst; a
// burst of "…" stands for a while in which nothing comes.
func parse(bursts ...string) []string {
	events := make(chan tcell.Event, 100)
	ip := tcell.NewInputProcessor(events)
	var t typed
	for _, b := range bursts {
		if b == "…" {
			ip.ScanUTF8(t.rest())
			continue
		}
		ip.ScanUTF8(t.feed([]byte(b)))
	}
	var keys []string
	for {
		select {
		case ev := <-events:
			switch e := ev.(type) {
			case *tcell.EventKey:
				keys = append(keys, keyName(e))
			default:
				keys = append(keys, fmt.Sprintf("%T", e))
			}
		default:
			return keys
		}
	}
}

// Whatever a person types with Alt is a key, and the key after it is one too.
func TestAltIsAKey(t *testing.T) {
	for _, c := range []struct {
		bursts []string
		want   string
	}{
		{[]string{"\x1bX", "j"}, "Alt-X j"},
		{[]string{"\x1bP", "j"}, "Alt-P j"},
		{[]string{"\x1b^", "j"}, "Alt-^ j"},
		{[]string{"\x1b_", "j"}, "Alt-_ j"},
		{[]string{"\x1b]", "j"}, "Alt-] j"},
		{[]string{"\x1bN", "j"}, "Alt-N j"},
		{[]string{"\x1b\\", "j"}, "Alt-\\ j"},
		{[]string{"\x1bXjk"}, "Alt-X j k"},
		{[]string{"\x1b", "X", "j"}, "Alt-X j"},
		{[]string{"\x1b[", "…", "1", "j"}, "Alt-[ 1 j"},
		{[]string{"\x1bO", "…", "j"}, "Alt-O j"},
		{[]string{"\x1b", "…", "j"}, "Esc j"},
		{[]string{"\x1b\x1bX", "j"}, "Esc Alt-X j"},
		{[]string{"\x1b\x1b", "…", "j"}, "Esc Esc j"},
		{[]string{"\x1bj"}, "Alt-j"},
		{[]string{"\x1b[A\x1bOB\x1b", "[5~"}, "Up Down PgUp"},
		{[]string{"\x1b[", "A"}, "Up"},
		{[]string{"\x1b[200~a\x1b[201~b"}, "*tcell.EventPaste a *tcell.EventPaste b"},
		{[]string{"é漢", "j"}, "é 漢 j"},
		// What is a control string indeed is none of the keys.
		{[]string{"\x1bPan answer\x1b\\j"}, "j"},
		{[]string{"\x1b_gone\aj"}, "j"},
		{[]string{"\x1b]52;c;aGk=\x1b\\j"}, "*tcell.EventClipboard j"},
	} {
		if got := strings.Join(parse(c.bursts...), " "); got != c.want {
			t.Errorf("%q gives %q, want %q", c.bursts, got, c.want)
		}
	}
}

// After any bytes at all, and a while of silence, j is j.
func FuzzTyped(f *testing.F) {
	for _, s := range []string{"\x1bX", "\x1b[<0;3", "\x1b]0;x\a", "\x1b\x1b\x1b", "\x1bP+q\x1b\\", "a\x1b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 60 {
			return
		}
		for i := range s {
			// A sequence that a terminal began belongs to the terminal.
			if strings.HasPrefix(s[i:], "\x1b[") || strings.HasPrefix(s[i:], "\x1bO") || s[i] >= 0x80 {
				return
			}
		}
		keys := parse(s, "…", "j", "\x1b[A")
		if n := len(keys); n < 2 || keys[n-2] != "j" || keys[n-1] != "Up" {
			t.Errorf("after %q j and Up are %q", s, keys)
		}
	})
}

// stub is a terminal of which a test writes what is typed.
type stub struct {
	tcell.Tty
	typed   chan string
	drained chan struct{}
}

func (s *stub) Start() error { return nil }
func (s *stub) Stop() error  { return nil }
func (s *stub) Drain() error { close(s.drained); return nil }
func (s *stub) Read(p []byte) (int, error) {
	select {
	case text, ok := <-s.typed:
		if !ok {
			return 0, nil // as a terminal that is gone
		}
		return copy(p, text), nil
	case <-s.drained:
		return 0, errTest
	}
}

func TestKeyboard(t *testing.T) {
	s := &stub{typed: make(chan string), drained: make(chan struct{})}
	k := &keyboard{Tty: s}
	if err := k.Start(); err != nil {
		t.Fatal(err)
	}
	read := func() string {
		p := make([]byte, 3)
		n, err := k.Read(p)
		if err != nil {
			return err.Error()
		}
		return string(p[:n])
	}
	s.typed <- "hello"
	if got := read() + read(); got != "hello" {
		t.Errorf("got %q", got)
	}
	s.typed <- "\x1b"
	if got := read() + read(); got != "\x1b[27u" {
		t.Errorf("a lone Esc is %q", got)
	}
	// Drain wakes a reader, and Stop waits for the goroutine.
	done := make(chan string)
	go func() { done <- read() }()
	time.Sleep(10 * time.Millisecond)
	k.Drain()
	<-done
	k.Stop()
	// A terminal that is gone ends reading; nothing spins.
	s = &stub{typed: make(chan string), drained: make(chan struct{})}
	k = &keyboard{Tty: s}
	k.Start()
	close(s.typed)
	if got := read(); got != "EOF" {
		t.Errorf("a terminal that is gone reads %q", got)
	}
	k.Drain()
	k.Stop()
}
