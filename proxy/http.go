package proxy

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/web"
)

// This file is the beginning of a connection whose client speaks HTTP: WebSocket
// (RFC 7395) or BOSH (XEP-0124). Where the server speaks HTTP too, messages and
// frames are relayed as they came; where it does not, a translation stands
// between the proxy and the server.

// hear takes what the client says, into said, until that is enough.
func (c *Conn) hear(enough func([]byte) bool) error {
	buf := c.p.bufs.get()
	defer c.p.bufs.put(buf)
	for !enough(c.early) {
		if c.a.tls != nil {
			p, err := c.a.next(*buf)
			c.early = append(c.early, p...)
			if err != nil {
				return err
			}
			if len(p) > 0 {
				continue
			}
		}
		if err := c.a.fill(); err != nil {
			return err
		}
		if c.a.tls == nil {
			p, _ := c.a.next(nil)
			c.a.keep()
			c.early = append(c.early, p...)
		}
	}
	return nil
}

// isWeb tells whether the client begins with HTTP, in clear text. What is none
// is put back.
func (c *Conn) isWeb() (bool, error) {
	if !web.MayBegin(c.a.in) {
		return false, nil
	}
	err := c.hear(web.Told)
	if err == nil && web.Begins(c.early) {
		return true, nil
	}
	c.a.tell(nil)
	c.a.unread(c.early)
	c.early = nil
	if isTimeout(err) {
		err = nil
	}
	return false, err
}

// above goes on above TLS that a client began with: what it says first tells
// whether it is HTTP or XML.
func (c *Conn) above() error {
	c.a.raw.SetDeadline(c.p.now().Add(c.p.o.Bounds.Opening))
	if err := c.hear(web.Told); err != nil {
		if isTimeout(err) && c.b == nil {
			c.note(decode.FromInitiator, "the client has said nothing for %v", c.p.o.Bounds.Opening)
			return nil
		}
		if len(c.early) == 0 && c.b == nil {
			c.a.tell(nil)
			c.closed(LegClient, decode.FromInitiator, isReset(err))
			return nil
		}
	}
	if web.Begins(c.early) {
		return c.serveWeb()
	}
	if c.b == nil { // the server was left until the client is known
		why := c.dial()
		if why == "" && c.sealed(true) {
			why = c.raise(c.hello, true)
		}
		if why != "" {
			c.a.tell(nil)
			c.refuse("remote-connection-failed", why, false)
			return nil
		}
	}
	return c.runPlain()
}

// serveWeb serves a client that speaks HTTP.
func (c *Conn) serveWeb() error {
	if err := c.hear(web.HeadEnds); err != nil && !errors.Is(err, net.ErrClosed) && c.b == nil {
		if isTimeout(err) {
			err = fmt.Errorf("the client has not finished the head of its request for %v", c.p.o.Bounds.Opening)
		}
		c.a.tell(nil)
		return err
	}
	ask := web.ParseHead(c.early)
	c.mu.Lock()
	if c.facts.Domain == "" {
		c.facts.Domain = ask.Host
	}
	c.mu.Unlock()
	if ask.Socket || !c.p.translates() {
		if why := c.dialOnce(); why != "" {
			c.refuseWeb(why)
			return nil
		}
	}
	c.byPort()
	switch w := c.up.Wrapping; {
	case c.b == nil, !w.Web() && w != dial.Auto, w == dial.BOSH && ask.Socket, w == dial.WebSocket && ask.Polls():
		return c.translate(ask)
	}
	if c.b.tls == nil && c.overTLS() {
		if why := c.raise(c.helloOr(), false); why != "" {
			c.refuseWeb(why)
			return nil
		}
		c.agreedB()
	}
	c.talk = web.NewTalk(c.p.o.Bounds.Unit)
	return c.run()
}

// byPort takes the two ports that are known for plain streams (RFC 6120 §14.7)
// for what they are, where nobody has said what the server speaks.
func (c *Conn) byPort() {
	if c.b == nil || c.up.Wrapping != dial.Auto {
		return
	}
	switch c.Facts().Upstream.Port() {
	case 5222:
		c.up.Wrapping = dial.StartTLS
	case 5223:
		c.up.Wrapping = dial.TLS
	}
}

// dialOnce opens leg B where it is not open yet.
func (c *Conn) dialOnce() string {
	if c.b != nil {
		return ""
	}
	return c.dial()
}

// overTLS tells whether HTTP to the server is in TLS: as its URL says, else as
// the client does.
func (c *Conn) overTLS() bool {
	if u := c.up.URL; u != nil {
		return u.Scheme == "wss" || u.Scheme == "https"
	}
	return c.a.tls != nil
}

