package proxy

import (
	"context"
	"net"
	"net/url"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/httpwire"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/web"
)

const wsHead = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0'>"

// TestSocketToPlain: what is held and changed is a message of WebSocket, what
// the server gets is XML, and leg B is recorded as it is.
func TestSocketToPlain(t *testing.T) {
	s := newStage(t, func(o *Options) { gated(o); upstream(dial.Plain)(o) })
	cp, u := s.meet(wsAsk)
	cp.hears(wsAnswer + "\r\n")
	c := &socket{peer: cp, r: httpwire.NewWebSocket(httpwire.WSOptions{}), mask: true}
	c.tell(wsOpen)
	u.hears(wsHead)
	u.say(headS + "<message>EDIT</message><message>x</message>")
	c.gets("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='s1' version='1.0'/>", "<message>edited</message>", wsMsg("x"))
	c.tell(wsMsg("EDIT"))
	u.hears("<message>edited</message>")
	c.tell("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	u.hears("</stream:stream>")
	u.say("</stream:stream>")
	c.gets("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "@8\x03\xe8")
	u.Close()
	c.hearsEnd("")
	c.Close()
	eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
	if got, want := s.tap.said(1, LegServer, decode.FromInitiator), wsHead+"<message>edited</message></stream:stream>"; got != want {
		t.Errorf("leg B is recorded as %q, not %q", got, want)
	}
	if got := s.tap.said(1, LegServer, decode.FromReceiver); !strings.HasPrefix(got, headS) {
		t.Errorf("leg B is recorded as %q", got)
	}
}

// toURL leads to the server of the test as to a WebSocket.
func toURL(text string) func(*Options) {
	return func(o *Options) {
		inner := o.Dial
		o.Dial = func(ctx context.Context, f Facts) (Upstream, error) {
			up, err := inner(ctx, f)
			up.Wrapping = dial.WebSocket
			up.URL, _ = url.Parse(text)
			return up, err
		}
	}
}

// TestPlainToSocket: the other way.
func TestPlainToSocket(t *testing.T) {
	s := newStage(t, func(o *Options) { gated(o); toURL("ws://example.org/xmpp")(o) })
	c, up := s.meet(headC)
	var head []byte
	for b := [1]byte{}; !strings.HasSuffix(string(head), "\r\n\r\n"); head = append(head, b[0]) {
		if _, err := up.Read(b[:]); err != nil {
			t.Fatal(err)
		}
	}
	h := httpwire.NewConn(httpwire.Options{})
	key := h.Feed(0, head)[0].Header("Sec-WebSocket-Key")
	up.say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + web.Accept(key) + "\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n")
	u := &socket{peer: up, r: httpwire.NewWebSocket(httpwire.WSOptions{Masked: true})}
	u.gets(wsOpen)
	u.tell(wsOpened)
	c.hears("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='example.org' id='1' version='1.0'>")
	c.say(msg("x") + msg("EDIT"))
	u.gets(wsMsg("x"), "<message xmlns='jabber:client'>edited</message>")
	u.tell(wsMsg("y"))
	c.hears(wsMsg("y"))
	u.say(string(web.Frame(web.OpPing, []byte("p"), false)))
	u.gets("@10p")
	c.say("</stream:stream>")
	u.gets("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	u.tell("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
	c.hears("</stream:stream>")
	c.Close()
	u.gets("@8\x03\xe8")
}

// TestBOSHToPlain: a session over two connections of the client, one to the
// server; it outlives the first.
func TestBOSHToPlain(t *testing.T) {
	s := newStage(t, func(o *Options) { gated(o); upstream(dial.Plain)(o) })
	c, u := s.meet(post(1, "", ""))
	u.hears(strings.Replace(wsHead, " version='1.0'>", ">", 1))
	u.say(headS + "<stream:features/>")
	var said []byte
	for b := [1]byte{}; !strings.HasSuffix(string(said), "</body>"); said = append(said, b[0]) {
		if _, err := c.Read(b[:]); err != nil {
			t.Fatalf("%v after %q", err, said)
		}
	}
	_, rest, _ := strings.Cut(string(said), " sid='")
	sid, _, _ := strings.Cut(rest, "'")
	c.Close()
	nc, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	d := &peer{t: t, Conn: nc}
	d.say(post(2, sid, wsMsg("EDIT")+wsMsg("x")))
	u.hears("<message>edited</message>" + wsMsg("x"))
	u.say("<message>DROP</message><message>y</message>")
	d.hears("HTTP/1.1 200 OK\r\n")
	d.say(post(3, sid, wsMsg("z")))
	u.hears(wsMsg("z"))
	nc.Close()
	u.Close()
	eventually(t, "the connections are gone", func() bool { return len(s.proxy.Conns()) == 0 })
}
