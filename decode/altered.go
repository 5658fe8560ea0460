package decode

import (
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// framed cuts text into units, at the place where a direction is.
func (c *Conn) framed(dir Dir, text []byte) []xmlstream.Unit {
	f := xmlstream.NewFramer(c.o.XML)
	f.Return(c.half[dir].framer.Place())
	f.Push(text)
	return f.Flush()
}

// readAltered is read where marks say what was done.
func (c *Conn) readAltered(dir Dir, t time.Time) (rest []byte) {
	h := &c.half[dir]
	for h.mode == asXML && !h.alter.waits() {
		c.insertBefore(dir, t, h.place())
		at, before := h.place(), h.framer.Place()
		u, ok := h.framer.Next()
		if !ok {
			return nil
		}
		if rest, over := c.follow(dir, t, c.altered(dir, t, u, at, before)); over {
			return rest
		}
	}
	return nil
}

// altered makes the event of a unit at a place, as the marks say.
func (c *Conn) altered(dir Dir, t time.Time, u xmlstream.Unit, at int64, before xmlstream.Place) change {
	h := &c.half[dir]
	l, m := h.alter.labelAt(dir, at, u.Wire)
	switch m {
	case MarkHold, MarkDrop:
		after := h.framer.Place()
		c.goTo(dir, before) // as if it had not been read
		if m == MarkDrop {
			c.dropped(dir, t, u.Wire, true, l)
			return stay
		}
		c.holdUnit(dir, t, l.note, &heldUnit{id: l.id, text: u.Wire, own: true, at: at, unit: u, before: before, after: after})
		return stay
	case MarkEdit:
		c.goTo(dir, before) // as if it had not been read
		c.instead(dir, t, l.text, l)
		return stay
	}
	return c.labelled(dir, t, u, l)
}

// labelAt is what the marks say of the unit at a place, and what to do with it:
// MarkNote where nothing but to label it.
func (a *altering) labelAt(dir Dir, at int64, text []byte) (label, MarkKind) {
	if at < a.until {
		l := a.label
		a.label.seq, a.label.original = 0, nil
		return l, MarkNote
	}
	m, ok := a.take(at)
	if !ok {
		return label{}, MarkNote
	}
	l := label{origin: OriginEdited, original: text, note: m.Note, id: m.ID, text: m.Text}
	switch {
	case m.Do == MarkHold:
		return l, MarkHold
	case m.Do == MarkDrop:
		l.origin = OriginDropped
		return l, MarkDrop
	case m.Do == MarkEdit && dir == FromInitiator:
		return l, MarkEdit
	case m.Do == MarkInsert:
		l.origin, l.original = m.Origin, nil
	default:
		l.original = m.Text
	}
	a.label, a.until = l, at+m.N
	a.label.original = nil
	return l, MarkNote
}

// labelled makes the event of a unit with a label.
func (c *Conn) labelled(dir Dir, t time.Time, u xmlstream.Unit, l label) change {
	if l.origin != OriginWire || l.seq != 0 {
		c.label = &l
		defer func() { c.label = nil }()
	}
	return c.unit(dir, t, u)
}

// goTo puts a framer at a place, with the bytes that still wait there. They are
// not copied: there may be many units behind each other that were held.
func (c *Conn) goTo(dir Dir, p xmlstream.Place) { c.half[dir].framer.Return(p) }

// instead makes events of units that are not among the bytes of a direction,
// and does what follows from them. What waits is read behind them.
func (c *Conn) instead(dir Dir, t time.Time, text []byte, l label) {
	h := &c.half[dir]
	if h.mode == asWeb && c.web.sock[dir] == nil {
		c.label = &l
		c.bodyEvent(dir, t, text)
		c.label = nil
		return
	}
	if h.mode == asWeb {
		c.label = &l
		e := c.event(dir, t, KindBroken)
		e.Wire, e.XML, e.Off = text, text, h.next
		c.frame(e)
		e.XML, c.label = nil, nil
		return
	}
	// What waits stays where it is: there may be much of it, behind many that are
	// changed.
	own, fed, off := h.framer, h.fed, h.next-int64(h.framer.Pending())
	f := xmlstream.NewFramer(c.o.XML)
	f.Return(own.Place())
	f.Push(text)
	h.framer = f
	for over := false; !over; {
		u, ok := f.Next()
		if p := f.Unread(); !ok && len(p) > 0 && isSpace(p) {
			u, ok = f.Flush()[0], true // it ends here, whatever comes
		}
		if !ok {
			break
		}
		u.Off = off - h.base
		_, over = c.follow(dir, t, c.labelled(dir, t, u, l))
		l.seq, l.original = 0, nil
	}
	h.framer, h.fed = own, fed
	own.Return(f.Place())
	if begun := f.Unread(); len(begun) > 0 { // and goes on with what waits
		rest := own.Detach()
		own.Push(begun)
		own.Push(rest)
		h.base -= int64(len(begun))
		h.fed += int64(len(begun))
	}
}

// letGo makes the event of a unit that was held and goes on as it came.
func (c *Conn) letGo(dir Dir, t time.Time, u *heldUnit, l label) {
	if u.http != nil {
		c.message(dir, t, u.http, l)
		return
	}
	if c.half[dir].mode == asWeb {
		c.instead(dir, t, u.text, l)
		return
	}
	c.goTo(dir, u.after)
	c.follow(dir, t, c.labelled(dir, t, u.unit, l))
}

// goOn reads what waited behind a held unit.
func (c *Conn) goOn(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.mode == asWeb && c.web.sock[dir] == nil {
		asks := h.alter.asks
		h.alter.asks = nil
		c.messages(t, asks)
		return
	}
	if h.mode == asWeb {
		queue := h.alter.queue
		h.alter.queue = nil
		c.frames(dir, t, queue)
		return
	}
	if h.mode != asXML {
		return
	}
	secure := h.secure
	rest := c.read(dir, t)
	c.advance(h, -len(rest))
	c.onward(dir, t, rest, secure)
}

// alteredFrame does with a message of WebSocket what the marks say. False means
// that it is to be read as it is.
func (c *Conn) alteredFrame(dir Dir, t time.Time, m *httpwire.WSMessage, off int64) bool {
	h := &c.half[dir]
	at := off - h.skew
	c.insertBefore(dir, t, at)
	l, do := h.alter.labelAt(dir, at, m.Payload)
	switch do {
	case MarkHold:
		c.holdUnit(dir, t, l.note, &heldUnit{id: l.id, text: m.Payload, own: true, at: at})
		return true
	case MarkDrop:
		c.dropped(dir, t, m.Payload, true, l)
		return true
	case MarkEdit:
		c.instead(dir, t, l.text, l)
		return true
	}
	if l.origin != OriginWire || l.seq != 0 {
		c.label = &l
	}
	return false
}
