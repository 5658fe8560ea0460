package decode

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/decode/inflate"
)

const (
	streamTo   = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>"
	streamFrom = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='a' id='1' version='1.0'>"
)

// squeezed agrees on compression and returns the compressors of both sides.
func squeezed(t *testing.T, c *Conn) (say func(Dir, string) []Event) {
	t.Helper()
	at := time.Unix(0, 0)
	feedAll(c, FromInitiator, at, []byte(streamTo))
	feedAll(c, FromReceiver, at, []byte(streamFrom))
	feedAll(c, FromInitiator, at, []byte("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>"))
	feedAll(c, FromReceiver, at, []byte("<compressed xmlns='http://jabber.org/protocol/compress'/>"))
	var b [2]bytes.Buffer
	w := [2]*zlib.Writer{zlib.NewWriter(&b[0]), zlib.NewWriter(&b[1])}
	return func(d Dir, text string) []Event {
		w[d].Write([]byte(text))
		w[d].Flush()
		p := bytes.Clone(b[d].Bytes())
		b[d].Reset()
		var all []Event
		for i := range p { // byte by byte: what is determined comes at once
			all = append(all, feedAll(c, d, at, p[i:i+1])...)
		}
		return all
	}
}

// XEP-0138: both directions go on compressed, and the stream begins anew.
func TestCompression(t *testing.T) {
	c := NewConn(1, Options{})
	say := squeezed(t, c)
	for i, want := range []struct {
		dir  Dir
		text string
		step Step
	}{
		{FromInitiator, streamTo, StepRestartAfterCompress},
		{FromReceiver, streamFrom, StepRestartAfterCompress},
		{FromInitiator, "<message to='b'><body>x</body></message>", StepExchange},
		{FromReceiver, "<message from='b'><body>y</body></message>", StepExchange},
	} {
		events := say(want.dir, want.text)
		if len(events) != 1 || string(events[0].Wire) != want.text || events[0].Step != want.step || events[0].Layer != LayerZlib {
			t.Fatalf("line %d: %+v", i, events)
		}
		if x := events[0].Raw; x.End <= x.Start || x.End-x.Start > int64(len(want.text)+30) {
			t.Errorf("line %d stood in %+v of TCP", i, x)
		}
	}
}

// A bomb stops a direction; what follows is broken, and memory stays bounded.
func TestCompressionBomb(t *testing.T) {
	c := NewConn(1, Options{Inflate: inflate.Limits{Ratio: 50}})
	say := squeezed(t, c)
	say(FromInitiator, streamTo)
	var all []Event
	for range 40 {
		all = append(all, say(FromInitiator, strings.Repeat(" ", 1<<20))...)
	}
	all = append(all, c.Finish(time.Unix(0, 0))...)
	total, told := 0, false
	for i := range all {
		total += len(all[i].Wire)
		for _, err := range all[i].Errs {
			told = told || err.Rule == "zlib-bomb"
		}
	}
	if !told || total > 4<<20 {
		t.Fatalf("told %v, %d bytes came out", told, total)
	}
	if events := say(FromReceiver, streamFrom); len(events) != 1 {
		t.Fatalf("the other direction is lost too: %v", events)
	}
}

// A client that does not wait for the answer is read all the same.
func TestCompressionWithoutWaiting(t *testing.T) {
	c := NewConn(1, Options{})
	at := time.Unix(0, 0)
	feedAll(c, FromInitiator, at, []byte(streamTo))
	feedAll(c, FromReceiver, at, []byte(streamFrom))
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	say := func(text string) []byte {
		b.Reset()
		z.Write([]byte(text))
		z.Flush()
		return b.Bytes()
	}
	early := append([]byte("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>"), say(streamTo)...)
	feedAll(c, FromInitiator, at, early)
	all := feedAll(c, FromReceiver, at, []byte("<compressed xmlns='http://jabber.org/protocol/compress'/>"))
	all = append(all, feedAll(c, FromInitiator, at, say("<presence/>"))...)
	if len(all) != 3 || all[1].Step != StepRestartAfterCompress || string(all[1].Wire) != streamTo || all[2].Name.Local != "presence" {
		t.Fatalf("%+v", all)
	}
	if all[1].Raw.Start != int64(len(streamTo)+86) || all[1].Raw.End != all[2].Raw.Start {
		t.Errorf("in TCP they stood in %v and %v", all[1].Raw, all[2].Raw)
	}
}

// Bytes that are no zlib stream are broken, with the reason.
func TestNoCompressionAfterAll(t *testing.T) {
	c := NewConn(1, Options{})
	squeezed(t, c)
	at := time.Unix(0, 0)
	all := append(feedAll(c, FromInitiator, at, []byte(streamTo)), c.Finish(at)...)
	if len(all) == 0 || all[0].Kind != KindBroken || len(all[0].Errs) != 1 || all[0].Errs[0].Rule != "zlib-corrupt" {
		t.Fatalf("%+v", all)
	}
}

