package decode

import (
	"strings"
	"testing"
	"time"
)

// In mid-stream the framer waits until it is sure of an element, so that a
// change of layer may be found among bytes that were passed earlier: they go on
// to the new layer, and no byte is asked for again that was not passed now.
func TestLateSwitch(t *testing.T) {
	const header = "<?xml 0<a:stream x='"
	for name, text := range map[string]string{
		"unasked proceed":    strings.Repeat("0", 30) + "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" + header + strings.Repeat("0", 200) + "'>",
		"unasked compressed": strings.Repeat("0", 30) + "<compressed xmlns='http://jabber.org/protocol/compress'/>" + header + strings.Repeat("0", 60) + "'>",
	} {
		for cut := 1; cut < len(text); cut++ {
			c := NewConn(1, Options{MidStream: true})
			var wire int
			take := func(events []Event) {
				for i := range events {
					wire += len(events[i].Wire)
				}
			}
			for _, part := range []string{text[:cut], text[cut:]} {
				for p := []byte(part); len(p) > 0; {
					events, n := c.Feed(FromReceiver, time.Time{}, p)
					take(events)
					if n < 0 || n > len(p) {
						t.Fatalf("%s, cut at %d: %d of %d bytes", name, cut, n, len(p))
					}
					p = p[n:]
				}
			}
			take(c.Finish(time.Time{}))
			if wire != len(text) && !strings.Contains(text, "compressed") { // whose header is no text
				t.Errorf("%s, cut at %d: the events have %d of %d bytes", name, cut, wire, len(text))
			}
		}
	}
}
