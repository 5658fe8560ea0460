package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var nickPart = Part{
	Name:   "xep0172-nickname",
	Doc:    "Nicknames: how a user would like to be called.",
	Ref:    spec.XEP(172, ""),
	Spaces: []string{"http://jabber.org/protocol/nick"},
	Quiet:  true,
	Why:    "Whoever gets a request from a stranger should see more than an address. The name is a wish: everybody may call a contact as they like.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		return "The user would like to be called " + speech(text(c)) + "."
	},
}
