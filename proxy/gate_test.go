package proxy

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/decode"
)

// byBody is a gate that does what the body of a message says.
func byBody(c *Conn, e *decode.Event) Verdict {
	if e.Name.Local != "message" {
		return Verdict{}
	}
	text := string(e.Text())
	say := func(xml string) []byte { return []byte(xml) }
	switch {
	case strings.Contains(text, "HOLD"):
		return Verdict{Do: Hold, Why: "a rule"}
	case strings.Contains(text, "DROP"):
		return Verdict{Do: Drop, Why: "a rule"}
	case strings.Contains(text, "EDIT"):
		return Verdict{Do: Edit, XML: say("<message>edited</message>"), Why: "a rule"}
	case strings.Contains(text, "DELAY"):
		return Verdict{Do: Delay, Delay: 30 * time.Millisecond}
	case strings.Contains(text, "AROUND"):
		return Verdict{Before: []Insert{{Dir: e.Dir, XML: say("<a/>")}}, After: []Insert{{Dir: e.Dir, XML: say("<b/>")}}}
	case strings.Contains(text, "CLOSE"):
		return Verdict{Do: Close, How: CloseHow{Layer: CloseStream, Condition: "policy-violation", Text: "no", To: decode.FromReceiver}}
	}
	return Verdict{}
}

func msg(text string) string { return "<message>" + text + "</message>" }

// inSession is a stage with a session in it.
func inSession(t *testing.T, set func(*Options)) (s *stage, c, u *peer, conn *Conn) {
	t.Helper()
	s = newStage(t, set)
	c, u = s.meet(headC)
	login(c, u, true)
	return s, c, u, s.proxy.Conns()[0]
}

func gated(o *Options) { o.Gate = gate(byBody) }

func TestGate(t *testing.T) {
	base := len(headC + auth + headC + bindC)
	for _, x := range []struct{ name, said, heard, did string }{
		{"forward", msg("x") + " " + msg("y"), msg("x") + " " + msg("y"), ""},
		{"drop", msg("x") + msg("DROP") + msg("y"), msg("x") + msg("y"), "drop initiator at 20+23 id 0 dropped \"\"\n"},
		{"edit", msg("EDIT") + msg("y"), "<message>edited</message>" + msg("y"), "edit initiator at 0+23 id 0 edited \"<message>edited</message>\"\n"},
		{"around", msg("AROUND"), "<a/>" + msg("AROUND") + "<b/>", "insert initiator at 0+0 id 0 injected \"<a/>\"\ninsert initiator at 25+0 id 0 injected \"<b/>\"\n"},
		{"delay", msg("DELAY") + msg("y"), msg("DELAY") + msg("y"), "hold initiator at 0+24 id 1 wire \"\"\nhold initiator at 24+20 id 2 wire \"\"\nrelease initiator at 0+24 id 1 wire \"\"\nrelease initiator at 24+20 id 2 wire \"\"\n"},
	} {
		t.Run(x.name, func(t *testing.T) {
			s, c, u, _ := inSession(t, gated)
			c.say(x.said)
			u.hears(x.heard)
			if did := shift(s.tap.did(), base); did != x.did {
				t.Errorf("did\n%snot\n%s", did, x.did)
			}
		})
	}
}

// shift makes the places of marks count from base.
func shift(did string, base int) string {
	lines := strings.SplitAfter(did, "\n")
	for i, l := range lines {
		before, rest, ok := strings.Cut(l, " at ")
		if !ok {
			continue
		}
		n, rest, _ := strings.Cut(rest, "+")
		at := 0
		for _, d := range n {
			at = at*10 + int(d-'0')
		}
		lines[i] = before + " at " + strconv.Itoa(at-base) + "+" + rest
	}
	return strings.Join(lines, "")
}

func TestGateOfReceiver(t *testing.T) {
	base := len(headS + sasl + success + headS + bindable + bindS)
	for _, x := range []struct{ name, said, heard, did string }{
		{"drop", msg("x") + msg("DROP") + msg("y"), msg("x") + msg("y"), "drop receiver at 20+0 id 0 dropped \"<message>DROP</message>\"\n"},
		{"edit", msg("EDIT") + msg("y"), "<message>edited</message>" + msg("y"), "edit receiver at 0+25 id 0 edited \"<message>EDIT</message>\"\n"},
		{"around", msg("AROUND"), "<a/>" + msg("AROUND") + "<b/>", "insert receiver at 0+4 id 0 injected \"\"\ninsert receiver at 29+4 id 0 injected \"\"\n"},
		{"delay", msg("DELAY") + msg("y"), msg("DELAY") + msg("y"), "hold receiver at 0+0 id 1 wire \"<message>DELAY</message>\"\nrelease receiver at 0+24 id 1 wire \"\"\n"},
	} {
		t.Run(x.name, func(t *testing.T) {
			s, c, u, _ := inSession(t, gated)
			u.say(x.said)
			c.hears(x.heard)
			if did := shift(s.tap.did(), base); did != x.did {
				t.Errorf("did\n%snot\n%s", did, x.did)
			}
		})
	}
}

