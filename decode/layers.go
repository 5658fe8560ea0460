package decode

import (
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// maxHeld is how many bytes of a direction wait for the answer to a request to
// switch before they come out as one event.
const maxHeld = 64 << 10

// leave ends what a direction was reading: what it had begun and not
// ended cannot be continued in the next layer.
func (c *Conn) leave(dir Dir, t time.Time) {
	h := &c.half[dir]
	c.settle(dir, t)
	if h.mode == asWeb {
		c.webFlush(dir, t)
		h.mode = asXML
	}
	if h.framer.Pending() > 0 {
		for _, u := range h.framer.Flush() {
			c.unit(dir, t, u)
		}
	}
}

// unhold ends the wait of a direction whose request was answered: the held
// bytes, which its framer has not read yet, go where the answer says.
func (c *Conn) unhold(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.mode != asHeld {
		return
	}
	h.mode = asXML
	o := &c.half[dir.Other()]
	switch {
	case o.secure && !h.secure:
		held := h.pull()
		if len(held) > 0 && looksTLS(held[0]) {
			// A pipelined ClientHello is kept (XEP-0305).
			c.advance(h, -len(held))
			h.secureFrom(h.next)
			c.records(t, c.tlsBytes(dir, t, held, h.next))
			return
		}
		c.heldEvent(dir, t, held, h.next-int64(len(held)))
		h.secureFrom(h.next)
	case o.zlib != nil && h.zlib == nil:
		held := h.pull()
		if c.compress(h); looksZlib(held) {
			// Compressed bytes that did not wait are read all the same: what
			// follows cannot be without them.
			off := h.next - int64(len(held))
			x := c.extent(h, off, len(held))
			c.advance(h, -len(held))
			c.inflate(dir, t, held, x)
			return
		}
		c.heldEvent(dir, t, held, h.next-int64(len(held)))
	default:
		secure := h.secure
		rest := c.read(dir, t)
		c.advance(h, -len(rest))
		c.onward(dir, t, rest, secure)
	}
}

// hold keeps bytes that came between a request to switch and its answer.
func (c *Conn) hold(dir Dir, t time.Time, p []byte) {
	h := &c.half[dir]
	for h.framer.Pending()+len(p) > maxHeld {
		n := maxHeld - h.framer.Pending()
		h.push(p[:n], h.next)
		c.advance(h, n)
		p = p[n:]
		c.heldEvent(dir, t, h.pull(), h.next-maxHeld)
		// Where in the document the rest begins is not known any more.
		h.framer, h.fed = xmlstream.NewMidStream(c.o.XML), 0
	}
	h.push(p, h.next)
	c.advance(h, len(p))
}

// answered tells by the first bytes after a request to switch that its answer
// was yes, where only this direction was captured.
func (c *Conn) answered(dir Dir, p []byte) bool {
	return c.tls == nil && !c.half[dir.Other()].seen && looksTLS(p[0])
}

var refStartTLSData = spec.RFC(6120, "5.4.3.1")

func (c *Conn) heldEvent(dir Dir, t time.Time, held []byte, off int64) {
	if len(held) == 0 {
		return
	}
	e := c.event(dir, t, KindHeld)
	e.Wire, e.Off = held, off
	e.Raw = c.extent(&c.half[dir], off, len(held))
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

func isSpace(p []byte) bool {
	for _, b := range p {
		if b != ' ' && b != '\n' && b != '\r' && b != '\t' {
			return false
		}
	}
	return true
}

// marks say which bytes of TCP brought which bytes above TLS and compression,
// for those that stand in no event yet. Without a mark the two run side by
// side.
type marks struct {
	all []mark
}

// mark says that text up to end came in the extent x.
type mark struct {
	end int64
	x   Extent
}

func (m *marks) add(end int64, x Extent) {
	if n := len(m.all); n > 0 && m.all[n-1].x == x {
		m.all[n-1].end = end
		return
	}
	m.all = append(m.all, mark{end, x})
}

// extent is where n bytes of text at off stand in TCP. The text of a direction
// is asked for in its order: what stands before off is forgotten.
func (c *Conn) extent(h *half, off int64, n int) Extent {
	all := h.marks.all
	if len(all) == 0 {
		return Extent{off, off + int64(n)}
	}
	i := 0
	for i < len(all)-1 && all[i].end <= off {
		i++
	}
	x := all[i].x
	for j := i + 1; j < len(all) && all[j-1].end < off+int64(n); j++ {
		x.End = all[j].x.End
	}
	h.marks.all = all[:copy(all, all[i:])]
	return x
}

// place is where a byte of text stands in TCP. It forgets nothing: what comes
// before that byte may still be asked for.
func (c *Conn) place(h *half, off int64) Extent {
	for _, m := range h.marks.all {
		if m.end > off {
			return m.x
		}
	}
	return Extent{off, off}
}
