package sandbox

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/hex"
	"fmt"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// nsComponent is the content namespace of a component's stream.
const nsComponent = "jabber:component:accept"

// far is a peer that is not a client: it has a header and a login of its own.
type far interface {
	// open takes its stream header.
	open(u xmlstream.Unit, root *xmlstream.Node, inside *xmlstream.Scope) error
	// element takes one of its first-level elements; Server.mu is held.
	element(n *xmlstream.Node) error
	// leave is told when its connection is over; Server.mu is held.
	leave()
}

// component is a program that answers for a domain of its own (XEP-0114).
type component struct {
	conn   *conn
	domain string
	in     bool // it has proved itself
}

// checkComponents checks the domains of the options.
func (o *Options) checkComponents() error {
	for domain, secret := range o.Components {
		if j, err := jid.Parse(domain); err != nil || j != (jid.JID{Domain: domain}) || domain == o.Domain || secret == "" {
			return fmt.Errorf("component %q: a domain and a secret are needed", domain)
		}
	}
	return nil
}

// open answers its header with the id that it has to prove itself by (XEP-0114
// §3).
func (m *component) open(_ xmlstream.Unit, root *xmlstream.Node, inside *xmlstream.Scope) error {
	c := m.conn
	content, _ := inside.Lookup("")
	to, _ := root.Attr("to")
	c.fresh = false
	c.id = c.ids.id(8)
	c.send("<?xml version='1.0'?><stream:stream xmlns='" + nsComponent + "' xmlns:stream='" + xmlstream.NSStreams + "' from='" +
		escaper.Replace(to) + "' id='" + c.id + "'>")
	c.opened.Store(true)
	switch {
	case root.Name != xmlstream.Name{Space: xmlstream.NSStreams, Local: "stream"} || content != nsComponent:
		return &streamError{condition: "invalid-namespace", text: "This door is for components."}
	case c.srv.o.Components[to] == "":
		return &streamError{condition: "host-unknown", text: "There is no such component."}
	}
	m.domain = to
	return nil
}

// element takes the handshake, and then stanzas.
func (m *component) element(n *xmlstream.Node) error {
	c, s := m.conn, m.conn.srv
	if !m.in {
		want := sha1.Sum([]byte(c.id + s.o.Components[m.domain]))
		if n.Name.Local != "handshake" || subtle.ConstantTimeCompare([]byte(n.Text()), []byte(hex.EncodeToString(want[:]))) != 1 {
			return &streamError{condition: "not-authorized"}
		}
		if s.services[m.domain] != nil {
			return &streamError{condition: "conflict", text: "This component is connected already."}
		}
		m.in, c.stage = true, bound
		s.services[m.domain] = m
		c.send("<handshake/>")
		return nil
	}
	if n.Name.Space != xmlstream.NSClient || n.Name.Local != "iq" && n.Name.Local != "message" && n.Name.Local != "presence" {
		return &streamError{condition: "unsupported-stanza-type"}
	}
	st := newStanza(s, n)
	st.scope, st.lang = c.scope, c.lang
	switch {
	case st.from.Domain != m.domain:
		return &streamError{condition: "invalid-from"}
	case st.to.Domain == "":
		st.fail("jid-malformed", "")
	default:
		s.arrive(st)
	}
	return nil
}

// take sends a stanza to the component.
func (m *component) take(st *stanza) { m.conn.send(st.anew(st.to.String())) }

// leave forgets the component.
func (m *component) leave() {
	if m.in {
		m.in = false
		delete(m.conn.srv.services, m.domain)
	}
}
