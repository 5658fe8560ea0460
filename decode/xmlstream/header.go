package xmlstream

import "bytes"

// ParseHeader reads a unit that opens a stream: byte order mark, XML
// declaration and the start tag of the root. It returns the root and the
// scope of the stream's elements, which may be kept; both are nil where there
// is no start tag. What is wrong is in t.Errs, the declaration in t.Decl.
func (t *Tree) ParseHeader(unit []byte, o Options) (root *Node, inside *Scope) {
	t.reset(unit, o)
	t.keep = true
	t.checkChars()
	t.prolog()
	t.finish()
	if t.root == nil {
		return nil, nil
	}
	return t.root, t.root.Scope
}

// ParseTag reads the start tag of the element that a unit begins with, and
// nothing behind it. It is nil where the unit begins otherwise.
func (t *Tree) ParseTag(unit []byte, scope *Scope, o Options) *Node {
	t.reset(unit, o)
	if k := t.lex.scan(unit); k != tokStart && k != tokEmpty || !t.startTag(k, scope) {
		return nil
	}
	return t.root
}

// prolog reads up to the root's start tag and checks that nothing follows.
func (t *Tree) prolog() {
	l := &t.lex
	first := 0
	if bytes.HasPrefix(t.unit, byteOrderMark) {
		first = len(byteOrderMark)
		t.report(ruleBOM, "a byte order mark in front of the stream", 0, first)
	}
	for l.begin(first); l.pos < len(t.unit); l.next() {
		k := l.scan(t.unit)
		if k == tokMore {
			k = t.lastToken()
		}
		switch {
		case k == tokBad:
			t.report(ruleWellFormed, l.why, l.tok, l.pos)
			l.pos = max(l.pos, l.tok+1)
		case k == tokText:
			t.text(l.tok, l.pos)
		case k == tokDecl && l.tok == first:
			t.declaration()
		case t.root == nil && (k == tokStart || k == tokEmpty):
			t.startTag(k, nil)
			t.cur, t.deep = nil, 0
		case t.root != nil:
			t.report(ruleWellFormed, "something behind the start tag of the root", l.tok, l.pos)
		default:
			t.other(k)
		}
	}
}

// declaration reads the XML declaration at hand (XML 1.0 §2.8).
func (t *Tree) declaration() {
	l := &t.lex
	t.Decl.Span = span(l.tok, l.pos)
	end := l.pos
	if b := t.unit[:l.pos]; bytes.HasSuffix(b, []byte("?>")) {
		end -= 2
	} else {
		t.report(ruleDeclaration, "an XML declaration that does not end in ?>", l.tok, l.pos)
		if b[end-1] == '>' {
			end--
		}
	}
	for pos := l.tok + len("<?xml"); pos >= 0; {
		pos = t.declared(t.unit[:end], pos)
	}
	t.checkDeclared()
}

// declared reads one part of the declaration. It returns where the next
// begins, or -1.
func (t *Tree) declared(b []byte, pos int) int {
	i := skipSpace(b, pos)
	if i == len(b) {
		return -1
	}
	eq, _, ok := scanName(b, i)
	v := skipSpace(b, eq)
	if ok = ok && i > pos && v < len(b) && b[v] == '='; ok {
		v = skipSpace(b, v+1)
		ok = v < len(b) && (b[v] == '"' || b[v] == '\'')
	}
	n := -1
	if ok {
		n = bytes.IndexByte(b[v+1:], b[v])
	}
	if n < 0 {
		t.report(ruleDeclaration, "something in the XML declaration that does not belong there", i, len(b))
		return -1
	}
	value := span(v+1, v+1+n)
	place := t.declPlace(string(b[i:eq]))
	if place == nil || place.End > 0 {
		t.report(ruleDeclaration, "something in the XML declaration that does not belong there", i, v+n+2)
	} else {
		*place = value
	}
	return v + n + 2
}

// declPlace is where a part of the declaration is kept. Parts have an order;
// one that comes too late has no place.
func (t *Tree) declPlace(name string) *Span {
	d := &t.Decl
	switch {
	case name == "version" && d.Encoding.End == 0 && d.Standalone.End == 0:
		return &d.Version
	case name == "encoding" && d.Standalone.End == 0:
		return &d.Encoding
	case name == "standalone":
		return &d.Standalone
	}
	return nil
}

// checkDeclared checks the values against RFC 6120 §11.5, §11.6 and §11.8.
func (t *Tree) checkDeclared() {
	d := &t.Decl
	report := func(rule, why string, s Span) { t.report(rule, why, int(s.Start), int(s.End)) }
	switch version := d.Version; {
	case version.End == 0:
		report(ruleDeclaration, "an XML declaration without a version", d.Span)
	case string(version.Of(t.unit)) != "1.0":
		report(ruleVersion, "a version of XML that is not 1.0", version)
	}
	if e := d.Encoding; e.End > 0 && !bytes.EqualFold(e.Of(t.unit), []byte("UTF-8")) {
		report(ruleEncoding, "an encoding that is not UTF-8", e)
	}
	if d.Standalone.End > 0 {
		report(ruleStandalone, "standalone in the XML declaration", d.Standalone)
	}
}
