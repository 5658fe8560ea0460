package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var inviteLinkPart = Part{
	Name:   "xep0249-direct-invitation",
	Doc:    "Direct invitations: one user asks another to come into a room.",
	Ref:    spec.XEP(249, ""),
	Spaces: []string{"jabber:x:conference"},
	Why:    "An invitation that goes through the room looks as if a stranger had sent it, and may be blocked. This one goes from person to person.",
	Expect: "Whoever is invited may join the room with presence, or do nothing.",
	Title: func(e *decode.Event) string {
		if relayed(e) {
			return "says that " + name(e.From) + " invites to a room"
		}
		return "invites " + name(e.To) + " to a room"
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "jid", "The room.")
		t.x.noteAttr(c, "password", "The password of the room, as it is.")
		line := "It is an invitation to the room " + value(attr(c, "jid")) + "."
		if r := attr(c, "reason"); r != "" {
			line = say(line, "The reason given is "+speech(r)+".")
		}
		if _, ok := attrOf(c, "password"); ok {
			line = say(line, "The password that the room wants comes with it.")
		}
		if attr(c, "continue") == "true" {
			line = say(line, "The room goes on with a conversation of two.")
		}
		return line
	},
}
