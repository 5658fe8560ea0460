package export

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"xmppscope/decode"
	"xmppscope/inspector"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

// play reads a transcript and returns what decode makes of it. A line is
//
//	C: BYTES     from the initiating entity   (Go escapes are understood)
//	S: BYTES     from the receiving entity
//	C gap N      N bytes of that direction are missing
//	C end        the direction was ended; C reset: cut
//	conn N       the lines that follow belong to conversation N
//	# …          a remark
//
// Every line is a millisecond and a bit after the one before.
func play(t *testing.T, name string) (events []decode.Event, ends []decode.Conversation) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var seq decode.Seq
	number := func() decode.Seq { seq++; return seq }
	conns := map[decode.ConnID]*decode.Conn{}
	id := decode.ConnID(1)
	now := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	keep := func(got []decode.Event) { events = append(events, slices.Clone(got)...) }
	for _, line := range strings.Split(string(text), "\n") {
		now = now.Add(1_250 * time.Microsecond)
		var n int
		switch {
		case line == "" || line[0] == '#':
			continue
		case scan(line, "conn %d", &n):
			id = decode.ConnID(n)
			continue
		}
		c := conns[id]
		if c == nil {
			c = decode.NewConn(id, decode.Options{Number: number})
			conns[id] = c
			keep(c.Connect(now))
		}
		dir := decode.FromInitiator
		if line[0] == 'S' {
			dir = decode.FromReceiver
		}
		switch what := line[1:]; {
		case scan(what, " gap %d", &n):
			keep(c.Gap(dir, now, int64(n)))
		case what == " end":
			keep(c.End(dir, now))
		case what == " reset":
			keep(c.Reset(dir, now))
		case strings.HasPrefix(what, ": "):
			for p := unescape(t, what[2:]); len(p) > 0; {
				got, n := c.Feed(dir, now, p)
				keep(got)
				p = p[n:]
			}
		default:
			t.Fatalf("%s: no such line: %s", name, line)
		}
	}
	for _, id := range slices.Sorted(mapKeys(conns)) {
		keep(conns[id].Finish(now))
		s := conns[id].Summary()
		s.Initiator, s.Receiver = fmt.Sprintf("192.0.2.%d:40112", id), "[2001:db8::1]:5222"
		s.Frames = s.Events
		ends = append(ends, s)
	}
	return events, ends
}

func mapKeys(m map[decode.ConnID]*decode.Conn) func(func(decode.ConnID) bool) {
	return func(yield func(decode.ConnID) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func scan(line, format string, n *int) bool {
	got, err := fmt.Sscanf(line, format, n)
	return err == nil && got == 1
}

func unescape(t *testing.T, s string) []byte {
	t.Helper()
	var out []byte
	for s != "" {
		if s[0] != '\\' {
			out = append(out, s[0])
			s = s[1:]
			continue
		}
		r, multi, rest, err := strconv.UnquoteChar(s, 0)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if multi {
			out = append(out, string(r)...)
		} else {
			out = append(out, byte(r))
		}
		s = rest
	}
	return out
}

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
