package explain

import (
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var timePart = Part{
	Name:   "xep0202-time",
	Doc:    "Entity time: the other side's clock and time zone.",
	Ref:    spec.XEP(202, ""),
	Spaces: []string{"urn:xmpp:time", "jabber:iq:time"},
	Why:    "One sees whether it is night where the other one is, and whether a clock is wrong.",
	Noun:   "its time",
	IQ: func(t *telling, c *xmlstream.Node) {
		if t.e.Type == "get" {
			t.ask("what time it is there" + when(c != nil && c.Name.Space == "jabber:iq:time", ", in the obsolete form") + ".")
			return
		}
		utc, zone := text(kid(c, "utc")), pick(kid(c, "tzo") == nil, text(kid(c, "tz")), text(kid(c, "tzo")))
		t.x.noteText(kid(c, "utc"), "The time without its zone.")
		t.x.noteText(kid(c, "tzo"), "How far the zone is from that.")
		t.answer(t.by()+" answers: it is "+value(utc)+" (UTC)"+when(zone != "", ", and the clock there differs from that by "+value(zone))+".", clockWords(t.e.Time, utc))
	},
}

// clockWords says how far a clock is from that of the recording.
func clockWords(now time.Time, utc string) string {
	at, ok := instant(utc)
	if !ok || now.Unix() <= 0 {
		return ""
	}
	switch d := now.Sub(at).Abs(); {
	case d < 2*time.Second:
		return "It agrees with the clock of the recording."
	default:
		return "It differs from the clock of the recording by " + lasting(int64(d/time.Second)) + "."
	}
}
