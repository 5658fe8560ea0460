package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var headersPart = Part{
	Name:   "xep0131-headers",
	Doc:    "Headers: words about a stanza such as e-mail has them.",
	Ref:    spec.XEP(131, ""),
	Spaces: []string{"http://jabber.org/protocol/shim"},
	Quiet:  true,
	Why:    "What passes between XMPP and mail or the web keeps its headers.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		var all []string
		for _, h := range kids(c, "header") {
			all = append(all, attr(h, "name")+": "+text(h))
			t.x.noteAttr(h, "name", "The name of a header.")
		}
		return "It has the headers " + list(all, 6) + "."
	},
}
