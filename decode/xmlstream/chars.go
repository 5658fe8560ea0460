package xmlstream

import "bytes"

// Classes of bytes. A byte of 0x80 and above may belong to a name; which of
// those characters really may is the parser's business.
const (
	isSpace     = 1 << iota // white space of XML
	isNameStart             // may begin a name
	isName                  // may stand in a name
	isNameEnd               // ends a name inside a tag
	isMark                  // has a meaning in a tag behind its name: > < " '
)

var class = classes()

func classes() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':', c >= 0x80:
			t[c] = isNameStart | isName
		case c >= '0' && c <= '9', c == '-', c == '.':
			t[c] = isName
		}
	}
	for _, c := range "\t\n\r " {
		t[c] |= isSpace | isNameEnd
	}
	for _, c := range `<>"'` {
		t[c] |= isNameEnd | isMark
	}
	t['/'] |= isNameEnd
	t['='] |= isNameEnd
	return t
}

var byteOrderMark = []byte{0xEF, 0xBB, 0xBF}

// blank says whether b is all white space.
func blank(b []byte) bool {
	for _, c := range b {
		if class[c]&isSpace == 0 {
			return false
		}
	}
	return true
}

// splitName takes a name as written apart at its first colon.
func splitName(name []byte) (prefix, local []byte) {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[:i], name[i+1:]
	}
	return nil, name
}
