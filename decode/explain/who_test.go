package explain

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// TestAs: what the first events could not tell is told by who knows it, and
// what they could tell is left alone.
func TestAs(t *testing.T) {
	connect := &play(t, "connect")[0]
	for _, c := range []struct {
		is   decode.Profile
		want string
	}{
		{decode.ProfileUnknown, "The initiating entity connects."},
		{decode.ProfileC2S, "The client connects."},
		{decode.ProfileS2S, "The initiating server connects."},
		{decode.ProfileComponent, "The initiating entity connects."},
	} {
		if got := Headline(As(connect, c.is)); got != c.want {
			t.Errorf("%v: %s, want %s", c.is, got, c.want)
		}
	}
	header := &play(t, "C: <stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>")[0]
	if As(header, decode.ProfileC2S) != header {
		t.Error("a header that tells what it is was told otherwise")
	}
	if connect.After != nil && connect.After.Profile != decode.ProfileUnknown {
		t.Error("the event itself was changed")
	}
}

// An answer to a binding that waits to be let go has changed no state, and
// names its address all the same.
func TestBindingThatIsHeld(t *testing.T) {
	e := &decode.Event{Kind: decode.KindStanza, Step: decode.StepBind, Dir: decode.FromReceiver, Name: xmlstream.Name{Space: "jabber:client", Local: "iq"}, Type: "result",
		Wire: []byte("<iq xmlns='jabber:client' type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@example.org/balcony</jid></bind></iq>")}
	if got := Event(e).What; !strings.Contains(got, "gives this connection the address juliet@example.org/balcony") {
		t.Error(got)
	}
}
