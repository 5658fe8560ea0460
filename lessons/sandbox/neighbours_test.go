package sandbox

import (
	"crypto/sha1"
	"encoding/hex"
	"net"
	"strings"
	"testing"

	"xmppscope/lessons/practice"
)

// across is somebody of another domain, who is there.
func (s *house) across(domain, user, password string) *actor {
	s.Helper()
	a := s.actor(func(o *practice.Options) { o.Domain = domain })
	a.do("open\nstarttls\nlogin PLAIN " + user + " " + password + "\nbind afar\nroster\npresence\nS: presence from=" + user + "@" + domain + "/afar")
	return a
}

// echo connects a component for echo.localhost.
func (s *house) echo() *peer {
	p := s.peer(Component)
	p.say("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='echo.localhost'>")
	_, rest, _ := strings.Cut(p.until("'>"), " id='")
	id, _, _ := strings.Cut(rest, "'")
	h := sha1.Sum([]byte(id + "hollow"))
	p.say("<handshake>" + hex.EncodeToString(h[:]) + "</handshake>")
	p.until("<handshake/>")
	return p
}

// TestNeighbours: two domains behind the same doors talk as servers do, their
// rooms and components too.
func TestNeighbours(t *testing.T) {
	s := newHouse(t, Options{Components: map[string]string{"echo.localhost": "hollow"},
		Neighbours: []Options{{Domain: "montague.localhost", Accounts: []Account{{User: "romeo", Password: "abroad"}}}}})
	visits(t, s, s.across("montague.localhost", "romeo", "abroad"))
	if n := s.Neighbours(); len(n) != 1 || n[0].Domain() != "montague.localhost" || len(n[0].Accounts()) != 1 {
		t.Errorf("%v", n)
	}
	a := s.actor()
	a.do("open\nstarttls")
	if err := a.try("login PLAIN romeo abroad"); err == nil {
		t.Error("one domain takes the password of the other")
	}
	b := s.actor(func(o *practice.Options) { o.Domain = "capulet.example" })
	if err := b.try("open"); err == nil || !strings.Contains(err.Error(), "host-unknown") {
		t.Errorf("a third domain: %v", err)
	}
	for _, wrong := range []string{"localhost", "a@b"} {
		if _, err := New(Options{Neighbours: []Options{{Domain: wrong}}}); err == nil {
			t.Errorf("%s is taken as a neighbour", wrong)
		}
	}
}

// TestPeerServices: rooms and components of one server are reached from another
// one over sockets.
func TestPeerServices(t *testing.T) {
	var doors [2]net.Listener
	for i := range doors {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		doors[i] = ln
	}
	a := newHouse(t, Options{Peers: map[string]string{"montague.localhost": doors[1].Addr().String()}, Components: map[string]string{"echo.localhost": "hollow"}})
	b := newHouse(t, Options{Domain: "montague.localhost", Peers: map[string]string{"localhost": doors[0].Addr().String()}})
	go func() { _ = a.Serve(doors[0], Servers) }()
	go func() { _ = b.Serve(doors[1], Servers) }()
	trust := a.pool.Clone()
	trust.AddCert(b.certificate())
	b.pool = trust
	romeo := b.actor(func(o *practice.Options) { o.Domain, o.TLS.ServerName = "montague.localhost", "localhost" })
	romeo.do("open\nstarttls\nlogin PLAIN romeo wherefore\nbind afar\nroster\npresence\nS: presence from=romeo@montague.localhost/afar")
	visits(t, a, romeo)
}

// visits plays romeo@montague.localhost with the people and services of
// localhost.
func visits(t *testing.T, s *house, romeo *actor) {
	t.Helper()
	juliet := s.online("juliet", "balcony")
	juliet.do("C: <message to='romeo@montague.localhost/afar' type='chat' id='1'><body>across</body></message>")
	romeo.do("S: message id=1 from=juliet@localhost/balcony\nC: <message to='juliet@localhost/balcony' type='chat' id='2'><body>back</body></message>")
	juliet.do("S: message id=2 from=romeo@montague.localhost/afar")
	juliet.do("C: <presence to='verona@rooms.localhost/Jule'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: presence from=verona@rooms.localhost/Jule")
	romeo.do("C: <presence to='verona@rooms.localhost/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>\n" +
		"S: presence from=verona@rooms.localhost/Jule\nS: presence/x/status from=verona@rooms.localhost/Romeo\nS: message/subject\n" +
		"C: <message to='verona@rooms.localhost' type='groupchat' id='3'><body>Peace!</body></message>\nS: message id=3 from=verona@rooms.localhost/Romeo")
	juliet.do("S: presence from=verona@rooms.localhost/Romeo\nS: message from=verona@rooms.localhost/Romeo body=Peace!")
	romeo.do("C: <iq type='get' id='4' to='rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: iq/query/identity id=4 type=result")
	echo := s.echo()
	romeo.do("C: <message to='cave@echo.localhost' type='chat' id='5'><body>Hist!</body></message>")
	if got := echo.until("</message>"); !strings.Contains(got, "from='romeo@montague.localhost/afar'") {
		t.Error(got)
	}
	echo.say("<message from='cave@echo.localhost' to='romeo@montague.localhost/afar' type='chat' id='6'><body>ist!</body></message>")
	romeo.do("S: message id=6 from=cave@echo.localhost")
	romeo.do("C: <message to='a@none.localhost' type='chat' id='7'><body>?</body></message>\nS: message/error/remote-server-timeout id=7")
	juliet.do("C: <iq type='get' id='8' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>")
	if got := juliet.came("iq id=8"); strings.Contains(got, "montague") || !strings.Contains(got, "rooms.localhost") {
		t.Errorf("another server is a service of this one: %s", got)
	}
}