// helloOr is the client's ClientHello, or one for a client that needs none.
func (c *Conn) helloOr() *tls.ClientHelloInfo {
	if c.hello != nil {
		return c.hello
	}
	return &tls.ClientHelloInfo{SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12}, SupportedProtos: []string{"http/1.1"}}
}

// leaves tells whether the server is left until the client has said what it is:
// one of the web is to be served by its request.
func (c *Conn) leaves(h *tls.ClientHelloInfo) bool {
	if slices.Contains(h.SupportedProtos, "http/1.1") {
		return true
	}
	return len(h.SupportedProtos) == 0 && (c.facts.Door == DoorWS || c.facts.Door == DoorBOSH)
}

// refuseWeb tells a client of HTTP why it gets no server.
func (c *Conn) refuseWeb(why string) {
	c.note(decode.FromReceiver, "the client is refused: %s", why)
	c.a.tell(nil)
	text := []byte(web.Answer("502 Bad Gateway", "xmppscope: "+why+"\n"))
	c.a.raw.SetDeadline(c.p.now().Add(goodbye))
	c.a.write(text, []decode.Mark{{Do: decode.MarkInsert, Dir: decode.FromReceiver, N: int64(len(text)), Origin: decode.OriginSynthetic, Note: why}})
	c.a.finish(true)
	c.settle()
}

// message finds what a unit of the web carries. Pings and pongs overtake what
// waits (RFC 6455 §5.4).
func (l *lane) message(it *item) {
	if it.kind != unitItem {
		return // its beginning has left
	}
	m := l.web.Last()
	it.msg = m
	if u := l.c.up.URL; u != nil && l.c.v == nil && l.dir == decode.FromInitiator && m.Aim(u.RequestURI(), u.Host) && !l.aimed {
		l.aimed = true
		l.c.note(l.dir, "the requests go to %s, which is not what the client asks for: their targets and hosts are changed", u.Redacted())
	}
	if m.Text != nil {
		return
	}
	it.kind = bytesItem
	if m.Beside && len(l.wait) > 0 && l.wait[0].kind != bytesItem && !l.dead {
		it.beside, it.send = true, it.xml
		l.c.feed(l.dir, it.xml)
		l.add(it)
	}
}

// nudge lets the other direction go on where what this one said makes it
// readable: frames behind a request to upgrade.
func (c *Conn) nudge(l *lane) {
	if l.web == nil {
		return
	}
	other := c.lane[l.dir.Other()]
	if other.web.Ready() {
		c.background(func() {
			other.mu.Lock()
			defer other.mu.Unlock()
			c.mark(other.work()...)
			other.drain()
		})
	}
}

// text is what of an item is decided on: the XML.
func (it *item) text() []byte {
	if it.msg != nil {
		return it.msg.Text
	}
	return it.xml
}

// carry is the bytes that bring a text in the place of an item.
func (l *lane) carry(it *item, text []byte) []byte {
	if it.msg == nil {
		return text
	}
	return l.web.Carry(it.msg, text)
}

// pack is the bytes that bring a text that nobody has sent.
func (l *lane) pack(text []byte) []byte {
	if l.web == nil {
		return text
	}
	return l.web.Text(text)
}

// breath is what keeps a side awake and says nothing (RFC 7395 §3.8).
func (l *lane) breathWeb(why string) {
	ping := l.web.Ping()
	l.c.note(l.dir, "a ping frame of the proxy itself %s", why)
	l.c.feed(l.dir, ping)
	l.add(&item{kind: bytesItem, send: ping})
}

// nsFraming is that of <open/> and <close/> (RFC 7395 §3.3.1).
const nsFraming = "urn:ietf:params:xml:ns:xmpp-framing"

// lastWords says the end of a stream as WebSocket does: a stream error in a
// message of its own, <close/>, and a close frame (RFC 7395 §3.6).
func (l *lane) lastWords(text, why string) {
	if !l.web.Frames() {
		l.lastBody(text, why)
		return
	}
	say := func(xml string) {
		l.c.mark(l.place(Insert{Dir: l.dir, XML: []byte(xml), Why: why})...)
	}
	if e, _, ok := strings.Cut(text, "</stream:stream>"); ok && e != "" {
		say(strings.Replace(e, "<stream:error>", "<stream:error xmlns:stream='"+nsStreams+"'>", 1))
	}
	say("<close xmlns='" + nsFraming + "'/>")
	frame := l.web.Close()
	l.c.feed(l.dir, frame)
	l.add(&item{kind: bytesItem, send: frame})
}

// same tells whether what goes on is what came.
func (it *item) same(text []byte) bool { return text != nil && bytes.Equal(text, it.text()) }
