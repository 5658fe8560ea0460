package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var carbonsTopic = Topic{
	Name: "xep0280-carbons",
	Doc:  "Carbons: copies of each conversation for all of a user's devices.",
	Ref:  spec.XEP(280, ""),
	Steps: []Step{
		{Step: decode.StepCarbonsEnable, Ref: spec.XEP(280, "4"),
			Text:   "The client asks for copies of the messages that the user's other devices send and get, or asks for them to stop.",
			Why:    "Without this a conversation is torn apart between phone and desktop. With it every device shows all of it.",
			Expect: "The server answers with an empty result. From then on copies come in, each wrapped in <sent/> or <received/>."},
	},
	Spaces: []string{nsCarbons},
	Title:  carbonsTitle,
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		off := e.Payload.Local == "disable"
		switch {
		case e.Name.Local == "message":
			explainCopy(x, e, n)
		case fails(e):
			x.refuse(e, n, "to send copies")
		case asks(e):
			x.What = sender(e) + " asks the server " + pick(off, "to stop sending", "to send") + " it copies of the messages of the user's other devices."
		default:
			x.What = say(sender(e)+" agrees.", pick(stateOf(e).Carbons, "Copies are on now.", "Copies are off now."), pairing(e))
			x.Expect = "Nothing has to follow."
		}
	},
}

func carbonsTitle(e *decode.Event) string {
	switch {
	case e.Name.Local == "message" && e.Payload.Local == "sent":
		return "copies a message that another device sent"
	case e.Name.Local == "message":
		return "copies a message that another device got"
	case fails(e):
		return refusesTitle(e, "copies")
	case e.Payload.Local == "disable":
		return "asks for no more copies (carbons)"
	case asks(e):
		return "asks for copies of messages (carbons)"
	case stateOf(e).Carbons:
		return "turns copies of messages on"
	}
	return "turns copies of messages off"
}

func explainCopy(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	sent := e.Payload.Local == "sent"
	x.What = sender(e) + " passes on a copy of a message that another device of the user " + pick(sent, "has sent", "has got") + "."
	x.Why = "Copies keep all devices of a user at the same point of a conversation. A client should believe a copy only if it comes from its own account."
	x.Expect = "Nothing has to follow."
	x.Ref = spec.XEP(280, "")
	if copied := child(child(child(n, nsCarbons, e.Payload.Local), "urn:xmpp:forward:0", "forwarded"), nsClient, "message"); copied != nil {
		body := text(child(copied, nsClient, "body"))
		x.What = say(x.What, "It went from "+value(attr(copied, "from"))+" to "+value(attr(copied, "to"))+".", when(body != "", "It says "+speech(body)+"."))
		x.noteTag(copied, "The message that was copied.")
	}
}
