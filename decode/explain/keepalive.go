package explain

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var keepaliveTopic = Topic{
	Name: "xep0199-ping",
	Doc:  "Signs of life: blanks between stanzas, and pings.",
	Ref:  spec.RFC(6120, "4.6"),
	Steps: []Step{
		{Step: decode.StepKeepalive, Ref: spec.RFC(6120, "4.6"),
			Text:   "A side shows that it is still there, or asks whether the other one is.",
			Why:    "A silent TCP connection can be dead without anybody noticing, and routers on the way forget connections that stay silent. A blank tests the connection; a ping tests whether the program at the other end still works.",
			Expect: "A blank gets no answer. A ping is answered with an empty result, or with an error, which also proves that somebody is there."},
	},
	Kinds:   []decode.Kind{decode.KindSpace},
	Spaces:  []string{nsPing},
	Title:   keepaliveTitle,
	Explain: explainKeepalive,
}

func keepaliveTitle(e *decode.Event) string {
	switch {
	case e.Kind == decode.KindSpace && stateOf(e).Phase == decode.PhaseExchange:
		return "sends white space to keep the line open"
	case e.Kind == decode.KindSpace:
		return "sends white space"
	case e.Kind == decode.KindHTTP:
		return httpTitle(e)
	case fails(e):
		return refusesTitle(e, "the ping")
	case asks(e) && e.To != "":
		return "pings " + name(e.To)
	case asks(e):
		return "pings"
	}
	return "answers the ping"
}

func explainKeepalive(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	if e.Kind == decode.KindSpace {
		x.What = sender(e) + " sends " + spaceWords(e.Wire) + " between two elements. It has no meaning of its own."
		x.Expect = "There is no answer to it."
		if e.Step != decode.StepKeepalive {
			x.Why = "White space between elements is allowed, and many programs end each element with a line break. It must not stand where a change to TLS or compression is due."
			x.Ref = spec.RFC(6120, "11.7")
		}
		return
	}
	if e.Kind == decode.KindHTTP {
		explainHTTP(x, e, n)
		return
	}
	x.Ref = spec.XEP(199, "4")
	switch {
	case fails(e):
		x.refuse(e, n, "the ping")
		x.What = say(x.What, refusedPing(e), x.tell(e, n).pairing())
	case asks(e):
		x.What = sender(e) + " asks whether " + pick(e.To == "", reader(e), value(e.To)) + " is there."
		if t := x.tell(e, n); t.s != nil && resource(e.To) != "" {
			if r, ok := t.s.Room(e.To); ok && r.Nick == resource(e.To) {
				x.What = say(x.What, "That is the client's own nickname: so it finds out whether it is still in the room.")
				x.Ref = spec.XEP(410, "")
			}
		}
		x.Expect = "The answer is an empty result, or an error; both prove that somebody is there."
	default:
		x.What = say(sender(e)+" answers: somebody is there.", x.tell(e, n).pairing())
		x.Expect = "Nothing follows from this."
	}
}

// refusedPing says what an error tells about who was pinged.
func refusedPing(e *decode.Event) string {
	switch e.Condition {
	case "service-unavailable", "feature-not-implemented":
		if resource(e.From) == "" {
			return "As a sign of life that is as good as a result."
		}
		return "Either the program there does not know pings, which is as good a sign of life as a result, or nobody is there and the server says so in its place."
	}
	return "It does not show that somebody is there: the ping may not have come so far."
}

func spaceWords(p []byte) string {
	breaks := bytes.Count(p, []byte{'\n'})
	switch {
	case len(p) == 1 && breaks == 1:
		return "a line break"
	case len(p) == 1:
		return "a blank"
	}
	return count(len(p), "character") + " of white space"
}
