package sandbox

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// told is a connection that gives what it was made with, and then its end.
type told struct {
	net.Conn
	in io.Reader
}

func (c told) Read(p []byte) (int, error)       { return c.in.Read(p) }
func (c told) Write(p []byte) (int, error)      { return len(p), nil }
func (c told) Close() error                     { return nil }
func (c told) SetWriteDeadline(time.Time) error { return nil }

// FuzzWebSocketFrames: whatever comes as frames (RFC 6455 §5.2), reading them
// ends, and no message is longer than it may be.
func FuzzWebSocketFrames(f *testing.F) {
	masked := func(head string, text string) string { return head + "\x00\x00\x00\x00" + text }
	f.Add([]byte(masked("\x81\x85", "<open")))
	f.Add([]byte(masked("\x01\x82", "<a") + masked("\x80\x82", "/>")))
	f.Add([]byte(masked("\x89\x80", "") + masked("\x88\x82", "\x03\xe8")))
	f.Add([]byte("\x81\xfe\x00\x7e\x01\x02\x03\x04" + strings.Repeat("x", 126)))
	f.Add([]byte("\x81\xff\x80\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00a"))
	f.Add([]byte("\x82\x81\x00\x00\x00\x00a"))
	f.Add([]byte(masked("\x81\xba", "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a'/>")))
	s, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, frames []byte) {
		w := &wsConn{Conn: told{}, from: bufio.NewReader(bytes.NewReader(frames)), cutter: newCutter(s), limit: 1000}
		for {
			message, err := w.message()
			if err != nil {
				return
			}
			if len(message) > w.limit {
				t.Fatalf("a message of %d bytes", len(message))
			}
			w.translated(message)
		}
	})
}

// FuzzWeb says anything at the door for HTTP, where WebSocket and BOSH begin:
// the conversation ends when its speaker does, and what a stream brought forth is
// well-formed.
func FuzzWeb(f *testing.F) {
	const upgrade = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\n\r\n"
	post := func(body string) string {
		return "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: " + number(len(body)) + "\r\n\r\n" + body
	}
	const bosh = "xmlns='http://jabber.org/protocol/httpbind'"
	for _, seed := range []string{
		upgrade + "\x81\xba\x00\x00\x00\x00<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='a'/>",
		post("<body " + bosh + " rid='1' to='localhost' wait='0' hold='0' xmlns:x='urn:xmpp:xbosh' x:version='1.0'/>"),
		post("<body " + bosh + " rid='9007199254740991' to='localhost' wait='0'><a/></body>"),
		post("<body " + bosh + " rid='0' sid='none' type='terminate'/>"),
		post("<body"), "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<body\r\n0\r\n\r\n", strings.Repeat("x", 100), "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	o := Options{Clear: true}
	o.Limits.Linger, o.Limits.Unit = time.Millisecond, 4096
	f.Fuzz(func(t *testing.T, said []byte) {
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		nc, err := s.Dial(HTTP)
		if err != nil {
			t.Fatal(err)
		}
		over := make(chan struct{})
		go func() { defer close(over); _, _ = io.Copy(io.Discard, nc) }()
		go func() { _, _ = nc.Write(said) }()
		select {
		case <-over:
		case <-time.After(5 * time.Millisecond): // it waits for the rest of something
		}
		_ = nc.Close()
		<-over
		for _, b := range s.webSessions() {
			b.mu.Lock()
			for _, xml := range b.out {
				wellFormed(t, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"+xml)
			}
			b.mu.Unlock()
		}
		_ = s.Shutdown(t.Context())
	})
}

// webSessions are the sessions of BOSH that there are.
func (s *Server) webSessions() (all []*boshSession) {
	s.life.Lock()
	defer s.life.Unlock()
	for _, b := range s.boshes {
		all = append(all, b)
	}
	return all
}
