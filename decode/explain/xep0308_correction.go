package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var correctionPart = Part{
	Name:   "xep0308-correction",
	Doc:    "Correction: a message takes the place of an earlier one.",
	Ref:    spec.XEP(308, "3"),
	Spaces: []string{"urn:xmpp:message-correct:0"},
	Why:    "People mistype. A whole new message is sent, so that programs which do not know corrections at least show it.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "id", "The id of the message that is corrected: that of its first version, if it was corrected before.")
		return "These words take the place of the message with the id " + value(attr(c, "id")) + " from the same author."
	},
}
