package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var csiTopic = Topic{
	Name: "xep0352-csi",
	Doc:  "Client state: the client says whether anybody is looking at it.",
	Ref:  spec.XEP(352, "4"),
	Steps: []Step{
		{Step: decode.StepCSI, Ref: spec.XEP(352, "4"),
			Text:   "The client tells the server that its screen is off, or on again.",
			Why:    "A phone saves its battery if it is not woken for every small thing. While nobody is looking, the server may hold back what can wait.",
			Expect: "The server does not answer. It may hold stanzas back while the client is inactive, and sends them when it is active again."},
	},
	Title: func(e *decode.Event) string {
		if e.Name.Local == "inactive" {
			return "says that nobody is looking"
		}
		return "says that somebody is looking"
	},
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		x.What = sender(e) + " says that somebody is looking at it again."
		if e.Name.Local == "inactive" {
			x.What = sender(e) + " says that nobody is looking at it now."
		}
		x.What = say(x.What, when(before(e).Features != nil && before(e).Feature(nsCSI, "csi") == nil, "The server did not offer this."))
		x.noteWhole(n, "There is no answer to this.")
	},
}
