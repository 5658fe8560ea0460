package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var callPart = Part{
	Name:   "xep0353-call-messages",
	Doc:    "Call messages: a call rings on all devices before it is set up with one of them.",
	Ref:    spec.XEP(353, ""),
	Spaces: []string{"urn:xmpp:jingle-message:0", "urn:xmpp:call-invites:0"},
	Why:    "The caller does not know at which device the other person sits. A message reaches them all; the one that takes the call says so, and the others stop ringing.",
	Expect: "After the call was proposed a device takes or declines it, or the caller gives up. The call itself is then set up with iq stanzas.",
	Title: func(e *decode.Event) string {
		w := callWords[e.Payload.Local]
		switch {
		case w == "":
			return ""
		case relayed(e):
			return "says that " + name(e.From) + " " + w
		}
		return w + when(e.To != "", ", to "+name(e.To))
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		w := callWords[c.Name.Local]
		if w == "" {
			return ""
		}
		t.x.noteAttr(c, "id", "The id of the call: all its messages have the same.")
		var media []string
		for d := range c.Children() {
			if m := attr(d, "media"); m != "" {
				media = append(media, m)
			}
		}
		return "It " + w + when(attr(c, "id") != "", " with the id "+value(attr(c, "id"))) + when(len(media) > 0, ", with "+list(media, 4)) + "."
	},
}

// callWords says what the messages of a call do, by their elements.
var callWords = map[string]string{
	"propose": "proposes a call", "invite": "invites to a call", "ringing": "lets a device ring for a call", "proceed": "takes a call",
	"accept": "takes a call", "reject": "declines a call", "retract": "gives a call up before it was taken", "finish": "ends a call", "left": "leaves a call",
}
