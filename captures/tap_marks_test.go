package captures

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"xmppscope/decode"
)

// FuzzMarkComments writes any mark as comments and reads it again; what is in a
// comment can neither turn, break nor hide a line, and any comment can be read.
func FuzzMarkComments(f *testing.F) {
	f.Add(uint8(1), int64(3), int64(4), uint32(5), uint8(2), []byte("<message>\u202e\x00\U000e0001</message>"), "why", []byte("xmppscope {\"do\":\"drop\",\"dir\":\"receiver\",\"more\":true}"))
	f.Add(uint8(3), int64(0), int64(0), uint32(0), uint8(0), bytes.Repeat([]byte("ü"), maxMarkText), "", []byte("xmppscope {}"))
	f.Add(uint8(6), int64(0), int64(0), uint32(0), uint8(0), []byte{0xff, 0}, "\u2028", []byte("else"))
	f.Fuzz(func(t *testing.T, do uint8, at, n int64, id uint32, origin uint8, text []byte, note string, other []byte) {
		m := decode.Mark{Do: decode.MarkKind(do) % decode.MarkKind(len(markNames)), Dir: decode.Dir(id & 1), At: at, N: n, ID: id, Origin: decode.Origin(origin % 5), Text: text, Note: strings.ToValidUTF8(note, "?")}
		var r markReader
		for _, c := range comments(&m) {
			if len(c) > maxComment || strings.ContainsFunc(c, func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) }) {
				t.Fatalf("%d bytes: %q", len(c), c[:min(len(c), 200)])
			}
			r.comment([]byte(c))
		}
		if len(r.all) != 1 || r.more {
			t.Fatalf("%d marks", len(r.all))
		}
		got := r.all[0]
		if !bytes.Equal(got.Text, m.Text) || got.Do != m.Do || got.Dir != m.Dir || got.At != m.At || got.N != m.N || got.ID != m.ID || got.Origin != m.Origin || got.Note != m.Note {
			t.Errorf("%+v\ncame back as\n%+v", m, got)
		}
		r = markReader{}
		r.comment(other)
		r.comment(other)
	})
}
