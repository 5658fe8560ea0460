package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var ibbPart = Part{
	Name:   "xep0047-ibb",
	Doc:    "In-band bytestreams: a file in pieces inside stanzas.",
	Ref:    spec.XEP(47, ""),
	Spaces: []string{"http://jabber.org/protocol/ibb"},
	Why:    "It is slow, for every byte goes through the servers as base64, but it works where no other connection can be made.",
	Noun:   "a piece of a file",
	Refused: map[string]string{
		"item-not-found":     "there is no such transfer",
		"not-acceptable":     "the file is not wanted",
		"unexpected-request": "a piece is missing, or came twice",
	},
	Inside: func(t *telling, c *xmlstream.Node) string { return pieceWords(t, c) },
	IQ: func(t *telling, c *xmlstream.Node) {
		switch {
		case c == nil || !asks(t.e):
			t.done("The next piece may come.")
		case c.Name.Local == "open":
			t.ask("to take a file in pieces of at most " + value(attr(c, "block-size")) + " bytes each, as the transfer " + value(attr(c, "sid")) + ".")
		case c.Name.Local == "close":
			t.x.What = t.by() + " ends the transfer " + value(attr(c, "sid")) + "."
			t.x.Expect = oneAnswer
		default:
			t.x.What = t.by() + " sends " + lower(pieceWords(t, c))
			t.x.Expect = "The answer says that the piece was taken; the next one follows."
		}
	},
}

func pieceWords(t *telling, c *xmlstream.Node) string {
	t.x.noteText(c, "The bytes of the file, in base64.")
	t.x.noteAttr(c, "seq", "The number of the piece, counted from 0 to 65535 and then from 0 again.")
	return "Piece " + value(attr(c, "seq")) + " of the transfer " + value(attr(c, "sid")) + ", " + count(sizeOf(c), "character") + " of base64."
}
