package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var photoPart = Part{
	Name:   "xep0153-photo",
	Doc:    "Photo hashes: whether somebody's picture has changed.",
	Ref:    spec.XEP(153, ""),
	Spaces: []string{"vcard-temp:x:update"},
	Quiet:  true,
	Why:    "A picture is large and changes rarely. Presence carries only its hash, and who does not have that picture yet fetches the card.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		p := kid(c, "photo")
		t.x.noteText(p, "The SHA-1 hash of the picture.")
		switch {
		case p == nil:
			return "The program does not know yet whether the user has a picture."
		case text(p) == "":
			return "The user has no picture."
		}
		return "The user's picture has the hash " + value(text(p)) + "; the picture itself stands in the contact card (vcard-temp)."
	},
}
