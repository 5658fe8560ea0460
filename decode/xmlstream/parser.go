package xmlstream

import "bytes"

// content reads the unit from where the lexer stands. Its tokens are those of
// the framer, so that both see the same tags in broken markup too.
func (t *Tree) content(scope *Scope) {
	l := &t.lex
	cut := false
	for l.pos < len(t.unit) {
		k := l.scan(t.unit)
		if k == tokMore {
			k = t.lastToken()
			cut = k != tokText
		}
		switch k {
		case tokText:
			t.text(l.tok, l.pos)
		case tokStart, tokEmpty:
			if !t.startTag(k, scope) {
				t.closeAll(true)
				return
			}
		case tokEnd:
			t.endTag()
		case tokBad:
			t.report(ruleWellFormed, l.why, l.tok, l.pos)
			l.state = tokText
			continue
		default:
			t.other(k)
		}
		l.next()
	}
	t.closeAll(cut)
}

// lastToken says what to make of a token that the unit ends in.
func (t *Tree) lastToken() token {
	l := &t.lex
	l.pos = len(t.unit)
	if l.state == tokText {
		return tokText
	}
	t.report(ruleWellFormed, "markup that is not complete", l.tok, l.pos)
	if l.state == tokStart {
		if l.nameEnd == 0 {
			l.nameEnd = l.pos
		}
		return tokStart
	}
	return tokMore
}

// text takes character data.
func (t *Tree) text(pos, end int) {
	raw := t.unit[pos:end]
	if t.cur == nil {
		if !blank(raw) && t.root != nil {
			t.report(ruleWellFormed, "text behind the end of the element", pos, end)
		} else if !blank(raw) {
			t.report(ruleWellFormed, "text outside of an element", pos, end)
		}
		return
	}
	n := t.add(TextNode, pos, end)
	for off := 0; ; off++ {
		i := bytes.IndexByte(raw[off:], ']')
		if i < 0 {
			break
		}
		if off += i; bytes.HasPrefix(raw[off:], []byte("]]>")) {
			t.report(ruleWellFormed, "]]> in text (it must be written ]]&gt;)", pos+off, pos+off+3)
		}
	}
	n.plain = t.references(pos, end) && bytes.IndexByte(raw, '\r') < 0
}

// startTag opens an element. It returns false when there is no use going on.
func (t *Tree) startTag(k token, scope *Scope) bool {
	l := &t.lex
	switch {
	case t.cur == nil && t.root != nil:
		t.report(ruleWellFormed, "an element behind the end of the element", l.tok, l.pos)
		return false
	case t.deep >= t.o.MaxDepth:
		t.report(ruleNone, tooDeep, l.tok, l.pos)
		return false
	case t.count > maxNodes:
		t.report(ruleNone, "more nodes than the limit for one unit", l.tok, l.pos)
		return false
	}
	n := t.add(ElementNode, l.tok, l.pos)
	if t.root == nil {
		t.root = n
		n.Scope = scope
	}
	n.Tag, n.QName = n.Span, span(l.tok+1, l.nameEnd)
	t.tagOf(n, k)
	if k == tokStart {
		t.cur = n
		t.deep++
	}
	return true
}

// endTag closes an element: the one it names if that is open, else the
// innermost (see Framer.closeTag).
func (t *Tree) endTag() {
	l := &t.lex
	if !blank(t.unit[l.nameEnd : l.pos-1]) {
		t.report(ruleWellFormed, "an end tag with more than a name", l.nameEnd, l.pos-1)
	}
	if t.cur == nil {
		t.report(ruleWellFormed, "an end tag that closes nothing", l.tok, l.pos)
		return
	}
	name := l.name(t.unit)
	if string(t.cur.QName.Of(t.unit)) != string(name) {
		t.mismatch(name)
	}
	t.cur.EndTag = span(l.tok, l.pos)
	t.closeCurrent(l.pos)
}

// mismatch reports an end tag with another name than the start tag, and
// closes elements until the innermost is the one to close.
func (t *Tree) mismatch(name []byte) {
	l := &t.lex
	n := t.cur.Parent
	for n != nil && string(n.QName.Of(t.unit)) != string(name) {
		n = n.Parent
	}
	if n == nil {
		t.report(ruleWellFormed, "an end tag that is not named like the start tag", l.tok, l.pos)
		return
	}
	t.report(ruleWellFormed, "an element inside is not closed before this end tag", l.tok, l.pos)
	for t.cur != n {
		t.closeCurrent(l.tok)
	}
}

func (t *Tree) closeCurrent(end int) {
	t.cur.Span.End = int32(end)
	t.cur = t.cur.Parent
	t.deep--
}

// closeAll ends what the unit leaves open. told says that the reason is
// reported already.
func (t *Tree) closeAll(told bool) {
	if t.cur != nil && !told {
		t.report(ruleWellFormed, "an element that is not closed", int(t.cur.Tag.Start), int(t.cur.Tag.End))
	}
	for t.cur != nil {
		t.closeCurrent(len(t.unit))
	}
}

// other takes what is neither tag nor text.
func (t *Tree) other(k token) {
	l := &t.lex
	inner := func(head, tail int) []byte { return t.unit[l.tok+head : l.pos-tail] }
	switch k {
	case tokCDATA:
		if t.cur == nil {
			t.report(ruleWellFormed, "text outside of an element", l.tok, l.pos)
			return
		}
		t.add(CDATANode, l.tok, l.pos).plain = bytes.IndexByte(t.unit[l.tok:l.pos], '\r') < 0
	case tokComment:
		t.report(ruleComment, "a comment", l.tok, l.pos)
		if i := bytes.Index(inner(len("<!--"), len("-->")), []byte("--")); i >= 0 {
			t.report(ruleWellFormed, "-- inside a comment", l.tok+4+i, l.tok+4+i+2)
		} else if bytes.HasSuffix(inner(len("<!--"), len("-->")), []byte("-")) {
			t.report(ruleWellFormed, "-- inside a comment", l.pos-4, l.pos-1)
		}
		t.misc(CommentNode)
	case tokPI:
		t.report(rulePI, "a processing instruction", l.tok, l.pos)
		end, _, ok := scanName(t.unit, l.tok+2)
		if !ok {
			t.report(ruleWellFormed, "a processing instruction without a name", l.tok, l.pos)
		}
		if n := t.misc(PINode); n != nil {
			n.QName = span(l.tok+2, end)
			n.Name.Local = t.names.intern(n.QName.Of(t.unit))
		}
	case tokDecl:
		t.report(ruleDeclaration, "an XML declaration where no document begins", l.tok, l.pos)
	case tokDoctype:
		t.report(ruleDoctype, "a document type declaration", l.tok, l.pos)
	}
}

// misc adds a comment or an instruction, if inside of an element.
func (t *Tree) misc(kind NodeKind) *Node {
	if t.cur == nil {
		return nil
	}
	return t.add(kind, t.lex.tok, t.lex.pos)
}
