package xmlstream

const (
	tooManyAttrs = "more attributes than the limit for one element"
	tooDeep      = "nested deeper than the limit"
)

// inside reads the rest of a first-level element.
func (f *Framer) inside(b []byte) (Unit, bool) {
	l := &f.lex
	for {
		switch k := l.scan(b); k {
		case tokMore:
			return f.full(b)
		case tokText:
			if f.bad {
				return f.abandon(), true
			}
		case tokStart, tokEmpty:
			switch {
			case f.tags.depth() >= f.o.MaxDepth:
				return f.giveUp(l.pos, tooDeep), true
			case l.attrs > f.o.MaxAttrs:
				return f.giveUp(l.pos, tooManyAttrs), true
			case k == tokStart:
				f.tags.push(l.name(b), l.tok)
			}
		case tokEnd:
			if end := f.closeTag(b); end > 0 {
				return f.element(end), true
			}
		case tokBad:
			f.unsafe()
			continue
		}
		l.next()
	}
}

// element ends a unit that is an element.
func (f *Framer) element(n int) Unit {
	switch {
	case f.mode == closed:
		return f.cut(Broken, n, fault(ruleAfterClose, "an element after the stream was closed", 0, n))
	case f.err != nil:
		return f.cut(Broken, n, f.err)
	}
	return f.cut(Element, n, nil)
}

// closeTag takes an end tag off the stack. It returns where the unit ends, or
// 0 when it goes on. A wrong end tag is an end all the same for the element
// that it names, else for the stream, else for the innermost element: that is
// how people misspell.
func (f *Framer) closeTag(b []byte) int {
	l := &f.lex
	name := l.name(b)
	top, at := f.tags.top()
	left := f.tags.depth() - 1
	if string(top) != string(name) {
		if i := f.tags.find(name); i >= 0 {
			f.note("an element inside is not closed before this end tag", l.tok, l.pos)
			left = i
		} else if f.isRoot(name) {
			f.note("an element that is not closed before the end of the stream", at, at+1+len(top))
			return l.tok
		} else {
			f.note("an end tag that is not named like the start tag", l.tok, l.pos)
		}
	}
	if f.tags.cutTo(left); left == 0 {
		return l.pos
	}
	return 0
}

// note keeps the first fault of the unit.
func (f *Framer) note(why string, pos, end int) {
	if f.err == nil {
		f.err = fault(ruleWellFormed, why, pos, end)
	}
}

// unsafe is called at markup after which counting tags is guessing. The unit
// runs on to the next <, the first byte at which anything may begin again.
func (f *Framer) unsafe() {
	l := &f.lex
	f.note(l.why, l.tok, l.pos)
	f.bad = true
	l.state = tokText
}

// abandon ends an element after unsafe markup.
func (f *Framer) abandon() Unit {
	u := f.element(f.lex.pos)
	if f.mode == open {
		f.losePlace()
	}
	return u
}
