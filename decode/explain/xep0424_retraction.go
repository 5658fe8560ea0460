package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var retractionPart = Part{
	Name:   "xep0424-retraction",
	Doc:    "Retraction: the author takes a message back.",
	Ref:    spec.XEP(424, ""),
	Spaces: []string{"urn:xmpp:message-retract:1", "urn:xmpp:message-retract:0"},
	Why:    "Nobody can make others forget, but a program that is willing hides or deletes what was taken back, and an archive may keep a tombstone in its place.",
	Expect: "Nothing answers it. Programs should check that the same author takes it back who wrote it.",
	Title: func(e *decode.Event) string {
		if e.Payload.Local != "retract" {
			return ""
		}
		if relayed(e) {
			return "says that " + name(e.From) + " takes a message back"
		}
		return "takes a message to " + name(e.To) + " back"
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		switch c.Name.Local {
		case "retract":
			t.x.noteAttr(c, "id", "The id of the message that is taken back.")
			if m := moderator(c); m != nil {
				return "A moderator" + when(attr(m, "by") != "", ", "+value(attr(m, "by"))+",") + " has removed the message with the id " + value(attr(c, "id")) + reasonWords(c) + "."
			}
			return "The message with the id " + value(attr(c, "id")) + " is taken back" + reasonWords(c) + "."
		case "retracted":
			return "This is a tombstone: here stood a message that was taken back" + when(attr(c, "stamp") != "", " at "+value(attr(c, "stamp"))) + reasonWords(c) + "."
		}
		return ""
	},
}

var moderationPart = Part{
	Name:   "xep0425-moderation",
	Doc:    "Moderation: somebody with the right to it removes a message from a room.",
	Ref:    spec.XEP(425, ""),
	Spaces: []string{"urn:xmpp:message-moderate:1", "urn:xmpp:message-moderate:0"},
	Why:    "Spam and insults should go away for everybody in the room, although their author will not take them back.",
	Noun:   "to remove a message",
	Refused: map[string]string{
		"forbidden":      "only a moderator may remove messages of others",
		"item-not-found": "the room knows no such message",
	},
	Inside: func(_ *telling, c *xmlstream.Node) string {
		return "A moderator has removed a message from the room" + when(attr(c, "by") != "", ": "+value(attr(c, "by"))) + reasonWords(c) + "."
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		if !asks(t.e) {
			t.done("The room tells everybody in it.")
			return
		}
		t.ask("to remove the message with the id " + value(attr(c, "id")) + " for everybody" + reasonWords(c) + ".")
		t.x.Expect = "If the asker is a moderator, the room tells everybody that the message is gone, and answers with an empty result."
	},
}

func moderator(n *xmlstream.Node) *xmlstream.Node {
	for _, c := range kids(n, "moderated") {
		return c
	}
	return nil
}

// reasonWords adds the reason that an element gives.
func reasonWords(n *xmlstream.Node) string {
	if s := text(kid(n, "reason")); s != "" {
		return ", because " + speech(s)
	}
	return ""
}
