package im_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/transcript"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A file of testdata is a transcript. Its golden file tells for each event what
// it changed, and then what is known at the end.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			got := tell(play(t, string(text)))
			golden := strings.TrimSuffix(f, ".txt") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("not as in %s:\n%s", golden, got)
			}
		})
	}
}

func play(t testing.TB, script string) []decode.Event {
	t.Helper()
	s, err := transcript.Parse(script)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Events
}

// fold runs the events of a conversation through a new session.
func fold(events []decode.Event) *im.Session {
	s := im.New()
	for i := range events {
		s.Event(&events[i], nil)
	}
	return s
}

// tell is the changes of all events and the facts at the end.
func tell(events []decode.Event) string {
	var b strings.Builder
	s := im.New()
	for i := range events {
		e := &events[i]
		s.Event(e, nil)
		list, more := s.Changes()
		for _, c := range list {
			fmt.Fprintf(&b, "%d %s %s %s: %q", e.Seq, c.Group, c.Name, c.Field, c.Now)
			if c.Was != "" || c.Since != 0 {
				fmt.Fprintf(&b, " was %q", c.Was)
			}
			if c.Since != 0 {
				fmt.Fprintf(&b, " since %d", c.Since)
			}
			b.WriteByte('\n')
		}
		if more > 0 {
			fmt.Fprintf(&b, "%d and %d more\n", e.Seq, more)
		}
	}
	for _, f := range s.Facts() {
		fmt.Fprintf(&b, "= %s | %s | %s | %d\n", f.Group, f.Name, f.Value, f.Seq)
	}
	return b.String()
}
