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

// Where a page tells where to go, the conversation that went there shows it.
func TestHostMetaLeadsTheWay(t *testing.T) {
	meta := `{"links":[{"rel":"urn:xmpp:alt-connections:websocket","href":"wss://a/ws"}]}`
	first := synth.NewSession().Handshake().
		Send(0, "GET /.well-known/host-meta.json HTTP/1.1\r\nHost: a\r\n\r\n").
		Send(1, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(meta), meta)).Close(0)
	second := synth.NewSession()
	second.Now = first.Now + 1e9
	second.Addr = first.Addr
	second.Addr[0] = netip.AddrPortFrom(first.Addr[0].Addr(), 41000)
	second.Handshake().Send(0, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>").Close(0)
	frames := append(first.Frames, second.Frames...)
	var kinds []string
	for item, err := range Read(t.Context(), []Input{bytesInput(synth.File{}.Bytes(frames))}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e := item.Event; e != nil {
			kinds = append(kinds, e.Kind.String())
			if e.Kind == decode.KindHTTP && (e.Step != decode.StepHostMeta || !bytes.Contains(e.Wire, []byte("host-meta")) && e.Dir == decode.FromInitiator) {
				t.Errorf("event %d: %s", e.Seq, e.Step)
			}
		}
	}
	if got := strings.Join(kinds, " "); !strings.HasPrefix(got, "http http tcp open") {
		t.Errorf("events %s", got)
	}
}
