package proxy

import (
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

// TestLinger: who closes its half may still get what the other says, but not for
// ever nothing; what is held is waited for.
func TestLinger(t *testing.T) {
	s, c, u, conn := inSession(t, func(o *Options) {
		gated(o)
		o.Bounds.Linger = 50 * time.Millisecond
	})
	u.say(msg("HOLD"))
	eventually(t, "a held unit", func() bool { return len(conn.Held()) == 1 })
	c.Conn.(*net.TCPConn).CloseWrite()
	u.hearsEnd("")
	time.Sleep(200 * time.Millisecond)
	l := conn.way(decode.FromReceiver)
	l.mu.Lock()
	l.busy = true // as if more were being written
	l.mu.Unlock()
	if conn.Release(conn.Held()[0].ID, Verdict{}) != nil {
		t.Error("what is held is not waited for")
	}
	time.Sleep(100 * time.Millisecond) // what was let go is on its way
	l.mu.Lock()
	l.busy = false
	l.kick()
	l.mu.Unlock()
	c.hearsEnd(msg("HOLD"))
	<-conn.Done()
	if notes := s.tap.notes(); !strings.Contains(notes, "the client has ended, and nothing came from the server for ") {
		t.Error(notes)
	}
}