func TestHold(t *testing.T) {
	s, c, u, conn := inSession(t, gated)
	c.say(msg("HOLD 1") + msg("2") + msg("HOLD 3") + "<mess")
	eventually(t, "three are held", func() bool { return len(conn.Held()) == 3 })
	u.silent()
	u.say(msg("other way"))
	c.hears(msg("other way"))
	held := conn.Held()
	if !held[0].Asked || held[0].Event == nil || held[1].Asked || held[0].ID != 1 || string(held[1].XML) != msg("2") {
		t.Errorf("held: %+v", held)
	}
	if err := conn.Release(held[2].ID, Verdict{Do: Edit, XML: []byte(msg("three"))}); err != nil { // stands until its turn
		t.Error(err)
	}
	if err := conn.Release(99, Verdict{}); err == nil {
		t.Error("what is not held was released")
	}
	u.silent()
	if err := conn.Inject(Insert{XML: []byte(msg("before"))}, BeforeHeld); err != nil {
		t.Error(err)
	}
	u.hears(msg("before"))
	conn.Release(held[0].ID, Verdict{Do: Drop})
	u.hears(msg("2") + msg("three"))
	c.say("age>4</message>")
	u.hears(msg("4"))
	if n := len(conn.Held()); n != 0 {
		t.Errorf("%d are held", n)
	}
	_ = s
}

// White space behind what was held goes on with it: behind the answer it might
// stand in another stream, where an XML declaration comes first.
func TestSpaceBehindWhatWasHeld(t *testing.T) {
	for name, x := range map[string]struct {
		v     Verdict
		heard string
	}{
		"forward": {Verdict{}, msg("HOLD") + "\n"},
		"edit":    {Verdict{Do: Edit, XML: []byte(msg("else"))}, msg("else") + "\n"},
		"drop":    {Verdict{Do: Drop}, "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, c, u, conn := inSession(t, gated)
			c.say(msg("HOLD") + "\n")
			eventually(t, "it is held", func() bool { return len(conn.Held()) == 1 })
			u.silent()
			if err := conn.Release(conn.Held()[0].ID, x.v); err != nil {
				t.Fatal(err)
			}
			u.hears(x.heard)
			c.say(" " + msg("next"))
			u.hears(" " + msg("next"))
			c.say(msg("DELAY") + " ")
			u.hears(msg("DELAY") + " ")
		})
	}
}

func TestFreeze(t *testing.T) {
	_, c, u, conn := inSession(t, nil)
	u.say("<message>begun")
	c.hears("<message>begun")
	conn.Freeze(decode.FromReceiver)
	u.say("</message>" + msg("frozen"))
	c.hears("</message>")
	c.silent()
	c.say(msg("up"))
	u.hears(msg("up"))
	if err := conn.Inject(Insert{Dir: decode.FromReceiver, XML: []byte(msg("early"))}, BeforeHeld); err != nil {
		t.Error(err)
	}
	c.hears(msg("early"))
	u.say(msg("more"))
	conn.Thaw(decode.FromReceiver)
	c.hears(msg("frozen") + msg("more"))
}

func TestInject(t *testing.T) {
	_, c, u, conn := inSession(t, nil)
	// In the middle of an element it waits for the end of it.
	u.say("<message>be")
	c.hears("<message>be")
	if err := conn.Inject(Insert{Dir: decode.FromReceiver, XML: []byte(msg("in"))}, AfterHeld); err != nil {
		t.Fatal(err)
	}
	c.silent()
	u.say("gun</message>" + msg("next"))
	c.hears("gun</message>" + msg("in") + msg("next"))
	// An answer that nobody asked for is kept back.
	conn.Inject(Insert{XML: []byte("<iq type='get' id='q1'><ping xmlns='urn:xmpp:ping'/></iq>"), FreshID: true, Swallow: true}, AfterHeld)
	u.hears("<iq type='get' id='")
	var id [16]byte
	u.Read(id[:])
	if !strings.HasPrefix(string(id[:]), "xs-") {
		t.Errorf("id %q", id)
	}
	u.hears("'><ping xmlns='urn:xmpp:ping'/></iq>")
	u.say(msg("a") + "<iq type='result' id='" + string(id[:]) + "'/>" + msg("b"))
	c.hears(msg("a") + msg("b"))
	// An answer keeps the id of its question.
	for _, kind := range []string{"result", "error"} {
		answer := "<iq type='" + kind + "' id='q2'/>"
		conn.Inject(Insert{XML: []byte(answer), FreshID: true, Swallow: true}, AfterHeld)
		u.hears(answer)
	}
}

