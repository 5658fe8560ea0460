package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var privatePart = Part{
	Name:   "xep0049-private",
	Doc:    "Private storage: XML that a user keeps on the server, for the own devices alone.",
	Ref:    spec.XEP(49, ""),
	Spaces: []string{"jabber:iq:private"},
	Why:    "Settings and lists should be the same on all devices. One element is stored under each name; to store it again replaces the whole of it.",
	Noun:   "private data",
	Refused: map[string]string{
		"forbidden":      "nobody may read or change the private data of others",
		"not-acceptable": "the element has a namespace that cannot be stored",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		data := first(c)
		what := "<" + value(localOf(data)) + "/>"
		if data != nil {
			what += " of the namespace " + value(data.Name.Space)
		}
		switch {
		case t.e.Type == "get":
			t.ask("for what it has stored as " + what + ".")
		case t.e.Type == "set":
			t.ask("to store " + what + ", in place of what was there.")
		case c == nil:
			t.done("The data is stored.")
		case data != nil && data.FirstChild == nil:
			t.answer(t.by() + " answers that nothing is stored as " + what + ".")
		default:
			t.answer(t.by() + " gives what is stored as " + what + ".")
		}
		if data != nil {
			t.x.more(spaceText(data.Name.Space))
			t.bookmarks(data)
		}
	},
}

func localOf(n *xmlstream.Node) string {
	if n == nil {
		return ""
	}
	return n.Name.Local
}
