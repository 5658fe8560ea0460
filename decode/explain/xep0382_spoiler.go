package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var spoilerPart = Part{
	Name:   "xep0382-spoiler",
	Doc:    "Spoilers: words that stay hidden until the reader wants them.",
	Ref:    spec.XEP(382, ""),
	Spaces: []string{"urn:xmpp:spoiler:0"},
	Why:    "The end of a story is not for everybody.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		if hint := text(c); hint != "" {
			return "The words stay hidden until the reader wants them. Shown instead is " + speech(hint) + "."
		}
		return "The words stay hidden until the reader wants them."
	},
}
