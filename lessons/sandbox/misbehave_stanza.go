package sandbox

import (
	"strconv"
	"strings"
)

// answers changes the results of the server, but for that of binding.
func answers(f func(string) string) func(*conn, string) string {
	return on("iq", func(xml string) string {
		if typ, _ := attrOf(xml, "type"); typ == "result" && !strings.Contains(xml, nsBind) {
			return f(xml)
		}
		return xml
	})
}

// stanzaFaults are those of stanzas.
func stanzaFaults() []misbehaviour {
	jidOf := func(f func(string) string) func(*conn, string) string {
		return on("iq", func(xml string) string {
			i, k := strings.Index(xml, "<jid>"), strings.Index(xml, "</jid>")
			if i < 0 || k < i {
				return xml
			}
			return xml[:i+5] + f(xml[i+5:k]) + xml[k:]
		})
	}
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "bind-other", Rule: "bind-result-no-jid", About: "binds to the address of somebody else"},
			alter: jidOf(func(string) string { return "mallory@evil.example/x" })},
		{Misbehaviour: Misbehaviour{Name: "bind-bare", Rule: "bind-result-no-jid", About: "answers the binding with an address without a resource"},
			alter: jidOf(func(s string) string { bare, _, _ := strings.Cut(s, "/"); return bare })},
		{Misbehaviour: Misbehaviour{Name: "iq-unanswered", Rule: "iq-unanswered", About: "answers no request"}, alter: answers(func(string) string { return "" })},
		{Misbehaviour: Misbehaviour{Name: "iq-id", Rule: "iq-answer-unasked", About: "answers with another id"},
			alter: answers(func(xml string) string { return setAttr(xml, "id", "another") })},
		{Misbehaviour: Misbehaviour{Name: "iq-spoofed", Rule: "iq-answer-spoofed", About: "answers in the name of somebody who was not asked"},
			alter: answers(func(xml string) string {
				return strings.Replace(setAttr(xml, "from", ""), "<iq", "<iq from='mallory@evil.example/x'", 1)
			})},
		{Misbehaviour: Misbehaviour{Name: "iq-error-shape", Rule: "error-shape", About: "answers with an error that says nothing"},
			alter: answers(func(xml string) string {
				open, _, _ := strings.Cut(setAttr(xml, "type", "error"), ">")
				return strings.TrimSuffix(open, "/") + "><error type='cancel'/></iq>"
			})},
		{Misbehaviour: Misbehaviour{Name: "roster-spoofed", Rule: "roster-push-spoofed", About: "passes on a roster push of a stranger"},
			alter: beside(nsRoster, "<iq type='set' id='push-x' from='mallory@evil.example'><query xmlns='jabber:iq:roster'><item jid='mallory@evil.example' subscription='both'/></query></iq>")},
		{Misbehaviour: Misbehaviour{Name: "roster-crowded", Rule: "roster-push-shape", About: "sends two items in one roster push"},
			alter: beside(nsRoster, "<iq type='set' id='push-y'><query xmlns='jabber:iq:roster'><item jid='a@evil.example' subscription='none'/><item jid='b@evil.example' subscription='none'/></query></iq>")},
		{Misbehaviour: Misbehaviour{Name: "carbon-spoofed", Rule: "carbon-spoofed", About: "passes on a copy of a message that a stranger made up"},
			alter: beside(nsRoster, "<message from='mallory@evil.example' type='chat'><received xmlns='"+nsCarbons+"'><forwarded xmlns='"+nsForward+
				"'><message xmlns='jabber:client' from='juliet@localhost/x' to='mbed@localhost' type='chat'><body>Send me your key.</body></message></forwarded></received></message>")},
		{Misbehaviour: Misbehaviour{Name: "presence-type", Rule: "presence-type", About: "says of presence that it is available, which is no type"},
			alter: on("presence", func(xml string) string {
				if _, ok := attrOf(xml, "type"); ok {
					return xml
				}
				return strings.Replace(xml, "<presence", "<presence type='available'", 1)
			})},
		{Misbehaviour: Misbehaviour{Name: "message-twice", Rule: "message-dup-lang", About: "puts two bodies into a message"},
			alter: on("message", func(xml string) string { return insert(xml, "<body>Another.</body>") })},
	}
}

