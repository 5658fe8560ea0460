package explain

import (
	"xmppscope/decode/xmlstream"
)

const (
	nsBookmarks    = "urn:xmpp:bookmarks:1"
	nsBookmarksOld = "storage:bookmarks"
)

// bookmarks lists the rooms of a list in the form of XEP-0048.
func (t *telling) bookmarks(storage *xmlstream.Node) {
	if storage.Name.Space != nsBookmarksOld {
		return
	}
	for _, c := range kids(storage, "") {
		switch c.Name.Local {
		case "conference":
			line := bookmarkWords(c, attr(c, "jid"))
			t.x.more(line)
			t.x.noteTag(c, line)
		case "url":
			t.x.more("A bookmark of the page " + value(attr(c, "url")) + ".")
		}
	}
}

// bookmarkWords says what a bookmark of a room holds: XEP-0402 §3, XEP-0048 §3.
func bookmarkWords(c *xmlstream.Node, room string) string {
	line := "A bookmark of the room " + value(room) + when(attr(c, "name") != "", ", called "+speech(attr(c, "name")))
	if n := text(kid(c, "nick")); n != "" {
		line += ", under the nickname " + value(n)
	}
	if a := attr(c, "autojoin"); a == "true" || a == "1" {
		line += ", to be joined at every login"
	}
	if kid(c, "password") != nil {
		line += ", with its password"
	}
	return line + "."
}
