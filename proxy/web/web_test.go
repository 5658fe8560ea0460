package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const slack = time.Minute

// end is one end of a connection of a test.
type end struct {
	*testing.T
	net.Conn
}

func (e end) say(text string) {
	e.Helper()
	_ = e.SetWriteDeadline(time.Now().Add(slack))
	if _, err := io.WriteString(e.Conn, text); err != nil {
		e.Fatalf("saying %q: %v", text, err)
	}
}

func (e end) hears(want string) {
	e.Helper()
	_ = e.SetReadDeadline(time.Now().Add(slack))
	got := make([]byte, len(want))
	if n, err := io.ReadFull(e.Conn, got); string(got[:n]) != want {
		e.Fatalf("heard %q (%v), not %q", got[:n], err, want)
	}
}

// one reads one answer of HTTP, head and body.
func (e end) one() (head, body string) {
	e.Helper()
	_ = e.SetReadDeadline(time.Now().Add(slack))
	var b [1]byte
	for !strings.HasSuffix(head, "\r\n\r\n") {
		if _, err := e.Read(b[:]); err != nil {
			e.Fatalf("no answer: %v after %q", err, head)
		}
		head += string(b[:])
	}
	n := 0
	if m := regexp.MustCompile(`Content-Length: (\d+)`).FindStringSubmatch(head); m != nil {
		fmt.Sscan(m[1], &n)
	}
	p := make([]byte, n)
	if _, err := io.ReadFull(e.Conn, p); err != nil {
		e.Fatalf("half an answer: %v", err)
	}
	return head, string(p)
}

func (e end) over() {
	e.Helper()
	_ = e.SetReadDeadline(time.Now().Add(slack))
	if rest, err := io.ReadAll(e.Conn); err != nil {
		e.Fatalf("%q and %v, not the end", rest, err)
	}
}

// behind is the server behind a translation: it waits for the connections that
// are made to it.
type behind struct {
	*testing.T
	conns chan net.Conn
	no    error
	mu    sync.Mutex
	asked []string
}

func newBehind(t *testing.T) *behind { return &behind{T: t, conns: make(chan net.Conn, 8)} }

func (b *behind) reach(domain, from string) (net.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, domain+" "+from)
	if b.no != nil {
		return nil, b.no
	}
	near, far := Pipe()
	b.conns <- far
	return near, nil
}

func (b *behind) accept() end {
	b.Helper()
	select {
	case c := <-b.conns:
		b.Cleanup(func() { c.Close() })
		return end{b.T, c}
	case <-time.After(slack):
		b.Fatal("nobody has called the server")
		panic("unreachable")
	}
}

const (
	asks    = "GET /ws HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
	agrees  = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
	opens   = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org' version='1.0' xml:lang='de'/>"
	headerC = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0' xml:lang='de'>"
	headerS = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' from='example.org' id='i1' version='1.0' xml:lang='en'>"
)

// serve runs a translation until the test ends.
func serve(t *testing.T, run func(ctx context.Context, conn net.Conn) error) end {
	near, far := Pipe()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- run(ctx, far) }()
	t.Cleanup(func() {
		near.Close()
		stop()
		select {
		case <-done:
		case <-time.After(slack):
			t.Error("the translation does not end")
		}
	})
	return end{t, near}
}

func text(s string) string     { return string(Frame(OpText, []byte(s), true)) }
func unmasked(s string) string { return string(Frame(OpText, []byte(s), false)) }

// TestServeSocket: a whole conversation, with what the client says cut anywhere.
func TestServeSocket(t *testing.T) { synctest.Test(t, serveSocket) }

func serveSocket(t *testing.T) {
	for _, size := range []int{1, 7, 1 << 16} {
		b := newBehind(t)
		c := serve(t, func(ctx context.Context, conn net.Conn) error {
			return ServeSocket(ctx, conn, b.reach, Options{Farewell: 100 * time.Millisecond})
		})
		say := func(s string) {
			for len(s) > 0 {
				n := min(size, len(s))
				c.say(s[:n])
				s = s[n:]
			}
		}
		say(asks)
		c.hears(agrees)
		say(text(opens))
		u := b.accept()
		u.hears(headerC)
		u.say(headerS + "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>")
		c.hears(unmasked("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='i1' version='1.0' xml:lang='en'/>"))
		c.hears(unmasked("<stream:features xmlns:stream='http://etherx.jabber.org/streams'><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"))
		say(text("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AA==</auth>"))
		u.hears("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AA==</auth>")
		u.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
		c.hears(unmasked("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"))
		say(text(opens))
		u.hears(headerC)
		u.say(headerS + " <message to='a@b'><body xml:lang='x'>1</body></message><db:x a:b='1' xmlns:a='u'><y/></db:x>")
		c.hears(unmasked("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='i1' version='1.0' xml:lang='en'/>"))
		c.hears(string(Frame(OpPing, nil, false)))
		c.hears(unmasked("<message xmlns='jabber:client' to='a@b'><body xml:lang='x'>1</body></message>"))
		c.hears(unmasked("<db:x xmlns='jabber:client' xmlns:db='jabber:server:dialback' a:b='1' xmlns:a='u'><y/></db:x>"))
		say(string(Frame(OpPing, []byte("p"), true)))
		c.hears(string(Frame(OpPong, []byte("p"), false)))
		say(text("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"))
		u.hears("</stream:stream>")
		u.say("</stream:stream>")
		c.hears(unmasked("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"))
		c.hears(string(CloseFrame(CloseNormal, "", false)))
		say(string(CloseFrame(CloseNormal, "", true)))
		c.over()
		u.over()
		if got := b.asked[0]; got != "example.org " {
			t.Errorf("the server was asked for as %q", got)
		}
	}
}

