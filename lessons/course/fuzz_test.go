package course

import (
	"os"
	"testing"
	"testing/fstest"
)

// Whatever stands in a file, it is a lesson or an error with its place.
func FuzzParse(f *testing.F) {
	whole, err := os.ReadFile("testdata/00-test/lesson.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte("+++\ntitle = \"a\"\n+++\n\n## b\n\n- c\n  > d\n\n| e |\n|---|\n| f |\n\n```step\nkind = \"order\"\nitems = [\"1\", \"1\"]\n```\n"))
	f.Add([]byte("+++\n+++\n## \n~~~step\nkind = \"do\"\n[scene]\nplay = [\"open\"]\n~~~"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := ParseText("1-x", text, fstest.MapFS{})
		if err != nil {
			return
		}
		for i := range l.Steps {
			s := &l.Steps[i]
			if s.Task == nil {
				continue
			}
			at := &Place{Row: -1}
			if s.Kind != "find" && s.Live() == nil && s.Kind != "explain" {
				if a := s.Task.Solution(at); !s.Task.Check(a, at).Done {
					t.Errorf("the solution of %q is refused: %+v", s.Title, a)
				}
			}
			_ = PlainText(s.Text)
		}
	})
}

// What a student types is compared with what is right, and the right one is
// right.
func FuzzAnswer(f *testing.F) {
	f.Add("<iq type='get' id='*'><ping xmlns='urn:xmpp:ping'/></iq>", "<iq id='1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
	f.Add("<a b='c'>d</a>", "<a b='&#99;'>d")
	f.Add("<a xmlns:x='y'><x:b/></a>", "")
	f.Fuzz(func(t *testing.T, want, got string) {
		if _, err := meaningOf(want); err != nil {
			return
		}
		_ = checkXML(want, got)
		if v := checkXML(want, want); !v.Done {
			t.Errorf("%q is not %q: %+v", want, want, v)
		}
	})
}
