package decode

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A transcript is a conversation as people write it: C: and S: lines hold what
// the initiating and the receiving entity send (\n, \t, \r, \xNN and \\ are
// escapes), a line "C gap 12" loses bytes, "S end" and "S reset" end TCP,
// "midstream" at the top means that the beginning was not captured.
type line struct {
	dir  Dir
	what string // send, gap, end, reset
	data []byte
	n    int64
}

type transcript struct {
	midStream bool
	lines     []line
}

func parseTranscript(t testing.TB, text string) transcript {
	t.Helper()
	var tr transcript
	for i, l := range strings.Split(text, "\n") {
		switch {
		case l == "" || strings.HasPrefix(l, "#"):
			continue
		case l == "midstream":
			tr.midStream = true
			continue
		case len(l) < 3 || l[0] != 'C' && l[0] != 'S':
			t.Fatalf("line %d: %q is no line of a transcript", i+1, l)
		}
		dir := FromInitiator
		if l[0] == 'S' {
			dir = FromReceiver
		}
		if l[1] == ':' {
			tr.lines = append(tr.lines, line{dir: dir, what: "send", data: unescape(t, strings.TrimPrefix(l[2:], " "))})
			continue
		}
		f := strings.Fields(l[1:])
		ln := line{dir: dir, what: f[0]}
		if len(f) > 1 {
			ln.n, _ = strconv.ParseInt(f[1], 10, 64)
		}
		tr.lines = append(tr.lines, ln)
	}
	return tr
}

func unescape(t testing.TB, s string) []byte {
	t.Helper()
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case '\\':
			b = append(b, '\\')
		case 'x':
			v, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			b = append(b, byte(v))
			i += 2
		default:
			t.Fatalf("unknown escape \\%c", s[i])
		}
	}
	return b
}

// feedAll hands p over, following every change of layer.
func feedAll(c *Conn, dir Dir, at time.Time, p []byte) (all []Event) {
	for len(p) > 0 {
		events, n := c.Feed(dir, at, p)
		all = append(all, events...)
		p = p[n:]
	}
	return all
}

// play runs a transcript; cut says how a line's bytes are cut into feeds.
func (tr transcript) play(cut func([]byte) [][]byte) (*Conn, []Event) {
	c := NewConn(1, Options{MidStream: tr.midStream})
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var all []Event
	for _, l := range tr.lines {
		at = at.Add(time.Millisecond)
		switch l.what {
		case "send":
			for _, p := range cut(l.data) {
				all = append(all, feedAll(c, l.dir, at, p)...)
			}
		case "gap":
			all = append(all, c.Gap(l.dir, at, l.n)...)
		case "end":
			all = append(all, c.End(l.dir, at)...)
		case "reset":
			all = append(all, c.Reset(l.dir, at)...)
		}
	}
	return c, append(all, c.Finish(at)...)
}

func whole(p []byte) [][]byte { return [][]byte{p} }

func byByte(p []byte) (all [][]byte) {
	for i := range p {
		all = append(all, p[i:i+1])
	}
	return all
}

// describeEvents is the golden form: one line an event, what changed below it.
func describeEvents(c *Conn, events []Event) string {
	var b strings.Builder
	for i := range events {
		e := &events[i]
		fmt.Fprintf(&b, "%d %s %s", e.Seq, "CS"[e.Dir:e.Dir+1], e.Kind)
		for _, f := range [][2]string{{"step", e.Step.String()}, {"phase", e.Phase.String()}, {"name", e.Name.Local}, {"payload", e.Payload.Local},
			{"id", e.ID}, {"type", e.Type}, {"condition", e.Condition}} {
			if f[1] != "" {
				fmt.Fprintf(&b, " %s=%s", f[0], f[1])
			}
		}
		if e.Layer != LayerPlain {
			fmt.Fprintf(&b, " layer=%s", e.Layer)
		}
		fmt.Fprintf(&b, " at=%d+%d", e.Off, len(e.Wire))
		if e.Reply != 0 {
			fmt.Fprintf(&b, " answers=%d", e.Reply)
		}
		if e.SM != (Ledger{}) {
			fmt.Fprintf(&b, " sent=%v acked=%v", e.SM.Sent, e.SM.Acked)
		}
		b.WriteByte('\n')
		if e.Note != "" {
			fmt.Fprintf(&b, "    note: %s\n", e.Note)
		}
		for _, err := range e.Errs {
			fmt.Fprintf(&b, "    fault: %s at %d: %s (%s)\n", err.Rule, err.Pos, err.Text, err.Ref)
		}
		if e.SASL != nil {
			m := e.SASL.Messages[len(e.SASL.Messages)-1]
			fmt.Fprintf(&b, "    sasl: %s %s %q\n", e.SASL.Mechanism, m.Kind, m.Data)
		}
		for _, ch := range Changes(e.State, e.After) {
			fmt.Fprintf(&b, "    %s: %q to %q\n", ch.Name, ch.From, ch.To)
		}
	}
	s := c.Summary()
	fmt.Fprintf(&b, "= %s %s %s %s events=%d bytes=%d lost=%d\n", s.Profile, s.Outcome, s.Domain, s.JID, s.Events, s.Bytes, s.Lost)
	return b.String()
}

