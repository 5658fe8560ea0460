package decode

import (
	"bytes"

	"xmppscope/decode/xmlstream"
)

// A proxy changes bodies of BOSH as a whole; what it did to each child shows
// when the children before and after are laid side by side.

// fate is what became of a child of a body.
type fate struct {
	origin Origin
	text   []byte // as it went on; of one that was dropped as it came
	was    []byte // of one that was changed
}

// maxAhead bounds how far a child is looked for among those that came.
const maxAhead = 64

// fates lays the children that came and those that went on side by side, in
// order. What is the same is nobody's doing; what has the same name in the same
// gap was changed; the rest was put in, or was dropped.
func fates(was, is [][]byte) (all []fate) {
	for len(is) > 0 || len(was) > 0 {
		n, k := aligned(was, is)
		all = append(all, gap(was[:n], is[:k])...)
		if k < len(is) {
			all = append(all, fate{text: is[k]})
			k, n = k+1, n+1
		}
		was, is = was[n:], is[k:]
	}
	return all
}

// aligned is where the next child stands that is the same in both: behind n that
// came and k that went on; behind all where there is none.
func aligned(was, is [][]byte) (n, k int) {
	for k := range min(len(is), maxAhead) {
		for n := range min(len(was), maxAhead) {
			if bytes.Equal(was[n], is[k]) {
				return n, k
			}
		}
	}
	return len(was), len(is)
}

// gap pairs what is left between two children that are the same.
func gap(was, is [][]byte) (all []fate) {
	for _, text := range is {
		n := likest(was, text)
		if n < 0 {
			all = append(all, fate{origin: OriginInjected, text: text})
			continue
		}
		for _, gone := range was[:n] {
			all = append(all, fate{origin: OriginDropped, text: gone})
		}
		all = append(all, fate{origin: OriginEdited, text: text, was: was[n]})
		was = was[n+1:]
	}
	for _, gone := range was {
		all = append(all, fate{origin: OriginDropped, text: gone})
	}
	return all
}

// likest is which of those that came an element was made of: one of its name that
// begins and ends most like it; -1 where there is none.
func likest(was [][]byte, text []byte) (n int) {
	n, most := -1, -1
	for i, w := range was[:min(len(was), maxAhead)] {
		if !bytes.Equal(tagName(w), tagName(text)) {
			continue
		}
		short := min(len(w), len(text), 4<<10)
		like := 0
		for like < short && w[like] == text[like] {
			like++
		}
		for k := 1; k <= short && w[len(w)-k] == text[len(text)-k]; k++ {
			like++
		}
		if like > most {
			n, most = i, like
		}
	}
	return n
}

// tagName is the name that an element begins with.
func tagName(xml []byte) []byte {
	if end := bytes.IndexAny(xml, " \t\r\n/>"); end >= 0 {
		return xml[:end]
	}
	return xml
}

// startTag is one without its end, which differs where all children are gone.
func startTag(p []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(p, []byte(">")), []byte("/"))
}

// children are those of a body as they went on, and what became of them; of a
// body that nobody has changed nothing became.
func (w *waiting) children() (all []fate) {
	h := &w.carrier
	is := w.body.children()
	if h.Origin == OriginEdited && w.body.was != nil {
		return fates(w.body.was.children(), is)
	}
	for _, text := range is {
		all = append(all, fate{origin: h.Origin, text: text})
	}
	return all
}

func (b *wrapper) children() (all [][]byte) {
	for _, s := range b.parts {
		all = append(all, b.text[s.Start:s.End:s.End])
	}
	return all
}

// child makes the event of a child that went on.
func (x *Session) child(w *waiting, f *fate, inside *xmlstream.Scope) {
	e := x.part(w, KindNonza, f.text)
	e.Scope = inside
	e.Origin = f.origin
	if f.origin != OriginWire {
		e.Original, e.Note = f.was, w.carrier.Note
	}
	x.conn.element(e)
}

// leftOut makes the event of a child that was left out: it changes nothing.
func (x *Session) leftOut(w *waiting, f *fate) {
	c, h := x.conn, &w.carrier
	p := c.shadow()
	p.tree = new(xmlstream.Tree)
	e := p.event(h.Dir, h.Time, KindNonza)
	e.XML, e.Raw, e.Frames, e.Carrier, e.Layer = f.text, h.Raw, h.Frames, h.Seq, h.Layer
	_, e.Scope = p.tree.ParseHeader(w.body.was.text[:w.body.was.head], c.o.XML)
	p.element(e)
	if len(p.out) == 0 {
		return
	}
	found := p.out[0]
	found.Seq, found.After, found.SM = c.number(), c.state, c.sm
	found.Origin, found.Note = OriginDropped, h.Note
	c.sum.events++
	c.out = append(c.out, found)
}
