package sandbox

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/lessons/practice"
)

// inBubble runs a test with a server and a clock of its own.
func inBubble(t *testing.T, o Options, f func(t *testing.T, s *house)) {
	synctest.Test(t, func(t *testing.T) { f(t, newHouse(t, o)) })
}

// TestLoginTime: whoever does not log in is let go, with a word where there is
// a stream to say it in.
func TestLoginTime(t *testing.T) {
	o := Options{}
	o.Limits.Linger = time.Second
	inBubble(t, o, func(t *testing.T, s *house) {
		begun := time.Now()
		a := s.actor(patient)
		a.do("open\nS: error/connection-timeout\nS: /stream\nS: end")
		if took := time.Since(begun); took < time.Minute || took > 65*time.Second {
			t.Errorf("let go after %v", took)
		}
		mute, err := s.Dial(StartTLS)
		if err != nil {
			t.Fatal(err)
		}
		defer mute.Close()
		said, _ := io.ReadAll(mute)
		if !strings.Contains(string(said), "<connection-timeout") || !strings.HasSuffix(string(said), "</stream:stream>") {
			t.Errorf("said %q", said)
		}
	})
}

func patient(o *practice.Options) { o.Patience = 24 * time.Hour }

// TestIdle: a silent client is asked, and goes on where it answers.
func TestIdle(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, s *house) {
		a := s.actor(patient)
		a.login("mbed")
		a.do("bind board\nS: iq/ping type=get from=localhost\nwait 1h\nping\ncut")
		a.login("mbed")
		a.do("bind board\nsm\nwait 1h\nping\ncut")
	})
}

// TestGone: one that does not answer is gone, and its contacts learn it.
func TestGone(t *testing.T) {
	inBubble(t, Options{Clear: true, Accounts: DefaultAccounts()}, func(t *testing.T, s *house) {
		romeo := s.actor(patient)
		romeo.login("romeo")
		romeo.do("bind orchard\nroster\npresence")
		dead, err := s.Dial(StartTLS)
		if err != nil {
			t.Fatal(err)
		}
		defer dead.Close()
		go io.WriteString(dead, "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"+
			"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAByMG0zMG15cjBtMzA=</auth>"+
			"<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"+
			"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq><presence/>")
		go io.Copy(io.Discard, dead)
		romeo.do("S: presence from=juliet@localhost/balcony")
		begun := time.Now()
		romeo.do("S: presence type=unavailable from=juliet@localhost/balcony")
		if took := time.Since(begun); took < 11*time.Minute || took > 12*time.Minute {
			t.Errorf("gone after %v", took)
		}
	})
}

// TestResumeTime: a session waits so long and no longer, and what it did not get
// is kept.
func TestResumeTime(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, s *house) {
		romeo := s.actor(patient)
		romeo.login("romeo")
		romeo.do("bind orchard\nroster\npresence")
		juliet := s.actor(patient)
		juliet.login("juliet")
		juliet.do("bind balcony\nsm\npresence\nS: presence from=juliet@localhost/balcony\nping\ncut")
		romeo.do("S: presence from=juliet@localhost/balcony\nC: <message to='juliet@localhost' id='1'><body>a</body></message>")
		begun := time.Now()
		romeo.do("S: presence type=unavailable from=juliet@localhost/balcony")
		if took := time.Since(begun); took < 4*time.Minute || took > 6*time.Minute {
			t.Errorf("waited %v", took)
		}
		juliet.login("juliet")
		if err := juliet.try("resume"); err == nil || !strings.Contains(err.Error(), "item-not-found") {
			t.Errorf("resume: %v", err)
		}
		juliet.do("bind balcony\npresence\nS: message/delay id=1")
	})
}

// TestSlowReader: somebody who does not read is let go, and holds nobody up.
func TestSlowReader(t *testing.T) {
	o := Options{}
	o.Limits.Queue = 64 << 10
	s := newHouse(t, o)
	juliet := s.online("juliet", "balcony")
	romeo := s.online("romeo", "orchard")
	juliet.do("S: presence from=romeo@localhost/orchard")
	body := strings.Repeat("O ", 5000)
	for i := range 20 {
		romeo.do(fmt.Sprintf("C: <message to='juliet@localhost/balcony' id='%d'><body>%s</body></message>", i, body))
	}
	romeo.do("ping\nS: presence type=unavailable from=juliet@localhost/balcony")
}

// TestTooBig: an element over the limit ends the stream long before its end;
// the limit is higher for those who are logged in.
func TestTooBig(t *testing.T) {
	s := newHouse(t, Options{})
	nc, err := s.Dial(StartTLS)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	sent := make(chan int64)
	go func() {
		n, _ := io.Copy(nc, io.MultiReader(strings.NewReader("<stream:stream to='localhost' version='1.0' xmlns='jabber:client' "+
			"xmlns:stream='http://etherx.jabber.org/streams'><a>"), endless{}))
		sent <- n
	}()
	said, _ := io.ReadAll(nc)
	if !strings.Contains(string(said), "<policy-violation") || !strings.Contains(string(said), "<stanza-too-big xmlns='urn:xmpp:errors'/>") {
		t.Errorf("said %q", said)
	}
	nc.Close()
	<-sent
	a := s.actor()
	a.login("mbed")
	a.do("bind board\nC: <message><body>" + strings.Repeat("x", 200<<10) + "</body></message>\nping")
}

// endless is text without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestCrowd: one connection too many is told so.
func TestCrowd(t *testing.T) {
	o := Options{}
	o.Limits.Conns = 2
	s := newHouse(t, o)
	one, two := s.actor(), s.actor()
	one.do("open")
	two.do("open")
	three := s.actor()
	three.do("C: <stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\nS: error/resource-constraint")
	three.Drop()
	one.do("close")
	for end := time.Now().Add(slack); time.Now().Before(end); { // the place is free when the server has noticed
		four := s.actor()
		if err := four.try("open"); err == nil {
			return
		}
		four.Drop()
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the place of one who left stays taken")
}

// TestSeed: with a seed the server says the same each time, and without never.
func TestSeed(t *testing.T) {
	hear := func(seed *uint64) string {
		s := newHouse(t, Options{Seed: seed, Clear: true})
		nc, err := s.Dial(StartTLS)
		if err != nil {
			t.Fatal(err)
		}
		go io.WriteString(nc, "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"+
			"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1tYmVkLHI9YWJj</auth></stream:stream>")
		said, _ := io.ReadAll(nc)
		nc.Close()
		return string(said)
	}
	seed := uint64(7)
	one, two := hear(&seed), hear(&seed)
	if one != two || !strings.Contains(one, "<challenge") {
		t.Errorf("not the same:\n%s\n%s", one, two)
	}
	if one, two := hear(nil), hear(nil); one == two {
		t.Error("ids are the same without a seed")
	}
}

// TestShutdownIsBounded: a peer that never closes does not hold it up.
func TestShutdownIsBounded(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, s *house) {
		var stuck []net.Conn
		for range 5 {
			nc, err := s.Dial(StartTLS)
			if err != nil {
				t.Fatal(err)
			}
			stuck = append(stuck, nc)
		}
		ctx, stop := context.WithTimeout(t.Context(), 50*time.Second)
		defer stop()
		if err := s.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		for _, nc := range stuck {
			nc.Close()
		}
	})
}
