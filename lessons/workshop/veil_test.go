package workshop

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// What lets somebody in is not mirrored, whatever carries it; all the rest is,
// byte for byte. In the script such a secret has SECRET in it, or its base64.
func TestVeil(t *testing.T) {
	text, err := os.ReadFile("testdata/secrets.txt")
	if err != nil {
		t.Fatal(err)
	}
	s, err := transcript.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	played, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hiddenOnes := map[string]bool{}
	empty := inspector.NewStore(inspector.StoreOptions{})
	defer empty.Close()
	for i := range played.Events {
		f := frameOf(seen{recording: &recording{store: empty}, rows: -1}, &played.Events[i])
		told := fmt.Sprintf("%s %s %s %s %v %v", f.Wire, f.XML, f.Original, f.After, f.Login, []string{f.ID, f.Type, f.From, f.To, f.Condition, f.Note, f.Name.Local, f.Payload.Local})
		if f.Login != nil {
			for _, m := range f.Login.Messages {
				raw, _ := base64.StdEncoding.DecodeString(string(m.Base64))
				told += string(raw)
			}
		}
		if strings.Contains(told, "SECRET") || strings.Contains(told, "U0VDUkVU") {
			t.Errorf("it is told to terminals: %q", told)
		}
		e := &played.Events[i]
		before := string(e.Text())
		v, hidden := veil(e)
		after := string(v.Text())
		if len(after) != len(before) {
			t.Errorf("%q has another length: %q", before, after)
		}
		for _, secret := range []string{"SECRET", "U0VDUkVU", "AGJvYgBTRUNSRVQ="} {
			if strings.Contains(after, secret) || strings.Contains(string(v.Wire), secret) && v.XML != nil {
				t.Errorf("%q is mirrored as %q", before, after)
			}
		}
		if hidden == (after == before) {
			t.Errorf("%q: hidden is %v", before, hidden)
		}
		for i := range after {
			if after[i] != before[i] && after[i] != star {
				t.Fatalf("%q became %q", before, after)
			}
		}
		if hidden {
			hiddenOnes[e.Name.Local+e.Kind.String()] = true
			d := detailOf(seen{recording: &recording{}, rows: -1}, 0, e)
			for _, said := range []string{d.Title, d.What, d.Why, d.Expect} {
				if strings.Contains(said, "SECRET") {
					t.Errorf("%q is told of %q", said, before)
				}
			}
		}
		if e.Kind == decode.KindStanza && strings.Contains(before, "in the open") && hidden {
			t.Errorf("%q is hidden", before)
		}
	}
	if n := len(played.Events); n < 30 || len(hiddenOnes) < 6 {
		t.Error(n, hiddenOnes)
	}
}

// An answer that lacks or has thousands of things is told of some.
func TestVerdictIsBounded(t *testing.T) {
	v := verdictOf(course.Verdict{Missing: make([]string, 14_000)})
	if len(v.Missing) != maxMissing+1 || v.Missing[maxMissing] != "… and 13988 more" {
		t.Error(len(v.Missing), v.Missing[len(v.Missing)-1])
	}
	if v := verdictOf(course.Verdict{Missing: make([]string, maxMissing)}); len(v.Missing) != maxMissing {
		t.Error(len(v.Missing))
	}
}
