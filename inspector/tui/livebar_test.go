package tui

import (
	"testing"

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
