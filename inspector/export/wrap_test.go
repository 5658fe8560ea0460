package export

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, nil},
		{"one two three", 8, []string{"one two", "three"}},
		{"  spaces   are\none ", 20, []string{"spaces are one"}},
		{"averyverylongword a", 5, []string{"averyverylongword", "a"}},
		{"漢字 漢字", 5, []string{"漢字", "漢字"}},
	} {
		if d := cmp.Diff(c.want, wrap(c.text, c.width)); d != "" {
			t.Errorf("wrap(%q, %d): %s", c.text, c.width, d)
		}
	}
}

func TestChopAndClip(t *testing.T) {
	for _, s := range []string{"", "a", "abcdefgh", "漢字漢字漢字", "e\u0301e\u0301e\u0301e\u0301", "👩‍👩‍👧👩‍👩‍👧"} {
		for width := 1; width < 9; width++ {
			lines := chop(s, width)
			if got := strings.Join(lines, ""); got != s {
				t.Errorf("chop(%q, %d) loses text: %q", s, width, got)
			}
			for _, l := range lines {
				if columns(l) > max(width, 2) {
					t.Errorf("chop(%q, %d): %q is %d columns", s, width, l, columns(l))
				}
			}
			if got := clip(s, width); columns(got) > width {
				t.Errorf("clip(%q, %d) = %q", s, width, got)
			}
		}
	}
}

func TestExcerptMarksThePlace(t *testing.T) {
	long := strings.Repeat("x", 200)
	for _, c := range []struct {
		text     string
		pos, end int
		marked   string
	}{
		{"<a b='1' b='2'/>", 9, 14, "b='2'"},
		{"<a>\x00</a>", 3, 4, "␀"},
		{"\u202e!", 3, 4, "!"},
		{"end", 3, 3, ""},
		{long + "HERE" + long, 200, 204, "HERE"},
		{strings.Repeat("\u202e", 60) + "HERE", 180, 184, "HERE"},
		{"short", 99, 120, ""},
	} {
		line, marks := excerpt([]byte(c.text), c.pos, c.end, 60)
		at := strings.Index(marks, "^")
		if at < 0 || columns(line) > 61 || columns(marks) > 61 {
			t.Errorf("%q: %q\n%q", c.text, line, marks)
			continue
		}
		if c.marked == "" {
			continue
		}
		before := strings.Index(line, c.marked)
		if before < 0 || columns(line[:before]) != at || columns(c.marked) != len(marks)-at {
			t.Errorf("the mark is not under %q:\n%s\n%s", c.marked, line, marks)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
