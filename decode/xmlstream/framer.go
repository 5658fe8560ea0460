package xmlstream

// piece is the length into which bytes that have no structure are cut.
const piece = 64 << 10

// mode is where in a document one direction is.
type mode uint8

const (
	fresh  mode = iota // nothing of a document yet
	open               // inside the root
	closed             // behind the end tag of the root
	lost               // looking for a first-level element (resync.go)
	opaque             // given up
)

// Framer cuts one direction of a stream into units. It takes bytes in any
// portions and gives the same units for all of them; it never builds a tree.
// The zero Framer is not usable.
//
// What it checks is what it needs to find the end of a unit: quotes, the
// names of end tags, the shape of markup. Tree.Parse checks the rest.
type Framer struct {
	o   Options
	lex lexer

	// buf holds bytes of handed-out units up to start and pending ones behind.
	// It is only ever appended to; a full one is left to the units in it.
	buf   []byte
	start int
	off   int64 // offset of buf[start]
	chunk int   // size of the next buffer

	mode mode
	root []byte // name of the root as written; empty in mid-stream

	// Between elements: what has been read of a unit before the token at hand
	// is lead bytes of byte order mark, declaration and white space.
	lead int
	decl int  // where the declaration in it ends; 0 without one
	bom  bool // a byte order mark is in it
	late bool // the document has begun, with something in front of it

	tags stack        // open elements of the unit at hand
	err  *SyntaxError // its first fault
	bad  bool         // after which there is no telling where it ends

	search search // see resync.go
	blank  int64  // up to this offset what is pending is white space
}

// NewFramer returns a framer for a direction that starts with a stream header.
func NewFramer(o Options) *Framer {
	f := &Framer{o: o.limits()}
	f.forget(fresh)
	return f
}

// NewMidStream returns a framer for a direction whose beginning was not seen.
// It looks for the next first-level element, as after a gap.
func NewMidStream(o Options) *Framer {
	f := &Framer{o: o.limits()}
	f.forget(lost)
	return f
}

// NewInside returns a framer for what stands inside a stream, behind its header.
func NewInside(o Options) *Framer {
	f := &Framer{o: o.limits()}
	f.forget(open)
	return f
}

// Push takes the next bytes of the direction. They are copied.
func (f *Framer) Push(p []byte) {
	if len(p) > cap(f.buf)-len(f.buf) {
		f.grow(len(p))
	}
	f.buf = append(f.buf, p...)
}

// grow begins a new buffer with the pending bytes in it. Buffers double while
// they do not do, so that a long unit in tiny portions is copied only a
// logarithm of times, and start small for the many connections that say
// little.
func (f *Framer) grow(n int) {
	const smallest, usual = 2 << 10, 16 << 10
	pending := f.buf[f.start:]
	need := len(pending) + n
	f.chunk = min(max(2*f.chunk, smallest), usual)
	size := f.chunk
	if need > size/2 {
		// No unit needs more room than the longest; more waits only where somebody
		// holds units back.
		size = need + max(min(need, f.o.MaxUnit), need/2)
	}
	buf := make([]byte, len(pending), size)
	copy(buf, pending)
	f.buf, f.start = buf, 0
}

// Rest gives back memory that is not needed until more bytes come. The units
// that were handed out keep theirs.
func (f *Framer) Rest() {
	if pending := f.buf[f.start:]; cap(pending) > 2*len(pending) {
		f.buf, f.start, f.chunk = append([]byte(nil), pending...), 0, 0
	}
}

// Pending is the number of bytes pushed and not yet returned in a unit.
func (f *Framer) Pending() int { return len(f.buf) - f.start }

// Unread is the pending bytes, for a look at them; the framer keeps them.
func (f *Framer) Unread() []byte { return f.buf[f.start:len(f.buf):len(f.buf)] }

// Blank tells whether all that is pending is white space. However often it is
// asked while more comes, it looks at each byte once.
func (f *Framer) Blank() bool {
	b := f.buf[f.start:]
	at := int(min(max(f.blank-f.off, 0), int64(len(b))))
	for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\r' || b[at] == '\t') {
		at++
	}
	f.blank = f.off + int64(at)
	return at == len(b)
}

// Depth is 0 before the header and after the close, 1 between first-level
// elements, more inside one. In mid-stream and after a gap it is 1.
func (f *Framer) Depth() int {
	switch f.mode {
	case fresh, closed:
		return 0
	case open:
		return 1 + f.tags.depth()
	}
	return 1
}

// Next returns the next complete unit. False means that more bytes are
// needed.
func (f *Framer) Next() (Unit, bool) {
	for f.start < len(f.buf) {
		b := f.buf[f.start:]
		if f.search.skip > 0 {
			return f.skipped(), true
		}
		switch f.mode {
		case opaque:
			if len(b) < piece {
				return Unit{}, false
			}
			return f.cut(Opaque, piece, nil), true
		case lost:
			if f.resync(b) {
				continue
			}
			return Unit{}, false
		}
		if len(b) > f.o.MaxUnit {
			b = b[:f.o.MaxUnit]
		}
		if f.tags.depth() > 0 {
			return f.inside(b)
		}
		return f.between(b)
	}
	return Unit{}, false
}

