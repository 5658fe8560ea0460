package decode

import (
	"time"

	"xmppscope/decode/xmlstream"
)

// Preview is the event that a unit would be if it came now: a whole element,
// header, end tag or white space; on WebSocket the XML. Nothing changes by it,
// and it has no number.
func (c *Conn) Preview(dir Dir, t time.Time, text []byte) Event {
	all := c.ahead(dir, t, text, 1)
	e := all[len(all)-1]
	e.After, e.SM = c.state, c.sm
	return e
}

// Would are the events that a text would be if it came now, at most so many
// units of it, each with what it would change. What stands behind an element that
// switches layers is told as what it is there. Nothing changes by it, and they
// have no numbers.
func (c *Conn) Would(dir Dir, t time.Time, text []byte, most int) []Event {
	return c.ahead(dir, t, text, most)
}

func (c *Conn) ahead(dir Dir, t time.Time, text []byte, most int) []Event {
	p := c.shadow()
	h := &p.half[dir]
	if h.mode == asWeb && c.web.sock[dir] == nil {
		p.bodyEvent(dir, t, text)
	} else if h.mode == asWeb {
		e := p.event(dir, t, KindBroken)
		e.Wire, e.XML, e.Off = text, text, h.next
		p.frame(e)
		e.XML = nil
	} else {
		p.units(dir, t, text, most)
	}
	if len(p.out) == 0 {
		return []Event{{Conn: c.id, Dir: dir, Kind: KindBroken, Time: t, Wire: text, Off: h.next, Layer: c.state.Layer, State: c.state, After: c.state, SM: c.sm}}
	}
	for i := range p.out {
		p.out[i].Seq = 0
	}
	return p.out
}

// units makes events of the units of a text, until one of them switches layers.
func (c *Conn) units(dir Dir, t time.Time, text []byte, most int) {
	h := &c.half[dir]
	rest := text
	for i, u := range c.framed(dir, text) {
		if i == most {
			return
		}
		rest = rest[min(len(u.Wire), len(rest)):]
		after := c.unit(dir, t, u)
		if i+1 == most || len(rest) == 0 {
			return
		}
		switch {
		case after == toTLS && !h.secure && h.zlib == nil:
			if !looksTLS(rest[0]) {
				c.emit(c.stray(dir, t, rest), nil, nil)
			}
			return
		case after == hold:
			if !looksTLS(rest[0]) {
				c.heldEvent(dir, t, rest, h.next)
			}
			return
		case after == toZlib && h.zlib == nil:
			return // nothing is known of bytes that are compressed
		}
	}
}

// stray begins the event of clear bytes where TLS should begin.
func (c *Conn) stray(dir Dir, t time.Time, p []byte) *Event {
	e := c.event(dir, t, KindHeld)
	e.Wire = p
	e.Layer &^= LayerTLS // agreed on, but not around these bytes
	e.Errs = []xmlstream.SyntaxError{afterProceed(p)}
	if isSpace(p) {
		e.Kind = KindSpace
	}
	return e
}
