package sandbox

import (
	"crypto/sha1"
	"encoding/hex"
	"net"
	"strings"
	"testing"
	"time"
)

// peer is the raw end of a connection.
type peer struct {
	t  *testing.T
	nc net.Conn
	in string
}

func (p *peer) say(s string) {
	p.t.Helper()
	if _, err := p.nc.Write([]byte(s)); err != nil {
		p.t.Fatal(err)
	}
}

// until reads until something was read, and returns all up to its end.
func (p *peer) until(s string) string {
	p.t.Helper()
	buf := make([]byte, 4096)
	for {
		if i := strings.Index(p.in, s); i >= 0 {
			got := p.in[:i+len(s)]
			p.in = p.in[i+len(s):]
			return got
		}
		_ = p.nc.SetReadDeadline(time.Now().Add(slack))
		n, err := p.nc.Read(buf)
		p.in += string(buf[:n])
		if err != nil && !strings.Contains(p.in, s) {
			p.t.Fatalf("no %q: %v in %q", s, err, p.in)
		}
	}
}

func (s *house) peer(w Wrapping) *peer {
	nc, err := s.Dial(w)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { nc.Close() })
	return &peer{t: s.T, nc: nc}
}

// TestComponent: it proves itself, gets what is for its domain, answers, and may
// send from nowhere else (XEP-0114).
func TestComponent(t *testing.T) {
	s := newHouse(t, Options{Components: map[string]string{"echo.localhost": "hollow"}})
	open := func(secret string) *peer {
		p := s.peer(Component)
		p.say("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='echo.localhost'>")
		_, rest, _ := strings.Cut(p.until("'>"), " id='")
		id, _, _ := strings.Cut(rest, "'")
		h := sha1.Sum([]byte(id + secret))
		p.say("<handshake>" + hex.EncodeToString(h[:]) + "</handshake>")
		return p
	}
	open("wrong").until("<not-authorized")
	p := open("hollow")
	p.until("<handshake/>")
	open("hollow").until("<conflict")
	juliet := s.online("juliet", "balcony")
	juliet.do("C: <message to='cave@echo.localhost' id='1' type='chat'><body>Hist!</body></message>")
	if got := p.until("</message>"); !strings.Contains(got, "from='juliet@localhost/balcony'") {
		t.Error(got)
	}
	p.say("<message from='cave@echo.localhost' to='juliet@localhost' id='2' type='chat'><body>ist!</body></message>")
	juliet.do("S: message id=2 from=cave@echo.localhost body=ist!")
	juliet.do("C: <iq type='get' id='p' to='echo.localhost'><ping xmlns='urn:xmpp:ping'/></iq>")
	p.until("<ping")
	p.say("<iq type='result' from='echo.localhost' to='juliet@localhost/balcony' id='p'/>")
	juliet.do("S: iq type=result id=p from=echo.localhost")
	p.say("<iq type='get' from='echo.localhost' to='localhost' id='q'><ping xmlns='urn:xmpp:ping'/></iq>")
	p.until("id='q'")
	juliet.do("C: <presence type='subscribe' to='cave@echo.localhost'/>\nS: iq/query/item type=set")
	p.until("type='subscribe'")
	p.say("<presence type='subscribed' from='cave@echo.localhost' to='juliet@localhost'/><presence from='cave@echo.localhost/x' to='juliet@localhost'/>")
	juliet.do("S: presence type=subscribed\nS: presence from=cave@echo.localhost/x")
	p.say("<message from='romeo@localhost' to='juliet@localhost'><body>forged</body></message>")
	p.until("<invalid-from")
	juliet.do("wait 50ms\nC: <message to='cave@echo.localhost' id='3'><body>a</body></message>\nS: message/error/remote-server-not-found id=3")
}
