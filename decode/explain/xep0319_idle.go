package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var idlePart = Part{
	Name:   "xep0319-idle",
	Doc:    "Idle time: since when the user has touched nothing.",
	Ref:    spec.XEP(319, ""),
	Spaces: []string{"urn:xmpp:idle:1"},
	Quiet:  true,
	Why:    "Away alone does not say for how long.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		s := attr(c, "since")
		t.x.noteAttr(c, "since", "When the user did something last.")
		return "The user has done nothing since " + value(s) + agoWords(t.e.Time, s) + "."
	},
}
