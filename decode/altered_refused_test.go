package decode

import (
	"strings"
	"testing"
	"time"
)

// A server refuses what it got: the login that a refusal ends is the changed one,
// not what the client had said.
func TestRefusalIsOfWhatTheServerGot(t *testing.T) {
	const header = "<stream:stream to='h' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
	c := NewConn(1, Options{})
	c.Feed(FromInitiator, time.Time{}, []byte(header))
	c.Mark(time.Time{}, Mark{Do: MarkEdit, Dir: FromInitiator, At: int64(len(header)), N: int64(len(auth)),
		Text: []byte(strings.Replace(auth, "AG1iZWQAbWlycm9y", "AG1iZWQAd3Jvbmc=", 1))})
	c.Feed(FromInitiator, time.Time{}, []byte(auth))
	all, _ := c.Feed(FromReceiver, time.Time{}, []byte(header+"<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"))
	e := &all[len(all)-1]
	if e.Step != StepSASLFailure || e.SASL == nil {
		t.Fatalf("%v: %s", e.Step, e.Wire)
	}
	if got := string(e.SASL.Messages[0].Data); got != "\x00mbed\x00wrong" {
		t.Errorf("refused was %q", got)
	}
	if !e.SASL.Messages[0].Edited || c.client.Messages[0].Edited {
		t.Error("what the server got was edited, and what the client said was not")
	}
}
