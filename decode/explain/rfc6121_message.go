package explain

import (
	"xmppscope/decode"
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
	if fails(e) {
		return "message" + addressWords(e, name) + " failed: " + name(e.Condition)
	}
	word := "message"
	switch e.Type {
	case "groupchat":
		word = "room message"
	case "headline":
		word = "headline"
	}
	if s := spaceOf(e.Payload.Space); s != nil && s.Message != "" {
		word = s.Message
	}
	if e.Payload.Space == nsChatStates {
		word = stateNotice(e.Payload.Local)
	}
	return word + addressWords(e, name)
}

// addressWords says where a stanza goes, or, where it is delivered, whom it
// comes from.
func addressWords(e *decode.Event, write func(string) string) string {
	switch {
	case !fromInitiator(e) && e.From != "":
		return " from " + write(e.From)
	case e.To != "":
		return " to " + write(e.To)
	}
	return ""
}

func explainMessage(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	x.Why = "A message is pushed to its address at once. Nobody has to confirm it; a receipt, if one is wanted, is a message of its own."
	x.Expect = "Nothing has to follow. If it cannot be delivered, a message of the type error may come back."
	x.Ref = spec.RFC(6121, "5.2")
	if fails(e) {
		x.refuse(e, n, "")
		x.What = "A message could not be delivered" + when(e.From != "", "; it had been sent to "+value(e.From)) + ". The condition is " + value(e.Condition) + ". " + stanzaCondition(e.Condition).Text
		x.What = say(x.What, errorTypeWords(errorNode(n)))
		return
	}
	var body, subject *xmlstream.Node
	if n != nil {
		body, subject = child(n, n.Name.Space, "body"), child(n, n.Name.Space, "subject")
	}
	x.What = subjectWords(e) + messageTypeWords(e.Type)
	switch {
	case body != nil:
		x.What = say(x.What, "It says "+speech(text(body))+".")
		x.noteText(body, "What is said.")
	case subject != nil && e.Type == "groupchat":
		x.What = say(x.What, "It sets the subject of the room to "+speech(text(subject))+".")
	case e.Payload.Space == nsChatStates:
		x.What = say(x.What, "It says only this: "+chatState(e.Payload.Local)+".")
	case n != nil:
		x.What = say(x.What, "It has no words for a person, only data for programs.")
	}
	x.noteText(subject, "The subject.")
	if n != nil {
		x.addPayloads(n)
	}
}

func subjectWords(e *decode.Event) string {
	if !fromInitiator(e) && e.From != "" {
		return "A message comes from " + value(e.From) + when(e.To != "", " for "+value(e.To))
	}
	return sender(e) + " sends a message" + when(e.To != "", " to "+value(e.To))
}

// messageTypeWords explains the types of RFC 6121 §5.2.2.
func messageTypeWords(t string) string {
	switch t {
	case "chat":
		return ", as part of a conversation of two."
	case "groupchat":
		return ", for everybody in a room."
	case "headline":
		return ", a headline: it is not stored, and no answer is awaited."
	case "normal", "":
		return ", a single message outside a conversation."
	}
	return ". Its type, " + value(t) + ", is none of the defined ones, so it counts as normal."
}

// addPayloads explains the children of a stanza by their namespaces.
func (x *Explanation) addPayloads(n *xmlstream.Node) {
	for c := range n.Children() {
		if c.Name.Space == n.Name.Space {
			continue
		}
		line := spaceText(c.Name.Space)
		if c.Name.Space == nsChatStates {
			line = upper(chatState(c.Name.Local)) + "."
		}
		x.more("<" + value(c.Name.Local) + "/>: " + line)
		x.noteTag(c, line)
	}
}

// stateNotice names a message that carries a chat state alone.
func stateNotice(s string) string {
	switch s {
	case "composing":
		return "typing notice"
	case "paused":
		return "notice of a pause in typing"
	case "active":
		return "notice of attention"
	}
	return "notice that the writer is away"
}

// chatState explains the states of XEP-0085 §5.
func chatState(s string) string {
	switch s {
	case "active":
		return "the writer looks at the conversation"
	case "composing":
		return "the writer is typing"
	case "paused":
		return "the writer has stopped typing"
	case "inactive":
		return "the writer does not look at the conversation"
	case "gone":
		return "the writer has left the conversation"
	}
	return "the writer is in the state " + value(s)
}
