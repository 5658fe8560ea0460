package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var messageTopic = Topic{
	Name: "rfc6121-message",
	Doc:  "Messages: something is sent to an address, and no answer is due.",
	Ref:  spec.RFC(6121, "5"),
	Steps: []Step{
		{Step: decode.StepExchange, Ref: spec.RFC(6120, "8.2"),
			Text:   "Both sides send stanzas: messages, presence, requests and answers.",
			Why:    "This is what the connection was made for. A message is sent and forgotten, presence goes to everybody who may see it, and an iq is a question that must be answered.",
			Expect: "Anything may follow, until one side says goodbye and closes its stream."},
	},
	Stanza:  "message",
	Title:   messageTitle,
	Explain: explainMessage,
}

func messageTitle(e *decode.Event) string {
	delivered := relayed(e)
	word := "a message"
	switch e.Type {
	case "groupchat":
		word = "a room message"
	case "headline":
		word = "a headline"
	}
	if s := spaceOf(e.Payload.Space); s != nil && s.Message != "" {
		word = s.Message
	}
	if p := partOf(e.Payload.Space); p != nil && p.Title != nil && !fails(e) {
		if s := p.Title(e); s != "" {
			return s
		}
	}
	switch {
	case fails(e):
		return "says that a message" + when(delivered, " to "+name(e.From)) + " failed: " + name(e.Condition)
	case delivered:
		return "delivers " + word + " from " + name(e.From)
	}
	return "sends " + word + when(e.To != "", " to "+name(e.To))
}

func explainMessage(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	t := x.tell(e, n)
	x.Why, x.Expect, x.Ref = messageWhy(e), messageExpect(e), spec.RFC(6121, "5.2")
	if e.Type == "groupchat" {
		x.Ref = spec.XEP(45, "7.4")
	}
	if fails(e) {
		explainBounce(t)
		return
	}
	if n == nil {
		x.What = t.envelope(true)
		return
	}
	if e.Type != "groupchat" && !relayed(e) && t.room(e.To) {
		x.Expect = "The room passes it on or acts on it, or answers with an error."
	}
	t.contents()
}

// contents tells what stands in the message, the main matter first.
func (t *telling) contents() {
	x, n := t.x, t.n
	main := t.matter()
	spoken := main == nil && t.spoken()
	x.What = t.envelope(spoken)
	t.words(main)
	told := 0
	for c := range n.Children() {
		if c.Name.Space == n.Name.Space {
			continue
		}
		if told++; told > maxLines && c != main {
			continue
		}
		deep := t.deep(c)
		line := t.cited(c, deep)
		t.noteElement(c, line)
		if c != main {
			x.more("<" + value(c.Name.Local) + "/>: " + line)
			continue
		}
		x.What = say(x.What, pick(deep == "", line, deep))
		if p := partOf(c.Name.Space); p != nil {
			x.Why, x.Ref = p.Why, p.Ref
			x.Expect = pick(p.Expect == "", x.Expect, p.Expect)
		}
	}
	if main == nil && !spoken {
		x.What = say(x.What, "It has no words for a person.")
	}
}

// matter is the element that the message is about: one that makes the body a
// mere stopgap, or, in a message without words, the first that says anything.
func (t *telling) matter() *xmlstream.Node {
	var first *xmlstream.Node
	stopgap := false
	for c := range t.n.Children() {
		p := partOf(c.Name.Space)
		switch {
		case c.Name.Space == t.n.Name.Space || p != nil && p.Quiet:
		case p != nil && p.Hides:
			return c
		case c.Name.Local == "fallback" && p == &fallbackPart:
			stopgap = stopgap || c.FirstChild == nil
		case first == nil:
			first = c
		}
	}
	if t.spoken() && !stopgap {
		return nil
	}
	return first
}

// spoken tells whether the message has words for a person.
func (t *telling) spoken() bool {
	return kid(t.n, "body") != nil || t.e.Type == "groupchat" && kid(t.n, "subject") != nil
}

// explainBounce explains a message that came back.
func explainBounce(t *telling) {
	x, e := t.x, t.e
	x.refuse(e, t.n, "")
	x.What = "A message could not be delivered" + when(e.From != "", "; it had been sent to "+value(e.From)) + ". The condition is " + value(e.Condition) + ". " + stanzaCondition(e.Condition).Text
	if c := bounced(e); c != "" {
		x.What = say(x.What, c)
	}
	x.What = say(x.What, errorTypeWords(errorNode(t.n)))
	if b := kid(t.n, "body"); b != nil {
		x.more("It had said " + speech(text(b)) + ".")
		x.noteText(b, "What the message had said.")
	}
}

// bounced says what a condition means for a message.
func bounced(e *decode.Event) string {
	switch e.Condition {
	case "not-acceptable":
		return "From a room it means: who is not inside cannot speak there."
	case "forbidden":
		return "From a room it means: the sender has no voice there."
	case "not-allowed":
		return "Often that means: the sender has blocked this contact."
	case "remote-server-not-found":
		return "The domain " + value(domainOf(e.From)) + " cannot be reached."
	}
	return ""
}

func domainOf(jid string) string {
	b := bare(jid)
	for i := 0; i < len(b); i++ {
		if b[i] == '@' {
			return b[i+1:]
		}
	}
	return b
}

