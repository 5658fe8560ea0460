package ledger

import (
	"fmt"
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// page is one element that carries counts, being read and rewritten.
type page struct {
	c    *Conn
	dir  decode.Dir
	fate Fate
	note string

	at   xmlstream.Span // the value of h that is replaced; empty where none is
	with uint32
}

// element applies an element of XEP-0198. What the tool put in itself, and what
// it dropped, begins and ends nothing; but a dropped <a/> was still said.
func (p *page) element(n *xmlstream.Node) {
	if p.fate == Dropped && n.Name.Local == "a" {
		p.ack(n)
	}
	if p.fate != Forwarded {
		return
	}
	switch n.Name.Local {
	case "enable":
		p.enable(n)
	case "enabled":
		p.enabled(n)
	case "a":
		p.ack(n)
	case "resume":
		p.resume(n)
	case "resumed":
		p.resumed(n)
	case "failed":
		p.failed(n)
	}
}

// login applies what stands inside the elements of SASL 2 (XEP-0198 §9, XEP-0386
// §3.2).
func (p *page) login(n *xmlstream.Node) {
	if p.fate != Forwarded {
		return
	}
	switch n.Name.Local {
	case "authenticate":
		p.c.asked = false
		p.inner(n, "resume")
		if bind := n.Child(nsBind2, "bind"); bind != nil && p.inner(bind, "enable") {
			p.c.asked = true
		}
	case "success":
		done := p.inner(n, "resumed") || p.inner(n, "failed")
		if bound := n.Child(nsBind2, "bound"); bound != nil {
			done = p.inner(bound, "enabled") || done
		}
		if !p.c.active || !done {
			p.unasked()
		}
		p.c.asked = false
	case "failure":
		p.c.pending = nil
		p.unasked()
	}
}

// inner applies a child of an element; false where it has none.
func (p *page) inner(n *xmlstream.Node, local string) bool {
	for _, space := range [...]string{nsSM, nsSM2} {
		if c := n.Child(space, local); c != nil {
			p.element(c)
			return true
		}
	}
	return false
}

// unasked takes back the counting that a login asked for and did not get.
func (p *page) unasked() {
	if p.c.asked && !p.c.active {
		p.c.acc = &account{}
	}
	p.c.asked = false
}

func (p *page) enable(n *xmlstream.Node) {
	if p.c.active {
		return // a second one changes nothing (XEP-0198 §3)
	}
	p.c.acc.space = n.Name.Space
	p.c.acc.lanes[p.dir&1].begin()
}

func (p *page) enabled(n *xmlstream.Node) {
	c := p.c
	if c.active {
		return
	}
	c.acc.space = n.Name.Space
	c.acc.lanes[p.dir&1].begin()
	if asker := &c.acc.lanes[p.dir.Other()&1]; !asker.on {
		asker.begin()
	}
	c.active = true
	c.id, _ = n.Attr("id")
	c.book.keep(c.id, c.acc)
}

// ack translates what one side has of the other's stanzas.
func (p *page) ack(n *xmlstream.Node) {
	l := &p.c.acc.lanes[p.dir.Other()&1]
	h, ok := count(n)
	if !ok || !l.on {
		return
	}
	p.replace(n, h, l.ack(h))
}

// resume translates the request by the ledger of the older connection.
func (p *page) resume(n *xmlstream.Node) {
	c := p.c
	h, ok := count(n)
	if !ok {
		return
	}
	r := &resumption{h: h, by: p.dir, acc: &account{space: n.Name.Space}}
	r.id, _ = n.Attr("previd")
	if old := c.book.of[r.id]; old != nil {
		r.known, r.acc = true, old.copied()
	}
	c.pending = r
	x := h
	if r.known {
		x = r.acc.lanes[p.dir.Other()&1].ack(h)
	}
	p.replace(n, h, x)
}

// resumed goes on with the older ledger on this connection.
func (p *page) resumed(n *xmlstream.Node) {
	c, r := p.c, p.c.pending
	h, ok := count(n)
	if !ok || r == nil || r.by == p.dir {
		return
	}
	c.pending = nil
	if old := c.book.of[r.id]; r.known && old != nil {
		r.acc = old.copied() // the older connection may have delivered more meanwhile
	}
	c.acc, c.id, c.active, c.resumed = r.acc, r.id, true, true
	c.acc.lanes[p.dir&1].resume(r.h, r.known)
	x := c.acc.lanes[r.by&1].resume(h, r.known)
	c.book.keep(c.id, c.acc)
	p.replace(n, h, x)
}

// failed answers a request to resume, or one to count.
func (p *page) failed(n *xmlstream.Node) {
	c, r := p.c, p.c.pending
	if r == nil || r.by == p.dir {
		if !c.active {
			c.acc = &account{}
		}
		return
	}
	c.pending = nil
	if h, ok := count(n); ok && r.known {
		p.replace(n, h, r.acc.lanes[r.by&1].ack(h))
	}
}

// replace puts another value into h.
func (p *page) replace(n *xmlstream.Node, h, x uint32) {
	a := n.FindAttr("", "h")
	if h == x || a == nil || p.fate != Forwarded {
		return
	}
	p.at, p.with = a.Raw, x
	p.note = fmt.Sprintf("h=%d became h=%d: the tool dropped or added stanzas, and each side counts its own leg", h, x)
}

// apply is the bytes of n with the new h; nil where it stays.
func (p *page) apply(n *xmlstream.Node) []byte {
	if p.at.End == 0 {
		return nil
	}
	unit := n.Unit()
	out := append([]byte(nil), unit[n.Span.Start:p.at.Start]...)
	out = strconv.AppendUint(out, uint64(p.with), 10)
	return append(out, unit[p.at.End:n.Span.End]...)
}
