package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"xmppscope/decode"
	"xmppscope/inspector"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

// write runs one format over a transcript.
func write(t *testing.T, format, name string, o Options) string {
	t.Helper()
	events, ends := play(t, name)
	f, ok := Lookup(format)
	if !ok {
		t.Fatalf("no format %s", format)
	}
	var b bytes.Buffer
	w := f.New(&b, o)
	if name == "two" { // who takes part may be told before, or not
		for i := range ends {
			if err := w.Begin(&decode.Conversation{Conn: ends[i].Conn, Initiator: ends[i].Initiator, Receiver: ends[i].Receiver}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range events {
		if err := w.Event(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range ends {
		if err := w.Conversation(&ends[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// transcripts are the files testdata/NAME.txt.
func transcripts(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".txt")
	}
	return files
}

func TestGolden(t *testing.T) {
	for _, name := range transcripts(t) {
		for _, f := range Formats() {
			t.Run(name+"/"+f.Name, func(t *testing.T) {
				got := write(t, f.Name, name, Options{Secrets: secrets(t, "juliet@example.com=r0m30myr0m30")})
				golden(t, name+"."+f.Name+".golden", got)
			})
		}
	}
}

// TestNothingSteersTheTerminal: whatever stood on the wire, no output has a
// control, a bidirectional control or a byte that is no UTF-8.
func TestNothingSteersTheTerminal(t *testing.T) {
	for _, name := range transcripts(t) {
		for _, f := range Formats() {
			got := write(t, f.Name, name, Options{Full: true})
			for i, r := range got {
				tab := f.Name == "xml" && r == '\t'
				switch {
				case r == '\n', tab:
				case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == 0x2028, r == 0x2029:
					t.Errorf("%s of %s: %U at byte %d: %q", f.Name, name, r, i, around(got, i))
				}
			}
			if !strings.HasPrefix(got, strings.ToValidUTF8(got, "?")) {
				t.Errorf("%s of %s is not UTF-8", f.Name, name)
			}
		}
	}
}

func around(s string, i int) string { return s[max(i-20, 0):min(i+20, len(s))] }

// TestColorOnlyAddsColor: with the colours taken out, the text is the same.
func TestColorOnlyAddsColor(t *testing.T) {
	for _, name := range transcripts(t) {
		for _, format := range []string{"text", "ladder"} {
			plain := write(t, format, name, Options{})
			colored := write(t, format, name, Options{Color: true})
			if colored == plain {
				t.Errorf("%s of %s has no colour", format, name)
			}
			for _, code := range sgr {
				colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
			}
			if got := strings.ReplaceAll(colored, "\x1b[0m", ""); got != plain {
				t.Errorf("%s of %s: colour changes the text", format, name)
			}
		}
	}
}

// TestWidth: prose and ladder keep to the width; only a word that is longer
// may stand out.
func TestWidth(t *testing.T) {
	for _, name := range transcripts(t) {
		for _, width := range []int{60, 80, 120} {
			for _, l := range strings.Split(write(t, "ladder", name, Options{Width: width}), "\n") {
				if columns(l) > width {
					t.Errorf("ladder of %s at %d: %d columns: %s", name, width, columns(l), l)
				}
			}
		}
	}
}

func secrets(t *testing.T, pairs ...string) *inspector.Secrets {
	t.Helper()
	s := &inspector.Secrets{}
	for _, p := range pairs {
		if err := s.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; see it with -update and git diff. Got:\n%s", name, got)
	}
}
