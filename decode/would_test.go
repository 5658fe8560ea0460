package decode

import (
	"testing"
	"time"
)

// What a text would be is what it becomes when it comes, and to ask for it changes
// nothing.
func TestWould(t *testing.T) {
	const (
		offer   = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression></stream:features>"
		ask     = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
		proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
		auth    = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
		success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
		squeeze = "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>"
	)
	type said struct {
		dir  Dir
		text string
	}
	for _, c := range []struct {
		name string
		past []said
		dir  Dir
		text string
		want []string // kind, step and layer of each
	}{
		{"features", nil, FromReceiver, offer, []string{"features stream-features plain"}},
		{"two stanzas", nil, FromInitiator, "<message/> <presence/>", []string{"stanza exchange plain", "space keepalive plain", "stanza presence-initial plain"}},
		{"a request and a blank", []said{{FromReceiver, offer}}, FromInitiator, ask + " ", []string{"nonza starttls-request plain", "held  plain"}},
		{"agreed and a blank", []said{{FromReceiver, offer}, {FromInitiator, ask}}, FromReceiver, proceed + "\n", []string{"nonza starttls-proceed plain", "space  plain"}},
		{"agreed and a stanza", []said{{FromReceiver, offer}, {FromInitiator, ask}}, FromReceiver, proceed + "<message/>", []string{"nonza starttls-proceed plain", "held  plain"}},
		{"a request to compress", []said{{FromReceiver, offer}}, FromInitiator, squeeze + "<x/>", []string{"nonza compress plain", "held  plain"}},
		{"login, and a new stream", []said{{FromReceiver, offer}, {FromInitiator, auth}}, FromReceiver, success + answered, []string{"nonza sasl-success plain", "open restart-after-sasl plain"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := time.Unix(1000, 0)
			conn := NewConn(1, Options{})
			feed := func(d Dir, text string) (all []Event) {
				for p := []byte(text); len(p) > 0; {
					events, used := conn.Feed(d, now, p)
					all = append(all, events...)
					p = p[used:]
				}
				return all
			}
			for _, s := range append([]said{{FromInitiator, opened}, {FromReceiver, answered}}, c.past...) {
				feed(s.dir, s.text)
			}
			would := conn.Would(c.dir, now, []byte(c.text), 8)
			again := conn.Would(c.dir, now, []byte(c.text), 8)
			came := append(feed(c.dir, c.text), conn.Finish(now)...)
			if len(would) != len(c.want) || len(again) != len(c.want) {
				t.Fatalf("it would be %d events, then %d, and not %d", len(would), len(again), len(c.want))
			}
			for i := range would {
				w := &would[i]
				if got := w.Kind.String() + " " + w.Step.String() + " " + w.Layer.String(); got != c.want[i] {
					t.Errorf("event %d would be %q, and not %q", i, got, c.want[i])
				}
				if i >= len(came) {
					t.Fatalf("of %d events only %d came", len(would), len(came))
				}
				e := &came[i]
				if e.Kind != w.Kind || e.Step != w.Step || e.Layer != w.Layer || string(e.Wire) != string(w.Wire) || len(e.Errs) != len(w.Errs) {
					t.Errorf("event %d came otherwise: %s %s in %s, %q", i, e.Kind, e.Step, e.Layer, e.Wire)
				}
				if diff := Changes(w.After, e.After); len(diff) > 0 {
					t.Errorf("event %d would change other things: %v", i, diff)
				}
			}
		})
	}
}
