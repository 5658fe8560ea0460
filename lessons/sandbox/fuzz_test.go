package sandbox

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/decode/xmlstream"
)

// loggedIn is what a client says up to its presence, without waiting.
const loggedIn = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" +
	"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>" +
	"<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>" +
	"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>board</resource></bind></iq>" +
	"<enable xmlns='urn:xmpp:sm:3'/><presence/>"

// FuzzServer says anything to a server, as somebody who is logged in or not.
// What comes back, to the speaker and to a friend, is well-formed, and the
// server ends the conversation when its peer does.
func FuzzServer(f *testing.F) {
	for _, seed := range []string{
		"<message to='romeo@localhost'><body>x</body></message>",
		"<message id='&#x9;\"' to='mbed@localhost' x:y='\"' xmlns:x='&lt;'><x:b>]]&gt;</x:b></message>",
		"<x:message xmlns:x='jabber:client' to='romeo@localhost'/>",
		"<presence to='romeo@localhost' type='subscribe'/><presence type='unavailable'/>",
		"<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@localhost' name='&lt;&apos;&quot;'><group>&amp;</group></item></query></iq>",
		"<iq type='set' id='1'><query xmlns='jabber:iq:private'><a xmlns='b' c='d'><e/></a></query></iq>",
		"<iq type='set' id='1'><vCard xmlns='vcard-temp'/></iq><iq type='get' id='2'><vCard xmlns='vcard-temp'/></iq>",
		"<r xmlns='urn:xmpp:sm:3'/><a xmlns='urn:xmpp:sm:3' h='4294967295'/>",
		"<inactive xmlns='urn:xmpp:csi:0'/><presence><show>away</show></presence>",
		"<iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item id='&lt;'><a xmlns='b' c='&apos;'/></item></publish></pubsub></iq><iq type='get' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n'/></pubsub></iq>",
		"<iq type='set' id='1'><query xmlns='jabber:iq:register'><remove/></query></iq>",
		"<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='a' ver='b'/></presence>",
		"</stream:stream>", "<a><b></a>", "<!-- -->", "\x16\x03\x01",
	} {
		f.Add(true, seed)
		f.Add(false, seed)
	}
	o := Options{Clear: true}
	o.Limits.Linger = time.Millisecond
	f.Fuzz(func(t *testing.T, in bool, said string) {
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		hear := func(say string, heard chan<- string) net.Conn {
			nc, err := s.Dial(StartTLS)
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				all, _ := io.ReadAll(nc)
				heard <- string(all)
			}()
			go func() { io.WriteString(nc, say) }()
			return nc
		}
		friendHeard, heard := make(chan string, 1), make(chan string, 1)
		friend := hear(strings.ReplaceAll(strings.ReplaceAll(loggedIn, "AG1iZWQAbWlycm9y", "AHJvbWVvAHdoZXJlZm9yZQ=="), "board", "orchard"), friendHeard)
		say := said
		if in {
			say = loggedIn + said
		}
		peer := hear(say+"</stream:stream>", heard)
		select {
		case got := <-heard:
			wellFormed(t, got)
		case <-time.After(5 * time.Millisecond): // it waits for the end of something
			peer.Close()
			<-heard
		}
		_ = s.Shutdown(t.Context())
		friend.Close()
		peer.Close()
		wellFormed(t, <-friendHeard)
	})
}

// wellFormed checks what a server said, but for what its end cut off.
func wellFormed(t *testing.T, said string) {
	t.Helper()
	framer := xmlstream.NewFramer(xmlstream.Options{})
	framer.Push([]byte(said))
	var tree xmlstream.Tree
	var scope *xmlstream.Scope
	for u, ok := framer.Next(); ok; u, ok = framer.Next() {
		switch u.Kind {
		case xmlstream.Header:
			_, scope = tree.ParseHeader(u.Wire, xmlstream.Options{})
		case xmlstream.Element:
			tree.Parse(u.Wire, scope, xmlstream.Options{})
		case xmlstream.Broken, xmlstream.Opaque:
			t.Fatalf("the server sent %q", u.Wire)
		}
		if tree.Err() != nil {
			t.Fatalf("the server sent %q: %v", u.Wire, tree.Err())
		}
	}
}
