package sandbox

import (
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// Namespaces of SASL 2 and of what goes with it.
const (
	nsSASL2 = "urn:xmpp:sasl:2"
	nsBind2 = "urn:xmpp:bind:0"
	nsFAST  = "urn:xmpp:fast:0"
)

// inline is what a client asks for together with its login (XEP-0388 §2.3).
type inline struct {
	bind, carbons, inactive bool
	tag                     string
	enable, lasting         bool   // stream management, and that it can be resumed
	resume                  string // the id of the session to go on with
	handled                 string // its h
	token                   string // the mechanism that a token is asked for
	fast, invalidate        bool   // a token logs in, and shall be good no more
	count                   uint64 // of the logins with it
	used, usedFor           string // the token that has, and its mechanism
}

// offerSASL2 writes <authentication/> (XEP-0388 §2.1): never in the clear.
func offerSASL2(c *conn) string {
	if !c.srv.o.SASL2 || c.tls == nil || c.stage != anonymous {
		return ""
	}
	var b strings.Builder
	for _, m := range c.offered() {
		b.WriteString(text(m.name, "mechanism"))
	}
	if b.Len() == 0 {
		return ""
	}
	inside := ""
	if !c.srv.o.without("sm") {
		inside += element("", "sm", "xmlns", nsSM)
	}
	if !c.srv.o.without("bind") {
		features := element("", "feature", "var", nsCarbons) + element("", "feature", "var", nsCSI) + element("", "feature", "var", nsSM)
		inside += element(element(features, "inline"), "bind", "xmlns", nsBind2)
	}
	inside += c.offerTokens()
	return element(b.String()+element(inside, "inline"), "authentication", "xmlns", nsSASL2)
}

// sasl2Authenticate begins a login (XEP-0388 §2.3).
func (c *conn) sasl2Authenticate(n *xmlstream.Node) error {
	name, _ := n.Attr("mechanism")
	c.login = &login{name: name, two: readInline(n)}
	if c.tls == nil || !c.srv.o.SASL2 {
		return c.refuse("encryption-required", "")
	}
	if condition := c.refusing(); condition != "" {
		return c.refuse(condition, "")
	}
	if _, able := c.tokenBinding(name); able && c.login.two.fast {
		c.login.exchange = tokenLogin{c, name, c.login.two}
	}
	for _, m := range c.offered() {
		if m.name == name {
			c.login.exchange = m.begin(c, &m)
			if m.first {
				return c.saslStep(nil)
			}
		}
	}
	if c.login.exchange == nil {
		return c.refuse("invalid-mechanism", "")
	}
	first := n.Child(nsSASL2, "initial-response")
	if first == nil {
		c.send(element("", "challenge", "xmlns", nsSASL2))
		return nil
	}
	return c.sasl2Data(first.Text())
}

// sasl2Response goes on with it (XEP-0388 §2.4).
func (c *conn) sasl2Response(n *xmlstream.Node) error {
	if c.login == nil || c.login.two == nil {
		c.login = &login{two: &inline{}}
		return c.refuse("malformed-request", "There was no challenge.")
	}
	return c.sasl2Data(n.Text())
}

// sasl2Abort gives it up (XEP-0388 §2.6.2).
func (c *conn) sasl2Abort(*xmlstream.Node) error {
	c.login = &login{two: &inline{}}
	return c.refuse("aborted", "")
}

// sasl2Data takes a message; nothing stands for no bytes (XEP-0388 §2.2).
func (c *conn) sasl2Data(data string) error {
	if data == "" {
		return c.saslStep([]byte{})
	}
	return c.saslData(data)
}

// readInline reads what is asked for together with a login.
func readInline(n *xmlstream.Node) *inline {
	q := &inline{}
	if b := n.Child(nsBind2, "bind"); b != nil {
		q.bind = true
		if t := b.Child(nsBind2, "tag"); t != nil {
			q.tag = t.Text()
		}
		q.carbons = b.Child(nsCarbons, "enable") != nil
		q.inactive = b.Child(nsCSI, "inactive") != nil
		if e := b.Child(nsSM, "enable"); e != nil {
			q.enable = true
			v, _ := e.Attr("resume")
			q.lasting = v == "true" || v == "1"
		}
	}
	if r := n.Child(nsSM, "resume"); r != nil {
		q.resume, _ = r.Attr("previd")
		q.handled, _ = r.Attr("h")
	}
	if t := n.Child(nsFAST, "request-token"); t != nil {
		q.token, _ = t.Attr("mechanism")
	}
	q.readFast(n)
	return q
}

// sasl2Success ends a login well: with what was asked for beside it, and without
// a new stream (XEP-0388 §2.6.1).
func (c *conn) sasl2Success(v *verdict, q *inline) error {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.account, c.stage, c.login = v.account, authentic, nil
	c.widen()
	inside := ""
	if v.data != nil {
		inside = element(base64Text(v.data), "additional-data")
	}
	more := ""
	resumed, se := c.inlineResume(q, &more)
	if se != nil {
		return se
	}
	who := c.account.bare
	switch {
	case resumed:
		who = c.session.jid
	case q.bind && len(c.account.sessions) < c.srv.o.Limits.Resources:
		more += c.inlineBind(q)
		who = c.session.jid
	}
	more += c.tokens(q)
	c.send(element(inside+text(who.String(), "authorization-identifier")+more, "success", "xmlns", nsSASL2))
	if !resumed {
		c.send(c.features())
		return nil
	}
	c.resend()
	return nil
}

// widen lets elements be as long as they may be after a login, on the stream
// that is open.
func (c *conn) widen() {
	f := xmlstream.NewFramer(c.limits(c.srv.o.Limits.Unit))
	f.Return(c.framer.Place())
	f.Push(c.framer.Take())
	c.framer = f
}

// inlineResume goes on with a session where that was asked for (XEP-0198 §9.2).
func (c *conn) inlineResume(q *inline, more *string) (bool, *streamError) {
	if q.resume == "" {
		return false, nil
	}
	s := c.srv.resumable[q.resume]
	if s == nil || s.account != c.account || c.srv.o.without("sm") {
		*more = element(element("", "item-not-found", "xmlns", nsStanzaErr), "failed", "xmlns", nsSM)
		return false, nil
	}
	if e := s.sm.handledUpTo(q.handled); e != nil {
		return false, e
	}
	*more = c.takeOver(s, q.resume)
	return true, nil
}

// inlineBind gives the connection a resource that the server makes (XEP-0386 §3.2).
func (c *conn) inlineBind(q *inline) string {
	full := c.generated()
	if q.tag != "" {
		if j, err := jid.Parse(full.String()); err == nil {
			if tagged, err := jid.Parse(j.Bare().String() + "/" + q.tag + "." + j.Resource); err == nil {
				full = tagged
			}
		}
	}
	c.occupy(full)
	c.session.carbons, c.session.inactive = q.carbons, q.inactive
	inside := ""
	if q.enable && !c.srv.o.without("sm") {
		inside = c.enableSM(q.lasting)
	}
	return element(inside, "bound", "xmlns", nsBind2)
}
