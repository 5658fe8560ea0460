package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var stanzaIDPart = Part{
	Name:   "xep0359-stanza-ids",
	Doc:    "Stable ids: names of a message that nobody changes on the way.",
	Ref:    spec.XEP(359, "3"),
	Spaces: []string{"urn:xmpp:sid:0"},
	Quiet:  true,
	Why:    "The id of a message is chosen by its author and may be used twice. An archive needs one of its own that is good for ever.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		id := value(attr(c, "id"))
		switch c.Name.Local {
		case "stanza-id":
			t.x.noteAttr(c, "by", "Who gave the id: believe it only from somebody who checks that nobody else uses the name.")
			return "The archive of " + value(attr(c, "by")) + " knows this message under the id " + id + "."
		case "origin-id":
			return "Its author calls it " + id + "; by that it can be found again after a room has given it another id."
		}
		return ""
	},
}
