package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var sessionTopic = Topic{
	Name: "rfc3921-session",
	Doc:  "The session request of 2004, kept for old clients although it does nothing any more.",
	Ref:  spec.RFC(3921, "3"),
	Steps: []Step{
		{Step: decode.StepSession, Ref: spec.RFC(3921, "3"),
			Text:   "The client asks the server to start a session.",
			Why:    "The first XMPP standard wanted this after binding. Since 2011 binding alone is enough, and the request is only kept so that old clients work.",
			Expect: "The server answers with an empty result, and nothing changes."},
	},
	Title: func(e *decode.Event) string {
		switch {
		case fails(e):
			return refusesTitle(e, "the session")
		case asks(e):
			return "asks for a session"
		}
		return "confirms the session"
	},
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		offer := before(e).Feature(nsSession, "session")
		switch {
		case fails(e):
			x.refuse(e, n, "to start a session")
		case asks(e):
			x.What = sender(e) + " asks for a session."
			switch {
			case offer == nil:
				x.What = say(x.What, "The features did not offer that, so it could have left this out.")
			case offer.Optional:
				x.What = say(x.What, "The features mark that as optional, so it could have left this out.")
			default:
				x.What = say(x.What, "The features offered that, and did not say that it may be left out.")
			}
		default:
			x.What = say(sender(e)+" says yes. Nothing has changed by that.", x.tell(e, n).pairing())
			x.Expect = "The client fetches its roster and sends its first presence."
		}
	},
}
