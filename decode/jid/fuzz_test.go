package jid

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParse: whatever comes, places lie in the text, the quick way and the
// thorough one agree, and a normal form is its own normal form.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"juliet@example.com/balcony", "", "@", "/", "a@b@c/d", "\u03A3@b\u00FCcher.example", "xn--a.com", "[::1]/x", "a\u00B7b@c",
		"\u05D0@\u05D0b.c", "a@\uFF0E", "\uFF20@b", "ju\xffliet@a", "a@1.2.3.4", "a@b./\u00A0", "\u1E9E@\u1E9E.de", "a@" + strings.Repeat("xn--bcher-kva.", 20) + "de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := Read(s)
		for _, x := range append(a.Faults, a.Remarks...) {
			if x.Pos < 0 || x.End < x.Pos || x.End > len(s) || x.Text == "" || !x.Ref.Known() {
				t.Fatalf("%q: a fault at %d to %d: %+v", s, x.Pos, x.End, x)
			}
		}
		j, err := Parse(s)
		if (err == nil) != (len(a.Faults) == 0) {
			t.Fatalf("%q: %v but %v", s, err, a.Faults)
		}
		if err != nil {
			return
		}
		if j != a.JID() {
			t.Fatalf("%q is %+v in short and %+v at length", s, j, a.JID())
		}
		if len(j.Local) > MaxPart || len(j.Domain) > MaxPart || len(j.Resource) > MaxPart || !utf8.ValidString(j.String()) {
			t.Fatalf("%q: %+v is no address", s, j)
		}
		if again, err := Parse(j.String()); err != nil || again != j {
			t.Fatalf("%q: its normal form %q is %+v, %v", s, j, again, err)
		}
		if got := Unescape(Escape(j.Resource)); got != j.Resource {
			t.Fatalf("%q escaped and back is %q", j.Resource, got)
		}
	})
}

func FuzzURI(f *testing.F) {
	for _, s := range []string{"xmpp:a@b?join;password=x#y", "xmpp://a@b/c@d?message;body=%20", "xmpp:%", "XMPP:?&;=;", "xmpp:%ff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u := ReadURI(s)
		for _, x := range u.Faults {
			if x.Pos < 0 || x.End < x.Pos || x.End > len(s) || x.Text == "" {
				t.Fatalf("%q: a fault at %d to %d: %+v", s, x.Pos, x.End, x)
			}
		}
		if len(u.Pairs) > maxPairs || !utf8.ValidString(u.Path) && utf8.ValidString(s) {
			t.Fatalf("%q: %+v", s, u)
		}
	})
}
