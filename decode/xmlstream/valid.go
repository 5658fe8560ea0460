package xmlstream

import (
	"encoding/binary"
	"unicode/utf8"
)

// mostCharFaults is how many faults of characters are told of one unit; the
// usual cause, binary data or another encoding, makes thousands.
const mostCharFaults = 8

// checkChars looks for bytes that are not UTF-8 and characters that XML does
// not allow, wherever they stand.
func (t *Tree) checkChars() {
	b := t.unit
	told := 0
	for i := 0; i < len(b) && told < mostCharFaults; {
		if i = skipPlain(b, i); i == len(b) {
			return
		}
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			n = runOfBad(b[i:])
			t.report(ruleEncoding, whyNotUTF8(b[i:]), i, i+n)
			told++
		case !xmlChar(r):
			t.report(ruleChar, "a character that XML does not allow", i, i+n)
			told++
		}
		i += n
	}
}

// skipPlain skips what needs no second look: printable ASCII and white space,
// most of it eight bytes at a time, and the usual characters of two and three
// bytes.
func skipPlain(b []byte, i int) int {
	const high, low = 0x8080808080808080, 0x2020202020202020
	for i < len(b) {
		for ; i+8 <= len(b); i += 8 {
			x := binary.LittleEndian.Uint64(b[i:])
			if (x|(x-low))&high != 0 {
				break
			}
		}
		for end := min(i+8, len(b)); i < end; {
			c := b[i]
			switch {
			case c >= 0x20 && c < utf8.RuneSelf || class[c]&isSpace != 0:
				i++
			case c >= 0xC2 && c <= 0xDF && i+1 < len(b) && b[i+1]&0xC0 == 0x80:
				i += 2
			case c >= 0xE1 && c <= 0xEE && c != 0xED && i+2 < len(b) && b[i+1]&0xC0 == 0x80 && b[i+2]&0xC0 == 0x80:
				i += 3
			default:
				return i
			}
		}
	}
	return i
}

// runOfBad is how many bytes from the first, which is not UTF-8, belong to
// the same fault: the bytes of one would-be character.
func runOfBad(b []byte) int {
	n := 1
	if b[0] >= 0xC0 {
		for n < 4 && n < len(b) && b[n] >= 0x80 && b[n] < 0xC0 {
			n++
		}
	}
	return n
}

func whyNotUTF8(b []byte) string {
	second := byte(0)
	if len(b) > 1 {
		second = b[1]
	}
	switch c := b[0]; {
	case c == 0xC0, c == 0xC1, c == 0xE0 && second >= 0x80 && second < 0xA0, c == 0xF0 && second >= 0x80 && second < 0x90:
		return "a character in more bytes than UTF-8 gives it"
	case c == 0xED && second >= 0xA0 && second < 0xC0:
		return "half of a surrogate pair, which is not UTF-8"
	}
	return "bytes that are not UTF-8"
}
