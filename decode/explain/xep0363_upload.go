package explain

import (
	"strings"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var uploadPart = Part{
	Name:   "xep0363-upload",
	Doc:    "HTTP upload: a place on a web server for a file that is to be sent.",
	Ref:    spec.XEP(363, "4"),
	Spaces: []string{"urn:xmpp:http:upload:0"},
	Why:    "A file is too large for stanzas, and the receiver may be away. So it is put on a web server, and only its address is sent in a message.",
	Noun:   "a place to upload to",
	Refused: map[string]string{
		"not-acceptable":      "the file is too large, or of a sort that is not taken",
		"resource-constraint": "the user has uploaded too much, and may try again later",
		"not-allowed":         "the user may not upload here",
		"forbidden":           "the user may not upload here",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		switch {
		case asks(t.e):
			t.ask("for a place to upload the file " + value(attr(c, "filename")) + " of " + value(attr(c, "size")) + " bytes" +
				when(attr(c, "content-type") != "", ", type "+value(attr(c, "content-type"))) + ".")
			t.x.Expect = "The answer has two addresses: one to put the file to, one to fetch it from. Or an error, for example because it is too large."
			t.x.noteAttr(c, "size", "How large the file is, in bytes.")
		default:
			put, get := kid(c, "put"), kid(c, "get")
			t.answer(t.by() + " gives a place: the file is to be put to " + value(address(attr(put, "url"))) + ", and can then be fetched from " + value(address(attr(get, "url"))) + ".")
			t.x.Expect = "The client sends the file by HTTP, which is not seen here, and then the second address in a message."
			t.x.noteAttr(put, "url", "Where the file is to be put, with HTTP PUT. Who has this address can do so.")
			t.x.noteAttr(get, "url", "Where everybody who knows it can fetch the file.")
			for _, h := range kids(put, "header") {
				t.x.more("With the upload the header " + value(attr(h, "name")) + " must be sent; its value is a secret, not shown.")
				t.x.noteTag(h, "A header for the upload.")
			}
		}
	},
}

// address cuts what may be secret off a web address.
func address(url string) string {
	u, _, cut := strings.Cut(url, "?")
	return u + when(cut, "?…")
}
