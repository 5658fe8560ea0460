package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var privacyPart = Part{
	Name:   "xep0016-privacy",
	Doc:    "Privacy lists: rules of who may send what to the user, in order; the old form of blocking.",
	Ref:    spec.XEP(16, ""),
	Spaces: []string{"jabber:iq:privacy"},
	Why:    "Rules in an order, for single contacts, groups or everybody. It was so hard to use rightly that the block list took its place.",
	Noun:   "privacy lists",
	Refused: map[string]string{
		"item-not-found": "there is no list of that name",
		"conflict":       "another device uses the list",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		var names []string
		for _, l := range kids(c, "list") {
			names = append(names, attr(l, "name"))
			for _, i := range kids(l, "item") {
				line := "Rule " + value(attr(i, "order")) + ": " + value(attr(i, "action")) + when(attr(i, "type") != "", " for the "+value(attr(i, "type"))+" "+value(attr(i, "value"))) + "."
				t.x.more(line)
				t.x.noteTag(i, line)
			}
		}
		what := pick(len(names) == 0, "its lists", "the list "+list(names, 4))
		switch {
		case t.e.Type == "get":
			t.ask("for " + what + ".")
		case t.e.Type == "set" && kid(c, "active") != nil:
			t.ask("to use the list " + value(attr(kid(c, "active"), "name")) + " for this connection.")
		case t.e.Type == "set" && kid(c, "default") != nil:
			t.ask("to use the list " + value(attr(kid(c, "default"), "name")) + " for all connections.")
		case t.e.Type == "set":
			t.x.What = t.by() + " " + pick(fromInitiator(t.e), "changes ", "tells of a change in ") + what + "."
			t.x.Expect = oneAnswer
		case c == nil:
			t.done()
		default:
			t.answer(t.by() + " gives " + what + ".")
		}
	},
}
