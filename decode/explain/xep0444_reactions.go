package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var reactionsPart = Part{
	Name:   "xep0444-reactions",
	Doc:    "Reactions: a few small pictures in answer to a message.",
	Ref:    spec.XEP(444, ""),
	Spaces: []string{"urn:xmpp:reactions:0"},
	Why:    "A smile says enough for many messages. The list is always the whole one: it takes the place of what the same person has answered to the same message before.",
	Title: func(e *decode.Event) string {
		if relayed(e) {
			return "delivers a reaction from " + name(e.From)
		}
		return "reacts to a message of " + name(e.To)
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "id", "The message that is reacted to.")
		to := "the message with the id " + value(attr(c, "id"))
		var all []string
		for _, r := range kids(c, "reaction") {
			all = append(all, text(r))
		}
		if len(all) == 0 {
			return "All reactions to " + to + " are taken back."
		}
		return "The reaction to " + to + " is " + list(all, 12) + "."
	},
}
