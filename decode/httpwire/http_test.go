package httpwire

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// say is what one side puts on the wire.
type say struct {
	side int
	text string
}

// play feeds lines to a connection, cut as cut says, and writes what came of
// them, one line a message.
func play(lines []say, o Options, cut func(string) []string) (string, [2]string) {
	c := NewConn(o)
	var b strings.Builder
	var wire [2]string
	junk := [2]string{}
	take := func(all []Message) {
		for _, m := range all {
			wire[m.Side] += string(m.Wire)
			if m.Kind == Broken && m.HeadLen == 0 && len(m.Faults) == 0 {
				junk[m.Side] += string(m.Wire)
				continue
			}
			fmt.Fprintf(&b, "%d %d %s%s%d #%d %d+%d %q", m.Side, m.Kind, m.Method, m.Target, m.Status, m.Exchange, m.Off, len(m.Wire), m.Body)
			for _, f := range m.Faults {
				b.WriteString(" !" + f.Rule)
			}
			b.WriteByte('\n')
		}
	}
	for _, l := range lines {
		for _, p := range cut(l.text) {
			take(c.Feed(l.side, []byte(p)))
		}
	}
	for side := range 2 {
		if _, ok := c.Upgraded(); ok {
			if rest := c.Rest(side); len(rest) > 0 {
				wire[side] += string(rest)
				fmt.Fprintf(&b, "%d rest %q\n", side, rest)
			}
		}
		take(c.Flush(side))
	}
	fmt.Fprintf(&b, "junk %q", junk)
	return b.String(), wire
}

func whole(s string) []string { return []string{s} }

func bytewise(s string) []string { return strings.Split(s, "") }

const get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"

func packed(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(s))
	w.Close()
	return b.String()
}