// TestServeSocketServerEnds: by a stream error, and by nothing at all.
func TestServeSocketServerEnds(t *testing.T) { synctest.Test(t, serveSocketServerEnds) }

func serveSocketServerEnds(t *testing.T) {
	for _, x := range []struct{ said, heard string }{
		{"<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
			unmasked("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>") + unmasked("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")},
		{"", string(CloseFrame(1001, "the server has ended the connection", false))},
	} {
		b := newBehind(t)
		c := serve(t, func(ctx context.Context, conn net.Conn) error {
			return ServeSocket(ctx, conn, b.reach, Options{Farewell: 50 * time.Millisecond})
		})
		c.say(asks)
		c.hears(agrees)
		c.say(text(opens))
		u := b.accept()
		u.hears(headerC)
		u.say(headerS)
		c.hears(unmasked("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='i1' version='1.0' xml:lang='en'/>"))
		u.say(x.said)
		if x.said == "" {
			u.Close()
		}
		c.hears(x.heard)
		u.Close()
		c.over()
	}
}

// TestServeSocketRefuses: requests that are none, and conversations that do not
// begin as they must.
func TestServeSocketRefuses(t *testing.T) {
	for name, x := range map[string]struct{ said, heard string }{
		"plain":     {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 426 "},
		"version":   {strings.Replace(asks, "Version: 13", "Version: 8", 1), "HTTP/1.1 426 "},
		"protocol":  {strings.Replace(asks, "Protocol: xmpp", "Protocol: mqtt", 1), "HTTP/1.1 400 "},
		"key":       {strings.Replace(asks, "dGhlIHNhbXBsZSBub25jZQ==", "AA==", 1), "HTTP/1.1 400 "},
		"no HTTP":   {"\x00\x01\x02\r\n\r\n", "HTTP/1.1 400 "},
		"long head": {"GET /" + strings.Repeat("a", maxHead), "HTTP/1.1 400 "},
		"message":   {asks + text("<message/>"), agrees + unmasked("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>")},
		"binary":    {asks + string(Frame(2, []byte("x"), true)), agrees + string(CloseFrame(1002, "only whole text messages are read here", false))},
		"no server": {asks + text(opens), agrees + unmasked("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>") +
			unmasked("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><remote-connection-failed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>xmppscope: nobody</text></stream:error>") +
			unmasked("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBehind(t)
			b.no = errors.New("nobody")
			c := serve(t, func(ctx context.Context, conn net.Conn) error { return ServeSocket(ctx, conn, b.reach, Options{}) })
			go func() { _, _ = io.WriteString(c.Conn, x.said) }()
			c.hears(x.heard)
		})
	}
}

// TestRebody: another body in a message whose framing was odd.
func TestRebody(t *testing.T) {
	body := "<body xmlns='" + nsHTTPBind + "'/>"
	wire := fmt.Sprintf("HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\nTransfer-Encoding: chunked\r\nContent-Encoding: identity\r\nY: 2\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	talk := NewTalk(0)
	for _, p := range []string{"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"} {
		talk.Side(0).Push([]byte(p))
	}
	s := talk.Side(1)
	for i := range len(wire) {
		s.Push([]byte(wire[i : i+1]))
	}
	u, ok := s.Next()
	m := s.Last()
	if !ok || string(u.Wire) != wire || string(m.Text) != body {
		t.Fatalf("cut %q with %q", u.Wire, m.Text)
	}
	if got := s.Carry(m, m.Text); string(got) != wire {
		t.Errorf("as it came: %q", got)
	}
	if got, want := string(s.Carry(m, []byte("<x/>"))), "HTTP/1.1 200 OK\r\nX: 1\r\n folded\r\nY: 2\r\nContent-Length: 4\r\n\r\n<x/>"; got != want {
		t.Errorf("changed: %q, not %q", got, want)
	}
}
