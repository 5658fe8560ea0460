package explain

import (
	"strings"

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

// strayIQ tells whether an iq has a type that does not exist. What its payload
// stands for in a request or an answer it does not say.
func strayIQ(e *decode.Event) bool {
	if e.Kind != decode.KindStanza || e.Name.Local != "iq" {
		return false
	}
	switch e.Type {
	case "get", "set", "result", "error":
		return false
	}
	return true
}

func iqTitle(e *decode.Event) string {
	if strayIQ(e) {
		return "sends an iq that neither asks nor answers"
	}
	if p := partOf(e.Payload.Space); p != nil && p.Title != nil && p.IQ != nil && !fails(e) {
		if title := p.Title(e); title != "" {
			return passedOn(e) + title
		}
	}
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
	t := x.tell(e, n)
	payload := first(n)
	p, c := t.matterOfIQ(payload)
	x.Why, x.Ref = iqWhy, spec.RFC(6120, "8.2.3")
	switch {
	case fails(e):
		explainRefusal(t, p)
	case p != nil && (asks(e) || e.Type == "result"):
		x.Why, x.Ref = p.Why, p.Ref
		p.IQ(t, c)
	default:
		explainPlainIQ(t, payload)
	}
	if payload != nil && !fails(e) {
		x.noteTag(payload, spaceText(payload.Name.Space))
	}
}

const iqWhy = "An iq is a question or an order with an id. Whoever gets it must answer once, with the same id, so that the asker knows which answer is which."

// matterOfIQ finds the extension that an iq belongs to, and its element. An
// answer without an element belongs to what was asked.
func (t *telling) matterOfIQ(payload *xmlstream.Node) (*Part, *xmlstream.Node) {
	if payload != nil && payload.Name.Local != "error" {
		if p := partOf(payload.Name.Space); p != nil && p.IQ != nil {
			return p, payload
		}
		return nil, nil
	}
	if r, ok := t.asked(); ok {
		if p := partOf(r.Name.Space); p != nil && p.IQ != nil {
			return p, nil
		}
	}
	return nil, nil
}

// explainRefusal explains an iq of the type error.
func explainRefusal(t *telling, p *Part) {
	what := "the request"
	if p != nil {
		what = pick(strings.HasPrefix(p.Noun, "to "), p.Noun, "to give "+p.Noun)
		if r, ok := t.asked(); ok && r.Type == "set" && !strings.HasPrefix(p.Noun, "to ") {
			what = "to change " + p.Noun
		}
	} else if r, ok := t.asked(); ok {
		if s := spaceOf(r.Name.Space); s != nil && s.Noun != "" {
			what = pick(r.Type == "set", "a change of ", "the request for ") + s.Noun
		}
	}
	t.x.refuse(t.e, t.n, what)
	if p != nil {
		if m := p.Refused[t.e.Condition]; m != "" {
			t.x.What = say(t.x.What, "Here that means: "+m+".")
		}
	}
	t.x.What = say(t.x.What, t.pairing())
	if t.e.Condition == "service-unavailable" || t.e.Condition == "feature-not-implemented" {
		t.x.more("Whoever does not know a request must still answer it with an error. So this is not a fault, but the way to say: this is not offered here.")
	}
}

// explainPlainIQ explains a request or answer of which only the namespace is
// known.
func explainPlainIQ(t *telling, payload *xmlstream.Node) {
	x, e := t.x, t.e
	about, noun := "", ""
	if payload != nil {
		noun = " with <" + value(payload.Name.Local) + "/>"
		about = spaceText(payload.Name.Space)
		if s := spaceOf(payload.Name.Space); s != nil {
			noun = pick(s.Noun == "", noun, ": "+s.Noun)
		}
	}
	whom := t.whom()
	switch {
	case e.Type == "get":
		x.What = say(requester(e)+" asks "+whom+" a question"+noun+".", about)
		x.Expect = oneAnswer
	case e.Type == "set" && payload != nil && setVerb(payload.Name.Space) != "":
		x.What = say(requester(e)+" "+setVerb(payload.Name.Space)+pick(e.To == "", "", " at "+whom)+".", about)
		x.Expect = oneAnswer
	case e.Type == "set":
		x.What = say(requester(e)+" wants "+whom+" to do or accept something"+noun+".", about)
		x.Expect = oneAnswer
	case e.Type == "result":
		x.What = say(requester(e)+" answers "+pick(payload == nil, "yes, with nothing to add", "the question"+noun)+".", about, t.askedFor(payload), t.pairing())
		x.Expect = "Nothing follows from this; the exchange is complete."
	default:
		x.What = sender(e) + " sends an iq " + pick(e.Type == "", "without a type", "of the type "+value(e.Type)) + ". It must be get, set, result or error."
		x.Expect = "The answer, if there is one, is an error."
	}
}

// askedFor says what an empty answer agrees to.
func (t *telling) askedFor(payload *xmlstream.Node) string {
	r, ok := t.asked()
	if payload != nil || !ok {
		return ""
	}
	if r.Name.Space == nsRoster && r.Type == "set" {
		return pick(fromInitiator(t.e), "It has taken over the change of the contact list that the server told it.", "The change of the contact list is stored.")
	}
	if s := spaceOf(r.Name.Space); s != nil && s.Noun != "" {
		return "The question was about " + s.Noun + "."
	}
	return "The question was <" + value(r.Name.Local) + "/>."
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
