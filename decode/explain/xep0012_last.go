package explain

import (
	"strconv"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var lastPart = Part{
	Name:   "xep0012-last",
	Doc:    "Last activity: how long somebody has been idle or away, or a server up.",
	Ref:    spec.XEP(12, ""),
	Spaces: []string{"jabber:iq:last"},
	Quiet:  true,
	Why:    "What the seconds mean depends on the address: for a device they are idle time, for an account the time since it went offline, for a server the time since it was started.",
	Noun:   "its last activity",
	Refused: map[string]string{
		"forbidden": "only those who may see the presence may ask",
	},
	Inside: func(t *telling, c *xmlstream.Node) string {
		t.x.noteAttr(c, "seconds", "How long nothing was done, in seconds.")
		return "The user has done nothing for " + secondsWords(attr(c, "seconds")) + "."
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		if t.e.Type == "get" {
			t.ask("for how long " + lastMeaning(t.e.To) + ".")
			return
		}
		who := t.e.From
		t.x.noteAttr(c, "seconds", "The time in seconds.")
		t.answer(t.by()+" answers: for "+secondsWords(attr(c, "seconds"))+" "+lastMeaning(who)+".", when(text(c) != "", "The last words were "+speech(text(c))+"."))
	},
}

// lastMeaning says what is measured, by the form of the address.
func lastMeaning(jid string) string {
	switch {
	case resource(jid) != "":
		return "the user of that device has touched nothing"
	case jid != "" && domainOf(jid) == bare(jid):
		return "it has been running"
	}
	return "the account has been offline"
}

func secondsWords(s string) string {
	if n, err := strconv.ParseInt(s, 10, 40); err == nil && n >= 0 {
		return lasting(n)
	}
	return value(s) + " seconds"
}
