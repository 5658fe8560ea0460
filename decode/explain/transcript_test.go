package explain

import (
	"encoding/hex"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/transcript"
	"xmppscope/decode/xmlstream"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A transcript is a conversation as people write it: C: and S: lines hold what
// the initiating and the receiving entity send (\n, \t, \r, \xNN and \\ are
// escapes). "connect", "C end", "S reset" and "S gap 12" happen to TCP;
// "midstream" at the top means that the beginning was not captured. "show"
// leaves everything before it out of the golden. "as STEP" says of what
// follows in the next line that it is that step, for steps that no transcript
// of TCP alone can reach; "dns HEX" is a DNS message. "C hex" sends what is
// written in hexadecimal; "keys LINE" is a line of a key log.
type player struct {
	t      *testing.T
	conn   *decode.Conn
	at     time.Time
	as     decode.Step
	events []decode.Event
	shown  int
	// sessions joins what a connection of BOSH carries.
	sessions *decode.Sessions
	keys     tlswire.KeyLog
}

// Secret makes the lines "keys" a key log.
func (p *player) Secret(label string, random *[32]byte) ([]byte, string) {
	return p.keys.Secret(label, random), "keylog"
}

func play(t *testing.T, script string) []decode.Event {
	p := playAll(t, script)
	return p.events[p.shown:]
}

// told explains what a transcript shows, with the session that goes along.
func (p *player) told() string {
	var b strings.Builder
	s := im.New()
	for i := range p.events {
		e := &p.events[i]
		s.Event(e, nil)
		if i >= p.shown {
			b.WriteString(render(e, s))
		}
	}
	return b.String()
}

func playAll(t *testing.T, script string) *player {
	t.Helper()
	p := &player{t: t, at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	p.conn = decode.NewConn(1, decode.Options{MidStream: strings.Contains("\n"+script, "\nmidstream\n"), Keys: p})
	for _, l := range strings.Split(script, "\n") {
		if l != "" && l[0] != '#' {
			p.line(l)
		}
	}
	p.keep(p.conn.Finish(p.at))
	return p
}

func (p *player) keep(events []decode.Event) {
	for _, e := range events {
		if p.as != decode.StepNone {
			e.Step = p.as
		}
		p.events = append(p.events, e)
	}
}

func (p *player) line(l string) {
	p.at = p.at.Add(time.Millisecond)
	word := strings.Fields(l)
	switch {
	case l == "midstream":
		return
	case l == "show":
		p.shown = len(p.events)
		return
	case l == "connect":
		p.keep(p.conn.Connect(p.at))
		return
	case word[0] == "dns":
		p.dns(word[1])
		return
	case word[0] == "keys":
		fmt.Fprintln(&p.keys, strings.TrimPrefix(l, "keys "))
		return
	case word[0] == "as":
		for _, s := range decode.Steps() {
			if s.String() == word[1] {
				p.as = s
			}
		}
		return
	}
	dir := decode.Dir(strings.IndexByte("CS", l[0]))
	switch {
	case l[1] == ':':
		p.send(dir, unescape(p.t, strings.TrimPrefix(l[2:], " ")))
	case word[1] == "hex":
		data, err := hex.DecodeString(word[2])
		if err != nil {
			p.t.Fatal(err)
		}
		p.send(dir, data)
	case word[1] == "end":
		p.keep(p.conn.End(dir, p.at))
	case word[1] == "reset":
		p.keep(p.conn.Reset(dir, p.at))
	case word[1] == "gap":
		n, err := strconv.ParseInt(word[2], 10, 64)
		if err != nil {
			p.t.Fatal(err)
		}
		p.keep(p.conn.Gap(dir, p.at, n))
	default:
		p.t.Fatalf("%q is no line of a transcript", l)
	}
	p.as = decode.StepNone
}

func (p *player) send(dir decode.Dir, data []byte) {
	for len(data) > 0 {
		events, n := p.conn.Feed(dir, p.at, data)
		if p.conn.Verdict() == decode.IsCarrier {
			events = p.join(events)
		}
		p.keep(events)
		data = data[n:]
	}
}

// dns makes an event of a DNS message in hexadecimal.
func (p *player) dns(text string) {
	msg, err := hex.DecodeString(text)
	if err != nil {
		p.t.Fatal(err)
	}
	var l decode.Lookups
	here := netip.MustParseAddr("127.0.0.1")
	l.DNS(p.at, []uint32{1}, here, here, msg)
	p.keep(l.For(&decode.Conversation{Initiator: "127.0.0.1:40000", Receiver: "127.0.0.1:5222", Domain: "capulet.example"}))
}

// join makes of the events of a connection those of its BOSH session.
func (p *player) join(events []decode.Event) (all []decode.Event) {
	if p.sessions == nil {
		p.sessions = decode.NewSessions(decode.Options{})
	}
	for i := range events {
		_, made := p.sessions.Take(1, &events[i])
		all = append(all, made...)
	}
	return all
}

func unescape(t *testing.T, s string) []byte {
	t.Helper()
	data, err := transcript.Unescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// render is the golden form of an event's explanation.
func render(e *decode.Event, s *im.Session) string {
	x := EventWith(new(xmlstream.Tree), e, s)
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s %s\n", e.Seq, Who(e), x.Title)
	for _, part := range [][2]string{{"what", x.What}, {"why", x.Why}, {"expect", x.Expect}, {"ref", x.Ref.String()}} {
		if part[1] != "" {
			fmt.Fprintf(&b, "  %-6s %s\n", part[0], part[1])
		}
	}
	for _, n := range x.Notes {
		fmt.Fprintf(&b, "  note   %q %s\n", short(string(n.Span.Of(e.Text())), 50), n.Text)
	}
	for _, m := range x.More {
		fmt.Fprintf(&b, "  more   %s\n", m)
	}
	return b.String()
}

func scripts(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	all := map[string]string{}
	for _, f := range files {
		script, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".txt")] = string(script)
	}
	return all
}

func TestTranscripts(t *testing.T) {
	for name, script := range scripts(t) {
		t.Run(name, func(t *testing.T) {
			got := playAll(t, script).told()
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
				t.Errorf("explanations differ from %s (run with -update to accept):\n%s", golden, firstDifference(got, string(want)))
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
