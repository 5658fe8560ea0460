package sandbox

import (
	"strings"
	"testing"
)

// pubsub is a request about nodes.
func pubsub(id, typ, to, space, inside string) string {
	return "C: <iq type='" + typ + "' id='" + id + "'" + to + "><pubsub xmlns='" + space + "'>" + inside + "</pubsub></iq>\n"
}

// raw logs somebody in whose every word is the test's.
func (s *house) raw(user, resource string) *peer {
	p := s.peer(StartTLS)
	const open = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	p.say(open)
	p.until("</stream:features>")
	p.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + base64Text([]byte("\x00"+user+"\x00"+s.find(user).password)) + "</auth>")
	p.until("<success")
	p.say(open)
	p.until("</stream:features>")
	p.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>" + resource + "</resource></bind></iq>")
	p.until("</iq>")
	return p
}

// wants announces capabilities, and answers what the server asks about them.
func (p *peer) wants(hash string, nodes ...string) {
	p.t.Helper()
	p.say("<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' ver='" + hash + "'/></presence>")
	question := p.until("node='https://client.example#" + hash + "'")
	id, _ := attrOf(question[strings.LastIndex(question, "<iq"):], "id")
	inside := "<identity category='client' type='pc'/>"
	for _, n := range nodes {
		inside += "<feature var='" + n + "+notify'/>"
	}
	p.say("<iq type='result' id='" + id + "' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'>" + inside + "</query></iq>")
}

// asks sends a line of a script, and waits for the answer by its id.
func (p *peer) asks(line, id, want string) string {
	p.t.Helper()
	p.say(strings.TrimPrefix(line, "C: "))
	got := p.until("id='" + id + "'")
	got = got[strings.LastIndex(got, "<iq"):] + p.until("</iq>")
	if !strings.Contains(got, want) {
		p.t.Errorf("%s is answered with %s, without %s", line, got, want)
	}
	return got
}

