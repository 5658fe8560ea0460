package sandbox

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
	"testing"
)

const oldOpen = "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// TestRegister: an account is made before the login, its password changed, and
// it goes away with all that others saw of it (XEP-0077).
func TestRegister(t *testing.T) {
	o := Options{Register: true}
	o.Limits.Accounts = 7
	s := newHouse(t, o)
	query := func(inside string) string { return "<query xmlns='jabber:iq:register'>" + inside + "</query>" }
	a := s.actor()
	a.do("open\nC: <iq type='get' id='0'>" + query("") + "</iq>\nS: iq/error/not-acceptable id=0")
	a.do("starttls\nC: <iq type='get' id='1' to='localhost'>" + query("") + "</iq>\nS: iq/query/password id=1 from=localhost")
	for id, c := range map[string]struct{ inside, want string }{
		"2": {"<username>juliet</username><password>x</password>", "iq/error/conflict"},
		"3": {"<username>Juliet</username><password>x</password>", "iq/error/conflict"},
		"4": {"<username>paris</username>", "iq/error/not-acceptable"},
		"5": {"<username>a@b</username><password>x</password>", "iq/error/not-acceptable"},
		"6": {"<password>x</password>", "iq/error/not-acceptable"},
	} {
		a.do("C: <iq type='set' id='" + id + "'>" + query(c.inside) + "</iq>\nS: " + c.want + " id=" + id)
	}
	paris := query("<username>paris</username><password>county</password>")
	a.do("C: <iq type='set' id='7'>" + paris + "</iq>\nS: iq id=7 type=result\nlogin SCRAM-SHA-1 paris county\nbind here\nroster\npresence")
	b := s.actor()
	b.do("open\nstarttls\nC: <iq type='set' id='8'>" + query("<username>one</username><password>x</password>") + "</iq>\nS: iq/error/resource-constraint id=8")

	a.do("C: <iq type='get' id='9'>" + query("") + "</iq>\nS: iq/query/registered id=9")
	a.do("C: <iq type='set' id='10'>" + query("<username>juliet</username><password>x</password>") + "</iq>\nS: iq/error/not-allowed id=10")
	a.do("C: <iq type='set' id='11'>" + query("<username>paris</username><password>page</password>") + "</iq>\nS: iq id=11 type=result")
	c := s.actor()
	c.do("open\nstarttls")
	if err := c.try("login PLAIN paris county"); err == nil {
		t.Error("the old password does")
	}
	c = s.actor()
	c.do("open\nstarttls\nlogin SCRAM-SHA-256 paris page")

	juliet := s.online("juliet", "balcony")
	juliet.do("C: <presence type='subscribe' to='paris@localhost'/>")
	a.do("S: presence type=subscribe\nC: <presence type='subscribed' to='juliet@localhost'/>")
	juliet.do("S: presence from=paris@localhost/here")
	a.do("C: <iq type='set' id='12'>" + query("<remove/>") + "</iq>\nS: iq id=12 type=result\nS: error/not-authorized\nS: /stream")
	juliet.do("S: presence type=unsubscribed from=paris@localhost\nS: presence type=unavailable from=paris@localhost/here")
	if s.find("paris") != nil {
		t.Error("the account is still there")
	}
	d := s.actor()
	d.do("open\nstarttls")
	if err := d.try("login SCRAM-SHA-1 paris page"); err == nil {
		t.Error("somebody who is gone logs in")
	}
	off := newHouse(t, Options{}).actor()
	off.do("open\nstarttls\nC: <iq type='get' id='1'>" + query("") + "</iq>\nS: error/not-authorized")
}

// TestIQAuth: a login of XEP-0078, with a password or its digest, on a stream
// with and without a version.
func TestIQAuth(t *testing.T) {
	s := newHouse(t, Options{IQAuth: true, Clear: true})
	query := func(inside string) string { return "<query xmlns='jabber:iq:auth'>" + inside + "</query>" }
	who := "<username>mbed</username><resource>board</resource>"
	a := s.actor()
	a.do("open\nstarttls\nC: <iq type='get' id='1'>" + query("<username>mbed</username>") + "</iq>\nS: iq/query/digest id=1")
	a.do("C: <iq type='set' id='2'>" + query("<username>mbed</username><password>mirror</password>") + "</iq>\nS: iq/error/not-acceptable id=2")
	a.do("C: <iq type='set' id='3'>" + query(who+"<password>wrong</password>") + "</iq>\nS: iq/error/not-authorized id=3")
	a.do("C: <iq type='set' id='4'>" + query(who+"<password>mirror</password>") + "</iq>\nS: iq id=4 type=result")
	a.do("roster\npresence\nS: presence from=mbed@localhost/board\nC: <message to='mbed@localhost' id='long'><body>" + strings.Repeat("x", 40<<10) + "</body></message>\nS: message id=long")

	p := s.peer(StartTLS)
	p.say(oldOpen)
	header := p.until(">") + p.until(">")
	if strings.Contains(header, " version='1.0' xml:lang") {
		t.Errorf("a version for a client without: %s", header)
	}
	id, _ := attrOf(header[strings.Index(header, "<stream:stream"):], "id")
	sum := sha1.Sum([]byte(id + "mirror"))
	p.say("<iq type='set' id='1'>" + query(who+"<digest>"+hex.EncodeToString(sum[:])+"</digest>") + "</iq>")
	if got := p.until("/>"); !strings.Contains(got, "type='result'") {
		t.Error(got)
	}
	a.do("S: error/conflict")
	p.say("<iq type='get' id='2' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>")
	p.until("id='2'")

	q := s.peer(StartTLS)
	q.say(oldOpen)
	for range 5 {
		q.say("<iq type='set' id='1'>" + query(who+"<digest>0</digest>") + "</iq>")
	}
	q.until("policy-violation")

	strict := newHouse(t, Options{Clear: true}).peer(StartTLS)
	strict.say(oldOpen)
	strict.until("unsupported-version")
}
