package explain

import (
	"strings"

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
		t := x.tell(e, n)
		switch {
		case e.Name.Local == "message":
			explainCopy(t)
		case fails(e):
			x.refuse(e, n, "to send copies")
		case asks(e):
			x.What = say(sender(e)+" asks the server "+pick(off, "to stop sending", "to send")+" it copies of the messages of the user's other devices.",
				when(!off && before(e).Carbons, "Copies were on already."), when(off && !before(e).Carbons, "They were not on."))
		default:
			x.What = say(sender(e)+" agrees.", pick(stateOf(e).Carbons, "Copies are on now.", "Copies are off now."), t.pairing())
			x.Expect = pick(stateOf(e).Carbons, "From now on what other devices of this account send and get comes here too, each message wrapped in <sent/> or <received/>.", "Nothing has to follow.")
		}
	},
}

// carbonsPart is for a copy that is not the first child of its message, and for
// the wish not to be copied.
var carbonsPart = Part{
	Name:   "xep0280-carbons-inside",
	Doc:    "Carbons inside a message: a copy, or the wish that there be none.",
	Ref:    spec.XEP(280, ""),
	Spaces: []string{nsCarbons},
	Why:    carbonsWhy,
	Inside: func(t *telling, c *xmlstream.Node) string {
		switch c.Name.Local {
		case "private":
			return "The author wants no copies of it on other devices."
		case "sent", "received":
			if f := c.Child(nsForward, "forwarded"); f != nil {
				return say("It is a copy of a message that another device of the account has "+pick(c.Name.Local == "sent", "sent.", "got."), t.forwarded(f))
			}
		}
		return ""
	},
}

const carbonsWhy = "Copies keep all devices of a user at the same point of a conversation. A client should believe a copy only if it comes from its own account."

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

func explainCopy(t *telling) {
	x, e := t.x, t.e
	sent := e.Payload.Local == "sent"
	x.What = sender(e) + " passes on a copy of a message that another device of the user " + pick(sent, "has sent", "has got") + "."
	x.Why = carbonsWhy
	x.Expect = "Nothing has to follow. The copy must not be answered: the other device has the message itself."
	x.Ref = spec.XEP(280, "7")
	if sent {
		x.Ref = spec.XEP(280, "8")
	}
	if f := child(child(t.n, nsCarbons, e.Payload.Local), nsForward, "forwarded"); f != nil {
		x.What = say(x.What, t.forwarded(f))
	}
	if jid := stateOf(e).JID; jid != "" && e.From != "" && !strings.EqualFold(e.From, bare(jid)) {
		x.What = say(x.What, "It does not come from the account "+value(bare(jid))+" itself, so it may be forged.")
	}
}
