package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"time"
	"unicode/utf8"
)

// line builds one JSON object by appending. The zero value is ready; reset
// keeps the memory. Keys are our own constants and need no escaping.
type line struct{ b []byte }

func (l *line) reset() { l.b = l.b[:0] }

// sep puts the comma before everything but the first member.
func (l *line) sep() {
	if n := len(l.b); n > 0 {
		if c := l.b[n-1]; c != '{' && c != '[' {
			l.b = append(l.b, ',')
		}
	}
}

func (l *line) key(k string) {
	l.sep()
	l.b = append(l.b, '"')
	l.b = append(l.b, k...)
	l.b = append(l.b, '"', ':')
}

// open and close bracket an object or a list; c is the bracket.
func (l *line) open(k string, c byte) {
	if k != "" {
		l.key(k)
	} else {
		l.sep()
	}
	l.b = append(l.b, c)
}

func (l *line) close(c byte) { l.b = append(l.b, c) }

// text writes a string member, and nothing where the string is empty.
func (l *line) text(k, v string) {
	if v != "" {
		l.key(k)
		l.b = appendString(l.b, v)
	}
}

// always writes a string member even where it is empty.
func (l *line) always(k, v string) {
	l.key(k)
	l.b = appendString(l.b, v)
}

func (l *line) int(k string, v int64) {
	l.key(k)
	l.b = strconv.AppendInt(l.b, v, 10)
}

func (l *line) bool(k string, v bool) {
	l.key(k)
	l.b = strconv.AppendBool(l.b, v)
}

// exact writes bytes as text under k where they are valid UTF-8, else as
// base64 under k64; nothing where there are none.
func (l *line) exact(k, k64 string, v []byte) {
	switch {
	case len(v) == 0:
	case utf8.Valid(v):
		l.key(k)
		l.b = appendString(l.b, v)
	default:
		l.key(k64)
		l.b = append(l.b, '"')
		l.b = base64.StdEncoding.AppendEncode(l.b, v)
		l.b = append(l.b, '"')
	}
}

// timeLayout always has nine digits, so that times compare as text.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

func (l *line) time(k string, t time.Time) {
	if t.IsZero() {
		return
	}
	l.key(k)
	l.b = append(l.b, '"')
	l.b = t.UTC().AppendFormat(l.b, timeLayout)
	l.b = append(l.b, '"')
}

// WriteJSON writes v as one line of JSON. What could steer a terminal or turn the
// order of text around is escaped, as in the records of events; an error is one of
// w, or says that v is no JSON.
func WriteJSON(w io.Writer, v any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	out := make([]byte, 0, text.Len())
	for rest := bytes.TrimSuffix(text.Bytes(), []byte{'\n'}); len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r >= 0x7f && escaped(r) { // below, it is JSON or escaped already
			out = appendEscape(out, r)
		} else {
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
	_, err := w.Write(append(out, '\n'))
	return err
}

const hexDigits = "0123456789abcdef"

// appendString writes s as a JSON string. What could steer a terminal or turn
// the order of text around is escaped (CONTRACT, JSON Lines), so a line can be
// shown as it is; bytes that are no UTF-8 become U+FFFD.
func appendString[T ~string | ~[]byte](b []byte, s T) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		if i += plainRun(s[i:]); i == len(s) {
			break
		}
		r, n := decodeRune(s[i:])
		if r >= utf8.RuneSelf && !(r == utf8.RuneError && n == 1) && !escaped(r) {
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, r)
		i += n
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// plainRun is how many bytes stand for themselves before the first that may not.
// It looks at eight at a time: most of what is written is plain.
func plainRun[T ~string | ~[]byte](s T) (n int) {
	for n+8 <= len(s) {
		c := s[n : n+8]
		if !(plainASCII[c[0]] && plainASCII[c[1]] && plainASCII[c[2]] && plainASCII[c[3]] &&
			plainASCII[c[4]] && plainASCII[c[5]] && plainASCII[c[6]] && plainASCII[c[7]]) {
			break
		}
		n += 8
	}
	for n < len(s) && plainASCII[s[n]] {
		n++
	}
	return n
}

func decodeRune[T ~string | ~[]byte](s T) (rune, int) {
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	var head [utf8.UTFMax]byte
	n := copy(head[:], s)
	return utf8.DecodeRune(head[:n])
}

func appendEscape(b []byte, r rune) []byte {
	if r == '"' || r == '\\' {
		return append(b, '\\', byte(r))
	}
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// plainASCII are the bytes that stand for themselves in a JSON string.
var plainASCII = func() (t [256]bool) {
	for c := byte(' '); c < 0x7f; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// escaped tells which characters beyond ASCII are written as \uXXXX: C1
// controls, the bidirectional controls, line and paragraph separator. All of
// them are below U+10000.
func escaped(r rune) bool {
	switch {
	case r < 0xa0:
		return true
	case r == 0x61c, r == 0x200e, r == 0x200f, r == 0x2028, r == 0x2029:
		return true
	case 0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
		return true
	}
	return false
}
