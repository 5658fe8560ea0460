package decode

import (
	"encoding/binary"
	"testing"
	"time"
)

// FuzzHostileMarks gives a decoder marks that no proxy of ours writes, at any
// place, of any length and with numbers that come again, between bytes of both
// directions.
func FuzzHostileMarks(f *testing.F) {
	f.Add([]byte("\x00\x10<iq/>  \x03\x01\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00\x00\x00\x00\x00\x00\x80"), []byte(hello+ask))
	f.Fuzz(func(t *testing.T, script, text []byte) {
		c := NewConn(1, Options{})
		now := time.Unix(0, 0)
		feed := func(d Dir, p []byte) {
			for len(p) > 0 {
				_, used := c.Feed(d, now, p)
				p = p[used:]
			}
		}
		feed(FromInitiator, []byte(opened))
		feed(FromReceiver, []byte(answered))
		at := [2]int{}
		for len(script) >= 20 {
			s := script[:20]
			script = script[20:]
			d := Dir(s[0] & 1)
			m := Mark{Do: MarkKind(s[1] % 9), Dir: d, At: int64(binary.LittleEndian.Uint64(s[2:])), N: int64(binary.LittleEndian.Uint64(s[10:])), ID: uint32(s[18] & 3), Origin: Origin(s[19] % 6)}
			if s[0]&2 != 0 { // near to where something is
				m.At = int64(len(opened)) + m.At%64
			}
			if s[0]&4 != 0 {
				m.N %= 64
			}
			if k := int(s[18] >> 2); k < len(text) {
				m.Text = text[k:]
			}
			c.Mark(now, m)
			if s[0]&8 != 0 {
				n := min(at[d]+int(s[0]>>4), len(text))
				feed(d, text[at[d]:n])
				if at[d] = n; n == len(text) {
					at[d] = 0
				}
			}
			if s[0]&16 != 0 {
				c.Preview(d, now, text)
				c.Would(d, now, text, 8)
			}
		}
		feed(FromInitiator, text)
		feed(FromReceiver, text)
		c.Finish(now)
	})
}
