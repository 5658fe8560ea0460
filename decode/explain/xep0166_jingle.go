package explain

import (
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var jinglePart = Part{
	Name:   "xep0166-jingle",
	Doc:    "Jingle: setting up a call or a file transfer that then runs beside XMPP.",
	Ref:    spec.XEP(166, ""),
	Spaces: []string{"urn:xmpp:jingle:1"},
	Why:    "Sound and pictures do not travel in stanzas. With these requests the two sides agree on what to send, in which codecs, and over which network path.",
	Noun:   "to negotiate the call or transfer",
	Refused: map[string]string{
		"item-not-found":      "there is no such session",
		"service-unavailable": "the other side cannot do this, or does not want to be found",
		"unexpected-request":  "this does not fit the state of the session",
	},
	IQ: func(t *telling, c *xmlstream.Node) {
		if c == nil || !asks(t.e) {
			t.done("That only says that the request has arrived: whether the other side agrees comes in a request of its own.")
			return
		}
		action, sid := attr(c, "action"), attr(c, "sid")
		words := jingleActions[action]
		if words == "" {
			words = "does " + value(action) + " in"
		}
		t.x.What = t.by() + " " + words + " the session " + value(sid) + when(t.e.To != "", " with "+value(t.e.To)) + "."
		t.x.Expect = "The other side first answers with an empty result, which only says that this has arrived."
		t.x.noteAttr(c, "action", "What is to be done.")
		t.x.noteAttr(c, "sid", "The id of the session: all its requests have the same.")
		for _, k := range kids(c, "") {
			switch k.Name.Local {
			case "content":
				t.jingleContent(k)
			case "reason":
				if r := first(k); r != nil {
					t.x.What = say(t.x.What, "The reason is "+value(r.Name.Local)+when(text(kid(k, "text")) != "", ", "+speech(text(kid(k, "text"))))+".")
					t.x.noteTag(r, "Why the session ends.")
				}
			default:
				t.x.more("<" + value(k.Name.Local) + "/>: " + spaceText(k.Name.Space))
			}
		}
	},
}

// jingleActions says what each action does, before "the session" (XEP-0166
// §7.2).
var jingleActions = map[string]string{
	"session-initiate": "proposes", "session-accept": "accepts", "session-terminate": "ends", "session-info": "tells something about",
	"transport-info": "names network paths for", "transport-replace": "proposes another way for the data of", "transport-accept": "accepts the other way for the data of",
	"transport-reject": "refuses the other way for the data of", "content-add": "wants to add something to", "content-accept": "accepts what is to be added to",
	"content-reject": "refuses what is to be added to", "content-modify": "wants to change who sends in", "content-remove": "takes something out of",
	"description-info": "gives more details about", "security-info": "tells something about the protection of",
}

// jingleContent lists what one part of a session is made of.
func (t *telling) jingleContent(c *xmlstream.Node) {
	line := "Part " + value(attr(c, "name"))
	for d := range c.Children() {
		switch d.Name.Local {
		case "description":
			line += ": " + pick(attr(d, "media") == "", "data", value(attr(d, "media"))) + numbered(total(d, "payload-type"), " in ", " codec", " codecs")
			t.x.noteTag(d, "What is sent: "+spaceText(d.Name.Space))
		case "transport":
			line += ", over a path" + numbered(total(d, "candidate"), " with ", " possible address", " possible addresses")
			t.x.noteTag(d, "How it travels: "+spaceText(d.Name.Space))
			for _, x := range kids(d, "fingerprint") {
				t.x.noteTag(x, "The fingerprint of the key that protects the data (XEP-0320).")
			}
		case "security":
			t.x.noteTag(d, "How it is protected.")
		}
	}
	t.x.more(line + ".")
	t.x.noteTag(c, line+".")
}

func numbered(n int, before, one, more string) string {
	if n == 0 {
		return ""
	}
	return before + many(n, one[1:], more[1:])
}
