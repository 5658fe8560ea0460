package tui

import (
	"strings"
	"testing"

	"github.com/rivo/tview"

	"xmppscope/decode"
)

// What is done about channel binding is told of where it has mattered.
func TestBindingIsToldOf(t *testing.T) {
	th, p := onAir(t, 160, 50)
	th.has("binding removed")
	p.status.Binds = false
	p.feed(decode.FromInitiator, "<presence/>")
	th.tick()
	th.lacks("binding removed").press("L").has("nothing was bound to TLS yet")
}

// A remark that is cut leaves room for the key that shows all of it.
func TestCutRemarkHasItsKey(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.status.News = []string{strings.Repeat("the login was refused ", 8)}
	th.tick()
	th.has("the login was refused").has("! read it").has("q quit")
}

// The buttons below the fields of a login take the mouse, as their keys do.
func TestLoginButtonsTakeTheMouse(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	th.tick()
	f, ok := th.press("e").u.over.(*loginForm)
	if !ok {
		t.Fatalf("%T", th.u.over)
	}
	b := f.places[1]
	if th.does(tview.MouseLeftClick, b.x+3, b.y); th.u.over != overlay(f.c) {
		t.Errorf("%T after a click on: as XML", th.u.over)
	}
}
