package decode

import (
	"time"

	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
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
}

// maxRun is the longest opaque or held run that becomes one event, in bytes.
const maxRun = 64 << 10

// Conn decodes both directions of one connection. It is a pure value: not safe
// for concurrent use, and without any clock or input of its own.
type Conn struct {
	id     ConnID
	o      Options
	seq    Seq
	half   [2]half
	state  *State
	sm     Ledger
	out    []Event
	tree   *xmlstream.Tree
	asked  [slotCount]Seq
	resume [2]uint32 // h of <resume/>, until it is answered
	iqs    [2]requests
	backs  [2]requests // dialback
	login  *sasl.Exchange
	why    [2]Step // what the next header of a direction restarts after
	start  time.Time
	end    time.Time
	events int
	bytes  int64
	lost   int64
	reset  bool
	live   bool // neither ended nor finished
	fresh  bool // no unit seen yet
	opaque bool // what TLS or compression hides was not read
}

// half is one direction.
type half struct {
	mode   mode
	framer *xmlstream.Framer
	scope  *xmlstream.Scope
	// base is what to add to the framer's offsets, fed its own offset of the
	// next byte, next the stream offset of the next byte to arrive.
	base, fed, next int64
	// run collects opaque bytes from offset runOff, up to maxRun. Held bytes
	// wait in the framer.
	run    []byte
	runOff int64
	last   time.Time
	seen   bool // some byte arrived
	first  bool // the first unit was read
	ended  bool
	turn   bool // nothing was read since the layer changed
	gapped bool // bytes were lost right before the next
}

// mode is how a direction's bytes are read.
type mode uint8

const (
	asXML mode = iota
	asHeld
	asOpaque
)

// NewConn makes the decoder of one connection.
func NewConn(id ConnID, o Options) *Conn {
	c := &Conn{id: id, o: o, state: &State{}, live: true, fresh: true, tree: o.Tree}
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

// ID is the number of the conversation.
func (c *Conn) ID() ConnID { return c.id }

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
	h.seen = true
	if h.gapped && c.asked[slotStartTLS] != 0 && looksTLS(p) {
		c.enterOpaque(t) // the answer to starttls was in the gap
	}
	h.gapped = false
	switch h.mode {
	case asHeld:
		before := h.next
		c.hold(dir, t, p)
		n = len(p) - int(h.next-before)
		c.advance(h, n)
		return c.out, len(p)
	case asOpaque:
		c.pass(dir, t, p, h.next)
		c.advance(h, len(p))
		return c.out, len(p)
	}
	h.push(p, h.next)
	c.advance(h, len(p))
	rest := c.read(dir, t)
	c.advance(h, -rest)
	return c.out, len(p) - rest
}

