package proxy

import (
	"strings"
	"testing"

	"xmppscope/decode"
)

// TestBodyRides: what is put into a session of BOSH goes with the next body of
// its direction, and is recorded as what it is.
func TestBodyRides(t *testing.T) {
	s, c, u := overBOSH(t, gated)
	conn := s.proxy.Conns()[0]
	for d := range 2 {
		if err := conn.Inject(Insert{Dir: decode.Dir(d), XML: []byte("<message>in</message>"), Why: "by hand"}, AfterHeld); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.tap.notes(); !strings.Contains(n, "goes with the next request of the client") || !strings.Contains(n, "goes with the next answer of the server") {
		t.Errorf("notes: %s", n)
	}
	in := "<message xmlns='jabber:client'>in</message>"
	c.say(post(2, "s1", wsMsg("x")))
	u.hears(post(2, "s1", wsMsg("x")+in))
	u.say(reply("", ""))
	c.hears(reply("", in))
	c.say(post(3, "s1", ""))
	u.hears(post(3, "s1", ""))
	u.say(reply("", wsMsg("y")))
	c.hears(reply("", wsMsg("y")))
	got := boshWitness(t, s, 1)
	for _, want := range []string{" initiator stanza wire held false " + wsMsg("x"), " initiator stanza injected held false " + in, " receiver stanza injected held false " + in, " receiver stanza wire held false " + wsMsg("y")} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not recorded:\n%s", want, got)
		}
	}
}

// TestBodyCloses: a session is ended as BOSH says it: in the answer that the
// client waits for, and in a request of the proxy's own.
func TestBodyCloses(t *testing.T) {
	s, c, u := overBOSH(t, gated)
	c.say(post(2, "s1", wsMsg("CLOSE")))
	c.hearsEnd("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate' condition='remote-stream-error' xmlns:stream='http://etherx.jabber.org/streams'><stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>no</text></stream:error></body>")
	u.hearsEnd("<body xmlns='http://jabber.org/protocol/httpbind' rid='2' sid='s1' type='terminate'/>")
	got := boshWitness(t, s, 1)
	for _, want := range []string{" receiver stream-error synthetic ", " receiver close synthetic ", " initiator http synthetic "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not recorded:\n%s", want, got)
		}
	}
}
