package sandbox

import (
	"net"
	"strings"
	"testing"
)

// TestServers: two servers prove their domains to each other by dialback, and
// their people talk; a third that claims a domain is turned away.
func TestServers(t *testing.T) {
	var doors [2]net.Listener
	for i := range doors {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		doors[i] = ln
	}
	a := newHouse(t, Options{Peers: map[string]string{"b.example": doors[1].Addr().String(), "gone.example": "127.0.0.1:1"}})
	b := newHouse(t, Options{Domain: "b.example", Clear: true, Peers: map[string]string{"localhost": doors[0].Addr().String()}})
	go func() { _ = a.Serve(doors[0], Servers) }()
	go func() { _ = b.Serve(doors[1], Servers) }()

	juliet := a.online("juliet", "balcony")
	romeo := b.peer(StartTLS)
	open := "<stream:stream to='b.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	romeo.say(open)
	romeo.until("</stream:features>")
	romeo.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHdoZXJlZm9yZQ==</auth>")
	romeo.until("<success")
	romeo.say(open)
	romeo.until("</stream:features>")
	romeo.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>orchard</resource></bind></iq><presence/>")
	romeo.until("<presence")

	juliet.do("C: <message to='romeo@b.example/orchard' type='chat' id='1'><body>across</body></message>")
	if got := romeo.until("</message>"); !strings.Contains(got, "from='juliet@localhost/balcony'") {
		t.Error(got)
	}
	romeo.say("<message to='juliet@localhost/balcony' type='chat' id='2'><body>back</body></message>")
	juliet.do("S: message id=2 from=romeo@b.example/orchard body=back")
	juliet.do("C: <presence type='subscribe' to='romeo@b.example'/>\nS: iq/query/item type=set")
	romeo.until("type='subscribe'")
	romeo.say("<presence type='subscribed' to='juliet@localhost'/>")
	juliet.do("S: presence type=subscribed from=romeo@b.example\nS: presence from=romeo@b.example/orchard")
	juliet.do("C: <iq type='get' id='p' to='b.example'><ping xmlns='urn:xmpp:ping'/></iq>\nS: iq type=result id=p from=b.example")
	juliet.do("C: <message to='a@gone.example' type='chat' id='3'><body>a</body></message>\nS: message/error/remote-server-timeout id=3")

	forger := b.peer(Servers)
	forger.say(serverHeader("localhost", "b.example", ""))
	forger.until("</stream:features>")
	forger.say("<message from='x@localhost' to='romeo@b.example'><body>forged</body></message>")
	forger.until("<not-authorized")
	forger = b.peer(Servers)
	forger.say(serverHeader("localhost", "b.example", ""))
	forger.until("</stream:features>")
	forger.say("<db:result from='localhost' to='b.example'>abc</db:result>")
	forger.until("type='invalid'")
}
