package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var blockingPart = Part{
	Name:   "xep0191-blocking",
	Doc:    "Blocking: the server lets nothing through between the user and an address.",
	Ref:    spec.XEP(191, "3"),
	Spaces: []string{"urn:xmpp:blocking"},
	Why:    "Who is blocked can send nothing to the user, sees the user as offline, and gets the same errors as if there were no such user.",
	Noun:   "the block list",
	Title: func(e *decode.Event) string {
		switch {
		case e.Type == "set" && e.Payload.Local == "block" && fromInitiator(e):
			return "blocks addresses"
		case e.Type == "set" && e.Payload.Local == "unblock" && fromInitiator(e):
			return "unblocks addresses"
		case e.Type == "set" && e.Payload.Local == "block":
			return "tells that addresses are blocked now"
		case e.Type == "set" && e.Payload.Local == "unblock":
			return "tells that addresses are no longer blocked"
		}
		return ""
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		var who []string
		for _, i := range kids(c, "item") {
			who = append(who, attr(i, "jid"))
			t.x.noteAttr(i, "jid", "An address, or a whole domain.")
			if r := child(i, "urn:xmpp:reporting:1", "report"); r != nil {
				t.x.more("The user also reports " + value(attr(i, "jid")) + " for " + value(lastOf(attr(r, "reason"))) + " (XEP-0377).")
			}
		}
		if c == nil {
			t.done("The block list is changed.")
			return
		}
		block := c.Name.Local == "block"
		told := !fromInitiator(t.e)
		switch {
		case t.e.Type == "get":
			t.ask("whom the user has blocked.")
		case t.e.Type == "set" && told:
			t.x.What = t.by() + " tells that " + pick(len(who) == 0, "nobody", list(who, 8)) + pick(block, " is blocked now.", " is no longer blocked.")
			if len(who) == 0 && !block {
				t.x.What = t.by() + " tells that nobody is blocked any more."
			}
			t.x.Expect = "The client answers with an empty result. All devices of the user are told so, the one that has asked for it too."
		case t.e.Type == "set" && block:
			t.ask("to block " + list(who, 8) + ": nothing from there comes through any more, and nothing goes there.")
			t.x.Expect = "The server tells the blocked ones that the user is gone, answers with an empty result, and tells all devices of the user."
		case t.e.Type == "set" && len(who) == 0:
			t.ask("to block nobody any more.")
		case t.e.Type == "set":
			t.ask("to block " + list(who, 8) + " no longer.")
			t.x.Expect = "The server answers with an empty result, tells all devices of the user, and shows the user's presence to those again who may see it."
		case len(who) == 0:
			t.answer(t.by() + " answers that nobody is blocked.")
		default:
			t.answer(t.by() + " gives the block list: " + list(who, 12) + ".")
		}
	},
}

// lastOf is what stands behind the last colon of a name.
func lastOf(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == ':' {
			return s[i+1:]
		}
	}
	return s
}
