package decode

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const wrapperNS = "<body xmlns='http://jabber.org/protocol/httpbind'"

// created is a session that has been answered, its first request being 10.
func created(c *connections) {
	c.say(1, FromInitiator, posted(body(10, " to='a'", "")))
	c.say(1, FromReceiver, response(wrapperNS+" sid='s'/>"))
}

func (c *connections) finished() string {
	c.sessions.Finish(time.Unix(0, 0), func(_ *Session, events []Event) { c.all = append(c.all, events...) })
	return strings.Join(c.bodies(), " ")
}

// A request that is sent again while the first one still waits for its turn
// counts once.
func TestBOSHSentAgainWhileItWaits(t *testing.T) {
	var c connections
	created(&c)
	c.say(2, FromInitiator, posted(body(12, " sid='s'", note("second"))))
	c.say(3, FromInitiator, posted(body(12, " sid='s'", note("second"))))
	c.say(1, FromInitiator, posted(body(11, " sid='s'", note("first"))))
	if got := c.finished(); got != "first second" {
		t.Fatalf("have %s", got)
	}
}

// What was passed over and comes late all the same is read, once; so is what
// comes before the first request of a capture that begins in the middle.
func TestBOSHLate(t *testing.T) {
	var c connections
	c.say(1, FromInitiator, posted(body(12, " sid='s'", note("12"))))
	c.say(2, FromInitiator, posted(body(11, " sid='s'", note("11"))))
	c.say(2, FromInitiator, posted(body(11, " sid='s'", note("11"))))
	for rid := 14; rid < 20; rid++ { // 13 takes its time
		c.say(1, FromInitiator, posted(body(rid, " sid='s'", note(fmt.Sprint(rid)))))
	}
	c.say(1, FromInitiator, posted(body(13, " sid='s'", note("13"))))
	c.say(1, FromInitiator, posted(body(13, " sid='s'", note("13"))))
	if got := c.finished(); got != "12 11 14 15 16 17 18 19 13" {
		t.Fatalf("have %s", got)
	}
}

