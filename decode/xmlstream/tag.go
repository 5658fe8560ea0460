package xmlstream

import (
	"bytes"
	"unicode/utf8"
)

// tagOf reads the name and the attributes of the start tag at hand.
func (t *Tree) tagOf(n *Node, k token) {
	l := &t.lex
	end := l.pos
	if t.unit[end-1] == '>' && l.quote == 0 {
		end--
	}
	if k == tokEmpty {
		end--
	}
	t.tag, t.more = t.tag[:0], false
	t.readAttrs(l.nameEnd, end)
	if len(t.tag) > 0 {
		n.Attrs = t.attrs.take(len(t.tag))
		t.count += len(t.tag)
		copy(n.Attrs, t.tag)
		n.Scope = t.declare(n.Scope, n.Attrs)
	}
	t.resolve(n)
}

// readAttrs reads attributes as far as they can be told apart.
func (t *Tree) readAttrs(pos, end int) {
	b := t.unit[:end]
	for {
		i := skipSpace(b, pos)
		if i == end {
			return
		}
		if i == pos {
			t.report(ruleWellFormed, "no white space in front of an attribute", i, i+1)
		}
		if pos = t.readAttr(b, i); pos < 0 {
			return
		}
	}
}

// readAttr reads one attribute at i and returns where the next may begin, or
// -1 if that cannot be told.
func (t *Tree) readAttr(b []byte, i int) int {
	nameEnd, colon, ok := scanName(b, i)
	if !ok {
		t.report(ruleWellFormed, "something in a tag that is not the name of an attribute", i, max(nameEnd, i+1))
		if nameEnd == i {
			return skipJunk(b, i)
		}
	}
	eq := skipSpace(b, nameEnd)
	if eq == len(b) || b[eq] != '=' {
		t.report(ruleWellFormed, "an attribute without a value", i, nameEnd)
		return nameEnd
	}
	v := skipSpace(b, eq+1)
	if v == len(b) || b[v] != '"' && b[v] != '\'' {
		end := v
		for end < len(b) && class[b[end]]&isSpace == 0 {
			end++
		}
		t.report(ruleWellFormed, "a value without quotes", v, end)
		t.addAttr(i, nameEnd, colon, v, end)
		return end
	}
	n := bytes.IndexByte(b[v+1:], b[v])
	if n < 0 {
		t.report(ruleWellFormed, "a value without its second quote", v, len(b))
		t.addAttr(i, nameEnd, colon, v+1, len(b))
		return -1
	}
	t.addAttr(i, nameEnd, colon, v+1, v+1+n)
	return v + n + 2
}

func (t *Tree) addAttr(name, nameEnd, colon, v, end int) {
	raw := t.unit[v:end]
	if i := bytes.IndexByte(raw, '<'); i >= 0 {
		t.report(ruleWellFormed, "< in an attribute value (it must be written &lt;)", v+i, v+i+1)
	}
	t.references(v, end)
	if len(t.tag) == t.o.MaxAttrs {
		if !t.more {
			t.report(ruleNone, tooManyAttrs, name, end)
		}
		t.more = true
		return
	}
	if colon >= 0 {
		colon -= name
	}
	t.tag = append(t.tag, Attr{QName: span(name, nameEnd), Raw: span(v, end), colon: int32(colon)})
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && class[b[i]]&isSpace != 0 {
		i++
	}
	return i
}

// skipJunk skips what cannot begin a name: a quoted value or one byte.
func skipJunk(b []byte, i int) int {
	if b[i] == '"' || b[i] == '\'' {
		n := bytes.IndexByte(b[i+1:], b[i])
		if n < 0 {
			return -1
		}
		return i + n + 2
	}
	return i + 1
}

// scanName reads a name at i: where it ends, where its colon is (-1 without,
// -2 with more than one or one at an end), and whether all its characters may
// stand in a name.
func scanName(b []byte, i int) (end, colon int, ok bool) {
	start := i
	colon, ok = -1, true
	wide := false
	for ; i < len(b) && class[b[i]]&(isNameEnd|isMark) == 0 && b[i] != '?'; i++ {
		c := b[i]
		switch {
		case c == ':' && colon == -1:
			colon = i
		case c == ':':
			colon = -2
		case c >= utf8.RuneSelf:
			wide = true
		case class[c]&isName == 0:
			ok = false
		}
	}
	if i == start || class[b[start]]&isNameStart == 0 {
		ok = false
	}
	if wide && ok {
		ok = wideName(b[start:i])
	}
	if colon == start || colon == i-1 && i > start {
		colon = -2
	}
	return i, colon, ok
}

// wideName checks a name with characters outside ASCII. Bytes that are no
// UTF-8 are reported elsewhere.
func wideName(name []byte) bool {
	for i, r := range string(name) {
		if r >= utf8.RuneSelf && !nameRune(r) && (i == 0 || !innerRune(r)) && r != utf8.RuneError {
			return false
		}
	}
	return true
}

// nameRune says whether a character outside ASCII may begin a name
// (XML 1.0 §2.3).
func nameRune(r rune) bool {
	switch {
	case r >= 0xC0 && r <= 0x2FF:
		return r != 0xD7 && r != 0xF7
	case r >= 0x370 && r <= 0x1FFF:
		return r != 0x37E
	}
	return r >= 0x200C && r <= 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

// innerRune says whether a character may stand in a name, but not begin it.
func innerRune(r rune) bool {
	return r == 0xB7 || r >= 0x300 && r <= 0x36F || r >= 0x203F && r <= 0x2040
}
