package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var searchPart = Part{
	Name:   "xep0055-search",
	Doc:    "Search: looking for people in a directory.",
	Ref:    spec.XEP(55, ""),
	Spaces: []string{"jabber:iq:search"},
	Why:    "Who does not know somebody's address looks for the name.",
	Noun:   "to search the directory",
	IQ: func(t *telling, c *xmlstream.Node) {
		var asked []string
		for _, f := range kids(c, "") {
			if f.Name.Space == c.Name.Space && f.Name.Local != "item" && f.Name.Local != "instructions" {
				asked = append(asked, f.Name.Local+when(text(f) != "", " "+text(f)))
			}
		}
		switch {
		case t.e.Type == "get":
			t.ask("by which fields its directory can be searched.")
		case t.e.Type == "set":
			t.ask("to search its directory" + when(len(asked) > 0, " for "+list(asked, 6)) + ".")
		case total(c, "item") > 0 || len(asked) == 0:
			t.answer(t.by() + " has found " + many(total(c, "item"), "entry", "entries") + when(child(c, nsForms, "x") != nil, " beside a form") + ".")
		default:
			t.answer(t.by() + " says by which fields it can be searched: " + list(asked, 8) + ".")
		}
		for _, i := range kids(c, "item") {
			t.x.more("Found: " + value(attr(i, "jid")) + ".")
		}
		t.form(child(c, nsForms, "x"))
	},
}
