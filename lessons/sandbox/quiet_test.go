package sandbox

import (
	"crypto/tls"
	"testing"
	"testing/synctest"
	"time"
)

// TestWebSocketQuiet: who pings after nothing was said for longer than a write
// may take gets a pong, and the conversation goes on, inside TLS too.
func TestWebSocketQuiet(t *testing.T) {
	for _, w := range []Wrapping{HTTP, HTTPS} {
		synctest.Test(t, func(t *testing.T) {
			s := newHouse(t, Options{Clear: true})
			p := s.peer(w)
			if w == HTTPS {
				p.nc = tls.Client(p.nc, &tls.Config{RootCAs: s.pool, ServerName: "localhost"})
			}
			p.say("GET /x HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\n\r\n")
			p.until("\r\n\r\n")
			frame := func(text string) { p.say(string([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}) + text) }
			frame("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>")
			p.until("</stream:features>")
			time.Sleep(s.o.Limits.Write + time.Second)
			p.say("\x89\x80\x00\x00\x00\x00")
			p.until("\x8a\x00")
			frame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
			p.until("<close")
		})
	}
}
