package web

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// Reach opens the connection on which a plain stream of XML can begin. domain
// and from are `to` and `from` of the client's header. The text of its error is
// told to the client.
type Reach func(domain, from string) (net.Conn, error)

// Options bound what a client may make a translation keep or wait for. Zero
// values mean the defaults.
type Options struct {
	Most     int           // bytes of an element or body; 10 MiB
	Opening  time.Duration // until the head of the first request is there; 60 s
	Farewell time.Duration // for the other side to close, when one has; 2 s
	// Idle is how long a session of BOSH may have no request open (XEP-0124
	// §7.2); 60 s. Wait is the longest time a request is kept; 60 s.
	Idle, Wait time.Duration
	// Polling is how soon an empty request may follow another (XEP-0124 §12); 2 s.
	Polling time.Duration
	// Sessions bounds those of BOSH; 4,096.
	Sessions int
}

func (o Options) filled() Options {
	set := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	if o.Most <= 0 {
		o.Most = 10 << 20
	}
	if o.Sessions <= 0 {
		o.Sessions = 4096
	}
	set(&o.Opening, 60*time.Second)
	set(&o.Farewell, 2*time.Second)
	set(&o.Idle, 60*time.Second)
	set(&o.Wait, 60*time.Second)
	set(&o.Polling, 2*time.Second)
	return o
}

// socket is a client of WebSocket with a plain stream behind it.
type socket struct {
	o     Options
	conn  net.Conn
	reach Reach
	http  *httpwire.Conn
	in    *httpwire.WebSocket
	up    net.Conn      // nil before <open/>
	done  chan struct{} // closed when the server's side has ended

	wmu   sync.Mutex
	ended bool // a close frame was sent
	pmu   sync.Mutex
	pong  []byte
	work  sync.WaitGroup

	smu           sync.Mutex
	left, parting bool // <close/> came from the client; one was sent to it
}

// ServeSocket is the server of a client of WebSocket (RFC 7395) that speaks a
// plain stream to the server behind it. It returns when both are done.
func ServeSocket(ctx context.Context, conn net.Conn, reach Reach, o Options) error {
	s := &socket{o: o.filled(), conn: conn, reach: reach, done: make(chan struct{})}
	defer s.work.Wait()
	defer conn.Close()
	rest, err := s.handshake()
	if err != nil {
		return err
	}
	err = s.listen(rest)
	if s.up == nil {
		return err
	}
	if s.gone() {
		// Both were polite: the server's last words are waited for.
		t := time.NewTimer(s.o.Farewell)
		defer t.Stop()
		select {
		case <-s.done:
		case <-t.C:
		case <-ctx.Done():
		}
	}
	_ = s.up.Close()
	return err
}

// gone tells whether the client has closed the stream.
func (s *socket) gone() bool {
	s.smu.Lock()
	defer s.smu.Unlock()
	return s.left
}

// errRefused is a request that is none for a WebSocket of XMPP.
var errRefused = errors.New("the request is not one for XMPP over WebSocket")

// handshake answers the request (RFC 6455 §4.2, RFC 7395 §3.1). rest is what
// came behind it.
func (s *socket) handshake() (rest []byte, err error) {
	s.http = httpwire.NewConn(httpwire.Options{MaxHead: maxHead, MaxBody: maxHead})
	_ = s.conn.SetReadDeadline(time.Now().Add(s.o.Opening))
	var buf [4 << 10]byte
	for {
		n, err := s.conn.Read(buf[:])
		if n == 0 && err != nil {
			return nil, err
		}
		for _, m := range s.http.Feed(0, buf[:n]) {
			if answer := refusal(&m); answer != "" {
				_, _ = s.conn.Write([]byte(answer))
				return nil, errRefused
			}
			answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
				Accept(m.Header("Sec-WebSocket-Key")) + "\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
			s.http.Feed(1, []byte(answer))
			_ = s.conn.SetReadDeadline(time.Time{})
			_, err := s.conn.Write([]byte(answer))
			s.in = httpwire.NewWebSocket(httpwire.WSOptions{Masked: true, MaxMessage: s.o.Most})
			return s.http.Rest(0), err
		}
	}
}

