package proxy

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/httpwire"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/web"
)

// toBOSH leads to the server of the test as to one of BOSH.
func toBOSH(o *Options) {
	inner := o.Dial
	o.Dial = func(ctx context.Context, f Facts) (Upstream, error) {
		up, err := inner(ctx, f)
		up.Wrapping = dial.BOSH
		up.URL = &url.URL{Scheme: "http", Host: "example.org", Path: "/bind"}
		return up, err
	}
}

// wellKnown is a connection to the port that is known for plain streams.
type wellKnown struct{ net.Conn }

func (wellKnown) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 5222} }

// TestBOSHByPort: each session of BOSH gets a plain stream at port 5222, also one
// for which nothing was asked of the server before.
func TestBOSHByPort(t *testing.T) {
	s := newStage(t, func(o *Options) {
		inner := o.Dial
		o.Dial = func(ctx context.Context, f Facts) (Upstream, error) {
			up, err := inner(ctx, f)
			up.Conn = wellKnown{up.Conn}
			return up, err
		}
	})
	for i := range 3 {
		c, u := s.meet(post(1, "", ""))
		var first [1]byte
		u.SetReadDeadline(time.Now().Add(slack))
		if _, err := u.Read(first[:]); err != nil || first[0] != '<' {
			t.Errorf("session %d begins with %q (%v)", i, first, err)
		}
		c.Close()
		u.Close()
	}
}

// asked reads one request of HTTP: its body, and without its rid.
func (p *peer) asked() (body string) {
	p.t.Helper()
	h := httpwire.NewConn(httpwire.Options{})
	p.SetReadDeadline(time.Now().Add(slack))
	var b [1]byte
	for {
		if _, err := p.Read(b[:]); err != nil {
			p.t.Fatalf("no request: %v", err)
		}
		if all := h.Feed(0, b[:]); len(all) > 0 {
			body = string(all[0].Body)
			return strings.Replace(body, regexp.MustCompile(` rid='\d+'`).FindString(body), "", 1)
		}
	}
}

func (p *peer) asks(want string) {
	p.t.Helper()
	if got := p.asked(); got != want {
		p.t.Fatalf("asked %q, not %q", got, want)
	}
}

func wrapped(inner string) string {
	if inner == "" {
		return fmt.Sprintf("<body xmlns='%s' sid='s1'/>", nsBind)
	}
	return fmt.Sprintf("<body xmlns='%s' sid='s1'>%s</body>", nsBind, inner)
}

// answer is one with an empty body.
func answer(attrs string) string {
	body := "<body xmlns='" + nsBind + "'" + attrs + "/>"
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

const boshBegins = " content='text/xml; charset=utf-8' ver='1.11' wait='60' hold='1' ack='1' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'/>"

// TestToBOSH: a client with a plain stream and one of WebSocket, a server of
// BOSH. It is asked over a second connection while the first waits; all of it is
// recorded, and a rule sees units of the client.
func TestToBOSH(t *testing.T) {
	for _, kind := range []string{"plain", "websocket"} {
		t.Run(kind, func(t *testing.T) {
			s := newStage(t, func(o *Options) { gated(o); toBOSH(o) })
			var c *socket
			var u *peer
			var say, hears func(string)
			if kind == "plain" {
				var cp *peer
				cp, u = s.meet(wsHead)
				c, say, hears = &socket{peer: cp}, cp.say, cp.hears
			} else {
				var cp *peer
				cp, u = s.meet(wsAsk)
				cp.hears(wsAnswer + "\r\n")
				c = &socket{peer: cp, r: httpwire.NewWebSocket(httpwire.WSOptions{}), mask: true}
				say, hears = c.tell, func(text string) { c.gets(text) }
				say(wsOpen)
			}
			u.asks(fmt.Sprintf("<body xmlns='%s' to='example.org'%s", nsBind, boshBegins))
			u.say(answer(" sid='s1' wait='60' hold='1' from='example.org' authid='i' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'"))
			if kind == "plain" {
				hears("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='example.org' id='i' version='1.0'>")
			} else {
				hears("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='i' version='1.0'/>")
			}
			u.asks(wrapped(""))
			say(wsMsg("EDIT"))
			v := s.accept()
			v.asks(wrapped("<message xmlns='jabber:client'>edited</message>"))
			u.say(reply("", ""))
			v.say(reply("", wsMsg("DROP")+wsMsg("x")))
			hears(wsMsg("x"))
			// The next is asked over either.
			v.say(answer(" type='terminate' condition='system-shutdown'"))
			u.say(answer(" type='terminate' condition='system-shutdown'"))
			var rest [1000]byte
			n, _ := c.Read(rest[:])
			if got := string(rest[:n]); !strings.Contains(got, "<system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>") {
				t.Errorf("the client hears %q", got)
			}
			c.Close()
			eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
			for flow, want := range map[int]string{1: "to='example.org'", 2: "edited"} {
				if got := s.tap.said(flow, LegServer, decode.FromInitiator); !strings.Contains(got, want) {
					t.Errorf("of flow %d the server's leg is recorded as %q", flow, got)
				}
			}
		})
	}
}

// TestBOSHToSocket: the other way. A page may ask first whether it may ask.
func TestBOSHToSocket(t *testing.T) {
	s := newStage(t, func(o *Options) { gated(o); toURL("ws://example.org/xmpp")(o) })
	c, u := s.meet("OPTIONS /http-bind HTTP/1.1\r\nHost: example.org\r\n\r\n" + post(1, "", ""))
	c.hears("HTTP/1.1 204 No Content\r\n")
	u.hears("GET /xmpp HTTP/1.1\r\nHost: example.org\r\n")
	var head string
	for b := [1]byte{}; !strings.HasSuffix(head, "\r\n\r\n"); head += string(b[:]) {
		if _, err := u.Read(b[:]); err != nil {
			t.Fatal(err)
		}
	}
	key := regexp.MustCompile(`Sec-WebSocket-Key: (\S+)`).FindStringSubmatch(head)[1]
	u.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + web.Accept(key) + "\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n")
	us := &socket{peer: u, r: httpwire.NewWebSocket(httpwire.WSOptions{Masked: true})}
	us.gets("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.org'/>")
	us.tell(wsOpened)
	us.tell(wsMsg("EDIT"))
	var said string
	for b := [1]byte{}; !strings.HasSuffix(said, "</body>"); said += string(b[:]) {
		if _, err := c.Read(b[:]); err != nil {
			t.Fatalf("%v after %q", err, said)
		}
	}
	if !strings.Contains(said, "<message>edited</message>") {
		t.Errorf("the first answer is %q", said)
	}
	_, rest, _ := strings.Cut(said, " sid='")
	sid, _, _ := strings.Cut(rest, "'")
	c.say(post(2, sid, wsMsg("x")))
	us.gets(wsMsg("x"))
	c.say(strings.Replace(post(3, sid, ""), "to='example.org'>", "type='terminate'>", 1)) // as long as it was
	us.gets("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	us.tell("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	c.hears("HTTP/1.1 200 OK")
	c.Close()
	us.Close()
	eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
}
