package explain

import (
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var delayPart = Part{
	Name:   "xep0203-delay",
	Doc:    "Delay: when a stanza was really sent, because it was stored on the way.",
	Ref:    spec.XEP(203, "2"),
	Spaces: []string{nsDelay, "jabber:x:delay"},
	Quiet:  true,
	Why:    "What was stored comes late. Its reader should see the true time, and in which order things were said.",
	Inside: func(t *telling, c *xmlstream.Node) string {
		stamp := attr(c, "stamp")
		t.x.noteAttr(c, "stamp", "When it was really sent.")
		t.x.noteAttr(c, "from", "Who says so: who has stored it.")
		line := "It is late: it was sent at " + value(stamp) + agoWords(t.e.Time, stamp) + ", and stored" + when(attr(c, "from") != "", " by "+value(attr(c, "from"))) + " since."
		if why := text(c); why != "" {
			line = say(line, "The reason given is "+speech(why)+".")
		}
		if t.e.Type == "groupchat" && t.depth == 0 {
			line = say(line, "A room sends such messages to show who has just come in what was said before.")
		}
		return line
	},
}

// agoWords says how long before now a stamp is, where that can be told.
func agoWords(now time.Time, stamp string) string {
	at, ok := instant(stamp)
	if !ok || now.Unix() <= 0 {
		return ""
	}
	if d := now.Sub(at); d >= time.Second {
		return ", " + lasting(int64(d/time.Second)) + " before it came here"
	}
	return ""
}

// instant reads the times of XEP-0082 §3.2 and of the time before it.
func instant(stamp string) (time.Time, bool) {
	if len(stamp) > 64 {
		return time.Time{}, false
	}
	for _, form := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "20060102T15:04:05"} {
		if at, err := time.Parse(form, stamp); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
