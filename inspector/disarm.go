package inspector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks in a row are drawn over one base. Real
// scripts need fewer; more only serve to paint over neighbouring lines.
const maxMarks = 6

// dottedCircle carries a combining mark that has no base of its own, so that
// it cannot attach itself to whatever was printed before.
const dottedCircle = "\u25cc"

// Disarm makes text from the wire safe for a terminal or a page: one line of
// valid UTF-8 in which every rune is visible. Controls become the pictures
// Unicode has for them (␛, ␊, ␉), other runes that act or hide become their
// code point (⟨U+202E⟩), a byte that is no UTF-8 becomes its value (⟨FF⟩).
// Disarm is idempotent, and text that needs nothing is returned as it is.
func Disarm(s string) string {
	if harmless(s) {
		return s
	}
	return string(AppendDisarmed(nil, s))
}

// DisarmLines is Disarm for text of several lines: line feeds stay.
func DisarmLines(s string) string {
	if !strings.Contains(s, "\n") {
		return Disarm(s)
	}
	var out []byte
	for line := range strings.SplitSeq(s, "\n") {
		if out != nil {
			out = append(out, '\n')
		}
		if out == nil {
			out = make([]byte, 0, len(s)+16)
		}
		out = AppendDisarmed(out, line)
	}
	return string(out)
}

// AppendDisarmed appends what Disarm(s) is to dst.
func AppendDisarmed(dst []byte, s string) []byte {
	marks, based := 0, false
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f {
			dst, marks, based = append(dst, c), 0, true
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst, marks = append(dst, GlyphByte(s[i])...), 0
		case !shown(r):
			dst, marks = append(dst, standIn(r)...), 0
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				dst = append(dst, codePoint(r)...)
				marks = 0
				break
			}
			if !based {
				dst = append(dst, dottedCircle...)
			}
			dst = append(dst, s[i:i+n]...)
		default:
			dst, marks = append(dst, s[i:i+n]...), 0
		}
		based = true
		i += n
	}
	return dst
}

// Glyph is what stands for one rune where text is drawn cell by cell: the rune
// itself, or the stand-in that Disarm uses. Bytes that are no UTF-8 are for
// GlyphByte: utf8.RuneError alone is a character like any other.
func Glyph(r rune) string {
	if !shown(r) {
		return standIn(r)
	}
	return string(r)
}

// GlyphByte stands for a byte that is no UTF-8.
func GlyphByte(b byte) string {
	const digits = "0123456789ABCDEF"
	return "⟨" + string([]byte{digits[b>>4], digits[b&15]}) + "⟩"
}

// Harmful tells whether Disarm would change s. It is cheap for plain text.
func Harmful(s string) bool { return !harmless(s) }

func harmless(s string) bool {
	marks := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f {
			marks = 0
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || !shown(r) {
			return false
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks || i == 0 {
			return false
		}
		i += n
	}
	return true
}

// shown tells whether a rune may be drawn as it is: it is assigned, has a
// shape or a width of its own, and does not act on what stands around it.
func shown(r rune) bool {
	switch {
	case r >= ' ' && r < 0x7f:
		return true
	case r < 0xa0:
		return false
	}
	return unicode.IsGraphic(r) && !unicode.Is(hidden, r)
}

// hidden are the runes that IsGraphic lets pass although nothing is drawn for
// them: blank letters and variation selectors (Unicode Default_Ignorable). The
// selectors U+FE0E and U+FE0F, which choose between text and emoji, may stay.
var hidden = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034f, Hi: 0x034f, Stride: 1},
		{Lo: 0x115f, Hi: 0x1160, Stride: 1},
		{Lo: 0x17b4, Hi: 0x17b5, Stride: 1},
		{Lo: 0x180b, Hi: 0x180f, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xfe00, Hi: 0xfe0d, Stride: 1},
		{Lo: 0xffa0, Hi: 0xffa0, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0xe0000, Hi: 0xe0fff, Stride: 1},
	},
}

// standIn is the visible form of a rune that is not shown.
func standIn(r rune) string {
	switch {
	case r >= 0 && r < ' ':
		return string(rune(0x2400) + r)
	case r == 0x7f:
		return "\u2421"
	}
	return codePoint(r)
}

// codePoint writes ⟨U+202E⟩, four digits at least.
func codePoint(r rune) string {
	const digits = "0123456789ABCDEF"
	var hex [8]byte
	at := len(hex)
	for v := uint32(r); v != 0 || len(hex)-at < 4; v >>= 4 {
		at--
		hex[at] = digits[v&15]
	}
	return "⟨U+" + string(hex[at:]) + "⟩"
}
