package decode

import (
	"testing"
	"time"
)

// The longest wait inside a unit stands with it, however it ends.
func TestPause(t *testing.T) {
	const header = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	c := NewConn(1, Options{})
	feed := func(dir Dir, s int, text string) (all []Event) {
		events, n := c.Feed(dir, at(s), []byte(text))
		if n != len(text) {
			t.Fatalf("read %d of %d bytes", n, len(text))
		}
		return append(all, events...)
	}
	feed(FromInitiator, 0, header)
	if e := feed(FromInitiator, 50, "<presence/>"); e[0].Pause != 0 {
		t.Errorf("a pause before an element counts as one inside it: %v", e[0].Pause)
	}
	feed(FromInitiator, 60, "<message><bo")
	feed(FromInitiator, 63, "dy>hello</bo")
	if e := feed(FromInitiator, 103, "dy></message>"); e[0].Pause != 40*time.Second {
		t.Errorf("the pause is %v, not 40s", e[0].Pause)
	}
	feed(FromInitiator, 104, " ")
	feed(FromInitiator, 105, " ")
	feed(FromInitiator, 107, " ")
	if e := feed(FromInitiator, 109, "<presence/>"); e[0].Pause != time.Second {
		t.Errorf("blanks come every %v, not every second", e[0].Pause)
	}
	feed(FromInitiator, 110, "<message>")
	feed(FromReceiver, 0, header)
	feed(FromReceiver, 145, "<presence/>")
	for _, e := range c.Finish(at(900)) {
		if e.Kind == KindBroken && e.Pause != 35*time.Second {
			t.Errorf("at the end the pause is %v, not the 35s in which the other side went on", e.Pause)
		}
	}
}
