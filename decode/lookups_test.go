package decode

import (
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// answer builds a response; an empty address or target leaves the record out.
func answer(t *testing.T, typ dnsmessage.Type, question, target string, port uint16, address string) []byte {
	t.Helper()
	name := dnsmessage.MustNewName(question + ".")
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{Response: true})
	b.StartQuestions()
	b.Question(dnsmessage.Question{Name: name, Type: typ, Class: dnsmessage.ClassINET})
	b.StartAnswers()
	h := dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET}
	if target != "" {
		b.SRVResource(h, dnsmessage.SRVResource{Port: port, Target: dnsmessage.MustNewName(target + ".")})
	}
	if address != "" {
		b.AResource(h, dnsmessage.AResource{A: netip.MustParseAddr(address).As4()})
	}
	msg, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

// The lookups of a conversation are those on the way to its server: not those
// of another domain, of another host, nor of another asker, and each once.
func TestLookupsThatLedHere(t *testing.T) {
	var l Lookups
	client, other, dns := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("192.0.2.8"), netip.MustParseAddr("192.0.2.53")
	add := func(asker netip.Addr, msg []byte) { l.DNS(time.Unix(0, 0), []uint32{1}, dns, asker, msg) }
	add(client, answer(t, dnsmessage.TypeSRV, "_xmpps-client._tcp.capulet.example", "", 0, ""))
	add(client, answer(t, dnsmessage.TypeSRV, "_xmpp-client._tcp.capulet.example", "xmpp.host.example", 5222, ""))
	add(client, answer(t, dnsmessage.TypeSRV, "_xmpp-client._tcp.montague.example", "xmpp.host.example", 5333, ""))
	add(client, answer(t, dnsmessage.TypeA, "xmpp.host.example", "", 0, "198.51.100.1"))
	add(client, answer(t, dnsmessage.TypeA, "www.example", "", 0, "198.51.100.9"))
	add(other, answer(t, dnsmessage.TypeA, "xmpp.host.example", "", 0, "198.51.100.1"))
	c := Conversation{Initiator: "192.0.2.7:40000", Receiver: "198.51.100.1:5222", Domain: "capulet.example"}
	var got []string
	for _, e := range l.For(&c) {
		got = append(got, e.To)
	}
	want := []string{"_xmpps-client._tcp.capulet.example", "_xmpp-client._tcp.capulet.example", "xmpp.host.example"}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Fatalf("have %q, want %q", got, want)
	}
	if again := l.For(&c); len(again) != 0 {
		t.Fatalf("given out twice: %d", len(again))
	}
}

// Two domains on one host: each conversation gets the question for its own
// domain, though both answers lead to the same place.
func TestLookupsOfDomainsOnOneHost(t *testing.T) {
	var l Lookups
	server := netip.MustParseAddr("192.0.2.7")
	for _, name := range []string{"_xmpp-server._tcp.a.example", "_xmpp-server._tcp.rooms.a.example"} {
		l.DNS(time.Unix(0, 0), []uint32{1}, netip.Addr{}, server, answer(t, dnsmessage.TypeSRV, name, "xmpp.a.example", 5269, ""))
	}
	l.DNS(time.Unix(0, 0), []uint32{1}, netip.Addr{}, server, answer(t, dnsmessage.TypeA, "xmpp.a.example", "", 0, "198.51.100.1"))
	for _, c := range []struct{ domain, want string }{
		{"rooms.a.example", "_xmpp-server._tcp.rooms.a.example xmpp.a.example "},
		{"a.example", "_xmpp-server._tcp.a.example "},
	} {
		got := ""
		for _, e := range l.For(&Conversation{Initiator: "192.0.2.7:40000", Receiver: "198.51.100.1:5269", Domain: c.domain}) {
			got += e.To + " "
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.domain, got, c.want)
		}
	}
}

// The table does not grow without bound.
func TestLookupsAreBounded(t *testing.T) {
	var l Lookups
	msg := answer(t, dnsmessage.TypeA, "a.example", "", 0, "198.51.100.1")
	for range 3 * maxLookups {
		l.DNS(time.Unix(0, 0), []uint32{1}, netip.Addr{}, netip.Addr{}, msg)
	}
	if len(l.all) > maxLookups+1 || l.bytes != len(l.all)*len(msg) {
		t.Fatalf("%d lookups, %d bytes", len(l.all), l.bytes)
	}
}
