package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var openPGPPart = Part{
	Name:   "xep0373-openpgp",
	Doc:    "OpenPGP: messages encrypted or signed with the keys that people also use for e-mail.",
	Ref:    spec.XEP(373, ""),
	Spaces: []string{"urn:xmpp:openpgp:0", "jabber:x:encrypted", "jabber:x:signed"},
	Hides:  true,
	Why:    "Only the holder of the secret key can read what is encrypted with the public one, and only that holder can have signed.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		size := count(sizeOf(c), "character")
		switch {
		case c.Name.Space == "jabber:x:signed":
			return "A PGP signature of the status, " + size + " long, in the old and obsolete form."
		case c.Name.Space == "jabber:x:encrypted":
			return "The words are encrypted with PGP, " + size + " long, in the old and obsolete form. They cannot be read here."
		case c.Name.Local == "openpgp":
			return "It is encrypted or signed with OpenPGP, " + size + " of base64. It cannot be read here."
		}
		return ""
	},
}
