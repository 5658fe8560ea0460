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
	switch {
	case fails(e):
		return "says that a message" + when(delivered, " to "+name(e.From)) + " failed: " + name(e.Condition)
	case e.Payload.Space == nsChatStates && delivered:
		return "says that " + name(e.From) + " " + stateWords(e.Payload.Local)
	case e.Payload.Space == nsChatStates:
		return "tells " + name(e.To) + " that it " + stateWords(e.Payload.Local)
	case delivered:
		return "delivers " + word + " from " + name(e.From)
	}
	return "sends " + word + when(e.To != "", " to "+name(e.To))
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

// stateWords tells a chat state in a title.
func stateWords(s string) string {
	switch s {
	case "composing":
		return "is typing"
	case "paused":
		return "has stopped typing"
	case "active":
		return "is looking"
	case "inactive":
		return "is not looking"
	case "gone":
		return "has left"
	}
	return "is " + name(s)
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
