package why

import (
	"os"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// What a session knows is kept for those who have one: not for somebody who only
// logs in and binds, of whom there may be very many.
func TestNoSessionBeforeTheFirstStanza(t *testing.T) {
	head, err := os.ReadFile("testdata/loggedin.inc")
	if err != nil {
		t.Fatal(err)
	}
	const bound = `C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@capulet.example/balcony</jid></bind></iq>
`
	for more, want := range map[string]bool{"": false, "C: <presence/>\n": true} {
		x := example{title: "session"}
		x.script = x.lines(t, string(head)+bound+more)
		c, _ := x.collect(t)
		if got := c.talks[1].im != nil; got != want {
			t.Errorf("with %q behind the binding a session is kept: %t", more, got)
		}
	}
}

// What a proxy said in the name of the server is not blamed on that, and its own
// reason is told.
func TestTheProxyEndedIt(t *testing.T) {
	x := example{title: "proxy"}
	x.script = x.lines(t, `include head
S: <stream:error><remote-connection-failed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>xmppscope: not good</text></stream:error></stream:stream>
S end
`)
	s, err := transcript.Parse(x.script)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() Answer {
		c := New(Options{})
		for i := range p.Events {
			c.Event(&p.Events[i], nil)
		}
		return c.Answer(1, Lookup("login"), "")
	}
	if a := ask(); !strings.Contains(a.Text, "the server refuses it with remote-connection-failed") {
		t.Error(a.Text)
	}
	for i := range p.Events {
		if e := &p.Events[i]; e.Kind == decode.KindStreamError {
			e.Origin, e.Note = decode.OriginSynthetic, "the certificate is for elsewhere.example and not for capulet.example"
		}
	}
	a := ask()
	if !strings.Contains(a.Text, "the proxy, and not the server, ends the stream with the error remote-connection-failed: the certificate is for elsewhere.example and not for capulet.example.") {
		t.Error(a.Text)
	}
	if tell := strings.Join(a.Tell, " "); !strings.Contains(tell, "xmppscope probe") || strings.Contains(tell, "Try again later") {
		t.Error(tell)
	}
}
