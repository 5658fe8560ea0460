package xmlstream

// How a reader that has lost its place finds it again.
//
// Behind a gap, at the beginning of a capture in mid-stream and behind markup
// that cannot be counted, the depth is unknown: the bytes may belong to a
// stanza, to one forwarded inside another (XEP-0297), to a payload, to text
// that only looks like markup. Two things are certain. An end tag without a
// start tag among the bytes seen closes something that began before them, so
// everything since was inside that. And between first-level elements nothing
// stands but white space (RFC 6120 §11.7).
//
// So tags are counted from the first one seen. An element that begins while
// none is open, and that looks like one of the first level (plausible), is a
// candidate. It is believed when the next element is a whole candidate too, or
// at the end of the stream, a new header, or the end of the input. If text, an
// end tag of something else, or an element that has no business at the first
// level comes first, the candidates were content. The likes of <enable/> stand
// next to one another inside SASL 2 and Bind 2 elements as well; they need
// something stronger beside them, or a row of four.
//
// Every byte is looked at once here and, if its element is believed, once more
// in its turn. What cannot be used is handed out in pieces as soon as it is
// long enough, so that no more is kept than the candidates.

const none = -1

// row is how many weak candidates beside one another are believed.
const row = 4

// search is the state of looking for a first-level element. Positions count
// from the start of the unit, like those of the lexer.
type search struct {
	cand   int  // where the first candidate begins, or none
	count  int  // how many candidates are whole
	strong bool // one of them is more than weak
	whole  int  // where the last one ended, if nothing came since, or none
	decl   int  // where an XML declaration begins, if nothing came since, or none
	outer  int  // where the outermost open element begins
	skip   int  // bytes that are to be handed out as skipped
}

func newSearch() search { return search{cand: none, whole: none, decl: none} }

// resync looks through the bytes. True means that Next can go on.
func (f *Framer) resync(b []byte) bool {
	l, s := &f.lex, &f.search
	for {
		limit := f.searchLimit(b)
		window := b[:min(len(b), limit)]
		k := l.scan(window)
		if k == tokMore && len(b) < limit {
			break
		}
		if k == tokMore {
			// Too long for what it may be: none of it is believed.
			f.disbelieve()
			f.tags.clear()
			l.begin(limit)
			continue
		}
		if at := f.weigh(b, k); at != none {
			f.found(at)
			return true
		}
		if k == tokBad {
			l.begin(max(l.pos, l.tok+1))
			continue
		}
		l.next()
	}
	// What is sure to be skipped need not wait for the rest.
	if n := s.sure(l); n >= piece {
		s.skip = piece
		return true
	}
	return false
}

// searchLimit is how far the token at hand may reach.
func (f *Framer) searchLimit(b []byte) int {
	l, s := &f.lex, &f.search
	switch {
	case s.cand != none:
		return s.cand + f.o.MaxUnit
	case s.decl != none:
		return s.decl + piece
	case l.pos < len(b) && b[l.pos] != '<' && l.state == tokMore, l.state == tokText, l.state == tokSpace:
		return len(b) + 1 // text may be as long as it likes
	}
	return l.tok + piece
}

// sure is how many bytes will be skipped, whatever follows.
func (s *search) sure(l *lexer) int {
	switch {
	case s.cand != none:
		return s.cand
	case s.decl != none:
		return s.decl
	case l.state == tokText, l.state == tokSpace:
		return l.pos
	}
	return l.tok
}

func (f *Framer) disbelieve() {
	s := &f.search
	s.cand, s.whole, s.decl, s.count, s.strong = none, none, none, 0, false
}

// weigh takes a token into account. It returns where the stream can be read
// again, or none.
func (f *Framer) weigh(b []byte, k token) int {
	s := &f.search
	switch k {
	case tokSpace:
	case tokDecl:
		s.decl = f.lex.tok
	case tokStart, tokEmpty:
		return f.weighStart(b, k)
	case tokEnd:
		return f.weighEnd(b)
	default:
		s.decl = none
		if s.whole != none || k == tokBad {
			f.disbelieve()
		}
	}
	return none
}

// believed is where reading may go on if something follows that makes sense
// only at the first level: with the candidates before it, or else with it.
func (f *Framer) believed(at int) int {
	s := &f.search
	switch {
	case s.count > 0:
		return s.cand
	case s.decl != none:
		return s.decl
	}
	return at
}

