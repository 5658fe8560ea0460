package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var replyPart = Part{
	Name:   "xep0461-reply",
	Doc:    "Replies: which message this one answers.",
	Ref:    spec.XEP(461, ""),
	Spaces: []string{"urn:xmpp:reply:0"},
	Why:    "Where many talk at once, the reader should see to what the words belong.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "id", "The id of the message that is answered.")
		t.x.noteAttr(c, "to", "Who wrote the message that is answered.")
		return "It answers the message with the id " + value(attr(c, "id")) + when(attr(c, "to") != "", ", which "+value(attr(c, "to"))+" wrote") + "."
	},
}

var fallbackPart = Part{
	Name:   "xep0428-fallback",
	Doc:    "Fallback: a part of the body is only for programs that do not know an extension.",
	Ref:    spec.XEP(428, ""),
	Spaces: []string{"urn:xmpp:fallback:0"},
	Why:    "Programs that know the extension should not show the same thing twice.",
	Inside: func(_ *telling, c *xmlstream.Node) string {
		what := "The body is"
		if b := kid(c, "body"); b != nil && attr(b, "start") != "" {
			what = "The characters " + value(attr(b, "start")) + " to " + value(attr(b, "end")) + " of the body are"
		}
		line := what + " only for programs that do not know the extension in question"
		if f := attr(c, "for"); f != "" {
			return line + ", " + value(f) + "."
		}
		return line + "."
	},
}
