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
	off := h.next
	switch h.mode {
	case asXML:
		for _, u := range h.framer.Gap(n) {
			c.unit(dir, t, u)
		}
		if h.scope == nil {
			h.scope = c.assumedScope()
		}
		h.fed += n
	default:
		c.flush(dir, t)
	}
	h.next += n
	c.lost += n
	e := c.event(dir, t, KindGap)
	e.Off, e.Lost = off, n
	e.Note = fmt.Sprintf("%d bytes are missing from the capture", n)
	c.emit(e, nil, nil)
	return c.out
}

// End records that a direction was ended in order, by FIN.
func (c *Conn) End(dir Dir, t time.Time) []Event {
	c.begin(t)
	if c.half[dir].ended {
		return nil
	}
	c.flush(dir, t)
	c.half[dir].ended = true
	c.tcp(dir, t, "end", StepNone)
	return c.out
}

// Reset records that a side cut the connection, by RST.
func (c *Conn) Reset(dir Dir, t time.Time) []Event {
	c.begin(t)
	c.flush(FromInitiator, t)
	c.flush(FromReceiver, t)
	c.half[0].ended, c.half[1].ended = true, true
	c.reset = true
	c.tcp(dir, t, "reset", StepNone)
	return c.out
}

// Finish records that there is no more input: what is unfinished comes out as
// it is.
func (c *Conn) Finish(t time.Time) []Event {
	c.begin(t)
	c.flush(FromInitiator, t)
	c.flush(FromReceiver, t)
	c.live = false
	return c.out
}

// flush brings out what a direction still keeps.
func (c *Conn) flush(dir Dir, t time.Time) {
	h := &c.half[dir]
	switch h.mode {
	case asXML:
		for _, u := range h.framer.Flush() {
			c.unit(dir, t, u)
		}
	case asHeld:
		held := h.pull()
		c.heldEvent(dir, t, held, h.next-int64(len(held)))
	case asOpaque:
		c.flushRun(dir, t)
	}
}

func (c *Conn) tcp(dir Dir, t time.Time, what string, s Step) {
	e := c.event(dir, t, KindTCP)
	e.Name.Local = what
	e.Step = s
	e.Off = c.half[dir].next
	c.emit(e, nil, nil)
}

// Summary sums up the conversation so far. Addresses, transport and frames are
// for the caller to add.
func (c *Conn) Summary() Conversation {
	s := c.state
	who := s.JID
	if who == "" {
		who = s.Identity
	}
	return Conversation{
		Conn: c.id, Profile: s.Profile, Domain: s.Domain, JID: who, Phase: s.Phase,
		Transport: "tcp", Start: c.start, End: c.end, Outcome: c.outcome(),
		Encrypted: s.Layer&LayerTLS != 0, Events: c.events, Bytes: c.bytes, Lost: c.lost,
	}
}

func (c *Conn) outcome() Outcome {
	s := c.state
	ended := c.half[0].ended || c.half[1].ended
	switch {
	case s.Error != "":
		return OutcomeError
	case c.closed(FromInitiator) && c.closed(FromReceiver):
		return OutcomeClosed
	case c.reset:
		return OutcomeReset
	case ended && c.opaque:
		// What stood inside cannot be seen; TCP was ended in order.
		return OutcomeClosed
	case ended:
		return OutcomeCut
	case c.live:
		return OutcomeOpen
	}
	return OutcomeTruncated
}

// closed tells whether a direction's stream was closed; one of which nothing
// was captured does not count.
func (c *Conn) closed(dir Dir) bool {
	h := &c.half[dir]
	if !h.seen {
		return c.half[dir.Other()].seen
	}
	return c.state.Headers[dir] > 0 && !c.state.Open[dir]
}

// Note records something about a direction that no byte of it says.
func (c *Conn) Note(dir Dir, t time.Time, text string) []Event {
	c.begin(t)
	e := c.event(dir, t, KindNote)
	e.Off, e.Note = c.half[dir].next, text
	c.emit(e, nil, nil)
	return c.out
}
