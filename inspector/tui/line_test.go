package tui

import (
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"
)

func rowsOf(l line, w int) []string {
	var out []string
	for _, r := range wrap(nil, &l, 0, w) {
		var b strings.Builder
		if !r.first {
			b.WriteString(strings.Repeat(" ", min(l.hang, w/2)))
		}
		for _, s := range r.spans {
			b.WriteString(s.text)
		}
		out = append(out, b.String())
	}
	return out
}

func TestWrap(t *testing.T) {
	st := tcell.StyleDefault
	for _, c := range []struct {
		name string
		line line
		w    int
		want []string
	}{
		{"empty", line{}, 10, []string{""}},
		{"fits", line{spans: []span{{"one two", st}}}, 10, []string{"one two"}},
		{"at blanks", line{spans: []span{{"one two three", st}}}, 10, []string{"one two ", "three"}},
		{"hanging", line{spans: []span{{"Why  ", st}, {"one two three", st}}, hang: 5}, 10, []string{"Why  one ", "     two ", "     three"}},
		{"a word too long", line{spans: []span{{"abcdefghijklm", st}}}, 8, []string{"abcdefgh", "ijklm"}},
		{"code breaks anywhere", line{spans: []span{{"ab cdefghi", st}}, code: true}, 8, []string{"ab cdefg", "hi"}},
		{"across spans", line{spans: []span{{"abcd", st}, {"efgh", st}, {"ijkl", st}}, code: true}, 10, []string{"abcdefghij", "kl"}},
		{"wide", line{spans: []span{{"漢字漢字漢字", st}}, code: true}, 9, []string{"漢字漢字", "漢字"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := rowsOf(c.line, c.w); strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever is wrapped, no letter is lost and no row is too wide.
func FuzzWrap(f *testing.F) {
	f.Add("one two three", "漢字 e\u0301", 10, 3, false)
	f.Add("  ", "", 8, 9, true)
	f.Fuzz(func(t *testing.T, a, b string, w, hang int, code bool) {
		if w < 8 || w > 200 || hang < 0 || hang > 50 || len(a)+len(b) > 2000 {
			return
		}
		l := line{spans: []span{{wire(a), tcell.StyleDefault}, {wire(b), tcell.StyleDefault}}, hang: hang, code: code}
		text := ""
		for _, r := range wrap(nil, &l, 0, w) {
			n := 0
			for _, s := range r.spans {
				text += s.text
				n += width(s.text)
			}
			if !r.first {
				n += min(hang, w/2)
			}
			if n > w+1 {
				t.Errorf("a row of %d columns for a width of %d", n, w)
			}
		}
		if text != wire(a)+wire(b) {
			t.Errorf("%q became %q", wire(a)+wire(b), text)
		}
	})
}

func TestCutAndPad(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"abc", 5, "abc  "}, {"abcdef", 5, "abcd…"}, {"漢字漢", 5, "漢字…"}, {"漢字漢", 4, "漢…"}, {"abc", 0, ""}} {
		if got := pad(c.s, c.n); got != c.want {
			t.Errorf("pad(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}
