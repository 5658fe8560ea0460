package jid

import "strings"

// escapes are the characters that a localpart cannot have and how XEP-0106 §3
// writes them. Capital letters are no escapes.
const escapes = ` "&'/:<>@\`

const hexDigits = "0123456789abcdef"

// Escape writes what cannot stand in a localpart as XEP-0106 does. A backslash
// is escaped only where it would look like an escape itself (§4.1).
func Escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(escapes, c) < 0 || c == '\\' && unescaped(s[i:]) == 0 {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'\\', hexDigits[c>>4], hexDigits[c&15]})
	}
	return b.String()
}

// Unescape undoes Escape, for people to read. What looks almost like an escape
// stays as it is.
func Unescape(local string) string {
	if strings.IndexByte(local, '\\') < 0 {
		return local
	}
	var b strings.Builder
	for i := 0; i < len(local); i++ {
		c := local[i]
		if u := unescaped(local[i:]); u != 0 {
			c, i = u, i+2
		}
		b.WriteByte(c)
	}
	return b.String()
}

// unescaped is the character whose escape s begins with, 0 where it begins
// with none.
func unescaped(s string) byte {
	if len(s) < 3 || s[0] != '\\' {
		return 0
	}
	hi, lo := strings.IndexByte(hexDigits, s[1]), strings.IndexByte(hexDigits, s[2])
	if hi < 0 || lo < 0 {
		return 0
	}
	c := byte(hi<<4 | lo)
	if strings.IndexByte(escapes, c) < 0 {
		return 0
	}
	return c
}
