package proxy

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// This file is where the proxy itself speaks with the client: to say why there
// is no server, and to ask for TLS where the server's leg has it from the first
// byte. All of that is marked as the proxy's own.

const (
	nsStreams = "http://etherx.jabber.org/streams"
	nsErrors  = "urn:ietf:params:xml:ns:xmpp-streams"
	nsTLS     = "urn:ietf:params:xml:ns:xmpp-tls"
)

// parley is a conversation with the client alone.
type parley struct {
	c      *Conn
	framer *xmlstream.Framer
	base   int64
}

func (c *Conn) parley() *parley {
	p := &parley{c: c, framer: c.newFramer(), base: c.a.read - int64(len(c.early))}
	p.framer.Push(c.early)
	c.early = nil
	return p
}

// hear waits for the next unit of the client's that is not white space. It is
// recorded as not sent on.
func (p *parley) hear(why string) (xmlstream.Unit, error) {
	buf := p.c.p.bufs.get()
	defer p.c.p.bufs.put(buf)
	a := p.c.a
	for {
		if u, ok := p.framer.Next(); ok {
			p.c.mark(decode.Mark{Do: decode.MarkDrop, Dir: decode.FromInitiator, At: p.base + u.Off, N: int64(len(u.Wire)), Origin: decode.OriginDropped, Note: why})
			a.tell(nil)
			if u.Kind == xmlstream.Space {
				continue
			}
			return u, nil
		}
		if p.framer.Pending() > 64<<10 {
			return xmlstream.Unit{}, errors.New("too long")
		}
		if a.tls != nil {
			if piece, err := a.next(*buf); err != nil || len(piece) > 0 {
				p.framer.Push(piece)
				if err != nil {
					return xmlstream.Unit{}, err
				}
				continue
			}
		}
		if err := a.fill(); err != nil {
			return xmlstream.Unit{}, err
		}
		if a.tls == nil {
			piece, _ := a.next(nil)
			a.keep()
			p.framer.Push(piece)
		}
	}
}

// say sends something of the proxy's own.
func (p *parley) say(xml, why string) error {
	c := p.c
	m := decode.Mark{Do: decode.MarkInsert, Dir: decode.FromReceiver, At: c.said, N: int64(len(xml)), Origin: decode.OriginSynthetic, Note: why}
	c.said += int64(len(xml))
	c.feed(decode.FromReceiver, []byte(xml))
	return c.a.write([]byte(xml), []decode.Mark{m})
}

// header is the proxy's own response header (RFC 6120 §4.7).
func (c *Conn) header() string {
	f := c.Facts()
	content := f.Content
	if content == "" {
		content = "jabber:client"
	}
	text := "<?xml version='1.0'?><stream:stream xmlns='" + escape(content) + "' xmlns:stream='" + nsStreams + "' id='" + rand.Text()[:16] + "'"
	if f.Domain != "" {
		text += " from='" + escape(f.Domain) + "'"
	}
	if f.From != "" {
		text += " to='" + escape(f.From) + "'"
	}
	if content != "jabber:component:accept" { // XEP-0114 §3
		text += " version='1.0'"
	}
	return text + ">"
}

// refuse tells the client why it gets no server: a stream error (RFC 6120
// §4.9). spoken is set where a header went to the client already.
func (c *Conn) refuse(condition, why string, spoken bool) {
	c.note(decode.FromReceiver, "the client is refused: %s", why)
	p := c.parley()
	c.a.raw.SetDeadline(c.p.now().Add(min(c.p.o.Bounds.Opening, 10*time.Second)))
	text := ""
	if !spoken {
		u, err := p.hear("the server was not reached")
		if err != nil || u.Kind != xmlstream.Header {
			c.a.tell(nil)
			c.a.finish(true)
			return
		}
		c.greet(u)
		text = c.header()
	}
	p.say(text+streamError(condition, "xmppscope: "+why), why)
	c.a.finish(true)
	c.settle()
}

// settle waits for the client to end, so that what was said is not lost with a
// reset.
func (c *Conn) settle() {
	if c.a.tls == nil {
		c.a.raw.SetReadDeadline(c.p.now().Add(2 * time.Second))
		for {
			if err := c.a.fill(); err != nil {
				c.heardEnd(err)
				return
			}
			c.a.next(nil)
			c.a.tell(nil)
		}
	}
	buf := c.p.bufs.get()
	defer c.p.bufs.put(buf)
	c.a.raw.SetReadDeadline(c.p.now().Add(2 * time.Second))
	c.a.wait = true
	for {
		_, err := c.a.next(*buf)
		if err != nil {
			defer c.heardEnd(err)
			break
		}
		c.a.tell(nil)
	}
	c.a.wait = false
	c.a.tell(nil)
}

// heardEnd tells the tap how the client ended its side, if it did.
func (c *Conn) heardEnd(err error) {
	if !isTimeout(err) {
		c.closed(LegClient, decode.FromInitiator, isReset(err))
	}
}

func streamError(condition, text string) string {
	xml := "<stream:error><" + condition + " xmlns='" + nsErrors + "'/>"
	if text != "" {
		xml += "<text xmlns='" + nsErrors + "' xml:lang='en'>" + escape(text) + "</text>"
	}
	return xml + "</stream:error></stream:stream>"
}

// ask speaks with a client that began in clear text, up to the switch to TLS:
// the server's leg has TLS from the first byte (XEP-0368), so the features are
// the proxy's own.
func (c *Conn) ask() error {
	p := c.parley()
	const why = "the server's leg is TLS from the first byte: the proxy itself asks the client for STARTTLS"
	c.a.raw.SetReadDeadline(c.p.now().Add(c.p.o.Bounds.Opening))
	u, err := p.hear(why)
	if err != nil {
		return err
	}
	c.feed(decode.FromInitiator, u.Wire)
	if err := p.say(c.header()+"<stream:features><starttls xmlns='"+nsTLS+"'><required/></starttls></stream:features>", why); err != nil {
		return err
	}
	if u, err = p.hear(why); err != nil {
		return err
	}
	if e := c.previewText(decode.FromInitiator, u.Wire); e.Step != decode.StepStartTLSRequest {
		p.say(streamError("policy-violation", "xmppscope: the server is reached by TLS only: STARTTLS first"), why)
		c.a.finish(false)
		c.settle()
		return fmt.Errorf("the client did not ask for STARTTLS")
	}
	c.feed(decode.FromInitiator, u.Wire)
	rest := clone(p.framer.Unread())
	if err := p.say("<proceed xmlns='"+nsTLS+"'/>", why); err != nil {
		return err
	}
	if len(rest) > 0 && rest[0] == 0x16 {
		c.a.unread(rest)
	} else {
		c.forgotten(decode.FromInitiator, rest)
	}
	return nil
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&apos;", "\"", "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")

// escape writes text into XML; what XML has no character for becomes U+FFFD.
func escape(s string) string {
	return escaper.Replace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return 0xFFFD
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// legible shows the beginning of wire text.
func legible(p []byte) string {
	if len(p) > 120 {
		return fmt.Sprintf("%q …", p[:120])
	}
	return fmt.Sprintf("%q", p)
}

// plain says why a connection failed in a few words.
func plain(err error) string {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ended in the middle"
	case isTimeout(err):
		return "no answer in time"
	case isReset(err):
		return "it was reset"
	}
	return err.Error()
}
