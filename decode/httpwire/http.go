package httpwire

import (
	"bytes"
	"slices"
	"strings"
)

// Options of a Conn. Zero values mean the defaults.
type Options struct {
	MaxBody int // bytes of a body that is kept whole; default 16 MiB
	MaxHead int // bytes of a head; default 64 KiB
}

// Conn reads both directions of one HTTP connection. The same bytes, cut
// anywhere, give the same messages.
type Conn struct {
	o        Options
	half     [2]half
	out      []Message
	asked    []asked // requests without a response
	count    int     // requests so far
	upgraded bool
	toWhat   string
	missed   bool   // answers may have been lost
	packed   budget // of compressed bodies
}

// asked is a request that waits for its response.
type asked struct {
	number int
	method string
}

// maxAsked bounds the requests that wait.
const maxAsked = 1024

// responder is the side that answers.
const responder = 1

// state is where in a message a direction is.
type state uint8

const (
	inHead state = iota
	inBody
	inChunkSize
	inChunk
	inChunkEnd
	inTrailer
	toTheEnd // a body that ends with the connection
	waiting  // a request to go over to something else has no answer yet
	lost     // looking for the next message
	over     // no HTTP any more
)

// half is one direction.
type half struct {
	state state
	buf   []byte // not read yet
	at    int64  // where buf begins
	m     Message
	left  int64 // of a body or chunk; of a body cut by a gap
	long  bool  // the body is too long to be kept
	raw   []byte
}

// NewConn makes the reader of one connection.
func NewConn(o Options) *Conn {
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.MaxHead == 0 {
		o.MaxHead = 64 << 10
	}
	return &Conn{o: o}
}

// Upgraded tells whether the connection has gone over to something else, and
// to what (RFC 9110 §7.8). Bytes behind that are in Rest.
func (c *Conn) Upgraded() (protocol string, ok bool) { return c.toWhat, c.upgraded }

// Rest takes what was fed and belongs to what the connection went over to.
func (c *Conn) Rest(side int) []byte {
	h := &c.half[side]
	rest := h.buf
	h.at += int64(len(rest))
	h.buf = nil
	return rest
}

// At is where the next message of a direction begins, or the one that is not
// complete yet.
func (c *Conn) At(side int) int64 {
	h := &c.half[side]
	return h.at - int64(len(h.m.Wire))
}

// Feed takes the next bytes of a direction and returns the messages that they
// complete. The slice is valid until the next call.
func (c *Conn) Feed(side int, p []byte) []Message {
	c.out = c.out[:0]
	h := &c.half[side]
	h.buf = append(h.buf, p...)
	c.run(side)
	return c.out
}

func (c *Conn) run(side int) {
	h := &c.half[side]
	for len(h.buf) > 0 && c.step(side, h) {
	}
	if len(h.buf) == 0 {
		h.buf = nil // what was given out keeps the memory
	}
}

// step reads the next thing; false means that more must come.
func (c *Conn) step(side int, h *half) bool {
	switch h.state {
	case inHead:
		return c.head(side, h)
	case inBody, toTheEnd:
		n := len(h.buf)
		if h.state == inBody {
			n = int(min(h.left, int64(n)))
			h.left -= int64(n)
		}
		c.body(side, h, h.buf[:n])
		c.advance(side, h, n)
		if h.state == inBody && h.left == 0 {
			c.end(side, h)
		}
		return true
	case inChunkSize, inChunk, inChunkEnd, inTrailer:
		return c.chunk(side, h)
	case lost:
		return c.seek(side, h)
	}
	return false
}

// advance moves n bytes from the buffer into the message. Where it gets too
// long for one piece, what there is goes out.
func (c *Conn) advance(side int, h *half, n int) {
	for n > 0 {
		room := c.o.MaxHead + c.o.MaxBody - len(h.m.Wire)
		if room <= 0 {
			c.piece(side, h)
			continue
		}
		if len(h.m.Wire) == 0 {
			h.m.Off = h.at
		}
		k := min(n, room)
		h.m.Wire = append(h.m.Wire, h.buf[:k]...)
		h.buf = h.buf[k:]
		h.at += int64(k)
		n -= k
	}
}

// body keeps content of the message.
func (c *Conn) body(_ int, h *half, p []byte) {
	if h.long || len(h.raw)+len(p) > c.o.MaxBody {
		h.long, h.raw = true, nil
		return
	}
	h.raw = append(h.raw, p...)
}

// piece gives out what there is of a message that is too long.
func (c *Conn) piece(side int, h *half) {
	h.long, h.raw = true, nil
	m := h.m
	m.Side = side
	m.Wire = slices.Clip(m.Wire)
	c.out = append(c.out, m)
	h.m = Message{Kind: Part, Exchange: m.Exchange}
	if m.Kind == Response {
		c.answered(side, &m)
	}
}