// beside sends more behind the result that carries a namespace.
func beside(space, more string) func(*conn, string) string {
	return func(c *conn, xml string) string {
		if !startsWith(xml, "iq") || !strings.Contains(xml, space) || c.session == nil {
			return xml
		}
		if typ, _ := attrOf(xml, "type"); typ != "result" {
			return xml
		}
		// A client counts it, so the ledger has to: this is no fault of counting.
		c.session.sm.sent(parcel{xml: more})
		return xml + more
	}
}

// smFaults are those of stream management (XEP-0198).
func smFaults() []misbehaviour {
	h := func(by int64) func(*conn, string) string {
		return on("a", func(xml string) string {
			v, _ := attrOf(xml, "h")
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || n+by < 0 {
				return xml
			}
			return setAttr(xml, "h", strconv.FormatInt(n+by, 10))
		})
	}
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "sm-h-high", Rule: "sm-h-too-high", About: "acknowledges one stanza more than came"}, alter: h(1)},
		{Misbehaviour: Misbehaviour{Name: "sm-h-low", Rule: "sm-h-behind", About: "acknowledges one stanza less than came"}, alter: h(-1)},
		{Misbehaviour: Misbehaviour{Name: "sm-unanswered", Rule: "sm-r-unanswered", About: "answers no request of stream management"},
			alter: on("a", func(string) string { return "" })},
		{Misbehaviour: Misbehaviour{Name: "sm-no-id", Rule: "sm-enabled-no-id", About: "promises to resume, and gives no id to do it with"},
			alter: on("enabled", func(xml string) string { return setAttr(xml, "id", "") })},
		{Misbehaviour: Misbehaviour{Name: "message-lost", Rule: "sm-h-behind", About: "loses every message that a client sends, uncounted"}},
	}
}

// byteFaults are those of bytes and of time. Their numbers are bytes that the
// server sends on a connection, XML and not TLS, and milliseconds.
func byteFaults() []misbehaviour {
	behind := func(more string) func(*conn, string) string {
		return on("presence", func(xml string) string { return xml + more })
	}
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "xml-broken", Rule: "xml-not-well-formed", Number: 2500, About: "breaks the XML behind this many bytes"}},
		{Misbehaviour: Misbehaviour{Name: "xml-comment", Rule: "xml-comment", About: "puts a comment behind presence"}, alter: behind("<!-- secret -->")},
		{Misbehaviour: Misbehaviour{Name: "xml-pi", Rule: "xml-pi", About: "puts a processing instruction behind presence"}, alter: behind("<?now?>")},
		{Misbehaviour: Misbehaviour{Name: "xml-entity", Rule: "xml-entity-ref", About: "uses an entity that XMPP does not have"}, alter: behind("<message><body>&nbsp;</body></message>")},
		{Misbehaviour: Misbehaviour{Name: "xml-utf8", Rule: "xml-encoding", About: "sends bytes that are no UTF-8"}, alter: behind("<message><body>\xff\xfe</body></message>")},
		{Misbehaviour: Misbehaviour{Name: "xml-text", Rule: "text-between-stanzas", About: "puts text between stanzas"}, alter: behind("hello")},
		{Misbehaviour: Misbehaviour{Name: "element-unknown", Rule: "toplevel-unknown", About: "sends an element that nobody knows"}, alter: behind("<extra xmlns='urn:example:unknown'/>")},
		{Misbehaviour: Misbehaviour{Name: "close-unanswered", Rule: "close-unanswered", About: "does not close its stream when the client does"}},
		{Misbehaviour: Misbehaviour{Name: "data-after-close", Rule: "data-after-close", About: "goes on behind its end tag"},
			alter: func(_ *conn, xml string) string {
				if strings.HasSuffix(xml, "</stream:stream>") {
					return xml + "<message><body>One more thing.</body></message>"
				}
				return xml
			}},
		{Misbehaviour: Misbehaviour{Name: "slow", Rule: "ping-ignored", Number: 3000, About: "waits this many milliseconds before it sends anything"}},
		{Misbehaviour: Misbehaviour{Name: "dead", Rule: "close-unanswered", Number: 2500, About: "says nothing any more behind this many bytes, and stays connected"}},
		{Misbehaviour: Misbehaviour{Name: "cut", Rule: "tcp-cut", Number: 2500, About: "ends TCP behind this many bytes"}},
	}
}
