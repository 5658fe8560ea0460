package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var xhtmlPart = Part{
	Name:   "xep0071-xhtml",
	Doc:    "XHTML-IM: the words once more, with formatting.",
	Ref:    spec.XEP(71, ""),
	Spaces: []string{"http://jabber.org/protocol/xhtml-im"},
	Why:    "The body holds the plain words, this the same with fonts and colours. It is deprecated: showing what strangers send as a web page was the cause of many holes.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		return "The same words with formatting: " + speech(c.AllText()) + ". This form is deprecated."
	},
}
