package web

import (
	"net/http"
	"strings"
	"sync"

	"xmppscope/decode"
	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// Message is what a unit of the web carries.
type Message struct {
	// Text is the XML that may be held or changed; nil where the unit goes on
	// undecided.
	Text []byte
	// Beside is set for what may come between any two messages, whatever waits:
	// pings and pongs (RFC 6455 §5.4).
	Beside bool

	wire   []byte
	packed bool              // it needs what was compressed before it
	inside []frame           // control frames between its fragments
	http   *httpwire.Message // nil for one of WebSocket
}

type frame struct {
	opcode  byte
	payload []byte
}

// Talk is both directions of one connection of HTTP, also after it has gone over
// to WebSocket.
type Talk struct {
	mu    sync.Mutex
	http  *httpwire.Conn
	sides [2]*Side
	// socket is set when the connection is one of WebSocket, strange when it
	// went over to something else.
	socket, strange bool
	most            int
	// waits is how many requests have no answer yet, target and host what the
	// last asked for.
	waits        int
	target, host string
}

// Side is one direction of a Talk. Its methods are those of a framer: what it
// cuts, in order, is the bytes of the direction. One goroutine at a time uses
// it.
type Side struct {
	t    *Talk
	dir  decode.Dir
	buf  []byte // not cut yet
	off  int64
	sock *httpwire.WebSocket
	o    httpwire.WSOptions
	// out is what can be cut; inside waits for the message that it stands in.
	out    []cut
	inside []frame
	last   *Message
	// spoiled is set when the receiver lacks something that later compressed
	// messages refer to.
	spoiled bool
}

type cut struct {
	unit xmlstream.Unit
	msg  *Message
}

// NewTalk makes an empty one. most bounds a message, in bytes; 0 means 10 MiB.
func NewTalk(most int) *Talk {
	if most <= 0 {
		most = 10 << 20
	}
	t := &Talk{http: httpwire.NewConn(httpwire.Options{MaxBody: most}), most: most}
	t.sides = [2]*Side{{t: t, dir: decode.FromInitiator}, {t: t, dir: decode.FromReceiver}}
	return t
}

// Side is a direction.
func (t *Talk) Side(d decode.Dir) *Side { return t.sides[d&1] }

// Push takes the next bytes of the direction.
func (s *Side) Push(p []byte) {
	t := s.t
	t.mu.Lock()
	defer t.mu.Unlock()
	s.buf = append(s.buf, p...)
	switch {
	case t.strange:
	case s.sock != nil:
		s.frames(s.sock.Feed(p))
	default:
		t.messages(t.http.Feed(int(s.dir), p))
		t.upgrade()
	}
}

// Ready tells whether something can be cut, which what the other direction said
// may have made possible.
func (s *Side) Ready() bool {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return len(s.out) > 0 || s.t.strange && len(s.buf) > 0
}

// Frames tells whether the connection is one of WebSocket by now.
func (s *Side) Frames() bool {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.sock != nil
}

// Spoiled tells whether compressed messages must be sent anew, because the
// receiver lacks what they refer to (RFC 7692 §7.2.3.2).
func (s *Side) Spoiled() bool { return s.spoiled }

// Next cuts the next message; false where more must come.
func (s *Side) Next() (xmlstream.Unit, bool) {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	if len(s.out) == 0 {
		if s.t.strange && len(s.buf) > 0 {
			return s.take(cut{unit: xmlstream.Unit{Kind: xmlstream.Opaque, Wire: s.buf}}), true
		}
		return xmlstream.Unit{}, false
	}
	c := s.out[0]
	if s.out = s.out[1:]; len(s.out) == 0 {
		s.out = nil
	}
	return s.take(c), true
}

func (s *Side) take(c cut) xmlstream.Unit {
	c.unit.Off = s.off
	n := len(c.unit.Wire)
	s.off += int64(n)
	if s.buf = s.buf[n:]; len(s.buf) == 0 {
		s.buf = nil
	}
	s.last = c.msg
	return c.unit
}

// Last is what the unit that was cut last carries; never nil after Next.
func (s *Side) Last() *Message {
	if s.last == nil {
		return &Message{}
	}
	return s.last
}

// Pending is how many bytes are not cut yet.
func (s *Side) Pending() int {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return len(s.buf)
}

// Unread is those bytes.
func (s *Side) Unread() []byte {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.buf[:len(s.buf):len(s.buf)]
}

// Take takes them; nothing can be cut afterwards.
func (s *Side) Take() []byte {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	p := s.buf
	s.off += int64(len(p))
	s.buf, s.out = nil, nil
	return p
}

// Depth is 1: every message stands alone.
func (s *Side) Depth() int { return 1 }

// messages takes what HTTP has cut, of either direction.
func (t *Talk) messages(all []httpwire.Message) {
	for i := range all {
		m := all[i]
		s := t.sides[m.Side&1]
		c := cut{unit: xmlstream.Unit{Kind: xmlstream.Space, Wire: m.Wire}, msg: &Message{wire: m.Wire}}
		if m.Kind == httpwire.Response && m.Status == http.StatusSwitchingProtocols {
			for d, o := range httpwire.ParseExtensions(m.Header("Sec-WebSocket-Extensions")) {
				o.MaxMessage = t.most
				t.sides[d].o = o
			}
		}
		switch {
		case m.Kind == httpwire.Request:
			t.waits++
			t.target, t.host = m.Target, m.Header("Host")
		case m.Kind == httpwire.Response && m.Status >= 200:
			t.waits = max(0, t.waits-1)
		}
		if m.Kind == httpwire.Request || m.Kind == httpwire.Response {
			c.msg.http = &m
			if IsBody(m.Body) {
				c.unit.Kind, c.msg.Text = xmlstream.Element, m.Body
			}
		}
		s.out = append(s.out, c)
	}
}

// upgrade goes on with frames where the server has agreed to (RFC 6455 §4.2.2).
func (t *Talk) upgrade() {
	to, ok := t.http.Upgraded()
	if !ok || t.socket || t.strange {
		return
	}
	if !strings.EqualFold(to, "websocket") {
		t.strange = true
		return
	}
	t.socket = true
	for _, s := range t.sides {
		s.sock = httpwire.NewWebSocket(s.o)
		s.frames(s.sock.Feed(t.http.Rest(int(s.dir))))
	}
}

// frames takes messages of WebSocket.
func (s *Side) frames(all []httpwire.WSMessage) {
	for i := range all {
		m := &all[i]
		if m.Inside {
			s.inside = append(s.inside, frame{m.Opcode, m.Payload})
			continue
		}
		c := cut{unit: xmlstream.Unit{Kind: xmlstream.Space, Wire: m.Wire}, msg: &Message{wire: m.Wire}}
		switch {
		case m.Opcode == OpText && !m.Broken:
			c.unit.Kind = xmlstream.Element
			c.msg.Text, c.msg.inside = m.Payload, s.inside
			if c.msg.Text == nil {
				c.msg.Text = []byte{}
			}
			c.msg.packed = s.o.Deflate && !s.o.NoContext && len(m.Wire) > 0 && m.Wire[0]&0x40 != 0
		case m.Opcode == OpPing || m.Opcode == OpPong:
			c.msg.Beside = !m.Broken
		}
		s.inside = nil
		s.out = append(s.out, c)
	}
}