func TestBackpressure(t *testing.T) {
	_, c, _, conn := inSession(t, func(o *Options) { gated(o); o.Bounds.Lane = 64 << 10 })
	c.say(msg("HOLD"))
	eventually(t, "it is held", func() bool { return len(conn.Held()) == 1 })
	stuck := make(chan int)
	go func() {
		n := 0
		for {
			c.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
			k, err := c.Write([]byte(strings.Repeat(msg(strings.Repeat("x", 1000)), 50)))
			n += k
			if err != nil {
				stuck <- n
				return
			}
		}
	}()
	n := <-stuck
	l := conn.way(decode.FromInitiator)
	l.mu.Lock()
	size := l.size
	l.mu.Unlock()
	if size > 128<<10 || n < size {
		t.Errorf("%d of %d bytes are kept", size, n)
	}
}

func TestClose(t *testing.T) {
	for _, x := range []struct {
		how            CloseHow
		client, server string
		reset          bool
	}{
		{CloseHow{Layer: CloseStream, Condition: "policy-violation", Text: "a<b", To: decode.FromReceiver}, "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>a&lt;b</text></stream:error></stream:stream>", "</stream:stream>", false},
		{CloseHow{To: decode.FromInitiator}, "</stream:stream>", "</stream:stream>", false},
		{CloseHow{Layer: CloseTCP, To: decode.FromReceiver}, "", "", true},
	} {
		_, c, u, conn := inSession(t, gated)
		conn.Freeze(decode.FromInitiator)
		c.say(msg("held"))
		eventually(t, "it is held", func() bool { return len(conn.Held()) == 1 })
		conn.Close(x.how)
		if x.reset {
			for _, p := range []*peer{c, u} {
				p.SetReadDeadline(time.Now().Add(slack))
				if n, err := p.Read(make([]byte, 9)); n > 0 || !isReset(err) {
					t.Errorf("no reset: %v, %d bytes", err, n)
				}
			}
		} else {
			c.hearsEnd(x.client)
			c.Close()
			u.hearsEnd(x.server)
		}
		c.Close()
		u.Close()
		<-conn.Done()
	}
}

// TestGateCloses: what is behind the unit that ends the connection does not go on,
// however late the end comes.
func TestGateCloses(t *testing.T) {
	_, c, u, conn := inSession(t, gated)
	far := conn.way(decode.FromReceiver)
	far.mu.Lock() // the end waits for this
	c.say(msg("1") + msg("CLOSE") + msg("2"))
	u.hears("<message>1</message>")
	c.say(msg("3"))
	u.silent()
	far.mu.Unlock()
	c.hearsEnd("policy-violation")
	u.hearsEnd("</stream:stream>")
}

// TestPeerGone: the end of a peer waits behind what is held.
func TestPeerGone(t *testing.T) {
	s, c, u, conn := inSession(t, gated)
	c.say(msg("HOLD"))
	eventually(t, "it is held", func() bool { return len(conn.Held()) == 1 })
	c.Close()
	eventually(t, "the end was seen", func() bool { k, _ := conn.Clocks(); return k.Ended })
	u.silent()
	conn.Release(1, Verdict{})
	u.hearsEnd(msg("HOLD"))
	if !strings.Contains(s.tap.notes(), "has closed the connection while 1 of its units wait") {
		t.Errorf("notes: %s", s.tap.notes())
	}
}

// TestStripStartTLS: what a gate makes of the features is what the client gets.
func TestStripStartTLS(t *testing.T) {
	s := newStage(t, func(o *Options) {
		o.Gate = gate(func(_ *Conn, e *decode.Event) Verdict {
			if e.Kind == decode.KindFeatures {
				return Verdict{Do: Edit, XML: []byte("<stream:features/>")}
			}
			return Verdict{}
		})
	})
	c, u := s.meet(headC)
	u.hears(headC)
	u.say(headS + features)
	c.hears(headS + "<stream:features/>")
}

// TestWatcher: nothing is framed while nobody looks, and what had begun then is
// not asked about.
func TestWatcher(t *testing.T) {
	w := &watch{}
	_, c, u, conn := inSession(t, func(o *Options) { o.Gate = w })
	w.set(false)
	c.say("<message>HOLD")
	u.hears("<message>HOLD")
	w.set(true)
	c.say("</message>" + msg("HOLD 2"))
	u.hears("</message>")
	eventually(t, "the second is held", func() bool { return len(conn.Held()) == 1 })
}

type watch struct {
	mu  sync.Mutex
	off bool
}

func (w *watch) set(on bool)                             { w.mu.Lock(); w.off = !on; w.mu.Unlock() }
func (w *watch) Decide(c *Conn, e *decode.Event) Verdict { return byBody(c, e) }
func (w *watch) Watching(*Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.off
}
