package xmlstream

import (
	"bytes"
	"unicode/utf8"
)

// reference is what an & begins.
type reference struct {
	end  int    // where it ends
	char rune   // what it stands for; 0 if that is not known
	rule string // what is wrong with it
	why  string
}

// readReference reads the reference at the & at b[0].
func readReference(b []byte) reference {
	const longest = 64
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 2 {
		return reference{1, 0, ruleWellFormed, "an & that begins no reference (it must be written &amp;)"}
	}
	name := b[1:end]
	end++
	if name[0] == '#' {
		return charReference(name[1:], end)
	}
	switch string(name) {
	case "lt":
		return reference{end: end, char: '<'}
	case "gt":
		return reference{end: end, char: '>'}
	case "amp":
		return reference{end: end, char: '&'}
	case "apos":
		return reference{end: end, char: '\''}
	case "quot":
		return reference{end: end, char: '"'}
	}
	if last, _, ok := scanName(name, 0); !ok || last != len(name) {
		return reference{1, 0, ruleWellFormed, "an & that begins no reference (it must be written &amp;)"}
	}
	return reference{end, 0, ruleEntity, "a reference to an entity that XMPP does not have"}
}

// charReference reads the digits behind &#.
func charReference(digits []byte, end int) reference {
	malformed := reference{end, 0, ruleWellFormed, "a character reference without a number"}
	base := rune(10)
	if len(digits) > 0 && digits[0] == 'x' {
		base, digits = 16, digits[1:]
	}
	if len(digits) == 0 {
		return malformed
	}
	r := rune(0)
	for _, c := range digits {
		d := rune(99)
		switch {
		case c >= '0' && c <= '9':
			d = rune(c - '0')
		case c >= 'a' && c <= 'f':
			d = rune(c-'a') + 10
		case c >= 'A' && c <= 'F':
			d = rune(c-'A') + 10
		}
		if d >= base {
			return malformed
		}
		r = min(r*base+d, utf8.MaxRune+1)
	}
	if !xmlChar(r) {
		return reference{end, 0, ruleChar, "a reference to a character that XML does not allow"}
	}
	return reference{end: end, char: r}
}

// xmlChar is the production Char (XML 1.0 §2.2).
func xmlChar(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// references checks the references in a stretch of the unit. It returns
// whether there are none.
func (t *Tree) references(pos, end int) bool {
	plain := true
	for {
		i := bytes.IndexByte(t.unit[pos:end], '&')
		if i < 0 {
			return plain
		}
		plain = false
		pos += i
		r := readReference(t.unit[pos:end])
		if r.rule != ruleNone {
			t.report(r.rule, r.why, pos, pos+r.end)
		}
		pos += r.end
	}
}

// unescape appends character data with references replaced and line ends made
// \n (XML 1.0 §2.11). What cannot be replaced stays as written.
func unescape(dst, raw []byte) []byte {
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\r")
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		raw = raw[i:]
		if raw[0] == '\r' {
			raw = raw[1:]
			if len(raw) == 0 || raw[0] != '\n' {
				dst = append(dst, '\n')
			}
			continue
		}
		r := readReference(raw)
		if r.char == 0 {
			dst = append(dst, raw[:r.end]...)
		} else {
			dst = utf8.AppendRune(dst, r.char)
		}
		raw = raw[r.end:]
	}
	return dst
}

// lineEnds appends the text of a CDATA section, in which & means nothing.
func lineEnds(dst, raw []byte) []byte {
	for i, c := range raw {
		switch {
		case c != '\r':
			dst = append(dst, c)
		case i+1 == len(raw) || raw[i+1] != '\n':
			dst = append(dst, '\n')
		}
	}
	return dst
}

// normalize appends an attribute value: as unescape, and white space that is
// written as such becomes blanks (XML 1.0 §3.3.3).
func normalize(dst, raw []byte) []byte {
	for len(raw) > 0 {
		i := bytes.IndexAny(raw, "&\t\n\r")
		if i < 0 {
			return append(dst, raw...)
		}
		dst = append(dst, raw[:i]...)
		switch raw = raw[i:]; raw[0] {
		case '&':
			n := readReference(raw).end
			dst = unescape(dst, raw[:n])
			raw = raw[n:]
			continue
		case '\r':
			if len(raw) > 1 && raw[1] == '\n' {
				raw = raw[1:]
			}
		}
		dst = append(dst, ' ')
		raw = raw[1:]
	}
	return dst
}
