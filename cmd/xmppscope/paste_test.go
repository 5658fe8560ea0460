package main

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
)

const rosterGet = `<iq type="get" id="1"><query xmlns="jabber:iq:roster"/></iq>`

// What a text is read as, and what it turns out to say.
func TestPastesAreRead(t *testing.T) {
	for _, c := range []struct{ text, steps, says string }{
		{rosterGet, "", "i stanza iq roster-get"},
		{"  " + rosterGet + "\n", "", "i stanza iq roster-get"},
		{"\ufeff" + rosterGet, "", "i stanza iq roster-get"},
		{base64.StdEncoding.EncodeToString([]byte(rosterGet)), "base64", "i stanza iq roster-get"},
		{hex.EncodeToString([]byte(rosterGet)), "hexadecimal", "i stanza iq roster-get"},
		{"3c 70 72 65 73 65 6e 63 65 2f 3e", "hexadecimal", "i stanza presence presence-initial"},
		{"0x3c,0x61,0x2f,0x3e", "hexadecimal", "i nonza a "},
		{"%3Cpresence/%3E", "percent-encoding", "i stanza presence presence-initial"},
		{"&lt;presence/&gt;", "XML with its escapes undone", "i stanza presence presence-initial"},
		{`"<presence type=\"unavailable\"/>"`, "a string of JSON", "i stanza presence presence-unavailable"},
		{`"%3Cpresence/%3E"`, "a string of JSON, percent-encoding", "i stanza presence presence-initial"},
		{"'<presence/>'", "a text in quotes", "i stanza presence presence-initial"},

		// Who sent it is guessed.
		{"<iq type='result' id='1' to='a@b/c'/>", "", "r stanza iq exchange"},
		{"<iq type='set' id='1'><query xmlns='jabber:iq:roster' ver='2'><item jid='a@b' subscription='to'/></query></iq>", "", "r stanza iq exchange"},
		{"<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b' subscription='remove'/></query></iq>", "", "i stanza iq exchange"},
		{"<message from='a@b/c'><body>x</body></message>", "", "r stanza message exchange"},
		{"<stream:features/>", "", "r features features stream-features"},
		{"<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "", "r stream-error error stream-error"},
		{"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "", "r nonza proceed starttls-proceed"},
		{"<db:result from='a' to='b' type='valid'/>", "", "r nonza result s2s-dialback-4"},
		{"<db:result from='a' to='b'>k</db:result>", "", "i nonza result s2s-dialback-1"},
		{"<handshake>00</handshake>", "", "i nonza handshake component"},
		{"<handshake/>", "", "r nonza handshake component"},
		{"</stream:stream>", "", "i close stream stream-close"},
		{"<?xml version='1.0'?><stream:stream to='a' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>", "", "i open stream stream-open-initial"},
		{"<stream:stream from='a' id='x' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'><stream:features/>", "",
			"r open stream stream-open-response; r features features stream-features"},

		// What is wrong is shown, not refused.
		{"<iq type='get'", "", "i broken iq "},
		{"<message><body>a</message>", "", "i broken message "},
		{"<presence/>text", "", "i stanza presence presence-initial; i broken  "},

		// What carries elements.
		{"<body rid='1' to='a' xmlns='http://jabber.org/protocol/httpbind'/>", "the body of a BOSH message", "i open body bosh-create"},
		{"<body rid='2' sid='x' xmlns='http://jabber.org/protocol/httpbind'><presence xmlns='jabber:client'/></body>", "the body of a BOSH message", "i stanza presence presence-initial"},
		{"<body rid='2' sid='x' xmlns='http://jabber.org/protocol/httpbind'/>", "the body of a BOSH message", "i http request bosh-data"},
		{"<body type='terminate' xmlns='http://jabber.org/protocol/httpbind'/>", "the body of a BOSH message", "r close body bosh-end"},
		{"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a' version='1.0'/>", "the text of a WebSocket message", "i open open ws-open"},
		{"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='1' from='a' version='1.0'/>", "the text of a WebSocket message", "r open open ws-open"},
		{"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "the text of a WebSocket message", "i close close ws-close"},

		// Logins.
		{"AG1iZWQAbWlycm9y", "", "i nonza auth sasl-auth PLAIN"},
		{"AG1i\n  ZWQAbWlycm9y\n", "", "i nonza auth sasl-auth PLAIN"},
		{hex.EncodeToString([]byte("\x00mbed\x00mirror")), "hexadecimal", "i nonza auth sasl-auth PLAIN"},
		{"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL", "a login message without its base64", "i nonza auth sasl-auth SCRAM-SHA-1"},
		{"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIn0.c2ln", "a JSON Web Token, shown as OAUTHBEARER sends it", "i nonza auth sasl-auth OAUTHBEARER"},
		{"Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIn0.c2ln", "a JSON Web Token, shown as OAUTHBEARER sends it", "i nonza auth sasl-auth OAUTHBEARER"},

		// What is no event has a page of its own.
		{"=", "", "page"},
		{"biws", "", "page"},
		{"SGVsbG8gd29ybGQ=", "", "page"},
		{"q07IKJEyjvHSyhy//CH0CxmKi8w=", "", "page"},
		{"48fc78be9ec8f86d8ce1c39c320c97c21d62334d", "", "page"},
		{"juliet@example.com/balcony", "", "page"},
		{"xmpp:juliet@example.com?message;body=%20", "", "page"},
		{"16030100", "", "error: as base64 6 bytes"},
		{"deadbeef", "", "error: as base64 6 bytes"},
		{"hello", "", "error: neither XML nor base64"},
		{"hello, world", "", "error: neither XML nor base64"},
		{"%zz", "", "error: neither XML nor base64"},
		{"%3C%zz", "", "error: the percent sign at byte 3"},
		{"", "", "error: the text is empty"},
		{"\xd4\xc3\xb2\xa1\x02\x00", "", "error: this is a capture"},
		{"CLIENT_RANDOM 00 11", "", "error: a line of a key log"},
		{"\x15\x03\x03\x00\x02\x01\x00", "TLS records", "i tls alert "},
		{"15030300020100", "hexadecimal of TLS records", "i tls alert "},
		{"<message>\xff</message>", "", "i broken message "},
		{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "", "error: this certificate cannot be read"},
		{"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "", "error: a private key"},
		{"-----BEGIN CERTIFICATE-----\nAAAA", "", "error: no block in it is whole"},
	} {
		p, err := readPaste(c.text, &pasteOptions{})
		if err != nil {
			if want, ok := strings.CutPrefix(c.says, "error: "); !ok || !strings.Contains(err.Error(), want) {
				t.Errorf("%.60q: %v, want %s", c.text, err, c.says)
			}
			continue
		}
		if got := outline(p); got != c.says || strings.Join(p.steps, ", ") != c.steps {
			t.Errorf("%.60q is read as %q: %q, want %q: %q", c.text, p.steps, got, c.steps, c.says)
		}
	}
}

// outline says in short what a paste holds.
func outline(p *paste) string {
	if len(p.events) == 0 && p.page != nil {
		return "page"
	}
	var all []string
	for _, e := range p.events {
		one := e.Dir.String()[:1] + " " + e.Kind.String() + " " + e.Name.Local + " " + e.Step.String()
		if e.SASL != nil && e.SASL.Mechanism != sayLogin(e.Name.Local) {
			one += " " + e.SASL.Mechanism
		}
		all = append(all, one)
	}
	return strings.Join(all, "; ")
}

// sayLogin is the mechanism that goes without saying.
func sayLogin(element string) string {
	switch element {
	case "result", "verify":
		return "DIALBACK"
	case "handshake":
		return "COMPONENT"
	}
	return ""
}

func TestSideCanBeTold(t *testing.T) {
	for side, want := range map[string]decode.Dir{fromInitiator: decode.FromInitiator, fromReceiver: decode.FromReceiver} {
		for _, text := range []string{rosterGet, "<r xmlns='urn:xmpp:sm:3'/>", "<body sid='x' rid='4' xmlns='http://jabber.org/protocol/httpbind'/>"} {
			p, err := readPaste(text, &pasteOptions{from: side})
			if err != nil || len(p.events) != 1 || p.events[0].Dir != want {
				t.Errorf("%s from the %s: %s, %v", text, side, outline(p), err)
			}
		}
	}
}

// No stanza alone is blamed for what only its surroundings could tell.
func TestPastesAreJudgedFairly(t *testing.T) {
	for text, want := range map[string]string{
		rosterGet: "",
		`<iq type="get"><query xmlns="jabber:iq:roster"/></iq>`: "iq-no-id",
		"<presence/>": "",
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>":                        "",
		"<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>":                                                             "",
		"<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>":                             "",
		"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>":                          "",
		"<resumed xmlns='urn:xmpp:sm:3' previd='a' h='1'/>":                                                               "",
		"<iq type='result' id='b' to='a@b/c'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>a@b/c</jid></bind></iq>": "",
		"<message><!-- x --></message>":                                                                                   "xml-comment",
		"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='1' from='a' version='1.0'/>":                               "",
		"<body type='terminate' condition='item-not-found' xmlns='http://jabber.org/protocol/httpbind'/>":                 "",
		"<body rid='2' sid='x' xmlns='http://jabber.org/protocol/httpbind'><presence xmlns='jabber:client'/></body>":      "",
	} {
		p, err := readPaste(text, &pasteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if judged := p.judged(&inspector.Secrets{}); judged != nil {
			for i := range p.events {
				for _, f := range judged(&p.events[i]) {
					got = append(got, f.Rule)
				}
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: findings %q, want %q", text, got, want)
		}
	}
}

// FuzzPaste: anything can be pasted.
func FuzzPaste(f *testing.F) {
	for _, s := range []string{rosterGet, "AG1iZWQAbWlycm9y", "%3C", "&lt;", `"a"`, "-----BEGIN X-----", "3c 61", "eyJ.a.b", "a@b", "xmpp:a@b", "=", "<body xmlns='http://jabber.org/protocol/httpbind'>",
		"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'", "1603010005010000010003", "<handshake", "n,,", "p=x,,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := readPaste(s, &pasteOptions{})
		if err == nil && p.page == nil && len(p.events) == 0 {
			t.Fatalf("%q is read as nothing: %q", s, p.steps)
		}
		if err == nil {
			if judged := p.judged(&inspector.Secrets{}); judged != nil {
				for i := range p.events {
					judged(&p.events[i])
				}
			}
		}
	})
}
