package captures

import (
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"xmppscope/captures/synth"
	"xmppscope/decode"
)

// Web traffic that is no XMPP is not shown, whatever there is of it, and a
// session of BOSH behind other requests of its connection is.
func TestOtherWebTraffic(t *testing.T) {
	page := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<html/>\r\n"
	get := "GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n"
	bosh := "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='a'/>"
	for _, c := range []struct {
		name   string
		side   []int
		text   []string
		events bool
	}{
		{"pages", []int{0, 1, 0, 1}, []string{get, page, get, page}, false},
		{"a download", []int{0, 1}, []string{get, "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + strings.Repeat("x", 900000)}, false},
		{"BOSH behind a page", []int{0, 1, 0}, []string{get, page, fmt.Sprintf("POST /b HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s", len(bosh), bosh)}, true},
		{"a WebSocket for something else", []int{0, 1, 1}, []string{"GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
			"HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "\x81\x05hello"}, false},
		{"TLS for the web", []int{0, 1, 0, 1}, []string{"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", "\x16\x03\x03\x00\x05\x02\x00\x00\x01\x00",
			"\x17\x03\x03\x00\x03abc", "\x17\x03\x03\x00\x03abc"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := synth.NewSession().Handshake()
			for i, text := range c.text {
				s.Send(c.side[i], text)
			}
			events := 0
			for item, err := range Read(t.Context(), []Input{bytesInput(synth.File{}.Bytes(s.Close(0).Frames))}, Options{}) {
				if err != nil {
					t.Fatal(err)
				}
				if item.Event != nil {
					events++
				}
			}
			if (events > 0) != c.events {
				t.Errorf("%d events", events)
			}
		})
	}
}

// Where a page tells where to go, the conversation that went there shows it: not
// one of another domain, though the page's connection is still open.
func TestHostMetaLeadsTheWay(t *testing.T) {
	type to struct {
		port   int
		domain string
	}
	for _, c := range []struct {
		name, host, href string
		to               to
		want             string
	}{
		{"of the domain", "a", "wss://elsewhere/ws", to{5222, "a"}, "http http tcp open"},
		{"with a port", "a:443", "wss://elsewhere/ws", to{5222, "a"}, "http http tcp open"},
		{"by address", "b", "wss://192.0.2.20:5222/ws", to{5222, "a"}, "http http tcp open"},
		{"of another domain", "b", "wss://elsewhere/ws", to{5222, "a"}, "tcp open"},
		{"by another port", "b", "wss://192.0.2.20/ws", to{5222, "a"}, "tcp open"},
		{"of no domain, by port", "b", "wss://elsewhere:5222/ws", to{5222, ""}, "http http tcp open"},
		{"of no domain, not by port", "b", "wss://elsewhere/ws", to{5222, ""}, "tcp open"},
	} {
		meta := `{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"` + c.href + `"}]}`
		first := synth.NewSession().Handshake().
			Send(0, "GET /.well-known/host-meta.json HTTP/1.1\r\nHost: "+c.host+"\r\n\r\n").
			Send(1, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(meta), meta))
		second := synth.NewSession()
		second.Now = first.Now + 1e9
		second.Addr[0] = netip.AddrPortFrom(first.Addr[0].Addr(), 41000)
		second.Addr[1] = netip.AddrPortFrom(first.Addr[1].Addr(), uint16(c.to.port))
		second.Handshake().Send(0, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='"+c.to.domain+"'>").Close(0)
		var kinds []string
		var last *decode.Conversation
		for item, err := range Read(t.Context(), []Input{bytesInput(synth.File{}.Bytes(append(first.Frames, second.Frames...)))}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			if item.Conversation != nil {
				last = item.Conversation
			}
			if e := item.Event; e != nil {
				kinds = append(kinds, e.Kind.String())
				if e.Kind == decode.KindHTTP && (e.Step != decode.StepHostMeta || !bytes.Contains(e.Wire, []byte("host-meta")) && e.Dir == decode.FromInitiator) {
					t.Errorf("event %d: %s", e.Seq, e.Step)
				}
			}
		}
		if last.Events != len(kinds) {
			t.Errorf("%s: the conversation counts %d events of %d", c.name, last.Events, len(kinds))
		}
		if led := strings.HasPrefix(c.want, "http"); led != (last.Start.UnixNano() < second.Frames[0].Time) {
			t.Errorf("%s: it starts at %v", c.name, last.Start)
		}
		if got := strings.Join(kinds, " "); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: events %s, want %s", c.name, got, c.want)
		}
	}
}

// A connection that asked where to go and then carries XMPP itself shows the
// question once.
func TestHostMetaOnTheSameConnection(t *testing.T) {
	meta := `{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"ws://a:5222/ws"}]}`
	s := synth.NewSession().Handshake().
		Send(0, "GET /.well-known/host-meta.json HTTP/1.1\r\nHost: a\r\n\r\n").
		Send(1, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(meta), meta)).
		Send(0, "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n").
		Send(1, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n")
	var steps []string
	for item, err := range Read(t.Context(), []Input{bytesInput(synth.File{}.Bytes(s.Frames))}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e := item.Event; e != nil {
			steps = append(steps, e.Step.String())
		}
	}
	if got, want := strings.Join(steps, " "), "tcp-connect host-meta host-meta ws-handshake ws-handshake"; got != want {
		t.Errorf("steps %s, want %s", got, want)
	}
}

// dnsQuery asks for the SRV record of clients of a.test, or answers that it is at
// x.test, as DNS over TCP has it (RFC 1035 §4.2.2).
func dnsQuery(answer bool) string {
	const question = "\x0c_xmpp-client\x04_tcp\x01a\x04test\x00\x00\x21\x00\x01"
	msg := "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + question
	if answer {
		msg = "\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + question +
			"\xc0\x0c\x00\x21\x00\x01\x00\x00\x00\x3c\x00\x0e\x00\x05\x00\x00\x14\x66\x01x\x04test\x00"
	}
	return string([]byte{byte(len(msg) >> 8), byte(len(msg))}) + msg
}

// An answer that is too long for a datagram comes over TCP (RFC 7766), in any
// cut; XMPP on the port of DNS is XMPP.
func TestNamesOverTCP(t *testing.T) {
	talk := func(port int, at int64, fill func(*synth.Session)) []synth.Frame {
		s := synth.NewSession()
		s.Now += at
		s.Addr[0] = netip.AddrPortFrom(s.Addr[0].Addr(), uint16(40000+at/1e9))
		s.Addr[1] = netip.AddrPortFrom(s.Addr[1].Addr(), uint16(port))
		fill(s.Handshake())
		return s.Frames
	}
	xmpp := func(port int) []synth.Frame {
		return talk(port, 9e9, func(s *synth.Session) { s.Send(0, clientRoot).Send(1, serverRoot).Close(0) })
	}
	for _, c := range []struct {
		name string
		say  func(s *synth.Session)
		port int
		want string
	}{
		{"whole messages", func(s *synth.Session) { s.Send(0, dnsQuery(false)).Send(1, dnsQuery(true)).Close(0) }, 5222,
			"query [4] response [6] connect"},
		{"the length by itself, two questions at once", func(s *synth.Session) {
			q, r := dnsQuery(false), dnsQuery(true)
			s.Send(0, q[:1]).Send(0, q[1:20]).Send(0, q[20:]+q).Send(1, r).Close(0)
		}, 5222, "query [4 6 8] query [8] response [10] connect"},
		{"a lost piece ends it", func(s *synth.Session) {
			q := dnsQuery(false)
			s.Send(0, q).Send(0, q[:9]).Send(0, q[9:]).Send(1, dnsQuery(true)).Drop(5)
		}, 5222, "query [4] response [9] connect"},
		{"an impossible length", func(s *synth.Session) { s.Send(0, "\x00\x03abc"+dnsQuery(false)) }, 5222, "connect"},
		{"another protocol", func(s *synth.Session) { s.Send(0, "\x30\x30 hello, this is something else") }, 5222, "connect"},
		{"XMPP on the port of DNS", func(s *synth.Session) { s.Send(0, dnsQuery(false)) }, 53, "query [4] connect"},
	} {
		frames := append(talk(53, 0, c.say), xmpp(c.port)...)
		var got []string
		for item, err := range Read(t.Context(), []Input{bytesInput(synth.File{}.Bytes(frames))}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			if e := item.Event; e != nil && e.Kind == decode.KindDNS {
				got = append(got, fmt.Sprint(e.Name.Local, " ", e.Frames))
			} else if e != nil && e.Name.Local == "connect" {
				got = append(got, "connect")
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

// Unfinished messages are kept within a bound, and what ends gives its part
// back.
func TestNamesOverTCPAreBounded(t *testing.T) {
	f := newFeed(t.Context(), Options{})
	begin := string([]byte{0xff, 0xff}) + dnsQuery(false)[2:]
	flows := make([]*Flow, 200)
	for i := range flows {
		flows[i] = &Flow{addr: [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:4000"), netip.MustParseAddrPort("192.0.2.2:53")}}
		flows[i].half[0].hasISN = true
		f.Connect(flows[i])
		f.Data(flows[i], 0, Chunk{Bytes: []byte(begin)})
		f.Data(flows[i], 0, Chunk{Bytes: make([]byte, 60000)})
	}
	if f.nameBytes == 0 || f.nameBytes > maxNameBytes {
		t.Errorf("%d bytes are kept", f.nameBytes)
	}
	for _, fl := range flows {
		f.End(fl, 0, End{})
	}
	if f.nameBytes != 0 {
		t.Errorf("%d bytes are kept in the end", f.nameBytes)
	}
}