// refusal is the answer to a request that asks for something else.
func refusal(m *httpwire.Message) string {
	switch {
	case m.Kind != httpwire.Request:
		return Answer("400 Bad Request", "xmppscope: this is no request of HTTP\n")
	case !lists(m.Header("Upgrade"), "websocket") || m.Method != "GET":
		return Answer("426 Upgrade Required\r\nUpgrade: websocket", "xmppscope: this door is for XMPP over WebSocket\n")
	case m.Header("Sec-WebSocket-Version") != "13":
		return Answer("426 Upgrade Required\r\nSec-WebSocket-Version: 13", "xmppscope: version 13 of WebSocket is spoken here\n")
	case !lists(m.Header("Sec-WebSocket-Protocol"), "xmpp"):
		return Answer("400 Bad Request", "xmppscope: the request does not name the subprotocol xmpp (RFC 7395 section 3.1)\n")
	}
	if key, err := base64.StdEncoding.DecodeString(m.Header("Sec-WebSocket-Key")); err != nil || len(key) != 16 {
		return Answer("400 Bad Request", "xmppscope: Sec-WebSocket-Key is not 16 bytes in Base64\n")
	}
	return ""
}

// Accept answers a key (RFC 6455 §4.2.2).
func Accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// errClosed is an end in order.
var errClosed = errors.New("closed")

// listen takes the client's messages until its end.
func (s *socket) listen(p []byte) error {
	var buf [16 << 10]byte
	for {
		for _, m := range s.in.Feed(p) {
			if err := s.message(&m); err != nil {
				if errors.Is(err, errClosed) {
					return nil
				}
				return err
			}
		}
		n, err := s.conn.Read(buf[:])
		if n == 0 && err != nil {
			return err
		}
		p = buf[:n]
	}
}

func (s *socket) message(m *httpwire.WSMessage) error {
	switch {
	case m.Broken || m.Opcode != OpText && m.Opcode < OpClose:
		s.end(1002, "only whole text messages are read here")
		return fmt.Errorf("what the client sent is no text message")
	case m.Opcode == OpPing:
		s.answer(m.Payload)
	case m.Opcode == OpClose:
		s.end(CloseNormal, "")
		return errClosed
	case m.Opcode == OpText:
		return s.text(m.Payload)
	}
	return nil
}

// text passes one message of the client on.
func (s *socket) text(p []byte) error {
	p = bytes.TrimSpace(p)
	if bytes.HasPrefix(p, []byte("<?xml")) {
		_, p, _ = bytes.Cut(p, []byte("?>"))
	}
	var tree xmlstream.Tree
	n := tree.Parse(p, nil, xmlstream.Options{})
	switch {
	case n != nil && n.Name == (xmlstream.Name{Space: nsFraming, Local: "open"}):
		return s.open(readHeader(n))
	case n != nil && n.Name == (xmlstream.Name{Space: nsFraming, Local: "close"}):
		s.smu.Lock()
		s.left = true
		parted := s.parting
		s.smu.Unlock()
		if s.up == nil {
			s.say(closing)
			s.end(CloseNormal, "")
			return errClosed
		}
		if parted {
			s.end(CloseNormal, "")
		}
		_, err := s.up.Write([]byte(streamEnd))
		return err
	case s.up == nil:
		s.fail("invalid-namespace", "the first message must be open (RFC 7395 section 3.4)")
		return fmt.Errorf("the client did not begin with <open/>")
	}
	_, err := s.up.Write(p)
	return err
}

// open begins a stream, or begins it anew.
func (s *socket) open(h header) error {
	if s.up == nil {
		up, err := s.reach(h.to, h.from)
		if err != nil {
			s.fail("remote-connection-failed", "xmppscope: "+err.Error())
			return err
		}
		s.up = up
		s.work.Go(s.follow)
	}
	_, err := s.up.Write(h.stream())
	return err
}

// fail tells the client why there is no stream.
func (s *socket) fail(condition, text string) {
	s.say(header{version: "1.0"}.open())
	s.say(streamError(condition, text))
	s.say(closing)
	s.end(CloseNormal, "")
}

// say sends a text message.
func (s *socket) say(text []byte) { s.send(Frame(OpText, text, false)) }

