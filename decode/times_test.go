package decode

import (
	"testing"
	"time"
)

// What cannot be read has the time at which it came, not that at which the
// connection ended.
func TestOpaqueTimes(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, end := range map[string]func(*Conn) []Event{
		"reset":  func(c *Conn) []Event { return c.Reset(FromReceiver, at.Add(time.Hour)) },
		"end":    func(c *Conn) []Event { return c.End(FromInitiator, at.Add(time.Hour)) },
		"finish": func(c *Conn) []Event { return c.Finish(at.Add(time.Hour)) },
	} {
		c := NewConn(1, Options{MidStream: true})
		events, _ := c.Feed(FromInitiator, at, []byte("\x17\x03\x03\x00\x05hello\x17\x03\x03\x00\x05again"))
		events = append(events, end(c)...)
		var seen bool
		for i := range events {
			if e := &events[i]; e.Kind == KindTLS {
				if seen = true; !e.Time.Equal(at) {
					t.Errorf("%s: %v after it came", name, e.Time.Sub(at))
				}
			}
		}
		if !seen {
			t.Errorf("%s: no TLS in %v", name, events)
		}
	}
}

// Who asks a web server is a client, before the first stream tells.
func TestWebIsAClient(t *testing.T) {
	c := NewConn(1, Options{})
	c.Feed(FromInitiator, time.Time{}, []byte("GET /ws HTTP/1.1\r\nHost: capulet.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"))
	if got := c.Summary().Profile; got != ProfileC2S {
		t.Errorf("profile %v", got)
	}
}
