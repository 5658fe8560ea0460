package proxy

import (
	"bytes"
	"testing"
	"time"

	"xmppscope/decode"
)

// slow is a tap that takes its time with one piece of what the server sent.
type slow struct {
	writes
	begun, goOn chan struct{}
	client      int64 // bytes that the client was sent
	places      []int64
}

func (s *slow) Data(flow uint64, leg Leg, dir decode.Dir, t time.Time, p []byte, marks ...decode.Mark) {
	if leg == LegClient && dir == decode.FromReceiver && bytes.Contains(p, []byte("SLOW")) {
		close(s.begun)
		<-s.goOn
	}
	if leg == LegClient && dir == decode.FromReceiver {
		for _, m := range marks {
			s.places = append(s.places, m.At-s.client)
		}
		s.client += int64(len(p))
	}
	s.writes.Data(flow, leg, dir, t, p, marks...)
}

// What is put in while something else is being written goes out after it, though
// nothing more comes; and what is told of it names the place where it stands.
func TestInjectWhileWriting(t *testing.T) {
	tap := &slow{begun: make(chan struct{}), goOn: make(chan struct{})}
	_, c, u, conn := inSession(t, func(o *Options) { o.Tap = tap })
	u.say(msg("SLOW"))
	<-tap.begun
	if err := conn.Inject(Insert{Dir: decode.FromReceiver, XML: []byte(msg("in"))}, AfterHeld); err != nil {
		t.Fatal(err)
	}
	close(tap.goOn)
	c.hears(msg("SLOW") + msg("in"))
	if len(tap.places) != 1 || tap.places[0] != 0 {
		t.Errorf("the mark is %v bytes off its place", tap.places)
	}
}