// end sends a close frame, once.
func (s *socket) end(code uint16, why string) {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	if !s.ended {
		s.ended = true
		_, _ = s.conn.Write(CloseFrame(code, why, false))
	}
}

func (s *socket) send(p []byte) {
	s.wmu.Lock()
	defer s.wmu.Unlock()
	if !s.ended {
		_, _ = s.conn.Write(p) // who reads finds out
	}
}

// answer answers a ping, of several that wait the last (RFC 6455 §5.5.3),
// without waiting for a client that does not read.
func (s *socket) answer(p []byte) {
	s.pmu.Lock()
	defer s.pmu.Unlock()
	if s.pong != nil {
		s.pong = append([]byte{}, p...)
		return
	}
	s.pong = append([]byte{}, p...)
	s.work.Go(func() {
		s.wmu.Lock()
		defer s.wmu.Unlock()
		s.pmu.Lock()
		p := s.pong
		s.pong = nil
		s.pmu.Unlock()
		if !s.ended {
			_, _ = s.conn.Write(Frame(OpPong, p, false))
		}
	})
}

// follow takes what the server says until its end.
func (s *socket) follow() {
	defer close(s.done)
	r := newReader(s.up, s.o.Most)
	for {
		u, err := r.next()
		if err != nil {
			if !s.parted() {
				s.end(1001, "the server has ended the connection")
			}
			_ = s.conn.SetReadDeadline(time.Now().Add(s.o.Farewell))
			return
		}
		s.unit(r, u)
	}
}

func (s *socket) parted() bool {
	s.smu.Lock()
	defer s.smu.Unlock()
	return s.parting
}

// unit passes a unit of the server's on.
func (s *socket) unit(r *reader, u xmlstream.Unit) {
	switch u.Kind {
	case xmlstream.Header:
		s.say(r.head.open())
	case xmlstream.Space:
		s.send(Frame(OpPing, nil, false)) // says as much: I am here
	case xmlstream.Close:
		s.smu.Lock()
		s.parting = true
		left := s.left
		s.smu.Unlock()
		s.say(closing)
		if left {
			s.end(CloseNormal, "")
		}
	default:
		if p := r.alone(u); p != nil {
			s.say(p)
		}
	}
}

// reader cuts a plain stream of a server.
type reader struct {
	conn   net.Conn
	framer *xmlstream.Framer
	tree   xmlstream.Tree
	head   header
	scope  *xmlstream.Scope
	buf    [8 << 10]byte
}

func newReader(conn net.Conn, most int) *reader {
	return &reader{conn: conn, framer: xmlstream.NewFramer(xmlstream.Options{MaxUnit: most})}
}

// next is the next unit. Of a header the facts are in head.
func (r *reader) next() (xmlstream.Unit, error) {
	for {
		if u, ok := r.framer.Next(); ok {
			switch u.Kind {
			case xmlstream.Opaque:
				return u, errors.New("what the server says is no XML")
			case xmlstream.Header:
				root, inside := r.tree.ParseHeader(u.Wire, xmlstream.Options{})
				if root == nil {
					return u, errors.New("the server's header is none")
				}
				r.head, r.scope = readHeader(root), inside
			}
			return u, nil
		}
		n, err := r.conn.Read(r.buf[:])
		if n == 0 && err != nil {
			return xmlstream.Unit{}, err
		}
		r.framer.Push(r.buf[:n])
	}
}

// isError tells a stream error.
func (r *reader) isError(u xmlstream.Unit) bool {
	n := r.tree.ParseTag(u.Wire, r.scope, xmlstream.Options{})
	return n != nil && n.Name == (xmlstream.Name{Space: xmlstream.NSStreams, Local: "error"})
}

// alone is a unit so that it stands alone; nil where it is no element.
func (r *reader) alone(u xmlstream.Unit) []byte {
	if u.Kind != xmlstream.Element && !strings.HasPrefix(string(u.Wire[:min(len(u.Wire), 1)]), "<") {
		return nil
	}
	n := r.tree.Parse(u.Wire, r.scope, xmlstream.Options{})
	if n == nil {
		return nil
	}
	return alone(n, r.scope)
}
