package decode

import (
	"strings"
	"testing"
	"time"
)

// A recording in which a unit is held and never released does not fill the
// memory: what is behind it is read when no proxy would still have waited.
func TestAHoldWithoutADecisionEnds(t *testing.T) {
	c := NewConn(1, Options{})
	now := time.Unix(0, 0)
	came := 0
	feed := func(d Dir, p []byte) (released bool) {
		for len(p) > 0 {
			events, n := c.Feed(d, now, p)
			for i := range events {
				if e := &events[i]; !e.Held {
					came++
					released = released || strings.Contains(e.Note, "taken to have gone on")
				}
			}
			p = p[n:]
		}
		return released
	}
	feed(FromInitiator, []byte(opened))
	feed(FromReceiver, []byte(answered))
	for id := range uint32(3) { // the next one is held as well
		c.Mark(now, Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened)) + int64(id)*int64(len(hello)), N: int64(len(hello)), ID: id + 1})
	}
	feed(FromInitiator, []byte(hello+hello+hello))
	piece := []byte("<message><body>" + strings.Repeat("x", 1<<20) + "</body></message>")
	fed, released := 3, 0
	for range 4 * maxBehind / len(piece) {
		if feed(FromInitiator, piece) {
			released++
		}
		fed++
	}
	if released != 3 || came-2 != fed {
		t.Errorf("%d of %d came, %d were released", came-2, fed, released)
	}
}
