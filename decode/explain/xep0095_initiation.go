package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const nsFileSI = "http://jabber.org/protocol/si/profile/file-transfer"

var initiationPart = Part{
	Name:   "xep0095-initiation",
	Doc:    "Stream initiation: a file is offered, and both sides agree on how to send it; deprecated.",
	Ref:    spec.XEP(95, ""),
	Spaces: []string{"http://jabber.org/protocol/si", nsFileSI},
	Why:    "The receiver should see what is coming and how, before anything is sent. Jingle has taken its place.",
	Noun:   "to take the file",
	Refused: map[string]string{
		"forbidden":   "the file was declined",
		"bad-request": "none of the ways to send it is known, or the profile is not",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		f := child(c, nsFileSI, "file")
		form := child(child(c, "http://jabber.org/protocol/feature-neg", "feature"), nsForms, "x")
		if asks(t.e) {
			t.ask("to take the file " + value(attr(f, "name")) + ", " + value(attr(f, "size")) + " bytes long.")
			t.x.Expect = "The other side picks one of the ways to send it, or declines."
			t.x.noteTag(f, "The file.")
		} else {
			t.answer(t.by() + " takes the file.")
			t.x.Expect = "The sender opens the connection that was picked."
		}
		t.form(form)
	},
}
