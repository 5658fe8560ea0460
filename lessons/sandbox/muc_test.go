package sandbox

import "testing"

// TestRoom: coming in, talking, another nick, the subject, a private word and
// leaving, in the order of XEP-0045 §7.
func TestRoom(t *testing.T) {
	s := newHouse(t, Options{})
	juliet, romeo, tybalt := s.online("juliet", "balcony"), s.online("romeo", "orchard"), s.online("tybalt", "street")
	juliet.do("C: <presence to='garden@rooms.localhost'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: presence/error/jid-malformed")
	juliet.do("C: <presence to='garden@rooms.localhost/Jule'><x xmlns='http://jabber.org/protocol/muc'/></presence>\n" +
		"S: presence/x/item from=garden@rooms.localhost/Jule\nS: message/subject type=groupchat")
	romeo.do("C: <presence to='garden@rooms.localhost/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: presence/error/item-not-found")
	juliet.do("C: <iq type='set' id='c' to='garden@rooms.localhost'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>\nS: iq type=result id=c")
	juliet.do("C: <message type='groupchat' to='garden@rooms.localhost' id='1'><body>early</body></message>\nS: message/body from=garden@rooms.localhost/Jule id=1 body=early")
	romeo.do("C: <presence to='garden@rooms.localhost/Jule'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: presence/error/conflict from=garden@rooms.localhost/Jule")
	romeo.do("C: <presence to='garden@rooms.localhost/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>\n" +
		"S: presence/x/item from=garden@rooms.localhost/Jule\nS: presence/x/status from=garden@rooms.localhost/Romeo\nS: message/delay id=1\nS: message/subject")
	juliet.do("S: presence/x/item from=garden@rooms.localhost/Romeo")
	tybalt.do("C: <message type='groupchat' to='garden@rooms.localhost' id='t'><body>Ho</body></message>\nS: message/error/not-acceptable id=t")
	romeo.do("C: <message type='groupchat' to='garden@rooms.localhost' id='2'><subject>stars</subject></message>\nS: message/error/forbidden id=2")
	juliet.do("C: <message type='groupchat' to='garden@rooms.localhost' id='3'><subject>stars</subject></message>\nS: message/subject id=3")
	romeo.do("S: message/subject id=3\nC: <message type='chat' to='garden@rooms.localhost/Jule' id='4'><body>psst</body></message>")
	juliet.do("S: message/x from=garden@rooms.localhost/Romeo id=4 type=chat body=psst")
	romeo.do("C: <presence to='garden@rooms.localhost/Montague'/>\nS: presence type=unavailable from=garden@rooms.localhost/Romeo\nS: presence from=garden@rooms.localhost/Montague")
	juliet.do("S: presence type=unavailable from=garden@rooms.localhost/Romeo\nS: presence from=garden@rooms.localhost/Montague")
	juliet.do("C: <iq type='get' id='v' to='garden@rooms.localhost/Montague'><query xmlns='jabber:iq:version'/></iq>")
	romeo.do("S: iq/query type=get from=garden@rooms.localhost/Jule\nC: <iq type='result' id='v' to='garden@rooms.localhost/Jule'><query xmlns='jabber:iq:version'/></iq>")
	juliet.do("S: iq/query type=result id=v from=garden@rooms.localhost/Montague")
	romeo.do("close")
	juliet.do("S: presence type=unavailable from=garden@rooms.localhost/Montague")
	tybalt.do("C: <iq type='get' id='i' to='rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>\nS: iq/query/item id=i")
	tybalt.do("C: <iq type='get' id='j' to='garden@rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: iq/query/identity id=j")
	juliet.do("leave\nping")
	tybalt.do("C: <iq type='get' id='k' to='garden@rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: iq/error/item-not-found id=k")
}

