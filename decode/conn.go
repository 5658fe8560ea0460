package decode

import (
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/inflate"
	"xmppscope/decode/sasl"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// Options of a Conn. The zero value is ready for a connection seen from its
// first byte.
type Options struct {
	// XML holds the limits of framing and parsing.
	XML xmlstream.Options
	// Number gives out the numbers of events; nil counts from 1.
	Number func() Seq
	// Tree is scratch memory for parsing; connections that are fed by one
	// goroutine may share it. Nil makes one.
	Tree *xmlstream.Tree
	// MidStream is set where the beginning was not seen: each direction may
	// start anywhere, and reading begins at its next first-level element.
	MidStream bool
	// Keys finds the secrets of TLS connections; nil where there are none.
	Keys tlswire.Keys
	// Hold is how many bytes of a direction may wait for keys that are still to
	// come, where the input is live; 0 for none.
	Hold int
	// Guess tries the secrets of a small key log where a hello of TLS is
	// missing; see [tlswire.Options].
	Guess bool
	// Inflate limits what compressed bytes may become (XEP-0138).
	Inflate inflate.Limits
}

// Conn decodes both directions of one connection. It is a pure value: not safe
// for concurrent use, and without any clock or input of its own.
//
// Bytes go down through the layers in their fixed order: TLS (tls.go), zlib
// (zlib.go), HTTP and WebSocket (web.go), XML (unit.go).
type Conn struct {
	id     ConnID
	o      Options
	seq    Seq
	half   [2]half
	state  *State
	sm     Ledger
	out    []Event
	tree   *xmlstream.Tree
	tls    *tlswire.Decoder // nil until TLS begins
	web    *web             // nil where no HTTP is spoken
	asked  [slotCount]Seq
	early  Seq       // a second header that waits behind the one that was asked
	resume [2]uint32 // h of <resume/>, until it is answered
	iqs    [2]requests
	backs  [2]requests // dialback
	login  *sasl.Exchange
	why    [2]Step // what the next header of a direction restarts after
	sum    summing
	fresh  bool // no unit seen yet
	label  *label
	// exporter is the value of tls-exporter, where a proxy has told it.
	exporter []byte
	// client is the login as the client sees it, where a proxy between it and the
	// server makes a difference; beyond is tls-exporter behind the proxy.
	client *sasl.Exchange
	beyond []byte
}

// half is one direction.
type half struct {
	mode   mode
	framer *xmlstream.Framer
	scope  *xmlstream.Scope
	// raw is the offset in TCP of the next byte to arrive, next that of the next
	// byte above TLS and compression.
	raw, next int64
	// base is what to add to the framer's offsets, fed its own offset of the
	// next byte.
	base, fed int64
	// What arrives as TLS records came from tlsAt on, and when.
	secure bool
	tlsAt  int64
	came   arrivals
	zlib   *inflate.Reader
	marks  marks
	run    run
	start  []byte // the first bytes, while they may be a word of HTTP
	last   time.Time
	// pushed is when the framer got its last bytes, pause the longest wait for
	// the rest of a unit.
	pushed time.Time
	pause  time.Duration
	seen   bool // some byte arrived
	first  bool // the first unit was read
	ended  bool
	turn   bool // nothing was read since the layer changed
	// above counts the bytes above TLS, skew is what Off counts besides; alter is
	// what a proxy did here, nil where it did nothing.
	above, skew int64
	alter       *altering
	gapped      bool // bytes were lost right before the next
	missed      bool // plaintext is missing right before the next
}

// mode is how the bytes above TLS and compression are read.
type mode uint8

const (
	asXML mode = iota
	asHeld
	asWeb    // HTTP, and what comes after it
	asBroken // of no use; the run says why
)

// NewConn makes the decoder of one connection.
func NewConn(id ConnID, o Options) *Conn {
	c := &Conn{id: id, o: o, state: &State{Late: o.MidStream}, fresh: true, tree: o.Tree, sum: summing{live: true}}
	if c.tree == nil {
		c.tree = new(xmlstream.Tree)
	}
	for d := range c.half {
		h := &c.half[d]
		if o.MidStream {
			h.framer = xmlstream.NewMidStream(o.XML)
			h.scope = xmlstream.MidStream(nsClient)
		} else {
			h.framer = xmlstream.NewFramer(o.XML)
		}
	}
	return c
}

// Rest gives back memory that is not needed until more bytes come; the caller is
// done with what the last call returned. It changes nothing else.
func (c *Conn) Rest() {
	c.out = nil
	for d := range c.half {
		c.half[d].framer.Rest()
	}
}

// State is what is true now.
func (c *Conn) State() *State { return c.state }

// Connect records that TCP was set up (RFC 6120 §3).
func (c *Conn) Connect(t time.Time) []Event {
	c.begin(t)
	c.tcp(FromInitiator, t, "connect", StepTCPConnect)
	return c.out
}

// Feed takes bytes of one direction and returns the events that they
// complete. Where n < len(p) the layer changed at p[n] (law 4): the caller
// passes p[n:] on, here again or to the new layer. The slice is valid until
// the next call; what the events point to is immutable.
func (c *Conn) Feed(dir Dir, t time.Time, p []byte) (events []Event, n int) {
	c.begin(t)
	if len(p) == 0 {
		return nil, 0
	}
	h := &c.half[dir]
	h.last = t
	c.overdue(dir, t)
	if h.gapped && !h.secure && c.asked[slotStartTLS] != 0 && looksTLS(p[0]) {
		c.enterTLS(dir, t, 0) // the answer to starttls was in the gap
	}
	if !c.half[0].seen && !c.half[1].seen && looksTLS(p[0]) {
		c.startTLS()
	}
	h.seen, h.gapped = true, false
	n = len(p)
	if h.secure {
		c.records(t, c.tlsBytes(dir, t, p, h.raw))
	} else {
		n = c.above(dir, t, p, Extent{h.raw, h.raw + int64(len(p))})
	}
	h.raw += int64(n)
	return c.out, n
}

// above takes bytes above TLS, which came in the extent x of TCP, and returns
// how many of them belong to the layer at hand.
func (c *Conn) above(dir Dir, t time.Time, p []byte, x Extent) int {
	h := &c.half[dir]
	if h.zlib != nil {
		c.inflate(dir, t, p, x)
		return len(p)
	}
	if h.secure {
		h.marks.add(h.next+int64(len(p)), x)
	}
	h.skew = h.next - h.above
	n := c.text(dir, t, p)
	h.above += int64(n)
	return n
}

// text takes bytes above TLS and compression and returns how many of them were
// read before the layer changed.
func (c *Conn) text(dir Dir, t time.Time, p []byte) int {
	h := &c.half[dir]
	if h.next == 0 && h.mode == asXML {
		before := len(h.start)
		p = append(h.start, p...)
		frame, masked, sure := httpwire.BeginsWith(p, '<')
		if c.o.MidStream && (mayBeHTTP(p) || !sure) {
			h.start = p
			return len(p) - before
		}
		h.start = nil
		switch {
		case c.o.MidStream && frame:
			c.enterSocket(dir, t, masked)
		case looksHTTP(p, c.o.MidStream):
			c.enterWeb(h)
		}
		secure := h.secure
		n := c.layer(dir, t, p)
		if n < before {
			c.onward(dir, t, p[n:], secure)
			n = len(p)
		}
		return n - before
	}
	return c.layer(dir, t, p)
}

// onward hands bytes to the layer that begins with them: those that the caller
// has passed before it was known that the layer changes there. secure tells
// whether TLS was on before.
func (c *Conn) onward(dir Dir, t time.Time, rest []byte, secure bool) {
	h := &c.half[dir]
	for len(rest) > 0 {
		switch {
		case h.secure && !secure:
			c.records(t, c.tlsBytes(dir, t, rest, h.next))
			return
		case h.zlib != nil:
			c.inflate(dir, t, rest, c.extent(h, h.next, len(rest)))
			return
		}
		rest = rest[c.layer(dir, t, rest):]
	}
}

// layer is text once it is known how a direction is read.
func (c *Conn) layer(dir Dir, t time.Time, p []byte) int {
	h := &c.half[dir]
	switch h.mode {
	case asWeb:
		c.webText(dir, t, p)
		return len(p)
	case asHeld:
		if h.framer.Pending() == 0 && c.answered(dir, p) {
			c.presume(dir, t, 0)
			return 0
		}
		c.hold(dir, t, p)
		return len(p)
	case asBroken:
		c.pass(dir, t, h.run.like(p, h.next, c.extent(h, h.next, len(p))))
		c.advance(h, len(p))
		return len(p)
	}
	c.stall(dir, t, p)
	h.pushed = t
	h.push(p, h.next)
	c.advance(h, len(p))
	secure := h.secure
	rest := c.read(dir, t)
	c.advance(h, -len(rest))
	if len(rest) > len(p) { // in mid-stream the framer waits to be sure
		c.onward(dir, t, rest, secure)
		return len(p)
	}
	return len(p) - len(rest)
}

func (c *Conn) advance(h *half, n int) {
	h.next += int64(n)
	c.sum.bytes += int64(n)
}

// push hands the framer bytes that start at a stream offset.
func (h *half) push(p []byte, off int64) {
	h.base = off - h.fed
	h.framer.Push(p)
	h.fed += int64(len(p))
}

// pull takes back from the framer what it has not read.
func (h *half) pull() []byte {
	rest := h.framer.Take()
	h.fed -= int64(len(rest))
	return rest
}

// read drains the framer of dir and returns those of its bytes that a change of
// layer left unread.
func (c *Conn) read(dir Dir, t time.Time) (rest []byte) {
	h := &c.half[dir]
	for {
		if h.alter != nil {
			return c.readAltered(dir, t)
		}
		u, ok := h.framer.Next()
		if !ok {
			return nil
		}
		if rest, over := c.follow(dir, t, c.unit(dir, t, u)); over {
			return rest
		}
	}
}

// follow does what a unit says about the bytes after it. Where reading is over,
// rest are those that belong to another layer.
func (c *Conn) follow(dir Dir, t time.Time, after change) (rest []byte, over bool) {
	h := &c.half[dir]
	switch after {
	case hold:
		h.mode = asHeld
		if p := h.framer.Unread(); len(p) > 0 && c.answered(dir, p) {
			rest := h.pull()
			c.presume(dir, t, len(rest))
			return rest, true
		}
		return nil, true
	case toTLS:
		if !h.secure && h.zlib == nil {
			rest := h.pull()
			c.enterTLS(dir, t, len(rest))
			return rest, true
		}
		c.unhold(dir.Other(), t) // there is no TLS inside TLS
	case toZlib:
		if h.zlib == nil {
			rest := h.pull()
			c.enterZlib(dir, t)
			return rest, true
		}
		c.unhold(dir.Other(), t)
	case release:
		c.unhold(dir.Other(), t)
	}
	return nil, false
}