// TestPEP: what an account publishes reaches those who see its presence and say
// that they want it, and can be read, replaced and taken back (XEP-0163).
func TestPEP(t *testing.T) {
	s := newHouse(t, Options{Clear: true})
	const mood, tune = "http://jabber.org/protocol/mood", "http://jabber.org/protocol/tune"
	item := func(node, id, payload string) string {
		return "<publish node='" + node + "'><item id='" + id + "'>" + payload + "</item></publish>"
	}
	happy := "<mood xmlns='" + mood + "'><happy/></mood>"
	juliet, romeo, tybalt := s.online("juliet", "balcony"), s.raw("romeo", "orchard"), s.raw("tybalt", "street")
	romeo.wants("one", mood)
	tybalt.wants("one", mood)
	juliet.do(pubsub("1", "set", "", nsPubSub, item(mood, "a", happy)) + "S: iq/pubsub/publish/item id=1 type=result")
	if got := romeo.until("<happy/>"); !strings.Contains(got, "<message type='headline' from='juliet@localhost' to='romeo@localhost/orchard'><event xmlns='"+nsPubSubEvent+"'><items node='"+mood+"'><item id='a'>") {
		t.Error(got)
	}
	tybalt.say("<iq type='get' id='quiet' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>")
	if got := tybalt.until("id='quiet'"); strings.Contains(got, "<message") {
		t.Errorf("told to a stranger: %s", got)
	}
	juliet.quiet("message") // she wants nothing
	romeo.asks(pubsub("2", "get", " to='juliet@localhost'", nsPubSub, "<items node='"+mood+"'/>"), "2", "<mood")
	tybalt.asks(pubsub("3", "get", " to='juliet@localhost'", nsPubSub, "<items node='"+mood+"'/>"), "3", "<not-authorized")
	romeo.asks(pubsub("4", "set", " to='juliet@localhost'", nsPubSub, item(mood, "a", happy)), "4", "<forbidden")

	chamber := s.raw("juliet", "chamber")
	chamber.wants("two", mood, tune)
	chamber.until("<happy/>")
	juliet.do(pubsub("5", "set", "", nsPubSub, item(mood, "b", happy)) + "S: iq id=5 type=result")
	chamber.until("<item id='b'>")
	romeo.until("<item id='b'>")
	if got := romeo.asks(pubsub("6", "get", " to='juliet@localhost'", nsPubSub, "<items node='"+mood+"'/>"), "6", "result"); strings.Contains(got, "id='a'") || !strings.Contains(got, "id='b'") {
		t.Errorf("one item is kept: %s", got)
	}
	juliet.do(pubsub("7", "set", "", nsPubSub, "<retract node='"+mood+"' notify='true'><item id='b'/></retract>") + "S: iq id=7 type=result")
	romeo.until("<retract id='b'/>")
	juliet.do(pubsub("8", "set", "", nsPubSub, "<retract node='"+mood+"'><item id='b'/></retract>") + "S: iq/error/item-not-found id=8")

	options := "<publish-options><x xmlns='jabber:x:data' type='submit'><field var='pubsub#access_model'><value>whitelist</value></field>" +
		"<field var='pubsub#max_items'><value>max</value></field></x></publish-options>"
	const marks = "urn:xmpp:bookmarks:1"
	for _, room := range []string{"one", "two"} {
		juliet.do(pubsub(room, "set", "", nsPubSub, item(marks, room, "<conference xmlns='"+marks+"'/>")+options) + "S: iq type=result id=" + room)
	}
	juliet.do(pubsub("9", "get", "", nsPubSub, "<items node='"+marks+"' max_items='1'/>"))
	if got := juliet.came("iq id=9"); strings.Contains(got, "id='one'") || !strings.Contains(got, "id='two'") {
		t.Errorf("the last of two: %s", got)
	}
	romeo.asks(pubsub("10", "get", " to='juliet@localhost'", nsPubSub, "<items node='"+marks+"'/>"), "10", "<not-allowed")
	juliet.do(pubsub("11", "set", "", nsPubSub, item(marks, "x", "<a xmlns='b'/>")+strings.Replace(options, "whitelist", "open", 1)) + "S: iq/error/conflict id=11")
	juliet.do(pubsub("12", "set", "", nsPubSubOwner, "<configure node='"+marks+"'><x xmlns='jabber:x:data' type='submit'><field var='pubsub#access_model'><value>open</value></field></x></configure>") +
		"S: iq id=12 type=result")
	tybalt.asks(pubsub("13", "get", " to='juliet@localhost'", nsPubSub, "<items node='"+marks+"'><item id='one'/></items>"), "13", "<conference")
	juliet.do(pubsub("14", "get", "", nsPubSubOwner, "<configure node='"+marks+"'/>") + "S: iq/pubsub/configure/x id=14")
	juliet.do("C: <iq type='get' id='15' to='juliet@localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>\nS: iq/query/item id=15")
	juliet.do(pubsub("16", "set", "", nsPubSubOwner, "<delete node='"+mood+"'/>") + "S: iq id=16 type=result")
	romeo.until("<delete node='" + mood + "'/>")
	for i, c := range []struct{ inside, want string }{
		{"", "bad-request"}, {"<publish/>", "bad-request"}, {"<publish node='n'/>", "bad-request"}, {"<publish node='n'><item/></publish>", "bad-request"},
		{"<publish node='n'><item><a/></item></publish>", "bad-request"}, {"<subscribe node='n'/>", "feature-not-implemented"},
		{"<create node='" + marks + "'/>", "conflict"}, {"<retract node='n'/>", "bad-request"},
	} {
		id := "bad" + number(i)
		juliet.do(pubsub(id, "set", "", nsPubSub, c.inside) + "S: iq/error/" + c.want + " id=" + id)
	}
	for i := range maxNodes - 1 {
		juliet.do(pubsub("n"+number(i), "set", "", nsPubSub, "<create node='n"+number(i)+"'/>") + "S: iq type=result id=n" + number(i))
	}
	juliet.do(pubsub("17", "set", "", nsPubSub, item("more", "x", happy)) + "S: iq/error/resource-constraint id=17")
}