func (c *Conn) advance(h *half, n int) {
	h.next += int64(n)
	c.bytes += int64(n)
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

// read drains the framer of dir and returns how many of its bytes a change of
// layer left unread.
func (c *Conn) read(dir Dir, t time.Time) (rest int) {
	h := &c.half[dir]
	for {
		u, ok := h.framer.Next()
		if !ok {
			return 0
		}
		switch c.unit(dir, t, u) {
		case hold:
			h.mode = asHeld
			if p := h.framer.Unread(); len(p) > 0 && c.answered(dir, p) {
				c.unanswered(dir, t, h.pull(), h.next-int64(len(p)))
			}
			return 0
		case toTLS, toZlib:
			rest := h.pull()
			c.enterOpaque(t)
			c.unhold(dir.Other(), t)
			return len(rest)
		case release:
			c.unhold(dir.Other(), t)
		}
	}
}

// enterOpaque leaves XML in both directions. What a direction had begun and not
// ended cannot be continued there.
func (c *Conn) enterOpaque(t time.Time) {
	c.opaque = true
	for d := range c.half {
		h := &c.half[d]
		if h.mode == asHeld {
			continue // unhold decides
		}
		if h.framer.Pending() > 0 {
			for _, u := range h.framer.Flush() {
				c.unit(Dir(d), t, u)
			}
		}
		h.mode, h.turn = asOpaque, true
	}
}

// unhold ends the wait of a direction whose request was answered: the held
// bytes, which its framer has not read yet, go where the answer says.
func (c *Conn) unhold(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.mode != asHeld {
		return
	}
	h.turn = true
	if c.half[dir.Other()].mode != asOpaque {
		h.mode = asXML
		c.read(dir, t)
		return
	}
	h.mode = asOpaque
	held := h.pull()
	if len(held) > 0 && looksTLS(held) {
		// A pipelined ClientHello is kept (XEP-0305).
		c.pass(dir, t, held, h.next-int64(len(held)))
		return
	}
	c.heldEvent(dir, t, held, h.next-int64(len(held)))
}

// hold keeps bytes that came between a request to switch and its answer.
func (c *Conn) hold(dir Dir, t time.Time, p []byte) {
	h := &c.half[dir]
	if h.framer.Pending() == 0 && c.answered(dir, p) {
		c.unanswered(dir, t, p, h.next)
		return
	}
	for h.framer.Pending()+len(p) > maxRun {
		n := maxRun - h.framer.Pending()
		h.push(p[:n], h.next)
		h.next += int64(n)
		c.bytes += int64(n)
		p = p[n:]
		c.heldEvent(dir, t, h.pull(), h.next-maxRun)
		// Where in the document the rest begins is not known any more.
		h.framer, h.fed = xmlstream.NewMidStream(c.o.XML), 0
	}
	h.push(p, h.next)
}

// answered tells by the first bytes after a request to switch that its answer
// was yes, where only this direction was captured.
func (c *Conn) answered(dir Dir, p []byte) bool {
	return !c.half[dir.Other()].seen && looksTLS(p)
}

// unanswered goes on as if the answer had been seen.
func (c *Conn) unanswered(dir Dir, t time.Time, p []byte, off int64) {
	h := &c.half[dir]
	h.mode, h.turn, c.opaque = asOpaque, true, true
	c.pass(dir, t, p, off)
}

var refStartTLSData = spec.RFC(6120, "5.4.3.1")

func (c *Conn) heldEvent(dir Dir, t time.Time, held []byte, off int64) {
	if len(held) == 0 {
		return
	}
	e := c.event(dir, t, KindHeld)
	e.Wire, e.Off = held, off
	e.Note = "sent after asking for a switch and before the answer"
	if isSpace(held) {
		e.Errs = []xmlstream.SyntaxError{{Rule: "starttls-whitespace", Ref: spec.RFC(6120, "5.3.3"), End: len(held),
			Text: "white space after the request to switch; the next byte must belong to the new layer"}}
	} else {
		e.Errs = []xmlstream.SyntaxError{{Rule: "starttls-data-before-proceed", Ref: refStartTLSData, End: len(held),
			Text: "data sent before the request to switch was answered"}}
	}
	c.emit(e, nil, nil)
}

// pass puts bytes of a layer that is not read into the direction's run.
func (c *Conn) pass(dir Dir, t time.Time, p []byte, off int64) {
	c.flushRun(dir.Other(), c.half[dir.Other()].last)
	h := &c.half[dir]
	if len(h.run) == 0 {
		h.runOff = off
	}
	for len(p) > 0 {
		n := min(len(p), maxRun-len(h.run))
		h.run = append(h.run, p[:n]...)
		p = p[n:]
		if len(h.run) == maxRun {
			c.flushRun(dir, t)
		}
	}
}

// flushRun makes an event of what an opaque direction has said so far. A run
// ends where the other side speaks, so that it does not depend on how the
// bytes were cut.
func (c *Conn) flushRun(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.mode != asOpaque || len(h.run) == 0 {
		return
	}
	run, off := h.run, h.runOff
	h.run, h.runOff = nil, off+int64(len(run))
	first := h.turn
	h.turn = false
	if c.state.Layer&LayerZlib != 0 {
		e := c.event(dir, t, KindBroken)
		e.Wire, e.Off = run, off
		e.Note = "compressed bytes (XEP-0138)"
		c.emit(e, nil, nil)
		return
	}
	e := c.event(dir, t, KindTLS)
	e.Step = StepTLSHandshake
	e.Wire, e.Off = run, off
	e.Note = "inside TLS; no keys, so only size and time can be seen"
	if first && !looksTLS(run) {
		e.Errs = []xmlstream.SyntaxError{afterProceed(run)}
	}
	c.emit(e, nil, nil)
}

func afterProceed(run []byte) xmlstream.SyntaxError {
	if isSpace(run[:1]) {
		return xmlstream.SyntaxError{Rule: "starttls-whitespace", End: 1, Ref: spec.RFC(6120, "5.3.3"),
			Text: "white space between proceed and the first TLS record"}
	}
	return xmlstream.SyntaxError{Rule: "starttls-plaintext-injection", End: len(run), Ref: spec.RFC(6120, "5.4.3.3"),
		Text: "this is no TLS record, though TLS was agreed on"}
}

// looksTLS tells a TLS record from XML by its first byte, a content type of 20
// to 23 (RFC 8446 §5.1), which is no character of XML.
func looksTLS(p []byte) bool { return p[0] >= 20 && p[0] <= 23 }

func isSpace(p []byte) bool {
	for _, b := range p {
		if b != ' ' && b != '\n' && b != '\r' && b != '\t' {
			return false
		}
	}
	return true
}