// posted and response are one body of BOSH in HTTP.
func posted(body string) string {
	return fmt.Sprintf("POST /b HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func response(body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// connections are those of one client of BOSH, fed in the order of the capture.
type connections struct {
	flows    map[uint64]*Conn
	sessions *Sessions
	all      []Event
}

func (c *connections) say(flow uint64, dir Dir, text string) {
	if c.flows == nil {
		c.flows, c.sessions = map[uint64]*Conn{}, NewSessions(Options{})
	}
	if c.flows[flow] == nil {
		c.flows[flow] = NewConn(0, Options{})
	}
	for _, e := range feedAll(c.flows[flow], dir, time.Unix(0, 0), []byte(text)) {
		_, events := c.sessions.Take(flow, &e)
		c.all = append(c.all, events...)
	}
}

func body(rid int, more, inside string) string {
	return fmt.Sprintf("<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s>%s</body>", rid, more, inside)
}

func note(text string) string {
	return "<message xmlns='jabber:client' to='a'><body>" + text + "</body></message>"
}

func (c *connections) bodies() (texts []string) {
	for i := range c.all {
		if e := &c.all[i]; e.Kind == KindStanza {
			_, text, _ := strings.Cut(string(e.XML), "<body>")
			text, _, _ = strings.Cut(text, "<")
			texts = append(texts, text)
		}
	}
	return texts
}

// XEP-0124 §14: rid puts requests of several connections in order; one that is
// sent again counts once; one that never came does not hold the others up for
// ever.
func TestBOSHOrder(t *testing.T) {
	var c connections
	c.say(1, FromInitiator, posted(body(10, " to='a'", "")))
	c.say(1, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind' sid='s'/>"))
	c.say(2, FromInitiator, posted(body(12, " sid='s'", note("second"))))
	c.say(1, FromInitiator, posted(body(11, " sid='s'", note("first"))))
	c.say(2, FromInitiator, posted(body(12, " sid='s'", note("second"))))
	if got := strings.Join(c.bodies(), " "); got != "first second" {
		t.Fatalf("have %s", got)
	}
	for rid := 14; rid < 20; rid++ { // 13 was lost
		c.say(1, FromInitiator, posted(body(rid, " sid='s'", note(fmt.Sprint(rid)))))
	}
	c.sessions.Finish(time.Unix(0, 0), func(_ *Session, events []Event) { c.all = append(c.all, events...) })
	if got := strings.Join(c.bodies(), " "); got != "first second 14 15 16 17 18 19" {
		t.Fatalf("have %s", got)
	}
	again := 0
	for i := range c.all {
		if strings.Contains(c.all[i].Note, "sent again") {
			again++
		}
	}
	if again != 1 || len(c.sessions.All()) != 1 {
		t.Fatalf("%d repetitions, %d sessions", again, len(c.sessions.All()))
	}
}

// Two clients behind one connection have a session each.
func TestBOSHSessionsAreToldApart(t *testing.T) {
	var c connections
	for i, sid := range []string{"x", "y"} {
		c.say(1, FromInitiator, posted(body(100*(i+1), " to='a'", "")))
		c.say(1, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind' sid='"+sid+"'/>"))
	}
	c.say(1, FromInitiator, posted(body(101, " sid='x'", note("of x"))))
	c.say(1, FromInitiator, posted(body(201, " sid='y'", note("of y"))))
	if len(c.sessions.All()) != 2 || strings.Join(c.bodies(), ", ") != "of x, of y" {
		t.Fatalf("%d sessions: %q", len(c.sessions.All()), c.bodies())
	}
}

// A flood of sessions, connections and unanswered requests stays bounded, and
// nobody after it is forgotten.
func TestBOSHIsBounded(t *testing.T) {
	var c connections
	over := 0
	for i := range 3 * maxSessions {
		c.say(uint64(i%7), FromInitiator, posted(body(1, " to='a'", "")))
		c.sessions.Over(time.Unix(0, 0), func(_ *Session, events []Event) { over++ })
	}
	if n := len(c.sessions.All()); n != maxSessions || over != 2*maxSessions || len(c.sessions.flows[0].calls) > maxCalls {
		t.Fatalf("%d sessions, %d over, %d calls", n, over, len(c.sessions.flows[0].calls))
	}
	c.say(9, FromInitiator, posted(body(1, " to='a'", "")))
	c.say(9, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind' sid='new'>"+note("hello")+"</body>"))
	if got := c.bodies(); len(got) != 1 || got[0] != "hello" {
		t.Fatalf("have %q", got)
	}
}

// A session that has ended makes room before one that is still alive.
func TestBOSHEndedSessionsMakeRoom(t *testing.T) {
	var c connections
	c.say(1, FromInitiator, posted(body(1, " to='a'", "")))
	c.say(1, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind' sid='alive'/>"))
	for i := range 2 * maxSessions {
		c.say(2, FromInitiator, posted(body(1, " to='a'", "")))
		c.say(2, FromReceiver, response(fmt.Sprintf("<body xmlns='http://jabber.org/protocol/httpbind' sid='%d'/>", i)))
		c.say(2, FromInitiator, posted(body(2, fmt.Sprintf(" sid='%d' type='terminate'", i), "")))
		c.say(2, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind' type='terminate'/>"))
	}
	c.all = nil
	c.say(1, FromInitiator, posted(body(2, " sid='alive'", note("still here"))))
	if got := c.bodies(); len(got) != 1 || c.all[0].Seq < 2 {
		t.Fatalf("have %q in %+v", got, c.all)
	}
}

// Answers find their requests however many connections were cut before.
func TestBOSHForgetsTheCallsOfDeadConnections(t *testing.T) {
	var c connections
	c.say(0, FromInitiator, posted(body(1, " to='a'", "")))
	c.say(0, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind' sid='s'/>"))
	for i := 2; i < 9000; i++ {
		c.say(uint64(i), FromInitiator, posted(body(i, " sid='s'", "")))
		c.sessions.Ended(uint64(i))
		delete(c.flows, uint64(i))
	}
	c.say(1, FromInitiator, posted(body(9000, " sid='s'", "")))
	c.say(1, FromReceiver, response("<body xmlns='http://jabber.org/protocol/httpbind'>"+note("hello")+"</body>"))
	c.sessions.Finish(time.Unix(0, 0), func(_ *Session, events []Event) { c.all = append(c.all, events...) })
	if got := c.bodies(); len(got) != 1 {
		t.Fatalf("have %q", got)
	}
}
