package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var stylingPart = Part{
	Name:   "xep0393-styling",
	Doc:    "Styling: how marks in a plain text are shown, and that they should not be.",
	Ref:    spec.XEP(393, ""),
	Spaces: []string{"urn:xmpp:styling:0", "urn:xmpp:markup:0"},
	Why:    "Stars and lines around a word are shown as bold or slanted letters. In a piece of a program they must stay as they are.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		switch c.Name.Local {
		case "unstyled":
			return "The body is to be shown as it is: stars and lines in it mean nothing."
		case "markup":
			return "It says which stretches of the body are to be shown in another way: " + count(total(c, ""), "stretch") + "."
		}
		return ""
	},
}
