package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var bobPart = Part{
	Name:   "xep0231-bits",
	Doc:    "Bits of binary: small pieces of data that are named by their hash.",
	Ref:    spec.XEP(231, ""),
	Spaces: []string{"urn:xmpp:bob"},
	Quiet:  true,
	Why:    "A small picture is fetched once and known by its hash from then on.",
	Noun:   "the data",
	Refused: map[string]string{
		"item-not-found": "there is no such data here",
	},
	Inside: func(_ *telling, c *xmlstream.Node) string {
		return "It brings data of the type " + value(attr(c, "type")) + ", named " + value(attr(c, "cid")) + "."
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		t.x.noteAttr(c, "cid", "The name of the data: its hash.")
		if asks(t.e) {
			t.ask("for the data named " + value(attr(c, "cid")) + ".")
			return
		}
		t.answer(t.by() + " gives the data named " + value(attr(c, "cid")) + ", of the type " + value(attr(c, "type")) + ": " + count(sizeOf(c), "character") + " of base64.")
	},
}
