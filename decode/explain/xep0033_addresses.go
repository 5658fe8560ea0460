package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var addressesPart = Part{
	Name:   "xep0033-addresses",
	Doc:    "Extended addresses: several receivers on one stanza.",
	Ref:    spec.XEP(33, ""),
	Spaces: []string{"http://jabber.org/protocol/address"},
	Quiet:  true,
	Why:    "One stanza goes to a service that copies it to everybody, in place of one stanza for each.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		var all []string
		for _, a := range kids(c, "address") {
			all = append(all, attr(a, "type")+" "+pick(attr(a, "jid") == "", attr(a, "uri"), attr(a, "jid")))
		}
		return "It has further addresses: " + list(all, 12) + "."
	},
}
