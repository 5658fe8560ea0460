package lint

import (
	"testing"
	"time"

	"xmppscope/decode"
)

// What a tool on the way has dropped is not judged, what it has sent itself is
// its own fault and nobody else's.
func TestWhatAToolDidIsItsOwn(t *testing.T) {
	const (
		open     = "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		answer   = "<?xml version='1.0'?><stream:stream id='1' from='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		question = "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>" // without an id
	)
	for _, test := range []struct {
		name string
		mark decode.Mark
		who  Who
		want bool
	}{
		{"sent by the client", decode.Mark{}, WhoInitiator, true},
		{"injected", decode.Mark{Do: decode.MarkInsert, Origin: decode.OriginInjected, Text: []byte(question)}, WhoPath, true},
		{"dropped", decode.Mark{Do: decode.MarkDrop, N: int64(len(question))}, 0, false},
	} {
		c, g := decode.NewConn(1, decode.Options{}), New(Options{})
		now := time.Unix(0, 0)
		found := map[string]Who{}
		judge := func(events []decode.Event) {
			for i := range events {
				for _, f := range g.Event(&events[i]) {
					found[f.Rule] = f.Who
				}
			}
		}
		feed := func(d decode.Dir, text string) {
			events, _ := c.Feed(d, now, []byte(text))
			judge(events)
		}
		feed(decode.FromInitiator, open)
		feed(decode.FromReceiver, answer)
		if test.mark.Do != decode.MarkNote {
			test.mark.At = int64(len(open))
			judge(c.Mark(now, test.mark))
		}
		if test.mark.Do != decode.MarkInsert {
			feed(decode.FromInitiator, question)
		}
		who, ok := found["iq-no-id"]
		if ok != test.want || who != test.who {
			t.Errorf("%s: found %v", test.name, found)
		}
	}
}
