package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const nsForward = "urn:xmpp:forward:0"

var forwardPart = Part{
	Name:   "xep0297-forwarding",
	Doc:    "Forwarding: another stanza, wrapped up whole.",
	Ref:    spec.XEP(297, ""),
	Spaces: []string{nsForward},
	Why:    "A copy must not be mistaken for the stanza itself, so it travels inside another one, with its own sender and time.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		return say("It wraps up another stanza.", t.forwarded(c))
	},
}

// forwarded says what the stanza in <forwarded/> is.
func (t *telling) forwarded(f *xmlstream.Node) string {
	var m *xmlstream.Node
	var sent string
	for c := range f.Children() {
		switch {
		case c.Name.Local == "message" || c.Name.Local == "presence" || c.Name.Local == "iq":
			m = c
		case c.Name.Space == nsDelay:
			sent = attr(c, "stamp")
			t.x.noteAttr(c, "stamp", "When the wrapped stanza was sent.")
		}
	}
	if m == nil {
		return "There is no stanza in it."
	}
	t.x.noteTag(m, "The stanza that is wrapped up.")
	line := "It went from " + value(attr(m, "from")) + " to " + value(attr(m, "to")) + when(sent != "", " at "+value(sent)) + "."
	b := m.Child(m.Name.Space, "body")
	if b != nil {
		t.x.noteText(b, "What is said in the wrapped message.")
		return say(line, "It says "+speech(text(b))+".")
	}
	inner := *t
	inner.depth++
	for c := range m.Children() {
		if p := t.look(c.Name.Space); c.Name.Space != m.Name.Space && (p == nil || !p.Quiet) {
			return say(line, inner.inside(c))
		}
	}
	return line
}
