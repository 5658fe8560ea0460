package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var hintsPart = Part{
	Name:   "xep0334-hints",
	Doc:    "Hints: what servers may and may not do with a message on its way.",
	Ref:    spec.XEP(334, ""),
	Spaces: []string{"urn:xmpp:hints"},
	Quiet:  true,
	Why:    "A server cannot know what a message is worth: a typing notice need not be kept, an encrypted message must be, although it has no words.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		switch c.Name.Local {
		case "no-store":
			return "It should not be kept anywhere, neither in an archive nor for a device that is away."
		case "no-permanent-store":
			return "It should not go into an archive. It may be kept until the receiver is there again."
		case "no-copy":
			return "It should not be copied to other devices."
		case "store":
			return "It should be kept in the archive, although it may have no words."
		}
		return "A hint for servers, " + value(c.Name.Local) + "."
	},
}
