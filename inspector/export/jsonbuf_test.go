package export

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestStringAgreesWithEncodingJSON(t *testing.T) {
	for _, s := range []string{
		"", "plain", `quote " and back \ slash`, "a\nb\tc\rd\x00e\x1b[31mf\x7f",
		"ü – 漢字 😀", "c1 \u0085 \u009b31m", "bidi \u202e \u2066 \u200f \u061c", "lines \u2028\u2029",
		"bad \xff\xc3 utf-8", "cut \xe2\x82", "\xed\xa0\x80 surrogate", "replacement \ufffd itself",
	} {
		got := string(appendString(nil, s))
		var back string
		if err := json.Unmarshal([]byte(got), &back); err != nil {
			t.Errorf("%q: %s is no JSON: %v", s, got, err)
			continue
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); utf8.ValidString(s) && back != want {
			t.Errorf("%q came back as %q", s, back)
		}
		if again := string(appendString(nil, []byte(s))); again != got {
			t.Errorf("%q: text gives %s, bytes %s", s, got, again)
		}
		mustBeInert(t, got)
	}
}

// A character that needs a look is found wherever it stands among plain ones.
func TestStringLooksAtEveryByte(t *testing.T) {
	for at := range 20 {
		before, behind := strings.Repeat("a", at), strings.Repeat("b", 19-at)
		if got, want := string(appendString(nil, before+"\x1b"+behind)), `"`+before+`\u001b`+behind+`"`; got != want {
			t.Errorf("at %d: %s", at, got)
		}
	}
}

// mustBeInert fails where a character could steer a terminal or reorder text.
func mustBeInert(t *testing.T, s string) {
	t.Helper()
	for i, r := range s {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) || r == 0x2028 || r == 0x2029 {
			t.Errorf("raw %U at byte %d", r, i)
		}
	}
}

func FuzzString(f *testing.F) {
	f.Add("a\u202eb")
	f.Add("\xff\x00\"\\")
	f.Fuzz(func(t *testing.T, s string) {
		got := appendString(nil, s)
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%s: %v", got, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Fatalf("%q came back as %q", s, back)
		}
		mustBeInert(t, string(got))
	})
}

func BenchmarkString(b *testing.B) {
	s := []byte(strings.Repeat(`<message to='juliet@localhost' type='chat'><body>Good morrow to you, gentle Juliet ü</body></message>`, 10))
	b.SetBytes(int64(len(s)))
	var out []byte
	for b.Loop() {
		out = appendString(out[:0], s)
	}
}

// TestWriteJSON: a line of any value is as inert as the records of events, and
// means the same.
func TestWriteJSON(t *testing.T) {
	for _, s := range []string{"<b> & 'plain'", "esc \x1b[31m del \x7f c1 \u009b31m nel \u0085", "bidi \u202e \u2066 \u061c", "lines \u2028\u2029\n", "漢字 😀"} {
		var b strings.Builder
		if err := WriteJSON(&b, map[string]string{"text": s}); err != nil {
			t.Fatal(err)
		}
		line, ok := strings.CutSuffix(b.String(), "\n")
		if !ok || strings.Contains(line, "\n") {
			t.Errorf("%q is no line: %q", s, b.String())
		}
		mustBeInert(t, line)
		var back map[string]string
		if err := json.Unmarshal([]byte(line), &back); err != nil || back["text"] != s {
			t.Errorf("%s: %q came back as %q, %v", line, s, back["text"], err)
		}
	}
}
