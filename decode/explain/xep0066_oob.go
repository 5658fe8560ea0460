package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var oobPart = Part{
	Name:   "xep0066-oob",
	Doc:    "Out of band data: a link that belongs to a message.",
	Ref:    spec.XEP(66, ""),
	Spaces: []string{"jabber:x:oob", "jabber:iq:oob"},
	Why:    "A file is too large for a stanza. It lies on a web server, and the stanza says where.",
	Noun:   "to fetch a file",
	Refused: map[string]string{
		"item-not-found": "there is nothing at that address",
		"not-acceptable": "the file is not wanted",
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		u := kid(c, "url")
		t.x.noteText(u, "Where the file lies.")
		line := "A file lies at " + value(text(u)) + "."
		if b := kid(t.n, "body"); t.depth == 0 && b != nil && text(b) == text(u) {
			line = "The body is a link to a file, and nothing else. Programs may show the file in place of it."
		}
		if d := text(kid(c, "desc")); d != "" {
			line = say(line, "It is described as "+speech(d)+".")
		}
		return line
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		if c == nil || !asks(t.e) {
			t.done("The file was fetched.")
			return
		}
		u := kid(c, "url")
		t.x.noteText(u, "Where the file lies.")
		t.ask("to fetch a file from " + value(text(u)) + ".")
		t.x.Expect = "The answer comes when the file has been fetched, or was not wanted."
	},
}
