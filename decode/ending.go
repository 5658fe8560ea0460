package decode

import (
	"fmt"
	"time"
)

// Gap records that n bytes of a direction are missing from the input. What
// was being read comes back as broken, and reading resumes at the next
// first-level element.
func (c *Conn) Gap(dir Dir, t time.Time, n int64) []Event {
	c.begin(t)
	h := &c.half[dir]
	h.seen, h.gapped = true, true
	x := Extent{h.raw, h.raw + n}
	off := h.next
	if h.secure {
		off = h.raw
	}
	c.lose(dir, t, n)
	h.raw += n
	c.sum.lost += n
	e := c.event(dir, t, KindGap)
	e.Off, e.Raw, e.Lost = off, x, n
	e.Note = fmt.Sprintf("%d bytes are missing from the capture", n)
	c.emit(e, nil, nil)
	return c.out
}

// settle reads first bytes as XML that never became a word of HTTP.
func (c *Conn) settle(dir Dir, t time.Time) {
	h := &c.half[dir]
	if p := h.start; len(p) > 0 {
		secure := h.secure
		h.start = nil
		c.onward(dir, t, p[c.layer(dir, t, p):], secure)
	}
}

// lose tells the layers of a direction that n bytes of TCP are missing.
func (c *Conn) lose(dir Dir, t time.Time, n int64) {
	h := &c.half[dir]
	c.settle(dir, t)
	switch {
	case h.secure:
		c.miss(dir, t)
		c.records(t, c.tls.Gap(int(dir), n))
		c.flushRun(dir, t)
	case h.zlib != nil:
		c.flushRun(dir, t)
		c.skip(dir, t)
	case h.mode == asWeb:
		c.webGap(dir, t, n)
		c.flushRun(dir, t)
	case h.mode == asXML:
		for _, u := range h.framer.Gap(n) {
			c.unit(dir, t, u)
		}
		if h.scope == nil {
			h.scope = c.assumedScope()
		}
		h.fed += n
		h.next += n
	default:
		c.flush(dir, t)
		h.next += n
	}
}

// End records that a direction was ended in order, by FIN.
func (c *Conn) End(dir Dir, t time.Time) []Event {
	c.begin(t)
	if c.half[dir].ended {
		return nil
	}
	c.stall(dir, t, nil)
	c.flush(dir, t)
	c.half[dir].ended = true
	c.tcp(dir, t, "end", StepNone)
	return c.out
}

// Reset records that a side cut the connection, by RST.
func (c *Conn) Reset(dir Dir, t time.Time) []Event {
	c.begin(t)
	c.stall(FromInitiator, t, nil)
	c.stall(FromReceiver, t, nil)
	c.flush(FromInitiator, t)
	c.flush(FromReceiver, t)
	c.half[0].ended, c.half[1].ended = true, true
	c.sum.reset = true
	c.tcp(dir, t, "reset", StepNone)
	return c.out
}

// Finish records that there is no more input: what is unfinished comes out as
// it is.
func (c *Conn) Finish(t time.Time) []Event {
	c.begin(t)
	// The mere end of the input says nothing about a pause, but the other side
	// may have gone on meanwhile.
	for d := range c.half {
		c.stall(Dir(d), c.half[1-d].last, nil)
		c.abandon(Dir(d), t)
	}
	c.flush(FromInitiator, t)
	c.flush(FromReceiver, t)
	c.sum.live = false
	return c.out
}

// flush brings out what a direction still keeps.
func (c *Conn) flush(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.alter.waits() {
		return // what waits may still go on
	}
	if h.secure {
		c.records(t, c.tls.Flush(int(dir)))
	}
	c.settle(dir, t)
	switch h.mode {
	case asXML:
		for _, u := range h.framer.Flush() {
			c.unit(dir, t, u)
		}
	case asWeb:
		c.webFlush(dir, t)
	case asHeld:
		held := h.pull()
		c.heldEvent(dir, t, held, h.next-int64(len(held)))
	}
	c.flushRun(dir, h.last) // when its bytes came, not when it ended
}

func (c *Conn) tcp(dir Dir, t time.Time, what string, s Step) {
	e := c.event(dir, t, KindTCP)
	e.Name.Local = what
	e.Step = s
	e.Off = c.half[dir].next
	c.emit(e, nil, nil)
}

// Note records something about a direction that no byte of it says.
func (c *Conn) Note(dir Dir, t time.Time, text string) []Event {
	c.begin(t)
	e := c.event(dir, t, KindNote)
	e.Off, e.Note = c.half[dir].next, text
	c.emit(e, nil, nil)
	return c.out
}
