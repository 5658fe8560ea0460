package sandbox

import (
	"encoding/base64"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// mechanism is one way to log in.
type mechanism struct {
	name string
	// bound means that it needs a channel binding, and so TLS.
	bound bool
	// quiet means that it is offered only where Options.Mechanisms names it.
	quiet bool
	// able tells whether a connection can use it; nil: any can.
	able func(*conn) bool
	// first means that the server speaks first.
	first bool
	// begin makes the exchange of one login.
	begin func(*conn, *mechanism) exchange
}

// mechanisms is the table of the ways to log in, in the order in which they are
// offered.
var mechanisms = [...]mechanism{
	{name: "EXTERNAL", able: (*conn).certified, begin: beginExternal},
	{name: "SCRAM-SHA-512-PLUS", bound: true, begin: beginSCRAM},
	{name: "SCRAM-SHA-256-PLUS", bound: true, begin: beginSCRAM},
	{name: "SCRAM-SHA-1-PLUS", bound: true, begin: beginSCRAM},
	{name: "SCRAM-SHA-512", begin: beginSCRAM},
	{name: "SCRAM-SHA-256", begin: beginSCRAM},
	{name: "SCRAM-SHA-1", begin: beginSCRAM},
	{name: "DIGEST-MD5", quiet: true, first: true, begin: beginDigest},
	{name: "PLAIN", begin: beginPlain},
	{name: "ANONYMOUS", quiet: true, begin: beginAnonymous},
}

// Mechanisms are the names of the mechanisms that there are, in the order in
// which they are offered.
func Mechanisms() (all []string) {
	for _, m := range mechanisms {
		all = append(all, m.name)
	}
	return all
}

// certified tells whether the client has shown a certificate of somebody here.
func (c *conn) certified() bool { return c.tls != nil && len(c.tls.people) > 0 }

// exchange is one login on the server's side. Every message of the client
// yields a challenge, or a verdict.
type exchange interface {
	step(response []byte) (challenge []byte, v *verdict)
}

// verdict ends a login: with an account, or with a refusal (RFC 6120 §6.5).
type verdict struct {
	account *account
	data    []byte // with success
	refusal string // a condition
	text    string
}

// wrong is the verdict for a wrong name as for a wrong password, so that they
// cannot be told apart (RFC 6120 §13.11).
func wrong() *verdict {
	return &verdict{refusal: "not-authorized", text: "The name or the password is wrong."}
}

// login is one that has begun.
type login struct {
	name string
	exchange
	two *inline // set where it is one of SASL 2
}

// space is the namespace of the login that has begun.
func (l *login) space() string {
	if l != nil && l.two != nil {
		return nsSASL2
	}
	return nsSASL
}

// offered are the mechanisms for this connection, as it is now.
func (c *conn) offered() (all []mechanism) {
	if c.stage != anonymous || c.tls == nil && !c.sealed && !c.srv.o.Clear {
		return nil
	}
	for _, m := range mechanisms {
		switch {
		case len(c.srv.o.Mechanisms) > 0 && !slices.Contains(c.srv.o.Mechanisms, m.name):
		case len(c.srv.o.Mechanisms) == 0 && m.quiet:
		case m.able != nil && !m.able(c):
		case m.bound && (c.tls == nil || len(c.tls.bindings) == 0):
		default:
			all = append(all, m)
		}
	}
	return all
}

// offersPlus tells whether a mechanism with channel binding is offered.
func (c *conn) offersPlus() bool {
	return slices.ContainsFunc(c.offered(), func(m mechanism) bool { return m.bound })
}

// saslAuth begins a login (RFC 6120 §6.4.2).
func (c *conn) saslAuth(n *xmlstream.Node) error {
	c.login = nil
	name, _ := n.Attr("mechanism")
	if c.tls == nil && !c.sealed && !c.srv.o.Clear {
		return c.refuse("encryption-required", "")
	}
	if condition := c.refusing(); condition != "" {
		return c.refuse(condition, "")
	}
	offered := c.offered()
	i := slices.IndexFunc(offered, func(m mechanism) bool { return m.name == name })
	if i < 0 {
		return c.refuse("invalid-mechanism", "")
	}
	c.login = &login{name: name, exchange: offered[i].begin(c, &offered[i])}
	switch data := n.Text(); data {
	case "":
		if offered[i].first {
			return c.saslStep(nil)
		}
		// The others let the client speak first: it is asked to.
		c.send(element("", "challenge", "xmlns", nsSASL))
		return nil
	case "=":
		return c.saslStep([]byte{})
	default:
		return c.saslData(data)
	}
}

// saslResponse goes on with it (RFC 6120 §6.4.3).
func (c *conn) saslResponse(n *xmlstream.Node) error {
	if c.login == nil || c.login.two != nil {
		c.login = nil
		return c.refuse("malformed-request", "There was no challenge.")
	}
	if data := n.Text(); data != "=" {
		return c.saslData(data)
	}
	return c.saslStep([]byte{})
}

// saslAbort gives it up (RFC 6120 §6.4.4).
func (c *conn) saslAbort(*xmlstream.Node) error {
	c.login = nil
	return c.refuse("aborted", "")
}

func (c *conn) saslData(data string) error {
	// The library skips line breaks, which are not allowed (RFC 6120 §6.4.2).
	raw, err := base64.StdEncoding.Strict().DecodeString(data)
	if err != nil || strings.ContainsAny(data, "\r\n") {
		return c.refuse("incorrect-encoding", "")
	}
	return c.saslStep(raw)
}

func (c *conn) saslStep(response []byte) error {
	challenge, v := c.login.step(response)
	switch {
	case v == nil && c.login.two != nil:
		c.send(text(base64Text(challenge), "challenge", "xmlns", nsSASL2))
		return nil
	case v == nil:
		c.send(text(encode(challenge), "challenge", "xmlns", nsSASL))
		return nil
	case v.account == nil:
		return c.refuse(v.refusal, v.text)
	case c.login.two != nil:
		return c.sasl2Success(v, c.login.two)
	}
	data := ""
	if v.data != nil {
		data = encode(v.data)
	}
	c.send(text(data, "success", "xmlns", nsSASL))
	c.account, c.stage, c.login = v.account, authentic, nil
	c.restart(c.framer.Take()) // RFC 6120 §6.4.6
	return nil
}

// encode is base64, with the sign for no bytes (RFC 6120 §6.4.2).
func encode(b []byte) string {
	if len(b) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(b)
}

// refuse ends a login and leaves the stream as it is (RFC 6120 §6.4.5).
func (c *conn) refuse(condition, why string) error {
	space := c.login.space()
	c.login = nil
	inside := element("", condition)
	if space == nsSASL2 { // XEP-0388 §2.6.2
		inside = element("", condition, "xmlns", nsSASL)
	}
	if why != "" {
		inside += text(why, "text", "xml:lang", "en")
	}
	c.send(element(inside, "failure", "xmlns", space))
	return c.another()
}

// another counts a refused login; after too many the stream is closed (RFC 6120
// §6.4.5).
func (c *conn) another() error {
	c.refused++
	if c.refused >= c.srv.o.Limits.Tries {
		return &streamError{condition: "policy-violation", text: "Too many logins failed."}
	}
	return nil
}
