package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var encryptionPart = Part{
	Name:   "xep0380-encryption",
	Doc:    "Explicit encryption: the name of the way in which a message is encrypted.",
	Ref:    spec.XEP(380, ""),
	Spaces: []string{"urn:xmpp:eme:0"},
	Quiet:  true,
	Why:    "A program that cannot read the message can at least tell its user what is missing.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "namespace", "Which encryption it is.")
		what := value(attr(c, "namespace"))
		switch attr(c, "namespace") {
		case nsOMEMO:
			what = "OMEMO"
		case nsOMEMOOld:
			what = "OMEMO, in its older form"
		case "jabber:x:encrypted":
			what = "PGP, in its old form"
		case "urn:xmpp:openpgp:0":
			what = "OpenPGP"
		case "urn:xmpp:otr:0":
			what = "OTR"
		default:
			if s := attr(c, "name"); s != "" {
				what = value(s)
			}
		}
		return "It names the encryption: " + what + "."
	},
}
