package tui

import (
	"context"
	"testing"

	"xmppscope/decode"
)

// Ctrl-C asks like q, and does not end the program by itself.
func TestCtrlCAsks(t *testing.T) {
	_, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	r := start(t, Options{Source: &Source{Title: "proxy to h.example", Store: p.store, Live: p, Follow: true,
		Load: func(ctx context.Context, _ func(done, total int64)) error { <-ctx.Done(); return nil }}})
	r.sees("1 unit held")
	r.key("Ctrl-C")
	r.sees("1 unit is held and would be lost")
	r.key("Esc")
	r.sees("1 unit held")
	r.key("Ctrl-C")
	r.key("Ctrl-C") // who presses it again means it
	r.ends()
}

// While connections are open, Ctrl-Z offers what does not stop them.
func TestSuspendAsks(t *testing.T) {
	th, _ := onAir(t, 80, 24)
	lent := 0
	th.u.suspend = func(func()) bool { lent++; return true }
	th.press("Ctrl-Z").has("1 connection is open").has("a shell here").press("Esc")
	if lent != 0 {
		t.Error("the terminal was given away before an answer")
	}
	th.press("Ctrl-Z s Ctrl-Z z")
	th = perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.u.suspend = func(func()) bool { lent++; return true }
	if th.press("Ctrl-Z"); lent != 3 {
		t.Errorf("the terminal was lent %d times, want 3", lent)
	}
}
