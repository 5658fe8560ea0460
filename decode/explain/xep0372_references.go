package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var referencePart = Part{
	Name:   "xep0372-references",
	Doc:    "References: a stretch of the text means a person or a thing.",
	Ref:    spec.XEP(372, ""),
	Spaces: []string{"urn:xmpp:reference:0"},
	Why:    "A name in a text is only letters. A program that knows whom it means can ring for that person.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "uri", "Whom or what is meant.")
		where := ""
		if attr(c, "begin") != "" {
			where = "The characters " + value(attr(c, "begin")) + " to " + value(attr(c, "end")) + " of the body"
		}
		uri := value(attr(c, "uri"))
		switch {
		case attr(c, "type") == "mention" && where != "":
			return where + " mean " + uri + "."
		case attr(c, "type") == "mention":
			return "It speaks of " + uri + "."
		case where != "":
			return where + " stand for something more" + when(attr(c, "uri") != "", ", "+uri) + "."
		}
		return "It brings something more with it" + when(attr(c, "uri") != "", ": "+uri) + "."
	},
}
