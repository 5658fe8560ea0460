package sandbox

import (
	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// stanza is one on its way, with what routing needs to know of it.
type stanza struct {
	*xmlstream.Node
	kind, id, typ string
	to            jid.JID
	addressed     bool // there is a to

	srv   *Server
	from  jid.JID          // who sends it, as the server vouches for it
	s     *session         // the client that does; nil: somebody who is not of this domain
	scope *xmlstream.Scope // of the stream that it came on
	lang  string           // that one's language
}

// stanza handles one of RFC 6120 §8. The lock is held where somebody is logged
// in.
func (c *conn) stanza(n *xmlstream.Node) error {
	st := stanza{Node: n, kind: n.Name.Local}
	st.id, _ = n.Attr("id")
	st.typ, _ = n.Attr("type")
	to, addressed := n.Attr("to")
	var wrong error
	if addressed {
		st.to, wrong = jid.Parse(to)
		st.addressed = true
	}
	switch c.stage {
	case anonymous:
		return c.ask(&st)
	case authentic:
		return c.beforeBind(&st)
	}
	if e := c.provoked(false); e != nil {
		return e
	}
	if _, loses := c.srv.does("message-lost"); loses && st.kind == "message" {
		return nil
	}
	s := c.session
	s.sm.received()
	st.srv, st.s, st.from, st.scope, st.lang = c.srv, s, s.jid, c.scope, c.lang
	if from, ok := n.Attr("from"); ok {
		if j, err := jid.Parse(from); err != nil || j != s.jid && j != s.jid.Bare() {
			return &streamError{condition: "invalid-from"}
		}
	}
	switch {
	case wrong != nil:
		st.fail("jid-malformed", "")
	case st.kind == "iq":
		c.srv.iq(&st)
	case st.kind == "message":
		c.srv.message(&st)
	default:
		s.presenceIn(&st)
	}
	return nil
}

// beforeBind handles what comes between login and binding: nothing but the
// request to bind (RFC 6120 §7.1).
func (c *conn) beforeBind(st *stanza) error {
	if st.kind == "iq" && st.typ == "set" && st.Child(nsBind, "bind") != nil && !c.srv.o.without("bind") {
		return c.bind(st)
	}
	return &streamError{condition: "not-authorized", text: "Not before a resource is bound."}
}

// fail returns an error for a stanza, unless it is one that must not be
// answered (RFC 6120 §8.3.1).
func (st *stanza) fail(condition, why string) { st.failWith(condition, why, "") }

// failWith adds a condition of the application, as XML (RFC 6120 §8.3.4).
func (st *stanza) failWith(condition, why, app string) {
	if st.typ == "error" || st.kind == "iq" && st.typ == "result" {
		return
	}
	to, _ := st.Attr("to") // as it was written: it may be no address
	xml := stanzaError(condition, why)
	if app != "" {
		xml = insert(xml, app)
	}
	st.answer(element(xml, st.kind, "type", "error", "id", st.id, "from", to, "to", st.from.String()))
}

// answer sends a stanza back to the sender.
func (st *stanza) answer(xml string) {
	if st.s != nil {
		st.s.deliver(parcel{xml: xml})
		return
	}
	st.srv.post(st.from, parcel{xml: xml})
}

// anew writes the stanza as coming from its sender, for a recipient.
func (st *stanza) anew(to string) string { return st.as(st.from, to) }

// as writes it as coming from another address.
func (st *stanza) as(from jid.JID, to string) string {
	return forwarded(st.Node, st.scope, st.lang, from.String(), to)
}
