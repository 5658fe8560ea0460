package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var captchaPart = Part{
	Name:   "xep0158-captcha",
	Doc:    "Captcha: a riddle that a person can solve and a program cannot.",
	Ref:    spec.XEP(158, ""),
	Spaces: []string{"urn:xmpp:captcha"},
	Why:    "Somebody unknown wants something, such as to come into a room. Programs that send junk should fail here.",
	Expect: "The answers come back in an iq of the type set. If they are right, what was asked for is done.",
	Noun:   "to accept the answer",
	Refused: map[string]string{
		"not-acceptable":      "the answer is wrong",
		"service-unavailable": "the answer is wrong, or came too late",
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.form(child(c, nsForms, "x"))
		return "It is a riddle to be solved before the request goes on."
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		if asks(t.e) {
			t.ask("to accept the answer to its riddle.")
		} else {
			t.answer(t.by() + " accepts the answer.")
		}
		t.form(child(c, nsForms, "x"))
	},
}
