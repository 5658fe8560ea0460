package ledger

import (
	"fmt"
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Conn is the ledger of one connection.
type Conn struct {
	book    *Book
	acc     *account
	id      string
	active  bool // both sides have agreed to count
	resumed bool
	asked   bool // a login of SASL 2 asks to count (XEP-0386 §3.2)
	pending *resumption
}

// resumption is a request to resume that is not answered yet.
type resumption struct {
	id    string
	acc   *account // a copy of the older ledger
	known bool     // the older stream went through this proxy
	h     uint32   // what the one who resumes has of the other's stanzas
	by    decode.Dir
}

// New returns the ledger of a new connection. book may be nil where nothing is to
// be remembered.
func New(book *Book) *Conn {
	if book == nil {
		book = &Book{}
	}
	return &Conn{book: book, acc: &account{}}
}

// Interested tells whether a first-level element of that name means something
// here: stanzas count, and some others carry counts.
func Interested(name xmlstream.Name) bool {
	return isSM(name.Space) || name.Space == nsSASL2 || decode.IsStanza(name)
}

// Unit enters an element that leaves the tool, or is dropped, in the order of its
// direction, just before it is sent. Where counts of the two legs differ, xml
// takes the place of Node.Wire; nil means that the element goes on as it is. Only
// what is Forwarded is translated. note is a sentence for the record.
func (c *Conn) Unit(dir decode.Dir, n *xmlstream.Node, fate Fate) (xml []byte, note string) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	if decode.IsStanza(n.Name) {
		c.stanza(dir, fate)
		return nil, ""
	}
	p := page{c: c, dir: dir, fate: fate}
	switch {
	case isSM(n.Name.Space):
		p.element(n)
	case n.Name.Space == nsSASL2:
		p.login(n)
	}
	return p.apply(n), p.note
}

// Stanza enters n stanzas that shared one fate, without looking at them: for a
// connection that is not shifted, whose bytes go on before they are read.
func (c *Conn) Stanza(dir decode.Dir, fate Fate, n int) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	for range n {
		c.stanza(dir, fate)
	}
}

// Edited enters an edit that changed how many stanzas there are: was were sent,
// now go on.
func (c *Conn) Edited(dir decode.Dir, was, now int) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	// What is added comes first, so that a stanza is confirmed with the last of
	// what was made of it.
	for range now - was {
		c.stanza(dir, Injected)
	}
	for range min(was, now) {
		c.stanza(dir, Forwarded)
	}
	for range was - now {
		c.stanza(dir, Dropped)
	}
}

func (c *Conn) stanza(dir decode.Dir, fate Fate) {
	l := &c.acc.lanes[dir&1]
	switch fate {
	case Forwarded:
		l.forward()
	case Dropped:
		l.drop()
	case Injected, Synthetic:
		l.insert(fate)
	}
}

// Waits tells how many stanzas of a direction have arrived and are held, or wait
// behind one that is.
func (c *Conn) Waits(dir decode.Dir, stanzas int) {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	c.acc.lanes[dir&1].waiting = uint32(max(stanzas, 0))
}

// Shifted tells whether counts of the two legs differ, so that elements must pass
// through Unit before they are sent. As long as they do not, bytes may go on
// before they are looked at; Unit then has nothing to change. That does not hold
// for the negotiation: a <resume/> is part of it, and brings the shift of an older
// connection with it.
func (c *Conn) Shifted() bool {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	if p := c.pending; p != nil && (p.acc.lanes[0].shifted() || p.acc.lanes[1].shifted()) {
		return true
	}
	return c.acc.lanes[0].shifted() || c.acc.lanes[1].shifted()
}

// Answer is an <a/> for the sender of a direction that the tool may send in the
// receiver's place, whenever an element may stand there (XEP-0198 §4). It claims
// what the receiver has confirmed and not a stanza more: what was only written to
// the receiver may still be lost. Nil: stream management is not in use.
func (c *Conn) Answer(dir decode.Dir) []byte {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	l := &c.acc.lanes[dir&1]
	if !c.active || !l.on {
		return nil
	}
	h := l.claim()
	if before(l.told, h) {
		l.told = h
	}
	return fmt.Appendf(nil, "<a xmlns='%s' h='%d'/>", c.acc.space, h)
}

// Ended says that the stream was closed by its end tags, so that it cannot be
// resumed any more (XEP-0198 §7).
func (c *Conn) Ended() {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	c.book.forget(c.id, c.acc)
}

// View is the ledger as it stands.
func (c *Conn) View() View {
	c.book.mu.Lock()
	defer c.book.mu.Unlock()
	return View{ID: c.id, Resumed: c.resumed, Dirs: [2]Direction{c.acc.lanes[0].view(), c.acc.lanes[1].view()}}
}

// count reads the attribute h, a count modulo 2^32 in decimal digits.
func count(n *xmlstream.Node) (uint32, bool) {
	v, ok := n.Attr("h")
	if !ok || v == "" || v[0] == '+' {
		return 0, false
	}
	h, err := strconv.ParseUint(v, 10, 32)
	return uint32(h), err == nil
}