// TestRoomPowers: kick, ban, voice, and who may do none of it (XEP-0045 §8, §9).
func TestRoomPowers(t *testing.T) {
	s := newHouse(t, Options{})
	juliet, tybalt := s.online("juliet", "balcony"), s.online("tybalt", "street")
	in := func(nick string) string {
		return "C: <presence to='verona@rooms.localhost/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: message/subject\n"
	}
	admin := func(id, item string) string {
		return "C: <iq type='set' id='" + id + "' to='verona@rooms.localhost'><query xmlns='http://jabber.org/protocol/muc#admin'>" + item + "</query></iq>\n"
	}
	juliet.do(in("Jule"))
	tybalt.do(in("Tybalt"))
	tybalt.do(admin("a", "<item nick='Jule' role='none'/>") + "S: iq/error/forbidden id=a")
	juliet.do(admin("b", "<item nick='Tybalt' role='visitor'/>") + "S: iq type=result id=b")
	tybalt.do("C: <message type='groupchat' to='verona@rooms.localhost' id='m'><body>Ho</body></message>\nS: message/error/forbidden id=m")
	juliet.do(admin("c", "<item nick='Tybalt' role='none'><reason>Fighting</reason></item>") + "S: iq type=result id=c")
	tybalt.do("S: presence/x/item/reason type=unavailable from=verona@rooms.localhost/Tybalt\n" + in("Tybalt"))
	juliet.do(admin("d", "<item jid='tybalt@localhost' affiliation='outcast'/>") + "S: iq type=result id=d")
	tybalt.do("S: presence type=unavailable\nC: <presence to='verona@rooms.localhost/T'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: presence/error/forbidden")
	juliet.do("C: <iq type='get' id='e' to='verona@rooms.localhost'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='outcast'/></query></iq>\nS: iq/query/item id=e")
	juliet.do(admin("f", "<item jid='juliet@localhost' affiliation='none'/>") + "S: iq type=result id=f") // romeo owns it too
	juliet.do("C: <message to='verona@rooms.localhost'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='nurse@localhost'><reason>Come</reason></invite></x></message>\nping")
	nurse := s.online("nurse", "kitchen")
	nurse.quiet("message") // a word without a body is not kept for later
	juliet.do("C: <message to='verona@rooms.localhost'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='nurse@localhost'><reason>Come</reason></invite></x></message>\nping")
	nurse.do("S: message/x/invite/reason from=verona@rooms.localhost")
}

// TestArchive: pages of the own archive and of a room's (XEP-0313, XEP-0059).
func TestArchive(t *testing.T) {
	s := newHouse(t, Options{})
	juliet, romeo := s.online("juliet", "balcony"), s.online("romeo", "orchard")
	for _, id := range []string{"1", "2", "3"} {
		juliet.do("C: <message to='romeo@localhost' type='chat' id='" + id + "'><body>word " + id + "</body><stanza-id xmlns='urn:xmpp:sid:0' by='romeo@localhost' id='forged'/></message>")
		romeo.do("S: message/stanza-id id=" + id)
		romeo.quiet("message stanza-id=forged")
	}
	ask := func(id, to, inside string) string {
		return "C: <iq type='set' id='" + id + "'" + to + "><query xmlns='urn:xmpp:mam:2' queryid='q" + id + "'>" + inside + "</query></iq>\n"
	}
	const rsm = "<set xmlns='http://jabber.org/protocol/rsm'>"
	for _, a := range []*actor{juliet, romeo} {
		a.do(ask("a", "", rsm+"<max>2</max><before/></set>") + "S: message/result/forwarded/message/body\nS: message/result/forwarded/message/body\nS: iq/fin/set/count id=a")
		a.quiet("message/result")
	}
	all := s.find("romeo").archive.all
	if len(all) != 3 || len(s.find("juliet").archive.all) != 3 {
		t.Fatalf("%d messages", len(all))
	}
	page, at, complete, ok := paged(all, nil)
	if len(page) != 3 || at != 0 || !complete || !ok {
		t.Error(len(page), at, complete, ok)
	}
	romeo.do(ask("b", "", rsm+"<max>1</max><after>"+all[0].id+"</after></set>") + "S: message/result\nS: iq/fin/set/first id=b")
	romeo.do(ask("c", "", rsm+"<after>nothing</after></set>") + "S: iq/error/item-not-found id=c")
	romeo.do(ask("d", "", "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='with'><value>nurse@localhost</value></field></x>") + "S: iq/fin id=d")
	romeo.quiet("message/result")
	romeo.do("C: <presence to='verona@rooms.localhost/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: message/subject\nC: <message type='groupchat' to='verona@rooms.localhost' id='g'><body>Ho</body></message>\nS: message/stanza-id id=g\n" +
		ask("e", " to='verona@rooms.localhost'", "") + "S: message/result/forwarded/message/body from=verona@rooms.localhost\nS: iq/fin/set id=e")
}
