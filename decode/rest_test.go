package decode

import (
	"bytes"
	"testing"
	"time"
)

// A connection that rests between any two segments gives the same events, and
// keeps nothing of what it has read.
func TestRestChangesNothing(t *testing.T) {
	header, stanzas := exchangeBytes(200)
	text := append(header, stanzas...)
	for _, size := range []int{1, 7, 100, 1448} {
		c, resting := NewConn(1, Options{}), NewConn(1, Options{})
		var want, got []Event
		for p := text; len(p) > 0; {
			n := min(size, len(p))
			events, _ := c.Feed(FromInitiator, time.Time{}, p[:n])
			want = append(want, events...)
			events, _ = resting.Feed(FromInitiator, time.Time{}, p[:n])
			got = append(got, events...)
			resting.Rest()
			if room := cap(resting.half[0].framer.Unread()); room > 4096 {
				t.Fatalf("%d bytes are kept", room)
			}
			p = p[n:]
		}
		if len(got) != len(want) || len(got) == 0 {
			t.Fatalf("%d events, not %d", len(got), len(want))
		}
		for i := range want {
			if !bytes.Equal(got[i].Wire, want[i].Wire) || got[i].Off != want[i].Off || got[i].Step != want[i].Step {
				t.Fatalf("event %d is %q, not %q", i, got[i].Wire, want[i].Wire)
			}
		}
	}
}
