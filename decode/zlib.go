package decode

import (
	"time"

	"xmppscope/decode/inflate"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// enterZlib goes on compressed in both directions (XEP-0138 §3).
func (c *Conn) enterZlib(dir Dir, t time.Time) {
	other := dir.Other()
	c.leave(dir, t)
	c.compress(&c.half[dir])
	if o := &c.half[other]; o.mode != asHeld {
		c.leave(other, t)
		c.compress(o)
	}
	c.unhold(other, t)
}

func (c *Conn) compress(h *half) { h.zlib = inflate.NewZlib(c.o.Inflate) }

// inflate takes compressed bytes, which came in the extent x of TCP.
func (c *Conn) inflate(dir Dir, t time.Time, p []byte, x Extent) {
	h := &c.half[dir]
	z := h.zlib
	if h.mode == asBroken {
		c.pass(dir, t, h.run.like(p, h.next, x))
		c.advance(h, len(p))
		return
	}
	z.Write(p)
	for out := z.Read(); out != nil; out = z.Read() {
		h.marks.add(h.next+int64(len(out)), x)
		for len(out) > 0 {
			out = out[c.text(dir, t, out):]
		}
	}
	if err := z.Err(); err != nil {
		c.giveUp(dir, t, z.Rest(), x, "what follows cannot be decompressed any more",
			&xmlstream.SyntaxError{Rule: err.Rule, Text: err.Text, Ref: spec.XEP(138, "4")})
		return
	}
	if z.Done() {
		c.giveUp(dir, t, z.Rest(), x, "these bytes come after the end of the compressed stream", nil)
	}
}

// giveUp stops reading a direction: rest and all that follows is broken.
func (c *Conn) giveUp(dir Dir, t time.Time, rest []byte, x Extent, why string, fault *xmlstream.SyntaxError) {
	h := &c.half[dir]
	for _, u := range h.framer.Flush() {
		c.unit(dir, t, u)
	}
	h.mode = asBroken
	c.pass(dir, t, run{kind: brokenRun, note: why, fault: fault, bytes: rest, off: h.next, x: x})
	c.advance(h, len(rest))
}
