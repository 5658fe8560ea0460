package explain

import (
	"xmppscope/decode/xmlstream"
)

const nsRSM = "http://jabber.org/protocol/rsm"

// pageWords says which page of a long list is wanted (XEP-0059 §2).
func pageWords(set *xmlstream.Node) string {
	if set == nil {
		return ""
	}
	size := text(kid(set, "max"))
	page := "It wants a page of at most " + value(size) + " entries"
	if size == "" {
		page = "It wants a page"
	} else if size == "0" {
		return "It wants to know only how many there are."
	}
	after, before, index := kid(set, "after"), kid(set, "before"), kid(set, "index")
	switch {
	case after != nil:
		page += ", those after " + value(text(after))
	case before != nil && text(before) == "":
		page += ", the last ones"
	case before != nil:
		page += ", those before " + value(text(before))
	case index != nil:
		page += ", from number " + value(text(index)) + " on"
	}
	return page + "."
}

// rsm tells the page that an element asks for or brings.
func (t *telling) rsm(n *xmlstream.Node) {
	set := child(n, nsRSM, "set")
	if set == nil {
		return
	}
	t.x.noteTag(set, "Which page of a long list (XEP-0059).")
	for c := range set.Children() {
		v := text(c)
		line := ""
		switch c.Name.Local {
		case "max":
			line = "At most so many entries."
		case "after":
			line = "Those that come after this id."
		case "before":
			line = pick(v == "", "The last page.", "Those that come before this id.")
		case "first":
			line = "The id of the first entry on this page."
		case "last":
			line = "The id of the last entry on this page. The next page begins after it."
		case "count":
			line = "How many there are in all."
			t.x.more("There are " + value(v) + " in all.")
		case "index":
			line = "From which number on."
		}
		t.x.noteText(c, line)
	}
	if f, l := kid(set, "first"), kid(set, "last"); f != nil && l != nil {
		t.x.more("This page goes from " + value(text(f)) + " to " + value(text(l)) + ".")
	}
}
