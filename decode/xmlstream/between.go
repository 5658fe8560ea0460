package xmlstream

import (
	"bytes"

	"xmppscope/decode/spec"
)

// between reads what stands outside first-level elements: white space, the
// header, the root's end tag, and everything that should not be there.
func (f *Framer) between(b []byte) (Unit, bool) {
	l := &f.lex
	if l.tok == 0 && l.state == tokMore && f.lead == 0 && b[0] == byteOrderMark[0] {
		if !f.mark(b) {
			return f.full(b)
		}
	}
	for {
		k := l.scan(b)
		switch k {
		case tokMore:
			return f.full(b)
		case tokSpace:
			if f.lead == 0 {
				return f.blanks(), true
			}
			l.next()
		case tokDecl:
			if f.decl > 0 {
				return f.misplaced(tokPI), true
			}
			f.lead, f.decl = l.pos, l.pos
			l.next()
		case tokBad:
			// The unit runs on to the next <, which is the first byte at which
			// anything may begin again.
			f.unsafe()
		case tokStart, tokEmpty:
			u, ok, more := f.startTag(b, k)
			if !more {
				return u, ok
			}
		default:
			return f.misplaced(k), true
		}
	}
}

// mark takes a byte order mark into the unit at hand. False means that more
// bytes are needed. Inside or behind a document it is one only in front of
// markup, else it is text.
func (f *Framer) mark(b []byte) bool {
	n := min(len(b), len(byteOrderMark))
	if !bytes.Equal(b[:n], byteOrderMark[:n]) {
		return true
	}
	need := len(byteOrderMark)
	if f.mode != fresh {
		need++
	}
	if len(b) < need {
		return false
	}
	if f.mode == fresh || b[n] == '<' {
		f.bom, f.lead = true, n
		f.lex.begin(n)
	}
	return true
}

// blanks ends a run of white space.
func (f *Framer) blanks() Unit {
	f.late = f.mode == fresh
	return f.cut(Space, f.lex.pos, nil)
}

// startTag decides what a start tag outside of elements is: the header, a
// root that is none, or the begin of an element (then more is true).
func (f *Framer) startTag(b []byte, k token) (u Unit, ok, more bool) {
	l := &f.lex
	name := l.name(b)
	_, local := splitName(name)
	stream := string(local) == "stream"
	switch {
	case l.attrs > f.o.MaxAttrs:
		return f.giveUp(l.pos, tooManyAttrs), true, false
	case stream || f.mode == fresh || f.mode == closed && f.decl > 0:
		return f.begin(b, k, stream), true, false
	case f.lead > 0:
		return f.misplaced(k), true, false
	case k == tokEmpty:
		return f.element(l.pos), true, false
	}
	f.tags.push(name, l.tok)
	l.next()
	l.between = false
	u, ok = f.inside(b)
	return u, ok, false
}

// begin starts a new document with its root; nothing of an old one is left.
func (f *Framer) begin(b []byte, k token, stream bool) Unit {
	l := &f.lex
	kind, err := Header, f.prologFault(b)
	if !stream {
		kind = Broken
		err = fault(ruleNone, "the root element is not a stream", l.tok, l.pos)
		err.Ref = spec.RFC(6120, "4.2")
	}
	root := append(f.root[:0], l.name(b)...)
	n := l.pos
	f.forget(f.mode)
	f.root = root
	if f.mode = open; k == tokEmpty {
		f.mode = closed
	}
	return f.cut(kind, n, err)
}

// prologFault is what is wrong in front of the root.
func (f *Framer) prologFault(b []byte) *SyntaxError {
	mark := 0
	if f.bom {
		mark = len(byteOrderMark)
	}
	switch {
	case f.bom:
		return fault(ruleBOM, "a byte order mark in front of the stream", 0, mark)
	case f.decl > 0 && f.late:
		return fault(ruleDeclaration, "something stands in front of the XML declaration, which must come first", mark, f.decl)
	case f.decl > 0 && !bytes.HasSuffix(b[:f.decl], []byte("?>")):
		return fault(ruleDeclaration, "an XML declaration that does not end in ?>", mark, f.decl)
	}
	return nil
}

// misplaced ends a unit that is neither white space nor header nor element.
// Its last token is at hand.
func (f *Framer) misplaced(k token) Unit {
	l := &f.lex
	if f.lead > 0 && f.mode == open {
		return f.misplacedLead()
	}
	if k == tokEnd && f.mode == open {
		return f.end()
	}
	bad := f.bad
	u := f.cut(Broken, l.pos, f.stray(k, l.pos))
	f.late = f.mode == fresh
	if bad && f.mode == open {
		f.losePlace()
	}
	return u
}

// misplacedLead ends a unit after a byte order mark or declaration at depth 1
// that no stream header follows.
func (f *Framer) misplacedLead() Unit {
	if f.decl == 0 {
		return f.cut(Broken, f.lead, fault(ruleText, "a byte order mark between elements", 0, f.lead))
	}
	return f.cut(Broken, f.decl, fault(ruleDeclaration, "an XML declaration where no document begins", 0, f.decl))
}

// stray says what is wrong with a token outside of elements.
func (f *Framer) stray(k token, end int) *SyntaxError {
	tok := f.lex.tok
	if f.mode == closed {
		return fault(ruleAfterClose, "data after the stream was closed", tok, end)
	}
	if f.err != nil {
		return f.err
	}
	switch k {
	case tokComment:
		return fault(ruleComment, "a comment", tok, end)
	case tokPI:
		return fault(rulePI, "a processing instruction", tok, end)
	case tokDoctype:
		return fault(ruleDoctype, "a document type declaration", tok, end)
	case tokEnd:
		return fault(ruleWellFormed, "an end tag that closes nothing", tok, end)
	}
	if f.mode == fresh {
		return fault(ruleWellFormed, "text before the stream header", tok, end)
	}
	return fault(ruleText, "text between first-level elements", tok, end)
}

// end ends a unit that is an end tag at depth 1.
func (f *Framer) end() Unit {
	l := &f.lex
	name := l.name(f.buf[f.start:])
	if !f.isRoot(name) {
		return f.cut(Broken, l.pos, f.stray(tokEnd, l.pos))
	}
	var err *SyntaxError
	if len(f.root) > 0 && string(f.root) != string(name) {
		err = fault(ruleWellFormed, "the end tag of the stream is not named like its start tag", 2, l.nameEnd)
	}
	f.mode = closed
	return f.cut(Close, l.pos, err)
}

// isRoot says whether an end tag of this name closes the root. The name alone
// decides where the header was not seen; a prefix that differs is a fault of
// the sender, but what it means is plain.
func (f *Framer) isRoot(name []byte) bool {
	if len(f.root) > 0 && string(f.root) == string(name) {
		return true
	}
	_, local := splitName(name)
	return string(local) == "stream"
}
