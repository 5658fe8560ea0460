package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var chatStatesPart = Part{
	Name:   "xep0085-chat-states",
	Doc:    "Chat states: whether the other person is typing, looking, or away.",
	Ref:    spec.XEP(85, "2"),
	Spaces: []string{nsChatStates},
	Why:    "In a conversation face to face everybody sees whether the other one is about to say something. These notices give that back.",
	Expect: "Nothing answers it. The next state, or the message that was being typed, may follow. It is worth nothing later, so it need not be stored.",
	Title: func(e *decode.Event) string {
		if relayed(e) {
			return "says that " + name(e.From) + " " + stateWords(e.Payload.Local)
		}
		return "tells " + name(e.To) + " that it " + stateWords(e.Payload.Local)
	},
	Inside: func(_ *telling, c *xmlstream.Node) string { return upper(chatState(c.Name.Local)) + "." },
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
		return "the writer has stopped typing for the moment"
	case "inactive":
		return "the writer does not look at the conversation now"
	case "gone":
		return "the writer has left the conversation"
	}
	return "the writer is in the state " + value(s) + ", which is none of the five"
}
