package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var eventsPart = Part{
	Name:   "xep0022-events",
	Doc:    "Message events: notes about typing and delivery as they were before 2009; obsolete.",
	Ref:    spec.XEP(22, ""),
	Spaces: []string{"jabber:x:event"},
	Why:    "It was the first way to say that a message has come or that somebody is typing. Receipts and chat states have taken its place.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		var all []string
		for _, k := range kids(c, "") {
			if k.Name.Local != "id" {
				all = append(all, k.Name.Local)
			}
		}
		about := kid(c, "id")
		switch {
		case about == nil:
			return "The author would like to be told: " + list(all, 4) + "."
		case len(all) == 0:
			return "For the message " + value(text(about)) + " the event is over: nobody is typing any more."
		}
		return "For the message " + value(text(about)) + " this has happened: " + list(all, 4) + "."
	},
}