// An error of HTTP is an answer too: those behind it do not wait. If the
// request is sent again, its answer counts (XEP-0124 §17.3).
func TestBOSHAnswerWithoutABody(t *testing.T) {
	var c connections
	created(&c)
	for rid := 11; rid < 13; rid++ {
		c.say(1, FromInitiator, posted(body(rid, " sid='s'", "")))
	}
	c.say(1, FromReceiver, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
	c.say(1, FromReceiver, response(wrapperNS+">"+note("12")+"</body>"))
	if got := c.bodies(); len(got) != 1 {
		t.Fatalf("have %q", got)
	}
	c.say(1, FromInitiator, posted(body(11, " sid='s'", "")))
	c.say(1, FromReceiver, response(wrapperNS+">"+note("11")+"</body>"))
	if got := c.finished(); got != "12 11" {
		t.Fatalf("have %s", got)
	}
}

// A server that holds a request puts the features after a restart into its
// answer, as Prosody does: that answer is the header of the new stream.
func TestBOSHRestartAnsweredEarly(t *testing.T) {
	var c connections
	created(&c)
	c.say(1, FromInitiator, posted(body(11, " sid='s'", "")))
	c.say(2, FromInitiator, posted(body(12, " sid='s' xmlns:x='urn:xmpp:xbosh' x:restart='true'", "")))
	c.say(1, FromReceiver, response(wrapperNS+"><f:features xmlns:f='http://etherx.jabber.org/streams'/></body>"))
	c.say(1, FromInitiator, posted(body(13, " sid='s'", "")))
	c.say(2, FromReceiver, response(wrapperNS+">"+note("x")+"</body>"))
	var got []string
	for i := range c.all[3:] {
		if e := &c.all[3+i]; e.Kind != KindHTTP {
			got = append(got, e.Dir.String()+" "+e.Kind.String()+" "+e.Step.String())
		}
	}
	want := "receiver open bosh-create, initiator open bosh-restart, receiver open bosh-restart, receiver features stream-features, receiver stanza exchange"
	if strings.Join(got, ", ") != want {
		t.Fatalf("have %q", got)
	}
}

// Each side's end of a session answers that of the other, never its own.
func TestBOSHEndsTwice(t *testing.T) {
	var c connections
	created(&c)
	c.say(1, FromInitiator, posted(body(11, " sid='s'", "")))
	c.say(2, FromInitiator, posted(body(12, " sid='s'", "")))
	for flow := range uint64(2) {
		c.say(1+flow, FromReceiver, response(wrapperNS+" type='terminate' condition='policy-violation'/>"))
	}
	ends := 0
	for i := range c.all {
		if e := &c.all[i]; e.Kind == KindClose {
			ends++
			if e.Reply != 0 || e.Condition != "policy-violation" {
				t.Errorf("%+v", e)
			}
		}
	}
	if ends != 2 {
		t.Fatalf("%d ends", ends)
	}
}

// A request that was not captured does not hold those behind it up once they
// are answered.
func TestBOSHAnsweredIsOver(t *testing.T) {
	var c connections
	created(&c)
	c.say(1, FromInitiator, posted(body(12, " sid='s'", note("12"))))
	c.say(1, FromReceiver, response(wrapperNS+">"+note("answer")+"</body>"))
	if got := strings.Join(c.bodies(), " "); got != "12" {
		t.Fatalf("have %q", got)
	}
	if got := c.finished(); got != "12 answer" {
		t.Fatalf("have %s", got)
	}
}

// An answer of the type error is none yet: the request is sent again, and what
// answers it then counts (XEP-0124 §17.3).
func TestBOSHErrorThatCanBeMended(t *testing.T) {
	var c connections
	created(&c)
	for range 2 {
		c.say(1, FromInitiator, posted(body(11, " sid='s'", note("sent"))))
		c.say(1, FromReceiver, response(wrapperNS+" type='error'/>"))
	}
	c.say(1, FromInitiator, posted(body(11, " sid='s'", note("sent"))))
	c.say(1, FromReceiver, response(wrapperNS+">"+note("answer")+"</body>"))
	if got := c.finished(); got != "sent answer" {
		t.Fatalf("have %s", got)
	}
}

// Old servers end a session with an error of HTTP (XEP-0124 §17.1).
func TestBOSHLegacyErrors(t *testing.T) {
	for status, want := range map[string]string{"400": "bad-request", "403": "policy-violation", "404": "item-not-found", "502": ""} {
		var c connections
		created(&c)
		c.say(1, FromInitiator, posted(body(11, " sid='s'", "")))
		c.say(1, FromReceiver, "HTTP/1.1 "+status+" No\r\nContent-Length: 2\r\n\r\nno")
		last := &c.all[len(c.all)-1]
		ends := want != ""
		if last.Condition != want || (last.Step == StepBOSHEnd) != ends || last.After.Open[0] == ends || last.After.Error != want || last.Reply == 0 {
			t.Errorf("%s: %+v, after %+v", status, last, last.After)
		}
	}
}

// In a capture that begins in the middle, and where bytes are missing, answers
// count though their requests were not seen; the first thing that is said of
// the session is that its beginning is missing.
func TestBOSHWithoutItsBeginning(t *testing.T) {
	var c connections
	c.say(1, FromReceiver, response(wrapperNS+">"+note("before")+"</body>"))
	c.say(2, FromReceiver, response(wrapperNS+" sid='s'>"+note("named")+"</body>"))
	c.say(1, FromInitiator, posted(body(11, " sid='s'", note("11"))))
	c.say(1, FromReceiver, response(wrapperNS+">"+note("answer")+"</body>")+response(wrapperNS+">"+note("more")+"</body>"))
	if got := c.finished(); got != "named before 11 answer more" {
		t.Fatalf("have %s", got)
	}
	if c.all[0].Kind != KindNote || len(c.sessions.All()) != 1 {
		t.Fatalf("%d sessions, first %+v", len(c.sessions.All()), c.all[0])
	}
}

// A lost answer does not shift those behind it to the wrong requests.
func TestBOSHLostAnswer(t *testing.T) {
	var c connections
	created(&c)
	flow := c.flows[1]
	at := func(second int) time.Time { return time.Unix(int64(second), 0) }
	feed := func(dir Dir, second int, text string) {
		for _, e := range feedAll(flow, dir, at(second), []byte(text)) {
			_, events := c.sessions.Take(1, &e)
			c.all = append(c.all, events...)
		}
	}
	for i := range 3 { // all of them come before the gap in the answers is certain
		feed(FromInitiator, 10*i, posted(body(11+i, " sid='s'", "")))
	}
	flow.Gap(FromReceiver, at(5), 100)
	for i := range 2 {
		feed(FromReceiver, 15+10*i, response(wrapperNS+">"+note(fmt.Sprint(12+i))+"</body>"))
	}
	c.finished()
	for i := range c.all {
		if e := &c.all[i]; e.Kind == KindHTTP && e.Dir == FromReceiver && e.Reply != 0 {
			asked := &c.all[e.Reply-1]
			if e.Time.Sub(asked.Time) > 5*time.Second {
				t.Errorf("the answer of second %d is for the request of second %d", e.Time.Unix(), asked.Time.Unix())
			}
		}
	}
	if got := strings.Join(c.bodies(), " "); got != "12 13" {
		t.Fatalf("have %s", got)
	}
}

// A session is over when a side has ended it and no connection serves it any
// more, or when nobody has asked for much longer than the server waits.
func TestBOSHOver(t *testing.T) {
	const none = "-"
	leaves := func(c *connections) {
		c.say(2, FromInitiator, posted(body(11, " sid='s' type='terminate'", "")))
	}
	for _, x := range []struct {
		name  string
		rest  func(*connections)
		late  time.Duration // after the last message
		ended []uint64      // connections
		want  string        // outcome
	}{
		{"a connection serves it", func(c *connections) { leaves(c); c.say(2, FromReceiver, response(wrapperNS+" type='terminate'/>")) }, 0, []uint64{2}, none},
		{"both have ended it", func(c *connections) { leaves(c); c.say(2, FromReceiver, response(wrapperNS+" type='terminate'/>")) }, 0, []uint64{2, 1}, "closed"},
		{"the server does not answer the end", leaves, 0, []uint64{1, 2}, "cut"},
		{"an end that waits for an earlier request", func(c *connections) {
			c.say(2, FromInitiator, posted(body(12, " sid='s' type='terminate'", note("last"))))
		}, 0, []uint64{1, 2}, "cut"},
		{"the server ends it", func(c *connections) {
			c.say(1, FromInitiator, posted(body(11, " sid='s'", "")))
			c.say(1, FromReceiver, response(wrapperNS+" type='terminate' condition='system-shutdown'/>"))
		}, 0, []uint64{1}, "error"},
		{"it may go on", func(*connections) {}, time.Minute, []uint64{1}, none},
		{"nobody comes back", func(*connections) {}, time.Hour, []uint64{1}, "cut"},
		{"nobody asks, but a connection serves it", func(*connections) {}, time.Hour, nil, none},
		{"somebody comes back", func(c *connections) {
			c.sessions.Ended(1)
			c.say(2, FromInitiator, posted(body(11, " sid='s'", "")))
		}, time.Hour, nil, none},
	} {
		var c connections
		created(&c)
		x.rest(&c)
		last := c.sessions.All()[0].seen
		for _, flow := range x.ended {
			c.sessions.Ended(flow)
		}
		got := none
		c.sessions.Over(last.Add(x.late), func(x *Session, events []Event) {
			got = x.Summary().Outcome.String()
			c.all = append(c.all, events...)
		})
		if got != x.want || (len(c.sessions.All()) == 0) != (got != none) {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
		if x.name == "an end that waits for an earlier request" && strings.Join(c.bodies(), " ") != "last" {
			t.Errorf("%s: %q", x.name, c.bodies())
		}
	}
}

// What comes of a session that was summed up is told as that.
func TestBOSHOverAndBack(t *testing.T) {
	var c connections
	created(&c)
	for _, flow := range []uint64{1, 2} {
		c.say(flow, FromInitiator, posted(body(11, " sid='s' type='terminate'", "")))
		c.sessions.Ended(flow)
		c.sessions.Over(time.Time{}, func(*Session, []Event) {})
	}
	var notes []string
	for i := range c.all {
		if c.all[i].Kind == KindNote {
			notes = append(notes, c.all[i].Note)
		}
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "was over") {
		t.Fatalf("%q", notes)
	}
}
