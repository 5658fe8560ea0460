package export

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// play reads a transcript and returns what decode makes of it. A line is
//
//	C: BYTES     from the initiating entity   (Go escapes are understood)
//	S: BYTES     from the receiving entity
//	C gap N      N bytes of that direction are missing
//	C end        the direction was ended; C reset: cut
//	C hex BYTES  the same in hexadecimal
//	conn N       the lines that follow belong to conversation N
//	keys LINE    a line of a key log, for all conversations
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
	joined := map[decode.ConnID]*decode.Sessions{}
	var keys keyLog
	id := decode.ConnID(1)
	now := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	// A session numbers its own events; one event, of TCP, stands before them.
	later := func(s decode.Seq) decode.Seq {
		if s == 0 {
			return 0
		}
		return s + 1
	}
	keep := func(got []decode.Event) {
		if x := joined[id]; x != nil {
			for i := range got {
				_, made := x.Take(uint64(id), &got[i])
				for _, e := range made {
					e.Conn, e.Seq = id, later(e.Seq)
					e.Reply, e.Carrier = later(e.Reply), later(e.Carrier)
					events = append(events, e)
				}
			}
			return
		}
		events = append(events, slices.Clone(got)...)
	}
	for _, line := range strings.Split(string(text), "\n") {
		now = now.Add(1_250 * time.Microsecond)
		var n int
		switch {
		case line == "" || line[0] == '#':
			continue
		case scan(line, "conn %d", &n):
			id = decode.ConnID(n)
			continue
		case strings.HasPrefix(line, "keys "):
			fmt.Fprintln(&keys, line[5:])
			continue
		}
		c := conns[id]
		if c == nil {
			c = decode.NewConn(id, decode.Options{Number: number, Keys: &keys})
			conns[id] = c
			events = append(events, c.Connect(now)...)
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
		case strings.HasPrefix(what, ": "), strings.HasPrefix(what, " hex "):
			p := unescape(t, what[2:])
			if what[0] == ' ' {
				if p, err = hex.DecodeString(what[5:]); err != nil {
					t.Fatal(err)
				}
			}
			for len(p) > 0 {
				got, n := c.Feed(dir, now, p)
				if c.Verdict() == decode.IsCarrier && joined[id] == nil {
					joined[id] = decode.NewSessions(decode.Options{})
				}
				keep(got)
				p = p[n:]
			}
		default:
			t.Fatalf("%s: no such line: %s", name, line)
		}
	}
	for _, c := range slices.Sorted(mapKeys(conns)) {
		id = c
		keep(conns[id].Finish(now))
		s := conns[id].Summary()
		if x := joined[id]; x != nil {
			s = x.All()[0].Summary()
		}
		s.Conn = id
		s.Initiator, s.Receiver = fmt.Sprintf("192.0.2.%d:40112", id), "[2001:db8::1]:5222"
		s.Frames = s.Events
		ends = append(ends, s)
	}
	return events, ends
}

// keyLog is a key log in the transcript.
type keyLog struct{ tlswire.KeyLog }

func (k *keyLog) Secret(label string, random *[32]byte) ([]byte, string) {
	return k.KeyLog.Secret(label, random), "keylog"
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
