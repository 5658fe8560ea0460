package proxy

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/binding"
)

const (
	enable  = "<enable xmlns='urn:xmpp:sm:3'/>"
	enabled = "<enabled xmlns='urn:xmpp:sm:3' id='x'/>"
)

// TestCounts: what is dropped and injected does not upset XEP-0198 on either
// leg.
func TestCounts(t *testing.T) {
	s, c, u, conn := inSession(t, gated)
	c.say(enable)
	u.hears(enable)
	u.say(enabled)
	c.hears(enabled)
	c.say(msg("1") + msg("DROP") + msg("2") + "<r xmlns='urn:xmpp:sm:3'/>")
	u.hears(msg("1") + msg("2") + "<r xmlns='urn:xmpp:sm:3'/>")
	u.say("<a xmlns='urn:xmpp:sm:3' h='2'/>")
	c.hears("<a xmlns='urn:xmpp:sm:3' h='3'/>")
	conn.Inject(Insert{Dir: decode.FromReceiver, XML: []byte(msg("in") + msg("in"))}, AfterHeld)
	c.hears(msg("in") + msg("in"))
	c.say("<a xmlns='urn:xmpp:sm:3' h='2'/>")
	u.hears("<a xmlns='urn:xmpp:sm:3' h='0'/>")
	if v := conn.Ledger(); v.Dirs[0].Dropped != 1 || v.Dirs[1].Injected != 2 {
		t.Errorf("ledger: %+v", v)
	}
	if did := s.tap.did(); !strings.Contains(did, "edit receiver") || !strings.Contains(did, "edit initiator") {
		t.Errorf("marks: %s", did)
	}
}

// TestCountsOfPassMode: nothing is framed before it goes on, and still counted.
func TestCountsOfPassMode(t *testing.T) {
	w := &watch{off: true}
	_, c, u, conn := inSession(t, func(o *Options) { o.Gate = w })
	for _, turn := range []string{enable, msg("1") + msg("2")} {
		c.say(turn)
		u.hears(turn)
	}
	u.say(enabled)
	c.hears(enabled)
	w.set(true)
	c.say(msg("DROP") + msg("3"))
	u.hears(msg("3"))
	u.say("<a xmlns='urn:xmpp:sm:3' h='3'/>")
	c.hears("<a xmlns='urn:xmpp:sm:3' h='4'/>")
	if v := conn.Ledger(); v.Dirs[0].Sent != 4 {
		t.Errorf("ledger: %+v", v)
	}
}

func TestStripBinding(t *testing.T) {
	s := newStage(t, func(o *Options) { o.Binding = binding.Options{Mode: binding.Strip} })
	c, u := s.meet(headC)
	u.hears(headC)
	u.say(headS + "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism>PLAIN</mechanism></mechanisms></stream:features>")
	c.hears(headS + "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>")
	if did := s.tap.did(); !strings.HasPrefix(did, "edit receiver at ") {
		t.Errorf("marks: %s", did)
	}
}

// pipes is a proxy between two pipes, for tests with a clock of their own.
func pipes(t *testing.T, set func(*Options)) (p *Proxy, client, server *peer, stop func()) {
	t.Helper()
	a, inner := net.Pipe()
	outer, b := net.Pipe()
	o := Options{Tap: newHeard(t), Dial: func(context.Context, Facts) (Upstream, error) { return Upstream{Conn: outer}, nil }}
	if set != nil {
		set(&o)
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { p.Run(ctx); close(over) }()
	p.Serve(ctx, inner, DoorStartTLS)
	return p, &peer{t: t, Conn: a}, &peer{t: t, Conn: b}, func() { cancel(); <-over; a.Close(); b.Close() }
}

// reads collects what a peer hears.
func (p *peer) reads() func() string {
	var mu sync.Mutex
	var all strings.Builder
	go func() {
		buf := make([]byte, 4096)
		p.SetReadDeadline(time.Time{})
		for {
			n, err := p.Read(buf)
			mu.Lock()
			all.Write(buf[:n])
			mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return func() string {
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		s := all.String()
		all.Reset()
		return s
	}
}

// TestHoldAnHour: while a stanza is held for an hour both sides hear something
// every now and then, pings and <r/> are answered, and the stanza arrives.
func TestHoldAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, u, stop := pipes(t, gated)
		defer stop()
		go io.WriteString(c.Conn, headC)
		login(c, u, true)
		c.say(enable)
		u.hears(enable)
		u.say(enabled)
		c.hears(enabled)
		toServer, toClient := u.reads(), c.reads()
		conn := p.Conns()[0]
		u.say(msg("5"))
		toClient()
		c.say("<a xmlns='urn:xmpp:sm:3' h='1'/>")
		toServer()
		c.say(msg("HOLD"))
		u.say("<iq type='get' id='p1' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>" + msg("6") + "<r xmlns='urn:xmpp:sm:3'/>")
		c.say("<iq type='result' id='p1' to='example.org'/><a xmlns='urn:xmpp:sm:3' h='3'/>")
		synctest.Wait()
		toClient()
		if n := len(conn.Held()); n != 3 {
			t.Fatalf("%d are held", n)
		}
		time.Sleep(6 * time.Second)
		if got := toServer(); got != "<iq type='result' id='p1' to='example.org'/><a xmlns='urn:xmpp:sm:3' h='1'/>" {
			t.Errorf("the server hears %q", got)
		}
		time.Sleep(time.Hour)
		for who, heard := range map[string]string{"server": toServer(), "client": toClient()} {
			if n := len(heard); strings.TrimSpace(heard) != "" || n < 90 || n > 130 {
				t.Errorf("the %s hears %q", who, heard)
			}
		}
		conn.Release(1, Verdict{})
		if got, want := toServer(), msg("HOLD")+"<a xmlns='urn:xmpp:sm:3' h='3'/>"; got != want {
			t.Errorf("the server hears %q, not %q", got, want)
		}
	})
}

// TestLateHeader: who opens a connection and says nothing is turned away.
func TestLateHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, c, _, stop := pipes(t, nil)
		defer stop()
		c.say("<?xml version='1.0'?>")
		for range 5 { // a byte now and then changes nothing
			time.Sleep(20 * time.Second)
			c.Write([]byte(" "))
		}
		synctest.Wait()
		if n := len(p.Conns()); n != 0 {
			t.Errorf("%d connections wait", n)
		}
	})
}
