package proxy

import (
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/binding"
)

// Channel binding is told of from where it mattered on, and not before.
func TestBinds(t *testing.T) {
	p := &Proxy{}
	b := &binder{c: &Conn{p: p}, s: binding.New(binding.Options{Mode: binding.Strip})}
	for _, c := range []struct {
		mechanism string
		binds     bool
	}{{"SCRAM-SHA-1", false}, {"SCRAM-SHA-1-PLUS", true}, {"PLAIN", true}} {
		text := []byte("<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>" + c.mechanism + "</mechanism></mechanisms></stream:features>")
		var tree xmlstream.Tree
		n := tree.Parse(text, xmlstream.MidStream(xmlstream.NSClient), xmlstream.Options{})
		b.Rewrite(Passing{Event: &decode.Event{Dir: decode.FromReceiver, Name: n.Name, State: &decode.State{}}, XML: text, Element: func() *xmlstream.Node { return n }})
		if p.Binds() != c.binds {
			t.Errorf("after %s: %v", c.mechanism, p.Binds())
		}
	}
}
