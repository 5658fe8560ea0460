package practice

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"xmppscope/decode/xmlstream"
)

// Namespaces that the client speaks.
const (
	nsTLS     = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL    = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsBinding = "urn:xmpp:sasl-cb:0"
	nsBind    = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSession = "urn:ietf:params:xml:ns:xmpp-session"
	nsRoster  = "jabber:iq:roster"
	nsPing    = "urn:xmpp:ping"
	nsSM      = "urn:xmpp:sm:3"
)

// open sends a stream header and takes that of the server with its features
// (RFC 6120 §4.3). Who is about to log in is said where nobody else can read it
// (§4.7.1).
func (c *Client) open(ctx context.Context, _ []string) error {
	if c.nc == nil {
		if err := c.connect(ctx); err != nil {
			return err
		}
	}
	from := c.from
	if !c.secured() {
		from = ""
	}
	header := "<?xml version='1.0'?><stream:stream" + attr("from", from) + attr("to", c.o.Domain) + " version='1.0' xml:lang='en' xmlns='" + xmlstream.NSClient +
		"' xmlns:stream='" + xmlstream.NSStreams + "'>"
	if err := c.Send(ctx, header); err != nil {
		return err
	}
	if _, err := c.expect(ctx, headerTag); err != nil {
		return err
	}
	e, err := c.expect(ctx, "features")
	if err != nil {
		return err
	}
	c.features = e.Node
	return nil
}

// secured tells whether nobody else can read what is sent. BOSH makes its own
// connections, of TLS, but has no header that says who sends it (XEP-0206 §5).
func (c *Client) secured() bool {
	nc := c.nc
	if s, ok := nc.(*socket); ok {
		nc = s.Conn
	}
	_, secured := nc.(*tls.Conn)
	return secured
}

// startTLS changes to TLS and opens the stream anew (RFC 6120 §5.4).
func (c *Client) startTLS(ctx context.Context, _ []string) error {
	switch {
	case c.o.TLS == nil:
		return errors.New("this client knows no TLS")
	case c.offers(nsTLS, "starttls") == nil:
		return errors.New("the server does not offer STARTTLS, and this client does not go on without")
	}
	if err := c.Send(ctx, "<starttls xmlns='"+nsTLS+"'/>"); err != nil {
		return err
	}
	e, err := c.await(ctx, "proceed", func(e *Element) bool { return e.Node != nil && e.Node.Name.Space == nsTLS })
	switch {
	case err != nil:
		return err
	case e.Name != "proceed":
		return errors.New("the server refused STARTTLS")
	}
	conf := c.o.TLS.Clone()
	if conf.ServerName == "" {
		conf.ServerName = c.o.Domain
	}
	if rest := c.framer.Take(); len(rest) > 0 {
		return errors.New("the server sent something between <proceed/> and TLS")
	}
	t := tls.Client(c.nc, conf)
	_ = c.nc.SetDeadline(time.Now().Add(c.o.Patience)) // a closed one fails below
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	c.nc = t
	c.renew()
	return c.open(ctx, nil)
}

// request sends an iq and returns its result.
func (c *Client) request(ctx context.Context, kind, typ, to, payload string) (*Element, error) {
	id := c.id(kind)
	if err := c.stanza(ctx, "<iq"+attr("type", typ)+attr("id", id)+attr("to", to)+">"+payload+"</iq>"); err != nil {
		return nil, err
	}
	e, err := c.Expect(ctx, Pattern{path: []string{"iq"}, pairs: [][2]string{{"id", id}}})
	if err != nil {
		return nil, err
	}
	if typ, _ := e.Node.Attr("type"); typ == "error" {
		condition := "no reason given"
		if n := child(e.Node, "error"); n != nil && n.FirstElement() != nil {
			condition = n.FirstElement().Name.Local
		}
		return nil, fmt.Errorf("the server refused: %s", condition)
	}
	return e, nil
}

// bind asks for a resource, or lets the server choose (RFC 6120 §7).
func (c *Client) bind(ctx context.Context, args []string) error {
	wish := ""
	if len(args) > 0 {
		wish = "<resource>" + escaper.Replace(args[0]) + "</resource>"
	}
	c.sm = ledger{} // a new session
	e, err := c.request(ctx, "bind", "set", "", "<bind xmlns='"+nsBind+"'>"+wish+"</bind>")
	if err != nil {
		return err
	}
	if b := e.Node.Child(nsBind, "bind"); b != nil && b.Child(nsBind, "jid") != nil {
		c.full = b.Child(nsBind, "jid").Text()
	}
	return nil
}

// session asks for a session where the server offers one, as clients of RFC
// 3921 do, whether or not it is optional.
func (c *Client) session(ctx context.Context, _ []string) error {
	if c.offers(nsSession, "session") == nil {
		return nil
	}
	_, err := c.request(ctx, "session", "set", "", "<session xmlns='"+nsSession+"'/>")
	return err
}

func (c *Client) roster(ctx context.Context, _ []string) error {
	_, err := c.request(ctx, "roster", "get", "", "<query xmlns='"+nsRoster+"'/>")
	return err
}

// ping asks the server, or another address (XEP-0199).
func (c *Client) ping(ctx context.Context, args []string) error {
	to := c.o.Domain
	if len(args) > 0 {
		to = args[0]
	}
	_, err := c.request(ctx, "ping", "get", to, "<ping xmlns='"+nsPing+"'/>")
	return err
}

func (c *Client) presence(ctx context.Context, _ []string) error {
	return c.stanza(ctx, "<presence/>")
}

func (c *Client) leave(ctx context.Context, _ []string) error {
	return c.stanza(ctx, "<presence type='unavailable'/>")
}

// wait lets time pass, and answers meanwhile what has to be answered.
func (c *Client) wait(ctx context.Context, args []string) error {
	d, err := time.ParseDuration(args[0])
	if err != nil {
		return err
	}
	return c.rest(ctx, d)
}

// cue does nothing here: others wait for it.
func (c *Client) cue(context.Context, []string) error { return nil }

// cut ends TCP without a word.
func (c *Client) cut(context.Context, []string) error {
	c.lose()
	return nil
}

// close closes the stream, waits for the server's end tag, and closes TCP
// (RFC 6120 §4.4).
func (c *Client) close(ctx context.Context, _ []string) error {
	last := ""
	if c.sm.enabled { // XEP-0198 §4: what was handled, before it is too late
		last = c.sm.answer()
	}
	if err := c.Send(ctx, last+"</stream:stream>"); err != nil {
		return err
	}
	c.closed = true
	_, err := c.expect(ctx, closeTag)
	c.sm = ledger{}
	c.Drop()
	return err
}

// sendLine sends an element, or anything else, on a new connection where there
// is none; a stanza is counted as such.
func (c *Client) sendLine(ctx context.Context, args []string) error {
	if c.nc == nil {
		if err := c.connect(ctx); err != nil {
			return err
		}
	}
	for _, name := range []string{"<iq", "<message", "<presence"} {
		if len(args[0]) > len(name) && args[0][:len(name)] == name {
			return c.stanza(ctx, args[0])
		}
	}
	return c.Send(ctx, args[0])
}

func (c *Client) expectLine(ctx context.Context, args []string) error {
	_, err := c.expect(ctx, args[0])
	return err
}
