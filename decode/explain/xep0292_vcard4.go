package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var vcard4Part = Part{
	Name:   "xep0292-vcard4",
	Doc:    "The contact card in its newer form.",
	Ref:    spec.XEP(292, ""),
	Spaces: []string{"urn:ietf:params:xml:ns:vcard-4.0"},
	Why:    "The old card follows a draft that never became a standard. This one follows vCard 4.",
	Noun:   "the contact card",
	Refused: map[string]string{
		"item-not-found":      "there is no card",
		"service-unavailable": "there is no card in this form here",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		who := text(kid(kid(c, "fn"), "text"))
		switch {
		case t.e.Type == "get":
			t.ask("for the contact card of " + pick(t.e.To == "", "the account itself", value(t.e.To)) + ", in the newer form.")
		case t.e.Type == "set":
			t.x.What = t.by() + " publishes its contact card in the newer form" + when(who != "", ", that of "+speech(who)) + "."
			t.x.Expect = oneAnswer
		default:
			t.answer(t.by() + " gives the contact card in the newer form" + when(who != "", ", that of "+speech(who)) + ".")
		}
		for _, f := range kids(c, "") {
			t.x.noteTag(f, "A field of the card: "+value(f.Name.Local)+".")
		}
	},
}
