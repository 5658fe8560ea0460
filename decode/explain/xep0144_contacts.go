package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var contactsPart = Part{
	Name:   "xep0144-contacts",
	Doc:    "Roster item exchange: somebody suggests contacts.",
	Ref:    spec.XEP(144, ""),
	Spaces: []string{"http://jabber.org/protocol/rosterx"},
	Why:    "A friend knows whom the user should know, and a gateway knows the contacts in its network.",
	Expect: "The user is asked for each of them. Nothing is added by itself.",
	Noun:   "to take over the contacts",
	Inside: func(t *telling, c *xmlstream.Node) string { return suggested(t, c) },
	IQ: func(t *telling, c *xmlstream.Node) {
		if c == nil || !asks(t.e) {
			t.done()
			return
		}
		t.x.What = say(t.by()+" suggests contacts.", suggested(t, c))
		t.x.Expect = "The user is asked for each of them. The iq is answered at once."
	},
}

func suggested(t *telling, c *xmlstream.Node) string {
	var all []string
	for _, i := range kids(c, "item") {
		do := attr(i, "action")
		all = append(all, pick(do == "" || do == "add", "add ", do+" ")+attr(i, "jid"))
		t.x.noteTag(i, "One contact.")
	}
	return "The suggestion is: " + list(all, 8) + "."
}