func (f *Framer) weighStart(b []byte, k token) int {
	l, s := &f.lex, &f.search
	name := l.name(b)
	tag := b[l.tok:l.pos]
	if plausibleHeader(tag, name) {
		return f.believed(l.tok)
	}
	s.decl = none
	if s.cand == none && l.pos-s.outer > piece {
		// Nothing says that this long element is not itself a mistake, such
		// as the <br> of a text, in which the rest would be lost.
		f.tags.clear()
	}
	if f.tags.depth() >= f.o.MaxDepth {
		f.disbelieve()
		f.tags.clear()
	}
	outside := f.tags.depth() == 0
	if outside {
		f.outermost(plausible(tag, name))
	}
	switch {
	case k == tokStart:
		f.tags.push(name, l.tok)
	case outside:
		return f.wholeAt(l.pos)
	}
	return none
}

// outermost takes the start tag of an element that nothing known encloses.
func (f *Framer) outermost(kind strength) {
	l, s := &f.lex, &f.search
	s.outer, s.whole = l.tok, none
	if kind == implausible {
		f.disbelieve()
		return
	}
	if s.cand == none {
		s.cand = l.tok
	}
	s.strong = s.strong || kind == strong
}

// wholeAt ends an element that nothing known encloses. It returns where the
// candidates begin if they are now believed.
func (f *Framer) wholeAt(end int) int {
	s := &f.search
	if s.cand == none {
		return none
	}
	s.whole = end
	s.count++
	if s.count >= row || s.count > 1 && s.strong {
		return s.cand
	}
	return none
}

func (f *Framer) weighEnd(b []byte) int {
	l, s := &f.lex, &f.search
	name := l.name(b)
	s.decl = none
	i := f.tags.find(name)
	if i < 0 && f.isRoot(name) {
		return f.believed(l.tok)
	}
	if i < 0 {
		f.disbelieve()
		f.tags.clear()
		return none
	}
	if i < f.tags.depth()-1 {
		f.disbelieve()
	}
	if f.tags.cutTo(i); i == 0 {
		return f.wholeAt(l.pos)
	}
	return none
}

// found ends the search: reading goes on at a position as at depth 1.
func (f *Framer) found(at int) {
	f.mode = open
	f.search = newSearch()
	f.search.skip = at
	f.fresh()
	f.lex.begin(at)
}

// settle ends the search because nothing more will come.
func (f *Framer) settle() {
	s := &f.search
	switch {
	case s.count > 0 && (s.whole == none || s.decl == none && f.unopposed()):
		f.found(s.cand)
	case s.count == 0 && s.cand != none:
		s.skip = s.cand
	default:
		s.skip = f.Pending()
	}
}

// unopposed says that what little follows the candidates does not speak
// against them: white space, or the begin of a stanza.
func (f *Framer) unopposed() bool {
	rest := f.buf[f.start+f.lex.tok:]
	if blank(rest) {
		return true
	}
	for _, tag := range []string{"<message", "<presence", "<iq"} {
		n := min(len(rest), len(tag))
		if n > 1 && string(rest[:n]) == tag[:n] && (n < len(tag) || n == len(rest) || class[rest[n]]&isNameEnd != 0) {
			return true
		}
	}
	return false
}

// skipped hands out the next piece of what was skipped. The search, which may
// be going on, keeps what it knows.
func (f *Framer) skipped() Unit {
	n := min(f.search.skip, piece)
	kind, err := Broken, fault(ruleNone, "skipped: the stream is read again behind this", n, n)
	if blank(f.buf[f.start : f.start+n]) {
		kind, err = Space, nil
	}
	s, l, tags := f.search, f.lex, f.tags
	f.tags = stack{}
	u := f.cut(kind, n, err)
	f.search, f.lex, f.tags = s, l, tags
	f.lex.moved(n)
	f.search.moved(n)
	return u
}

// moved is called when n bytes have left the unit at hand without ending it.
func (s *search) moved(n int) {
	s.skip -= n
	s.outer -= n
	for _, p := range []*int{&s.cand, &s.whole, &s.decl} {
		if *p != none {
			*p -= n
		}
	}
}
