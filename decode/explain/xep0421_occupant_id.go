package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var occupantIDPart = Part{
	Name:   "xep0421-occupant-id",
	Doc:    "Occupant ids: a lasting name for somebody in a room, which does not give away the address.",
	Ref:    spec.XEP(421, ""),
	Spaces: []string{"urn:xmpp:occupant-id:0"},
	Quiet:  true,
	Why:    "A nickname can be changed, or taken by somebody else. By this id one can tell whether two messages come from the same person.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "id", "The same in every stanza of this person in this room.")
		return "The room knows this person by the id " + value(attr(c, "id")) + ", whatever the nickname is."
	},
}
