package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var markersPart = Part{
	Name:   "xep0333-markers",
	Doc:    "Displayed markers: how far a conversation has been read.",
	Ref:    spec.XEP(333, ""),
	Spaces: []string{"urn:xmpp:chat-markers:0"},
	Why:    "The author would like to know that the words have been seen, and the reader's other devices that they need not ring for them any more. One marker stands for all messages up to it.",
	Expect: "Nothing answers a marker. The next one comes when more has been read.",
	Title: func(e *decode.Event) string {
		if e.Payload.Local != "displayed" {
			return ""
		}
		if relayed(e) {
			return "says that " + name(e.From) + " has seen the messages so far"
		}
		return "tells " + name(e.To) + " that its messages were seen"
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		id := value(attr(c, "id"))
		t.x.noteAttr(c, "id", "The id of the last message that this is about.")
		switch c.Name.Local {
		case "markable":
			return "The author would like to be told when this has been seen."
		case "displayed":
			return "Everything up to the message with the id " + id + " has been shown to the reader."
		case "received":
			return "The message with the id " + id + " has arrived at a device. It may not have been seen."
		case "acknowledged":
			return "The reader has done something to confirm everything up to the message with the id " + id + "."
		}
		return ""
	},
}
