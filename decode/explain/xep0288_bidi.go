package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var bidiTopic = Topic{
	Name: "xep0288-bidi",
	Doc:  "Two-way server links: one connection for both directions.",
	Ref:  spec.XEP(288, "2"),
	Steps: []Step{
		{Step: decode.StepS2SBidi, Ref: spec.XEP(288, "2"),
			Text:   "The initiating server allows the other one to send on this connection too.",
			Why:    "Otherwise each server needs a connection of its own, because stanzas between servers flow only from the one that connected.",
			Expect: "There is no answer. Login follows, and after it stanzas may flow both ways."},
	},
	Title: func(*decode.Event) string { return "allows stanzas both ways on this link" },
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		x.What = say(sender(e)+" says that "+reader(e)+" may send stanzas on this connection as well.",
			when(before(e).Features != nil && before(e).Feature(nsBidiFeature, "bidi") == nil, "The features did not offer that."))
		x.noteWhole(n, "There is no answer to this.")
	},
}
