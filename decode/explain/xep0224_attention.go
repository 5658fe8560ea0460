package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var attentionPart = Part{
	Name:   "xep0224-attention",
	Doc:    "Attention: the other person's device should ring or shake.",
	Ref:    spec.XEP(224, ""),
	Spaces: []string{"urn:xmpp:attention:0"},
	Why:    "Somebody wants to be noticed now.",
	Expect: "The receiving program may ring or shake. It should do so only for contacts, and nothing answers it.",
	Title: func(e *decode.Event) string {
		if relayed(e) {
			return "says that " + name(e.From) + " asks for attention"
		}
		return "asks for the attention of " + name(e.To)
	},
	Inside: func(*telling, *xmlstream.Node) string { return "It asks the reader's program to ring or shake." },
}
