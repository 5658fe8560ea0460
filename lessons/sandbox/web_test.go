package sandbox

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestWebSocket: a login, a ping and the close through a WebSocket (RFC 7395).
func TestWebSocket(t *testing.T) {
	s := newHouse(t, Options{Clear: true})
	p := s.peer(HTTP)
	p.say("GET /x HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\n\r\n")
	if head := p.until("\r\n\r\n"); !strings.Contains(head, "101") || !strings.Contains(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") {
		t.Fatal(head)
	}
	frame := func(text string) {
		b := []byte{0x81, 0x80 | byte(len(text))}
		if len(text) > 125 {
			b = []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text))}
		}
		p.say(string(b) + "\x00\x00\x00\x00" + text)
	}
	open := "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>"
	frame(open)
	if got := p.until("</stream:features>"); !strings.Contains(got, "<open xmlns=") || strings.Contains(got, "starttls") {
		t.Error(got)
	}
	frame("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>")
	p.until("<success")
	frame(open)
	p.until("<bind")
	frame("<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	p.until("</iq>")
	p.say("\x89\x80\x00\x00\x00\x00")
	p.until("\x8a\x00")
	frame("<iq xmlns='jabber:client' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
	if got := p.until("/>"); !strings.Contains(got, "<iq xmlns='jabber:client' type='result' id='p'") {
		t.Error(got)
	}
	frame("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	p.until("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	p.until("\x88\x02\x03\xe8")
}

// TestWebSocketRefused: without the protocol, unmasked, or far too long.
func TestWebSocketRefused(t *testing.T) {
	s := newHouse(t, Options{Clear: true})
	p := s.peer(HTTP)
	p.say("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n\r\n")
	p.until("400 Bad Request")
	for _, bad := range []string{"\x81\x05<open", "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", "\x82\x81\x00\x00\x00\x00a"} {
		p := s.peer(HTTP)
		p.say("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Version: 13\r\n\r\n")
		p.until("101")
		p.until("\r\n\r\n")
		p.say(bad)
		buf := make([]byte, 10)
		if n, err := p.nc.Read(buf); err == nil {
			t.Errorf("%q is answered with %q", bad, buf[:n])
		}
	}
}

// TestBOSH: a login and a message through requests, a request that comes twice,
// and one whose number is far off (XEP-0124).
func TestBOSH(t *testing.T) {
	s := newHouse(t, Options{Clear: true})
	carriers := []*peer{s.peer(HTTP), s.peer(HTTP)}
	rid, sid := 1000, ""
	send := func(k, rid int, attrs, inside string) {
		body := fmt.Sprintf("<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s%s>%s</body>", rid, sid, attrs, inside)
		carriers[k].say(fmt.Sprintf("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
	}
	answer := func(k int) string {
		head := carriers[k].until("\r\n\r\n")
		m := regexp.MustCompile(`Content-Length: (\d+)`).FindStringSubmatch(head)
		var n int
		fmt.Sscan(m[1], &n)
		return carriers[k].exactly(n)
	}
	turn := func(attrs, inside, want string) string {
		t.Helper()
		all := ""
		for range 5 {
			rid++
			send(0, rid, attrs, inside)
			got := answer(0)
			all += got
			if strings.Contains(all, want) {
				return got
			}
			attrs, inside = "", ""
		}
		t.Fatalf("no %q in %s", want, all)
		return ""
	}
	got := turn(" to='localhost' wait='5' hold='1' xmlns:x='urn:xmpp:xbosh' x:version='1.0'", "", "<mechanisms")
	sid = " sid='" + regexp.MustCompile(` sid='([^']*)`).FindStringSubmatch(got)[1] + "'"
	turn("", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>", "<success")
	turn(" to='localhost' xmlns:x='urn:xmpp:xbosh' x:restart='true'", "", "<bind")
	turn("", "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind></iq>", "mbed@localhost/web")
	turn("", "<presence xmlns='jabber:client'/>", "<presence")
	// What there is to say goes to the oldest request, whichever carries the question.
	rid++
	send(0, rid, "", "")
	for i := range 100 {
		rid++
		send(1-i%2, rid, "", fmt.Sprintf("<iq xmlns='jabber:client' type='get' id='p%d'><ping xmlns='urn:xmpp:ping'/></iq>", i))
		want := fmt.Sprintf("id='p%d'", i)
		if strings.Contains(answer(i%2), want) {
			continue
		}
		if got := answer(1 - i%2); !strings.Contains(got, want) { // the older one had to go before
			t.Fatalf("neither request got the result, the newer %s", got)
		}
		rid++
		send(1-i%2, rid, "", "")
	}
	rid++
	send(1, rid, "", "")
	answer(0) // one more than may be held
	rid++
	send(0, rid, "", "")
	answer(1)
	juliet := s.online("juliet", "balcony")
	juliet.do("C: <message to='mbed@localhost/web' type='chat' id='m'><body>Light!</body></message>")
	held := answer(0)
	send(1, rid, "", "")
	if again := answer(1); again != held || !strings.Contains(again, "juliet@localhost/balcony") {
		t.Errorf("again: %s, first: %s", again, held)
	}
	send(1, rid+50, "", "")
	if got := answer(1); !strings.Contains(got, "item-not-found") {
		t.Error(got)
	}
	turn(" type='terminate'", "<presence xmlns='jabber:client' type='unavailable'/>", "type='terminate'")
	juliet.do("S: presence type=unavailable from=mbed@localhost/web")
}

// exactly reads n bytes.
func (p *peer) exactly(n int) string {
	buf := make([]byte, 4096)
	for len(p.in) < n {
		k, err := p.nc.Read(buf)
		p.in += string(buf[:k])
		if err != nil {
			p.t.Fatal(err)
		}
	}
	got := p.in[:n]
	p.in = p.in[n:]
	return got
}
