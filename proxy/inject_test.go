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
}

func (s *slow) Data(flow uint64, leg Leg, dir decode.Dir, t time.Time, p []byte, marks ...decode.Mark) {
	if leg == LegClient && dir == decode.FromReceiver && bytes.Contains(p, []byte("SLOW")) {
		close(s.begun)
		<-s.goOn
	}
	s.writes.Data(flow, leg, dir, t, p, marks...)
}

// What is put in while something else is being written goes out after it, though
// nothing more comes.
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
}