var conversations = []struct {
	name  string
	lines []say
	want  string
}{
	{"length", []say{{0, "POST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"}, {1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}},
		`0 0 POST/b0 #1 0+44 "hello"
1 1 200 #1 0+40 "ok"`},
	{"pipelining", []say{{0, get + get}, {1, "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 304 No\r\n\r\n"}},
		`0 0 GET/x0 #1 0+28 ""
0 0 GET/x0 #2 28+28 ""
1 1 204 #1 0+19 ""
1 1 304 #2 19+19 ""`},
	{"chunks", []say{{0, get}, {1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"}},
		`0 0 GET/x0 #1 0+28 ""
1 1 200 #1 0+91 "abc0123456789"`},
	{"to the end", []say{{0, get}, {1, "HTTP/1.0 200 OK\r\n\r\nall of it"}},
		`0 0 GET/x0 #1 0+28 ""
1 1 200 #1 0+28 "all of it"`},
	{"head", []say{{0, "HEAD /x HTTP/1.1\r\n\r\n" + get}, {1, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"}},
		`0 0 HEAD/x0 #1 0+20 ""
0 0 GET/x0 #2 20+28 ""
1 1 200 #1 0+39 ""
1 1 200 #2 39+39 "x"`},
	{"continue", []say{{0, "POST /b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"}, {1, "HTTP/1.1 100 Continue\r\n\r\n"}, {0, "x"}, {1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}},
		`1 1 100 #1 0+25 ""
0 0 POST/b0 #1 0+62 "x"
1 1 200 #1 25+38 ""`},
	{"gzip", []say{{0, get}, {1, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(packed("<body/>")), packed("<body/>"))}},
		`0 0 GET/x0 #1 0+28 ""
1 1 200 #1 0+` + fmt.Sprint(63+len(fmt.Sprint(len(packed("<body/>"))))-2+len(packed("<body/>"))) + ` "<body/>"`},
	{"upgrade", []say{{0, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\r\n\x81\x80zzzz"}, {1, "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n\x81\x00"}},
		`0 0 GET/ws0 #1 0+73 ""
1 1 101 #1 0+39 ""
0 rest "\x81\x80zzzz"
1 rest "\x81\x00"`},
	{"upgrade refused", []say{{0, "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + get}, {1, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"}},
		`0 0 GET/ws0 #1 0+61 ""
1 1 404 #1 0+38 ""
0 0 GET/x0 #2 61+28 ""`},
	{"smuggling", []say{{0, "POST /b HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}},
		`0 0 POST/b0 #1 0+72 "" !http-smuggling`},
	{"two lengths", []say{{0, "POST /b HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"}},
		`0 0 POST/b0 #1 0+58 "" !http-smuggling
0 3 0 #0 58+5 "" !http-incomplete`},
	{"white space", []say{{0, "GET / HTTP/1.1\r\nHost : a\r\n b\r\n\r\n"}},
		`0 0 GET/0 #1 0+32 "" !http-smuggling !http-folding`},
	{"bad chunk", []say{{0, get}, {1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nHTTP/1.1 204 No\r\n\r\n"}},
		`0 0 GET/x0 #1 0+28 ""
1 1 200 #1 0+52 "" !http-smuggling !http-malformed
1 1 204 #0 52+19 ""`},
	{"incomplete", []say{{0, "POST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nhel"}},
		`0 0 POST/b0 #1 0+42 "" !http-incomplete`},
}

func TestConversations(t *testing.T) {
	for _, c := range conversations {
		t.Run(c.name, func(t *testing.T) {
			got, wire := play(c.lines, Options{}, whole)
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("have\n%s\nwant\n%s", got, c.want)
			}
			var want [2]string
			for _, l := range c.lines {
				want[l.side] += l.text
			}
			if wire != want {
				t.Errorf("the messages hold %q, want %q", wire, want)
			}
			if again, _ := play(c.lines, Options{}, bytewise); again != got {
				t.Errorf("byte by byte\n%s\nwhole\n%s", again, got)
			}
		})
	}
}

// A body over the limit comes in parts, none of which is kept.
func TestLongBodies(t *testing.T) {
	c := NewConn(Options{MaxBody: 1000, MaxHead: 1000})
	total, parts := 0, 0
	take := func(all []Message) {
		for _, m := range all {
			total += len(m.Wire)
			if m.Kind == Part {
				parts++
			}
			if m.Body != nil || len(m.Wire) > 4000 {
				t.Fatalf("a message of %d bytes with a body of %d", len(m.Wire), len(m.Body))
			}
		}
	}
	head := "POST /b HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"
	take(c.Feed(0, []byte(head)))
	for range 1000 {
		take(c.Feed(0, make([]byte, 100)))
	}
	take(c.Feed(0, []byte(get)))
	take(c.Flush(0))
	if total != len(head)+100000+len(get) || parts < 10 {
		t.Fatalf("%d bytes in %d parts", total, parts)
	}
}

func TestGap(t *testing.T) {
	c := NewConn(Options{})
	c.Feed(0, []byte("POST /b HTTP/1.1\r\nContent-Length: 50\r\n\r\nhel"))
	if all := c.Gap(0, 10); len(all) != 1 || len(all[0].Faults) != 1 {
		t.Fatalf("%+v", all)
	}
	all := c.Feed(0, []byte(strings.Repeat("x", 37)+get))
	if n := len(all); n == 0 || all[n-1].Target != "/x" || all[n-1].Off != 40+3+10+37 {
		t.Fatalf("%+v", all)
	}
}

// sound leaves out bytes that are no message: they come in pieces of any size.
func sound(list string) string {
	lines := strings.Split(list, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "junk") || len(l) > 2 && l[2] == '3' }), "\n")
}

func FuzzHTTP(f *testing.F) {
	for _, c := range conversations {
		var both [2]string
		for _, l := range c.lines {
			both[l.side] += l.text
		}
		f.Add(both[0], both[1], uint64(1))
	}
	f.Fuzz(func(t *testing.T, ini, rec string, seed uint64) {
		lines := []say{{0, ini}, {1, rec}}
		o := Options{MaxBody: 500, MaxHead: 300}
		want, wire := play(lines, o, whole)
		if wire != [2]string{ini, rec} {
			t.Fatalf("the messages hold %q", wire)
		}
		r := rand.New(rand.NewPCG(seed, 1))
		got, wire := play(lines, o, func(s string) (all []string) {
			for len(s) > 0 {
				n := 1 + r.IntN(len(s))
				all = append(all, s[:n])
				s = s[n:]
			}
			return all
		})
		if wire != [2]string{ini, rec} {
			t.Fatalf("cut, the messages hold %q", wire)
		}
		if sound(got) != sound(want) {
			t.Fatalf("cut\n%s\nwhole\n%s", got, want)
		}
	})
}