// Take returns the pending bytes and forgets them and the document: another
// layer begins with them (RFC 6120 §5.4.3.3, XEP-0138 §3). Off counts on as if
// they had never been pushed.
func (f *Framer) Take() []byte {
	rest := f.buf[f.start:len(f.buf):len(f.buf)]
	f.start, f.blank = len(f.buf), 0
	f.forget(fresh)
	return rest
}

// Detach returns the pending bytes and forgets them, but not the document. Off
// counts on as if they had never been pushed.
func (f *Framer) Detach() []byte {
	rest := f.buf[f.start:len(f.buf):len(f.buf)]
	f.start, f.blank = len(f.buf), 0
	f.fresh()
	return rest
}

// Place is where in a document a framer is between two units.
type Place struct {
	mode mode
	root string
	late bool
}

// Place is where the framer is; it means something only between units.
func (f *Framer) Place() Place { return Place{mode: f.mode, root: string(f.root), late: f.late} }

// Return goes back to a place, so that what was read since never was there. What
// is pending is read from there.
func (f *Framer) Return(p Place) {
	f.forget(p.mode)
	f.root, f.late = append(f.root, p.root...), p.late
}

// Gap says that n bytes of the direction were lost here. What was pending
// comes back, Off moves on by n, and the next first-level element is looked
// for; a direction that was given up stays so.
func (f *Framer) Gap(n int64) []Unit {
	units := f.rest("cut off: bytes are missing from here on")
	f.off += max(n, 0)
	if f.mode != opaque {
		f.losePlace()
	}
	return units
}

// Flush says that the input has ended, and returns what is left.
func (f *Framer) Flush() []Unit {
	within := f.mode == lost || f.mode == open && f.tags.depth() > 0
	units := f.rest("incomplete: the input ends here")
	if within {
		f.losePlace()
	}
	return units
}

// rest empties the framer; why says what ended the unit at hand.
func (f *Framer) rest(why string) []Unit {
	units := f.drain(nil)
	if f.mode == lost {
		f.settle()
		units = f.drain(units)
	}
	n := f.Pending()
	if n == 0 {
		return units
	}
	b := f.buf[f.start:]
	switch {
	case f.mode == opaque:
		return append(units, f.cut(Opaque, n, nil))
	case f.lead == 0 && f.tags.depth() == 0 && blank(b):
		return append(units, f.cut(Space, n, nil))
	case f.lead == 0 && f.tags.depth() == 0 && f.lex.state == tokText:
		return append(units, f.cut(Broken, n, f.stray(tokText, n)))
	}
	err := f.err
	if err == nil {
		err = fault(ruleNone, why, n, n)
	}
	return append(units, f.cut(Broken, n, err))
}

func (f *Framer) drain(units []Unit) []Unit {
	for {
		u, ok := f.Next()
		if !ok {
			return units
		}
		units = append(units, u)
	}
}

// cut ends the unit at hand after n bytes and begins the next one.
func (f *Framer) cut(k UnitKind, n int, err *SyntaxError) Unit {
	end := f.start + n
	u := Unit{Kind: k, Wire: f.buf[f.start:end:end], Off: f.off, Err: err}
	f.start, f.off = end, f.off+int64(n)
	f.fresh()
	return u
}

// fresh forgets what was read of the unit at hand.
func (f *Framer) fresh() {
	f.lex.begin(0)
	f.lex.between, f.lex.wary = true, f.mode == lost
	f.lead, f.decl, f.bom = 0, 0, false
	f.err, f.bad = nil, false
	f.tags.clear()
}

// forget forgets the document too.
func (f *Framer) forget(m mode) {
	f.mode = m
	f.root = f.root[:0]
	f.late = false
	f.search = newSearch()
	f.fresh()
}

// losePlace forgets where in the document the bytes are, not which document.
func (f *Framer) losePlace() {
	root := f.root
	f.forget(lost)
	f.root = root
}

// full is what happens when the bytes end within the unit: nothing, unless
// the unit has all the bytes that it may have.
func (f *Framer) full(b []byte) (Unit, bool) {
	if len(b) < f.o.MaxUnit {
		return Unit{}, false
	}
	if f.lex.state == tokSpace && f.lead == 0 && f.tags.depth() == 0 {
		return f.cut(Space, len(b), nil), true
	}
	return f.giveUp(len(b), "longer than the limit for one unit"), true
}

// giveUp ends the unit at hand as broken. Behind it nothing is framed any
// more: a peer that leads past a limit may lead anywhere.
func (f *Framer) giveUp(n int, why string) Unit {
	u := f.cut(Broken, n, fault(ruleNone, why+"; what follows in this direction is not read any more", n, n))
	f.mode = opaque
	return u
}
