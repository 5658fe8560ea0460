package inspector

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDisarm(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", `<iq id='1'/>`, `<iq id='1'/>`},
		{"empty", "", ""},
		{"escape sequence", "\x1b[31mred\x1b[0m", "␛[31mred␛[0m"},
		{"title and bell", "\x1b]0;owned\a", "␛]0;owned␇"},
		{"NUL and DEL", "a\x00b\x7f", "a␀b␡"},
		{"line feed and tab", "a\r\n\tb", "a␍␊␉b"},
		{"C1 CSI", "\u009b31m", "⟨U+009B⟩31m"},
		{"NEL", "a\u0085b", "a⟨U+0085⟩b"},
		{"right-to-left override", "evil\u202egpj.exe", "evil⟨U+202E⟩gpj.exe"},
		{"isolates", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"},
		{"marks of direction", "\u200e\u200f\u061c", "⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"},
		{"zero width", "a\u200bb\u200cc\u200dd\u2060e\ufefff", "a⟨U+200B⟩b⟨U+200C⟩c⟨U+200D⟩d⟨U+2060⟩e⟨U+FEFF⟩f"},
		{"line separators", "a\u2028b\u2029c", "a⟨U+2028⟩b⟨U+2029⟩c"},
		{"tag characters", "a\U000e0041b", "a⟨U+E0041⟩b"},
		{"variation selector that hides data", "a\U000e0100", "a⟨U+E0100⟩"},
		{"blank letter", "a\u3164b", "a⟨U+3164⟩b"},
		{"soft hyphen", "a\u00adb", "a⟨U+00AD⟩b"},
		{"private use", "\ue000", "⟨U+E000⟩"},
		{"noncharacter", "\ufffe", "⟨U+FFFE⟩"},
		{"lone byte", "a\xffb", "a⟨FF⟩b"},
		{"cut sequence", "\xe2\x82", "⟨E2⟩⟨82⟩"},
		{"surrogate in UTF-8", "\xed\xa0\x80", "⟨ED⟩⟨A0⟩⟨80⟩"},
		{"overlong", "\xc0\xaf", "⟨C0⟩⟨AF⟩"},
		{"replacement character is a character", "\ufffd", "\ufffd"},
		{"wide", "日本語 🎉 ñ é Ω שלום", "日本語 🎉 ñ é Ω שלום"},
		{"emoji presentation", "❤\ufe0f", "❤\ufe0f"},
		{"tview tag", "[red]x[-]", "[red]x[-]"},
		{"mark over its base", "e\u0301", "e\u0301"},
		{"mark without a base", "\u0301x", "◌\u0301x"},
	} {
		if got := Disarm(c.in); got != c.want {
			t.Errorf("%s: Disarm(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
		if got := Harmful(c.in); got != (c.in != c.want) {
			t.Errorf("%s: Harmful(%q) = %v", c.name, c.in, got)
		}
	}
}

func TestDisarmBoundsMarks(t *testing.T) {
	got := Disarm("a" + strings.Repeat("\u0301", maxMarks+1) + "b")
	want := "a" + strings.Repeat("\u0301", maxMarks) + "⟨U+0301⟩b"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDisarmLines(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb":            "a\nb",
		"\n\n":            "\n\n",
		"a\r\n\x1bb\n":    "a␍\n␛b\n",
		"\n\u0301":        "\n◌\u0301",
		"one \u2028 line": "one ⟨U+2028⟩ line",
	} {
		if got := DisarmLines(in); got != want {
			t.Errorf("DisarmLines(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestGlyphIsDisarm(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		want := strings.TrimPrefix(Disarm(string(r)), dottedCircle)
		if r == '\u25cc' {
			want = dottedCircle
		}
		if got := Glyph(r); got != want {
			t.Fatalf("Glyph(%U) = %q, Disarm gives %q", r, got, want)
		}
	}
}

// dangerous is written down once more, by code point, so that the test does
// not believe the table it tests.
func dangerous(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f,
		r == 0x061c, r >= 0x200b && r <= 0x200f,
		r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r == 0xfeff, r == 0x00ad, r >= 0xfff9 && r <= 0xfffb,
		r >= 0xe000 && r <= 0xf8ff, r&0xfffe == 0xfffe,
		r >= 0xe0000:
		return true
	}
	return false
}

func FuzzDisarm(f *testing.F) {
	for _, s := range []string{"", "<a/>", "\x1b[2J", "\u202e", "\xff\xfe", "e\u0301\u0301", "日本\u200b", "⟨U+202E⟩", "a\nb", "\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Disarm(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Disarm(%q) is no UTF-8: %q", s, got)
		}
		for _, r := range got {
			if dangerous(r) {
				t.Fatalf("Disarm(%q) lets %U pass", s, r)
			}
		}
		if again := Disarm(got); again != got {
			t.Fatalf("Disarm is not idempotent: %q, then %q", got, again)
		}
		if Harmful(s) != (got != s) {
			t.Fatalf("Harmful(%q) = %v, Disarm gives %q", s, Harmful(s), got)
		}
		lines := strings.ReplaceAll(DisarmLines(s), "\n", "")
		for _, r := range lines {
			if dangerous(r) {
				t.Fatalf("DisarmLines(%q) lets %U pass", s, r)
			}
		}
	})
}

func BenchmarkDisarmPlain(b *testing.B) {
	s := strings.Repeat("<message from='juliet@example.com/balcony'><body>hi</body></message>", 5)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Disarm(s)
	}
}
