package sandbox

import (
	"strings"
	"testing"
)

// TestRosterVersions: who knows a version gets what changed since, and who
// names one of another server gets everything (RFC 6121 §2.6).
func TestRosterVersions(t *testing.T) {
	s := newHouse(t, Options{})
	get := func(ver string) string {
		return "C: <iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='" + ver + "'/></iq>\n"
	}
	set := func(inside string) string {
		return "C: <iq type='set' id='s'><query xmlns='jabber:iq:roster'>" + inside + "</query></iq>\nS: iq type=result id=s\n"
	}
	a := s.online("mbed", "board")
	a.do("ping\n" + get("") + "S: iq/query/item id=r")
	v0 := s.rosterVersion(0)
	a.do(set("<item jid='nurse@localhost' name='Nurse'/>") + "S: iq/query/item type=set\n" + set("<item jid='romeo@localhost' subscription='remove'/>") + "S: iq/query/item type=set")
	b := s.actor()
	b.login("mbed")
	b.do("bind lamp\n" + get(v0) + "S: iq type=result id=r\nS: iq/query/item type=set id=push-" + s.rosterVersion(1) + "\nS: iq/query/item type=set id=push-" + s.rosterVersion(2))
	b.do(get(s.rosterVersion(2)) + "S: iq type=result id=r")
	b.quiet("iq type=set")
	b.do(get("elsewhere-2") + "S: iq/query/item type=result")
	b.do(get(s.rosterVersion(9)) + "S: iq/query/item type=result")
}

// TestApproval: a request that is granted before it comes is answered at once
// (RFC 6121 §3.4).
func TestApproval(t *testing.T) {
	s := newHouse(t, Options{})
	nurse, tybalt := s.online("nurse", "kitchen"), s.online("tybalt", "street")
	nurse.do("C: <presence type='subscribed' to='tybalt@localhost'/>\nS: iq/query/item type=set")
	tybalt.quiet("presence type=subscribed")
	tybalt.do("C: <presence type='subscribe' to='nurse@localhost'/>\nS: presence type=subscribed\nS: presence from=nurse@localhost/kitchen")
	nurse.do("S: iq/query/item type=set")
	nurse.quiet("presence type=subscribe")
	if i := s.find("nurse").contact(s.find("tybalt").bare); i.sub != subFrom || !i.approved {
		t.Errorf("%+v", i)
	}
	nurse.do("C: <presence type='unsubscribed' to='tybalt@localhost'/>\nS: iq/query/item type=set")
	if i := s.find("nurse").contact(s.find("tybalt").bare); i.sub != 0 || i.approved {
		t.Errorf("taken back: %+v", i)
	}
}

// TestBlocking: nothing goes either way, and the contact sees the account go
// and come back (XEP-0191).
func TestBlocking(t *testing.T) {
	s := newHouse(t, Options{})
	juliet, romeo := s.online("juliet", "balcony"), s.online("romeo", "orchard")
	romeo.do("S: presence from=juliet@localhost/balcony")
	juliet.do("S: presence from=romeo@localhost/orchard\nC: <iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>\nS: iq/blocklist id=l\n" +
		"C: <iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='romeo@localhost'/></block></iq>\nS: iq type=result id=b\nS: iq/block/item type=set")
	romeo.do("S: presence type=unavailable from=juliet@localhost/balcony\nC: <message to='juliet@localhost' id='m' type='chat'><body>a</body></message>\nS: message/error/service-unavailable id=m")
	romeo.do("C: <presence><show>away</show></presence>\nC: <presence to='juliet@localhost'/>\nping")
	juliet.quiet("presence from=romeo@localhost/orchard")
	juliet.do("C: <message to='romeo@localhost' id='n' type='chat'><body>b</body></message>\nS: message/error/blocked id=n")
	juliet.do("C: <iq type='set' id='u'><unblock xmlns='urn:xmpp:blocking'/></iq>\nS: iq type=result id=u\nS: iq/unblock type=set")
	romeo.do("S: presence from=juliet@localhost/balcony\nC: <message to='juliet@localhost' id='o' type='chat'><body>c</body></message>")
	juliet.do("S: message id=o")
}

// TestCaps: the hash in the features stands for what the server answers.
func TestCaps(t *testing.T) {
	s := newHouse(t, Options{})
	a := s.actor()
	a.login("mbed")
	a.do("bind board\nC: <iq type='get' id='d' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info' node='" + capsNode + "#" + s.caps() + "'/></iq>\nS: iq/query/feature id=d")
	if !strings.HasSuffix(s.caps(), "=") {
		t.Error(s.caps())
	}
}
