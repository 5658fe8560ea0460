package decode

import (
	"math"
	"slices"
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// MarkKind is a sort of [Mark].
type MarkKind uint8

// Kinds of marks.
const (
	MarkNote           MarkKind = iota // something to say; Note is the text
	MarkHold                           // a unit waits for a decision
	MarkRelease                        // the decision
	MarkEdit                           // a unit was changed
	MarkDrop                           // a unit was not sent on
	MarkInsert                         // units that neither side sent
	MarkExporter                       // Text is the value of tls-exporter (RFC 9266 §2)
	MarkExporterBeyond                 // the same of the proxy's own connection to the receiving side
)

// Mark says what a proxy did at one place of a direction. A Conn that is fed
// with what passes between the initiating entity and a proxy has what differs
// on the other side from marks.
//
// The receiving side's bytes are seen behind the proxy: as they were edited, and
// with what was inserted. The initiating side's are seen before it.
type Mark struct {
	Do  MarkKind
	Dir Dir
	// At is where the unit begins: the number of bytes before it in its
	// direction, above TLS, without what TLS itself says.
	At int64
	// N is how many of the bytes of the direction the mark is about; 0 where
	// they are not among them.
	N int64
	// ID names a held unit, from 1 on; 0 where it was never held.
	ID uint32
	// Origin is, of inserted units, OriginInjected or OriginSynthetic; of a
	// release OriginWire where the unit goes on as it came, else OriginEdited or
	// OriginDropped.
	Origin Origin
	// Text is what does not stand among the bytes of the direction. Initiating
	// side: what a unit was changed to, or what was inserted. Receiving side: the
	// unit that was changed, dropped or held. On WebSocket it is the XML.
	Text []byte
	// Note says why, in words.
	Note string
}

// maxMarks bounds the marks of a direction that wait for their bytes, maxBehind
// the bytes that come while a unit is held: a proxy stops reading much earlier.
const (
	maxMarks  = 4096
	maxBehind = 32 << 20
)

// altering is what marks say about a direction.
type altering struct {
	due   []Mark // by place, those of one place in the order in which they came
	held  *heldUnit
	queue []httpwire.WSMessage // behind the held one
	asks  []httpwire.Message   // the same of HTTP
	until int64                // the end of the units that have the label
	label label
}

// heldUnit is a unit that waits.
type heldUnit struct {
	id  uint32
	seq Seq
	// own is set where it stands among the bytes of the direction; those behind
	// it wait too. text is its XML.
	own  bool
	at   int64 // its place
	raw  int64 // how many bytes of its direction had come when it was held
	text []byte
	http *httpwire.Message // of HTTP: the whole message
	unit xmlstream.Unit
	// The places before it and behind it.
	before, after xmlstream.Place
}

// label is what the next events have from a mark.
type label struct {
	seq      Seq
	origin   Origin
	original []byte
	note     string
	// Of the mark that it comes from.
	id   uint32
	text []byte
}

// put labels an event. Only the first has the number and the original.
func (l *label) put(e *Event) {
	e.Origin, e.Note = l.origin, l.note
	if l.origin == OriginEdited {
		e.Original = l.original
	}
	l.original = nil
}

// Mark takes what a proxy did. A mark comes before the bytes it is about.
func (c *Conn) Mark(t time.Time, m Mark) []Event {
	c.begin(t)
	switch m.Do {
	case MarkExporter:
		c.exporter = slices.Clone(m.Text)
		return nil
	case MarkExporterBeyond:
		c.beyond = slices.Clone(m.Text)
		return nil
	case MarkNote:
		e := c.event(m.Dir, t, KindNote)
		e.Off, e.Note = c.half[m.Dir&1].next, m.Note
		c.emit(e, nil, nil)
		return c.out
	}
	m.Dir &= 1
	h := &c.half[m.Dir]
	if h.alter == nil {
		h.alter = &altering{}
	}
	switch {
	case m.Do == MarkRelease:
		c.release(t, m)
	case m.Do == MarkHold && m.Dir == FromReceiver:
		c.holdUnit(m.Dir, t, m.Note, &heldUnit{id: m.ID, text: m.Text})
	case m.Do == MarkDrop && m.Dir == FromReceiver:
		c.dropped(m.Dir, t, m.Text, false, label{origin: OriginDropped, note: m.Note})
	case m.Do == MarkInsert && m.N == 0 && h.alter.waits() && m.At <= h.alter.held.at:
		// In front of what is held: the framer stands there.
		c.instead(m.Dir, t, m.Text, label{origin: m.Origin, note: m.Note})
	case len(h.alter.due) < maxMarks:
		i, _ := slices.BinarySearchFunc(h.alter.due, m.At+1, func(have Mark, at int64) int { return int(have.At - at) })
		h.alter.due = slices.Insert(h.alter.due, i, m)
	}
	if !h.alter.waits() {
		c.insertDue(m.Dir, t)
	}
	return c.out
}

// waits tells whether the bytes of a direction wait behind a unit that is held.
func (a *altering) waits() bool { return a != nil && a.held != nil && a.held.own }

// place is how many bytes above TLS stand before the next unit of a direction.
func (h *half) place() int64 { return h.next - h.skew - int64(h.framer.Pending()) }

// insertDue makes events of what was inserted before the next unit.
func (c *Conn) insertDue(dir Dir, t time.Time) {
	h := &c.half[dir]
	if h.mode == asWeb {
		c.insertBefore(dir, t, c.webPlace(dir))
		return
	}
	if h.mode == asXML && h.zlib == nil {
		c.insertBefore(dir, t, h.place())
	}
}

// insertBefore is insertDue up to a place.
func (c *Conn) insertBefore(dir Dir, t time.Time, place int64) {
	a := c.half[dir].alter
	for len(a.due) > 0 && a.due[0].At <= place {
		m := a.due[0]
		if m.Do != MarkInsert && m.At == place || m.Do == MarkInsert && m.N > 0 && m.At+m.N > place {
			return // of the unit that comes next
		}
		a.due = a.due[1:]
		if m.Do == MarkInsert && m.N == 0 {
			c.instead(dir, t, m.Text, label{origin: m.Origin, note: m.Note})
		}
	}
}

// take is the mark of the unit that begins at a place, and what has none.
func (a *altering) take(place int64) (Mark, bool) {
	for len(a.due) > 0 && a.due[0].At < place {
		a.due = a.due[1:] // no unit began there
	}
	if len(a.due) == 0 || a.due[0].At > place {
		return Mark{}, false
	}
	m := a.due[0]
	a.due = a.due[1:]
	return m, true
}

// holdUnit announces a unit that waits.
func (c *Conn) holdUnit(dir Dir, t time.Time, why string, u *heldUnit) {
	e := c.Preview(dir, t, u.text)
	u.seq = c.number()
	e.Seq, e.Held, e.HeldID, e.Note, e.Off = u.seq, true, u.id, why, c.half[dir].offset(u.own, u.text)
	c.out = append(c.out, e)
	u.raw = c.half[dir].raw
	c.half[dir].alter.held = u
}

// offset is where a unit of a direction stands in its plaintext: the one that
// was read last where it is among its bytes, else where the next one begins.
func (h *half) offset(own bool, text []byte) int64 {
	at := h.next - int64(h.framer.Pending())
	if own {
		at -= int64(len(text))
	}
	return at
}

// dropped makes the event of a unit that was not sent on: it changes nothing. own
// tells that it is among the bytes of its direction and was read.
func (c *Conn) dropped(dir Dir, t time.Time, text []byte, own bool, l label) {
	e := c.Preview(dir, t, text)
	c.label = &l
	e.Seq, e.Off = c.number(), c.half[dir].offset(own, text)
	c.label = nil
	if dir == FromInitiator && e.Kind == KindStanza && c.counts(dir) {
		c.sm.Sent[dir]++ // who sent it has counted it
	}
	l.put(&e)
	c.sum.events++
	c.out = append(c.out, e)
}

// release takes the decision about a held unit.
func (c *Conn) release(t time.Time, m Mark) {
	a := c.half[m.Dir].alter
	u := a.held
	if u == nil || u.id != m.ID {
		return
	}
	a.held = nil
	l := label{seq: u.seq, origin: m.Origin, original: u.text, note: m.Note}
	switch {
	case m.Origin == OriginDropped:
		c.dropped(m.Dir, t, u.text, u.own, l)
	case !u.own: // it is still to come
		a.label, a.until = l, m.At+m.N
	case u.http != nil:
		l.text = m.Text
		c.message(m.Dir, t, u.http, l)
	case m.Origin == OriginEdited:
		c.instead(m.Dir, t, m.Text, l)
	default:
		c.letGo(m.Dir, t, u, l)
	}
	if u.own {
		c.goOn(m.Dir, t)
	}
}

// overdue ends the wait of a direction where more has come than waits behind a
// held unit of any proxy: the recording was cut, or is none.
func (c *Conn) overdue(dir Dir, t time.Time) {
	h := &c.half[dir]
	if !h.alter.waits() || h.raw-h.alter.held.raw <= maxBehind {
		return
	}
	c.release(t, Mark{Do: MarkRelease, Dir: dir, ID: h.alter.held.id, Note: "no decision about it is recorded: it is taken to have gone on"})
}

// abandon ends what is held when nothing more comes: it never went on.
func (c *Conn) abandon(dir Dir, t time.Time) {
	a := c.half[dir].alter
	if a == nil || a.held == nil {
		return
	}
	a.label, a.until = label{origin: OriginDropped, note: "waited behind what was held"}, math.MaxInt64
	c.release(t, Mark{Do: MarkRelease, Dir: dir, ID: a.held.id, Origin: OriginDropped, Note: "was still held at the end"})
}

// shadow is a copy that can make events without changing anything.
func (c *Conn) shadow() Conn {
	p := *c
	p.out, p.seq, p.o.Number, p.label = nil, 0, nil, nil
	for d := range p.half {
		p.half[d].marks = marks{}
		p.half[d].alter = nil
		p.iqs[d].still, p.backs[d].still = true, true
	}
	return p
}
