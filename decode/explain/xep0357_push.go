package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var pushPart = Part{
	Name:   "xep0357-push",
	Doc:    "Push: the server wakes a sleeping phone through a service of its maker.",
	Ref:    spec.XEP(357, ""),
	Spaces: []string{"urn:xmpp:push:0"},
	Why:    "A phone does not let programs stay connected. The server tells an app server that something has come, and that one wakes the phone.",
	Noun:   "push notices",
	IQ: func(t *telling, c *xmlstream.Node) {
		switch {
		case c == nil || !asks(t.e):
			t.done()
		case c.Name.Local == "disable":
			t.ask("to send no more push notices to " + value(attr(c, "jid")) + when(attr(c, "node") != "", " for the node "+value(attr(c, "node"))) + ".")
		case c.Name.Local == "enable":
			t.ask("to send push notices to " + value(attr(c, "jid")) + when(attr(c, "node") != "", " for the node "+value(attr(c, "node"))) + " when something comes and the client is not connected.")
			t.x.noteAttr(c, "jid", "The app server.")
			t.x.noteAttr(c, "node", "By this the app server knows which phone to wake.")
			t.form(child(c, nsForms, "x"))
		default:
			t.x.What = t.by() + " sends a push notice."
		}
	},
}
