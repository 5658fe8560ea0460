package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var receiptsPart = Part{
	Name:   "xep0184-receipts",
	Doc:    "Receipts: the receiving program says that a message has arrived.",
	Ref:    spec.XEP(184, "7"),
	Spaces: []string{"urn:xmpp:receipts"},
	Why:    "A message is sent and forgotten: nothing in XMPP itself tells its author that it has arrived at a device. A receipt does. It does not say that anybody has read it.",
	Expect: "Nothing answers a receipt, and it never asks for one itself: two programs would thank each other for ever.",
	Title: func(e *decode.Event) string {
		if e.Payload.Local != "received" {
			return ""
		}
		if relayed(e) {
			return "delivers a receipt from " + name(e.From)
		}
		return "confirms to " + name(e.To) + " that a message has arrived"
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		id := attr(c, "id")
		switch c.Name.Local {
		case "request":
			if t.e.ID == "" && t.depth == 0 {
				return "A receipt is wanted, but the message has no id that a receipt could name."
			}
			return "A receipt is wanted: the program that gets this is asked to send <received/> back" + when(t.depth == 0, " with the id "+value(t.e.ID)) + "."
		case "received":
			if id == "" {
				return "A receipt, but it does not say for which message."
			}
			t.x.noteAttr(c, "id", "The id of the message that has arrived.")
			return "A receipt: the message with the id " + value(id) + " has arrived" + when(resource(t.e.From) != "", " at the device "+value(resource(t.e.From))) + "."
		}
		return ""
	},
}