func transcripts(t testing.TB) map[string]transcript {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	all := map[string]transcript{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".txt")] = parseTranscript(t, string(text))
	}
	return all
}

func TestTranscripts(t *testing.T) {
	for name, tr := range transcripts(t) {
		t.Run(name, func(t *testing.T) {
			c, events := tr.play(whole)
			got := describeEvents(c, events)
			golden := filepath.Join("testdata", name+".golden")
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
				t.Errorf("events differ from %s (run with -update to accept):\n%s", golden, firstDifference(got, string(want)))
			}
		})
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := 0; i < len(g) && i < len(w); i++ {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n have %s\n want %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

// input is what a transcript sends in one direction.
func (tr transcript) input(dir Dir) []byte {
	var b []byte
	for _, l := range tr.lines {
		if l.dir == dir {
			b = append(b, l.data...)
		}
	}
	return b
}

// checkTiling is law 2: the events' bytes, in order, are the direction's. Where
// TLS took bytes off, the extents of the events cover the direction.
func checkTiling(t testing.TB, input [2][]byte, events []Event) {
	t.Helper()
	var got [2][]byte
	var next, raw, lost [2]int64
	wrapped := false
	for i := range events {
		e := &events[i]
		d := e.Dir
		wrapped = wrapped || e.Kind == KindTLS
		if len(e.Wire) == 0 && e.Lost == 0 && e.Raw.Start == e.Raw.End {
			continue
		}
		if !wrapped && e.Off != next[d] {
			t.Fatalf("event %d of %s starts at %d, want %d", e.Seq, d, e.Off, next[d])
		}
		next[d] += int64(len(e.Wire)) + e.Lost
		got[d] = append(got[d], e.Wire...)
		if e.Raw.Start > raw[d] {
			t.Fatalf("event %d (%s) of %s starts at byte %d of TCP, the one before ended at %d", e.Seq, e.Kind, d, e.Raw.Start, raw[d])
		}
		raw[d] = max(raw[d], e.Raw.End)
		lost[d] += e.Lost
		if n := e.Raw.End - e.Raw.Start; n == int64(len(e.Wire)) && lost[d] == 0 && !bytes.Equal(e.Wire, input[d][e.Raw.Start:e.Raw.End]) {
			t.Fatalf("event %d of %s does not hold the bytes it names", e.Seq, d)
		}
	}
	for d := range got {
		if wrapped {
			if want := int64(len(input[d])) + lost[d]; raw[d] != want {
				t.Fatalf("%s: the events cover %d bytes of %d", Dir(d), raw[d], want)
			}
		} else if !bytes.Equal(got[d], input[d]) {
			t.Fatalf("%s: the events hold %d bytes, the input %d: %q\nwant %q", Dir(d), len(got[d]), len(input[d]), clip(got[d]), clip(input[d]))
		}
	}
}

func clip(p []byte) []byte { return p[:min(len(p), 400)] }

// essence is what must not depend on how bytes were cut (law 3): everything
// but the time.
func essence(events []Event) string {
	c := NewConn(1, Options{})
	var b strings.Builder
	b.WriteString(describeEvents(c, events))
	for i := range events {
		fmt.Fprintf(&b, "%q\n", events[i].Wire)
	}
	return b.String()
}
