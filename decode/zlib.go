package decode

import (
	"strings"
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

// looksZlib tells whether bytes may begin a zlib stream (RFC 1950 §2.2).
func looksZlib(p []byte) bool {
	const deflate = 8
	return len(p) > 1 && p[0]&15 == deflate && p[0]>>4 < 8 && (int(p[0])<<8|int(p[1]))%31 == 0
}

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
		if u.Err != nil && strings.HasPrefix(u.Err.Text, "incomplete: ") {
			cut := *u.Err
			cut.Text = "incomplete: " + why
			u.Err = &cut
		}
		c.unit(dir, t, u)
	}
	h.mode = asBroken
	c.pass(dir, t, run{kind: brokenRun, note: why, fault: fault, bytes: rest, off: h.next, x: x})
	c.advance(h, len(rest))
}