// end completes a message.
func (c *Conn) end(side int, h *half) {
	m := h.m
	m.Side = side
	m.Wire = slices.Clip(m.Wire)
	if m.Kind != Part && !h.long {
		m.Body = c.decoded(&m, h.raw)
	}
	c.out = append(c.out, m)
	h.m, h.raw, h.long, h.left = Message{}, nil, false, 0
	h.state = inHead
	switch m.Kind {
	case Request:
		if _, ok := m.header("Upgrade"); ok && strings.Contains(strings.ToLower(m.Header("Connection")), "upgrade") || m.Method == "CONNECT" {
			h.state = waiting
		}
	case Response:
		c.answered(side, &m)
	}
}

// answered ends what a request has asked for.
func (c *Conn) answered(side int, m *Message) {
	if m.Status/100 == 1 && m.Status != 101 {
		return
	}
	method := ""
	if len(c.asked) > 0 {
		method = c.asked[0].method
		c.asked = c.asked[1:]
	}
	o := &c.half[side^1]
	if m.Status == 101 || method == "CONNECT" && m.Status/100 == 2 {
		c.upgraded, c.toWhat = true, m.Header("Upgrade")
		c.cutShort(side^1, o, Fault{Rule: "http-incomplete", Text: "the connection goes over to something else within this message", Ref: refMessage})
		c.half[side].state, o.state = over, over
		return
	}
	if o.state == waiting {
		o.state = inHead
		c.run(side ^ 1)
	}
}

// Gap says that n bytes of a direction were lost here.
func (c *Conn) Gap(side int, n int64) []Message {
	c.out = c.out[:0]
	h := &c.half[side]
	c.missed = c.missed || side == responder
	left := int64(-1)
	if h.state == inBody {
		left = h.left
	}
	c.breakOff(side, h, Fault{Rule: "http-incomplete", Text: "bytes are missing from here on", Ref: refMessage})
	h.at += n
	if h.state == over {
		return c.out
	}
	h.state, h.left = lost, 0
	if left >= n {
		h.left = left - n
	}
	if left == n {
		h.state = inHead
	}
	return c.out
}

// Flush says that a direction has ended.
func (c *Conn) Flush(side int) []Message {
	c.out = c.out[:0]
	h := &c.half[side]
	switch {
	case h.state == toTheEnd:
		c.end(side, h)
	case len(h.m.Wire)+len(h.buf) > 0:
		c.breakOff(side, h, Fault{Rule: "http-incomplete", Text: "the connection ends within this message", Ref: refMessage})
	}
	return c.out
}

// breakOff gives out what there is of a message that will not be completed.
func (c *Conn) breakOff(side int, h *half, f Fault) {
	c.advance(side, h, len(h.buf))
	c.cutShort(side, h, f)
}

// cutShort is breakOff for what was read already.
func (c *Conn) cutShort(side int, h *half, f Fault) {
	m := h.m
	h.m, h.raw, h.long = Message{}, nil, false
	if len(m.Wire) == 0 {
		return
	}
	f.Pos = len(m.Wire)
	if m.HeadLen == 0 || m.Kind == Part {
		m.Kind = Broken
	}
	m.Side, m.Wire = side, slices.Clip(m.Wire)
	m.Faults = append(m.Faults, f)
	c.out = append(c.out, m)
	if m.Kind == Response {
		c.answered(side, &m)
	}
}

// seek looks for the next message behind a loss.
func (c *Conn) seek(side int, h *half) bool {
	if h.left > 0 {
		n := int(min(h.left, int64(len(h.buf))))
		h.left -= int64(n)
		c.junk(side, h, n)
		if h.left == 0 {
			h.state = inHead
		}
		return true
	}
	n, found := nextStart(h.buf)
	if n > 0 {
		c.junk(side, h, n)
	}
	if found {
		h.state = inHead
	}
	return found
}

func (c *Conn) junk(side int, h *half, n int) {
	m := Message{Side: side, Kind: Broken, Wire: bytes.Clone(h.buf[:n]), Off: h.at}
	h.buf = h.buf[n:]
	h.at += int64(n)
	c.out = append(c.out, m)
}

// starts begin the first lines that are looked for.
var starts = [...]string{"HTTP/1.", "GET /", "POST /", "OPTIONS /", "HEAD /", "PUT /", "DELETE /", "OPTIONS * "}

// nextStart finds where a message may begin, and how many bytes certainly come
// before it.
func nextStart(p []byte) (n int, found bool) {
	best := -1
	for _, s := range starts {
		if i := bytes.Index(p, []byte(s)); i >= 0 && (best < 0 || i < best) {
			best = i
		}
	}
	if best >= 0 {
		return best, true
	}
	const longest = 11
	return max(0, len(p)-longest), false
}
