package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var componentTopic = Topic{
	Name: "xep0114-component",
	Doc:  "Components: an add-on service logs in to its server with a shared secret.",
	Ref:  spec.XEP(114, "3"),
	Steps: []Step{
		{Step: decode.StepComponent, Ref: spec.XEP(114, "3"),
			Text:   "A component proves that it knows the secret it shares with the server.",
			Why:    "A component is an add-on, such as a gateway, that may speak for every address in its domain. So the server must be sure that it is the right one. The hash covers the stream's id, so that it cannot be used a second time.",
			Expect: "The server answers with an empty <handshake/>, or ends the stream with not-authorized. Then stanzas flow."},
	},
	Title: func(e *decode.Event) string {
		if fromInitiator(e) {
			return "proves the shared secret"
		}
		return "accepts the component"
	},
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		s := before(e)
		if !fromInitiator(e) {
			x.What = say(sender(e)+" accepts the component"+when(s.Domain != "", " "+value(s.Domain))+".", when(e.Reply == 0, "No proof from it was seen."))
			x.Expect = "Stanzas flow both ways. There are no features, no login and no binding here."
			return
		}
		x.What = sender(e) + " sends the hash of the stream's id" + when(s.StreamID != "", ", "+value(s.StreamID)+",") + " and the secret."
		x.noteText(n, "SHA-1 of the stream id followed by the secret, in hexadecimal.")
		x.addLogin(e, n, decoded(e))
	},
}
