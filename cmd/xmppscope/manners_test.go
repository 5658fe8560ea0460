package main

import (
	"testing"

	"xmppscope/decode/lint"
	"xmppscope/proxy/ca"
)

// manners is something that the practice server can do, and somebody who has it
// done.
type manners struct {
	name     string
	settings string // of the server, as in its file
	// scripts are played at the same time; before a ! stands the door, tls, ws or
	// bosh. LOGIN begins as most do.
	scripts []string
	hand    func(*visited) // before the scripts
	who     string         // whose certificate the clients have
	// theirs are the rules that the clients break, since this is about that.
	theirs []string
}

const (
	mucJoin  = "><x xmlns='http://jabber.org/protocol/muc'/></presence>\nS: message/subject\n"
	registry = "><query xmlns='jabber:iq:register'>"
	pubsubOf = "><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
	aWebDay  = "open\nlogin SCRAM-SHA-256 juliet r0m30myr0m30\nbind b\nroster\npresence\nS: presence from=juliet@localhost/b\n" +
		"C: <message type='chat' id='m' to='juliet@localhost'><body>Is anybody there?</body></message>\nS: message id=m\nping\nleave\nclose"
)

var allManners = []manners{
	{name: "direct TLS, presence and questions", scripts: []string{"tls!open\nlogin SCRAM-SHA-512 juliet r0m30myr0m30\nbind b\nroster\npresence\nS: presence\n" +
		"C: <iq type='get' id='1' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: iq id=1\n" +
		"C: <iq type='get' id='2' to='localhost'><query xmlns='jabber:iq:version'/></iq>\nS: iq id=2\n" +
		"C: <iq type='get' id='3' to='localhost'><time xmlns='urn:xmpp:time'/></iq>\nS: iq id=3\n" +
		"C: <iq type='get' id='4'><vCard xmlns='vcard-temp'/></iq>\nS: iq id=4\nleave\nclose"}},
	{name: "DIGEST-MD5", theirs: []string{"sasl-weak-mechanism"}, settings: "mechanisms = ['DIGEST-MD5', 'SCRAM-SHA-1']", scripts: []string{"open\nstarttls\nlogin DIGEST-MD5 juliet r0m30myr0m30\nbind b\nclose"}},
	{name: "ANONYMOUS", settings: "mechanisms = ['ANONYMOUS']", scripts: []string{"open\nstarttls\nlogin ANONYMOUS x x\nbind b\nroster\nclose"}},
	{name: "EXTERNAL", who: "juliet@localhost", scripts: []string{"open\nstarttls\nlogin EXTERNAL juliet -\nbind b\nroster\npresence\nS: presence\nclose"}},
	{name: "iq-auth", theirs: []string{"stream-from-missing-secured", "iq-auth-used"}, settings: "iq-auth = true", scripts: []string{"open\nstarttls\nC: <iq type='get' id='1' to='localhost'><query xmlns='jabber:iq:auth'><username>juliet</username></query></iq>\nS: iq id=1\n" +
		"C: <iq type='set' id='2' to='localhost'><query xmlns='jabber:iq:auth'><username>juliet</username><resource>b</resource><password>r0m30myr0m30</password></query></iq>\n" +
		"S: iq type=result id=2\nroster\npresence\nS: presence\nclose"}},
	{name: "registration", settings: "register = true", scripts: []string{"open\nstarttls\nC: <iq type='get' id='1' to='localhost'" + registry + "</query></iq>\nS: iq id=1\n" +
		"C: <iq type='set' id='2' to='localhost'" + registry + "<username>rosaline</username><password>unseen</password></query></iq>\nS: iq type=result id=2\n" +
		"login SCRAM-SHA-1 rosaline unseen\nbind b\nC: <iq type='set' id='3' to='localhost'" + registry + "<username>rosaline</username><password>unsung</password></query></iq>\nS: iq type=result id=3\n" +
		"C: <iq type='set' id='4'" + registry + "<remove/></query></iq>\nS: iq id=4"}},
	{name: "SASL 2 and a token", settings: "sasl2 = true", scripts: []string{"open\nstarttls\nlogin2 SCRAM-SHA-256 juliet r0m30myr0m30 b sm\nroster\nclose\nopen\nstarttls\n" +
		"login2 HT-SHA-256-NONE juliet -\nroster\npresence\nS: presence\nclose"}},
	{name: "bound logins", settings: "channel-bindings = ['tls-exporter', 'tls-server-end-point']", scripts: []string{"open\nstarttls\nlogin SCRAM-SHA-256-PLUS juliet r0m30myr0m30\nbind b\nclose"}},
	{name: "lost and resumed", scripts: []string{"LOGIN juliet r0m30myr0m30\nbind b\nsm\nroster\npresence\nS: presence\ncut\nopen\nstarttls\nlogin SCRAM-SHA-256 juliet r0m30myr0m30\nresume\nping\nclose"}},
	{name: "publishing", scripts: []string{"LOGIN juliet r0m30myr0m30\nbind b\nroster\npresence\nS: presence\n" +
		"C: <iq type='set' id='1'" + pubsubOf + "<publish node='http://jabber.org/protocol/tune'><item id='current'><tune xmlns='http://jabber.org/protocol/tune'><title>Heart's ease</title></tune></item></publish></pubsub></iq>\nS: iq type=result id=1\n" +
		"C: <iq type='get' id='2'" + pubsubOf + "<items node='http://jabber.org/protocol/tune'/></pubsub></iq>\nS: iq type=result id=2\n" +
		"C: <iq type='set' id='3'" + pubsubOf + "<retract node='http://jabber.org/protocol/tune' notify='true'><item id='current'/></retract></pubsub></iq>\nS: iq type=result id=3\nclose"}},
	{name: "a room and its archive", scripts: []string{
		"LOGIN juliet r0m30myr0m30\nbind b\nC: <presence to='verona@rooms.localhost/Jule'" + mucJoin + "S: presence from=verona@rooms.localhost/Romeo\n" +
			"C: <message type='groupchat' id='g' to='verona@rooms.localhost'><body>Peace!</body></message>\nS: message id=g\n" +
			"C: <iq type='set' id='1' to='verona@rooms.localhost'><query xmlns='urn:xmpp:mam:2' queryid='q'/></iq>\nS: message/result\nS: iq id=1\n" +
			"C: <iq type='get' id='2' to='verona@rooms.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: iq id=2\n" +
			"C: <presence type='unavailable' to='verona@rooms.localhost/Jule'/>\nS: presence type=unavailable from=verona@rooms.localhost/Jule\nclose",
		"LOGIN romeo wherefore\nbind o\nC: <presence to='verona@rooms.localhost/Romeo'" + mucJoin + "S: presence type=unavailable from=verona@rooms.localhost/Jule\nclose"}},
	{name: "a contact, carbons and the own archive", scripts: []string{
		"LOGIN tybalt prince0fcats\nbind t\nroster\nC: <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\nS: iq id=c\npresence\nS: presence\n" +
			"S: presence type=subscribe\nC: <presence type='subscribed' to='juliet@localhost'/>\nS: message id=m\n" +
			"C: <iq type='set' id='a'><query xmlns='urn:xmpp:mam:2' queryid='q'/></iq>\nS: message/result\nS: iq id=a\nclose",
		"LOGIN juliet r0m30myr0m30\nbind b\nroster\npresence\nS: presence\nC: <presence type='subscribe' to='tybalt@localhost'/>\nS: presence type=subscribed\n" +
			"C: <inactive xmlns='urn:xmpp:csi:0'/>\nC: <active xmlns='urn:xmpp:csi:0'/>\nC: <message type='chat' id='m' to='tybalt@localhost'><body>Thou wretched boy</body></message>\nping\nclose"}},
	{name: "a component", hand: (*visited).component},
	{name: "compression", theirs: []string{"compress-used"}, settings: "compression = 'always'\nmechanisms = ['PLAIN']", hand: (*visited).compressed},
	{name: "WebSocket", scripts: []string{"ws!" + aWebDay}},
	{name: "BOSH", scripts: []string{"bosh!" + aWebDay}},
	{name: "two domains", scripts: []string{"LOGIN juliet r0m30myr0m30\nbind b\nroster\npresence\nS: presence\n" +
		"C: <iq type='get' id='1' to='montague.localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: iq type=result id=1\n" +
		"C: <message type='chat' id='2' to='nobody@montague.localhost'><body>?</body></message>\nS: message/error id=2\nleave\nclose"}},
}

// TestManners: whatever the practice server does, and whoever looks on, nothing
// above a note is found against anybody.
func TestManners(t *testing.T) {
	authority, err := ca.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range allManners {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			found := m.visit(t, authority)
			for _, rule := range m.theirs {
				if len(found[rule]) == 0 || found[rule][0].Who != lint.WhoInitiator {
					t.Errorf("%s is not found against the client", rule)
				}
				delete(found, rule)
			}
			for rule, list := range found {
				for _, f := range list {
					t.Errorf("%s (%v) at event %d: %s", rule, f.Who, f.Seq, f.Text)
				}
			}
		})
	}
}
