package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var iqTopic = Topic{
	Name:    "rfc6120-iq",
	Doc:     "Requests and answers: an iq is a question with an id, and exactly one answer has the same id.",
	Ref:     spec.RFC(6120, "8.2.3"),
	Stanza:  "iq",
	Title:   iqTitle,
	Explain: explainIQ,
}

func iqTitle(e *decode.Event) string {
	s := spaceOf(e.Payload.Space)
	what := "<" + short(e.Payload.Local, 30) + "/>"
	if s != nil && s.Noun != "" {
		what = s.Noun
	}
	switch {
	case fails(e) && (s == nil || e.Payload.Local == "error"):
		return passedOn(e) + refusesTitle(e, "a request")
	case fails(e):
		return passedOn(e) + refusesTitle(e, what)
	case e.Type == "get":
		return passedOn(e) + "asks" + toWords(e) + " for " + what
	case e.Type == "set" && s != nil && s.Set != "":
		return passedOn(e) + s.Set
	case e.Type == "set" && toWords(e) != "":
		return passedOn(e) + "sends " + what + " to" + toWords(e)
	case e.Type == "set":
		return passedOn(e) + "sends " + what
	case e.Type != "result":
		return "sends an iq that neither asks nor answers"
	case e.Payload.Local == "":
		return "answers: done"
	}
	return "gives " + what
}

// passedOn names who really asks, where a server passes a request on.
func passedOn(e *decode.Event) string {
	if !relayed(e) || e.From == own(e) {
		return ""
	}
	return "passes on that " + name(e.From) + " "
}

func toWords(e *decode.Event) string {
	if e.To == "" || !fromInitiator(e) {
		return ""
	}
	return " " + name(e.To)
}

func explainIQ(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	payload := first(n)
	about, noun := "", ""
	if payload != nil {
		noun = " with <" + value(payload.Name.Local) + "/>"
		about = spaceText(payload.Name.Space)
		if s := spaceOf(payload.Name.Space); s != nil {
			noun = pick(s.Noun == "", noun, ": "+s.Noun)
		}
	}
	x.Why = "An iq is a question or an order with an id. Whoever gets it must answer once, with the same id, so that the asker knows which answer is which."
	x.Ref = spec.RFC(6120, "8.2.3")
	whom := pick(e.To == "", reader(e), value(e.To))
	switch {
	case fails(e):
		x.refuse(e, n, "the request")
		x.What = say(x.What, pairing(e))
		return
	case e.Type == "get":
		x.What = say(requester(e)+" asks "+whom+" a question"+noun+".", about)
		x.Expect = "One answer must come, with the same id: a result or an error."
	case e.Type == "set" && payload != nil && setVerb(payload.Name.Space) != "":
		x.What = say(requester(e)+" "+setVerb(payload.Name.Space)+pick(e.To == "", "", " at "+whom)+".", about)
		x.Expect = "One answer must come, with the same id: a result or an error."
	case e.Type == "set":
		x.What = say(requester(e)+" wants "+whom+" to do or accept something"+noun+".", about)
		x.Expect = "One answer must come, with the same id: a result or an error."
	case e.Type == "result":
		x.What = say(requester(e)+" answers "+pick(payload == nil, "yes, with nothing to add", "the question"+noun)+".", about, pairing(e))
		x.Expect = "Nothing follows from this; the exchange is complete."
	default:
		x.What = sender(e) + " sends an iq " + pick(e.Type == "", "without a type", "of the type "+value(e.Type)) + ". It must be get, set, result or error."
		x.Expect = "The answer, if there is one, is an error."
	}
	if payload != nil {
		x.noteTag(payload, spaceText(payload.Name.Space))
	}
}

func setVerb(space string) string {
	if s := spaceOf(space); s != nil {
		return s.Set
	}
	return ""
}

// own is the domain of the entity that sends e, which is no stranger's.
func own(e *decode.Event) string {
	s := stateOf(e)
	return pick(fromInitiator(e), s.Claimed, s.Domain)
}

// requester is who asks or answers: the address where it is known.
func requester(e *decode.Event) string {
	if relayed(e) && e.From != own(e) {
		return value(e.From)
	}
	return sender(e)
}