// envelope says who sends the message to whom, and of what sort it is.
// spoken is set where there are words.
func (t *telling) envelope(spoken bool) string {
	e := t.e
	if e.Type == "groupchat" {
		return t.roomEnvelope()
	}
	if relayed(e) && t.occupant(e.From) {
		return value(resource(e.From)) + ", who is in the room " + value(bare(e.From)) + ", sends a message to " + value(e.To) + " alone, through the room."
	}
	if !relayed(e) && t.occupant(e.To) {
		return sender(e) + " sends a message to " + value(resource(e.To)) + " alone, through the room " + value(bare(e.To)) + "."
	}
	if !spoken && (e.Type == "" || e.Type == "normal" || e.Type == "chat") {
		return subjectWords(e) + "."
	}
	return subjectWords(e) + messageTypeWords(e.Type)
}

// occupant tells whether an address is a nickname in a room that is known.
func (t *telling) occupant(jid string) bool { return resource(jid) != "" && t.room(jid) }

// room tells whether an address belongs to a room that is known.
func (t *telling) room(jid string) bool { return t.s != nil && jid != "" && t.s.HasRoom(jid) }

func (t *telling) roomEnvelope() string {
	e := t.e
	nick := resource(e.From)
	switch {
	case !relayed(e):
		return sender(e) + " speaks to everybody in the room " + value(bare(e.To)) + "."
	case nick == "":
		return "The room " + value(bare(e.From)) + " itself speaks to everybody in it."
	}
	words := "In the room " + value(bare(e.From)) + ", " + value(nick) + " speaks to everybody."
	if t.s != nil {
		if r, ok := t.s.Room(e.From); ok && r.Nick == nick && child(t.n, nsDelay, "delay") == nil {
			words = say(words, "That is the client itself: a room sends every message to all, back to its author too.")
		}
	}
	return words
}

func subjectWords(e *decode.Event) string {
	if relayed(e) {
		return "A message comes from " + value(e.From) + when(e.To != "", " for "+value(e.To))
	}
	return sender(e) + " sends a message" + when(e.To != "", " to "+value(e.To))
}

// messageTypeWords explains the types of RFC 6121 §5.2.2.
func messageTypeWords(t string) string {
	switch t {
	case "chat":
		return ", as part of a conversation of two."
	case "headline":
		return ", a headline: it is not stored, and no answer is awaited."
	case "normal", "":
		return ", a single message outside a conversation."
	}
	return ". Its type, " + value(t) + ", is none of the defined ones, so it counts as normal."
}

func messageWhy(e *decode.Event) string {
	if e.Type == "groupchat" {
		return "A room takes a message from one and sends it to everybody in it, under the nickname of its author. So everybody sees the same words in the same order."
	}
	return "A message is pushed to its address at once. Nobody has to confirm it; a receipt, if one is wanted, is a message of its own."
}

func messageExpect(e *decode.Event) string {
	const bounce = "If it cannot be delivered, a message of the type error may come back."
	switch {
	case relayed(e) && e.Type == "groupchat":
		return "Nothing has to follow."
	case relayed(e) && stateOf(e).Profile == decode.ProfileC2S:
		return "Nothing has to follow. An answer, if there is one, is a message of its own."
	case relayed(e):
		return "Nothing has to follow. " + bounce
	case e.Type == "groupchat":
		return "The room sends the same message back, with the nickname as its sender. That is how the client knows that it has arrived."
	case resource(e.To) == "" && strings.Contains(e.To, "@") && e.Type != "headline" && stateOf(e).Profile == decode.ProfileC2S:
		return "The server of that account gives it to one or all of the devices that are available, unless their priority is negative. If there are none it usually keeps it for later. " + bounce
	}
	return "Nothing has to follow. " + bounce
}

// words tells what the message says to a person. main is the element that it
// is about, where that is not the body.
func (t *telling) words(main *xmlstream.Node) {
	x, n := t.x, t.n
	said := false
	for c := range n.Children() {
		if c.Name.Space != n.Name.Space {
			continue
		}
		switch c.Name.Local {
		case "body":
			x.noteText(c, pick(main == nil, "What is said.", "Words for programs that do not know the rest."))
			switch {
			case main != nil:
				x.more("The body is only for programs that do not know this: " + speech(text(c)) + ".")
			case said:
				x.more("It says the same in another language: " + speech(text(c)) + ".")
			default:
				x.What = say(x.What, "It says "+speech(text(c))+".")
			}
			said = true
		case "subject":
			t.subject(c)
		case "thread":
			x.noteText(c, "The conversation that this belongs to: all messages of one thread have the same.")
		}
	}
}

// subject explains a subject, which alone sets that of a room.
func (t *telling) subject(c *xmlstream.Node) {
	t.x.noteText(c, "The subject.")
	if t.e.Type != "groupchat" || kid(t.n, "body") != nil {
		t.x.more("The subject is " + speech(text(c)) + ".")
		return
	}
	t.x.Ref = spec.XEP(45, "8.1")
	words := "It sets the subject of the room to " + speech(text(c)) + "."
	if text(c) == "" {
		words = "It says that the room has no subject."
	}
	for _, d := range t.changes(im.GroupRooms, bare(t.e.From)) {
		switch {
		case d.Field != "subject":
		case d.Since == 0:
			words = say(words, "It is the first subject that the client gets from this room: with it, coming in is complete, and what follows is new.")
		default:
			words = say(words, pick(d.Was == "", "There was none before", "It was "+speech(d.Was))+since(d.Since)+".")
		}
	}
	t.x.What = say(t.x.What, words)
}
