package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var vcardPart = Part{
	Name:   "xep0054-vcard",
	Doc:    "The contact card: name, picture and what else a user wants others to know.",
	Ref:    spec.XEP(54, ""),
	Spaces: []string{"vcard-temp"},
	Why:    "An address says little about a person. The card lies on the server, so it can be read while its owner is away.",
	Noun:   "the contact card",
	Refused: map[string]string{
		"item-not-found":      "there is no card",
		"service-unavailable": "there is no card, or no such user",
		"forbidden":           "only its owner may change a card",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		switch {
		case t.e.Type == "get":
			t.ask("for the contact card of " + pick(t.e.To == "", "the account itself", value(t.e.To)) + ".")
		case t.e.Type == "set":
			t.x.What = say(t.by()+" publishes its contact card.", cardWords(c))
			t.x.Expect = "The server stores it and answers with an empty result. The whole card was sent: what is not in it is gone."
		case c == nil:
			r, ok := t.asked()
			t.done(when(ok && r.Type == "set", "The card is stored."), when(!ok || r.Type == "get", "There is no card."))
		case c.FirstElement() == nil:
			t.answer(t.by() + " answers that the card is empty.")
		default:
			t.answer(t.by()+" gives the contact card.", cardWords(c))
		}
		t.card(c)
	},
}

// cardWords names what a card says about its owner.
func cardWords(c *xmlstream.Node) string {
	for _, k := range [...]string{"FN", "NICKNAME"} {
		if s := text(kid(c, k)); s != "" {
			return "It is the card of " + speech(s) + "."
		}
	}
	return ""
}

// card lists the fields of a card.
func (t *telling) card(c *xmlstream.Node) {
	for _, f := range kids(c, "") {
		line := "Its field " + value(f.Name.Local) + "."
		if f.Name.Local == "PHOTO" {
			size := 0
			if b := kid(f, "BINVAL"); b != nil {
				size = sizeOf(b)
			}
			line = "A picture" + when(text(kid(f, "TYPE")) != "", " of the type "+value(text(kid(f, "TYPE")))) + ", " + count(size, "character") + " of base64."
		} else if s := text(f); s != "" && f.FirstElement() == nil {
			line = value(f.Name.Local) + ": " + speech(s) + "."
		}
		t.x.more(line)
		t.x.noteTag(f, line)
	}
}
