package sandbox

import (
	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// stanza is one from a client, with what routing needs to know of it.
type stanza struct {
	*xmlstream.Node
	kind, id, typ string
	to            jid.JID
	addressed     bool // there is a to
}

// stanza handles one of RFC 6120 §8. The lock is held where somebody is logged
// in.
func (c *conn) stanza(n *xmlstream.Node) error {
	if c.stage == anonymous {
		return &streamError{condition: "not-authorized", text: "Not before the login."}
	}
	st := stanza{Node: n, kind: n.Name.Local}
	st.id, _ = n.Attr("id")
	st.typ, _ = n.Attr("type")
	to, addressed := n.Attr("to")
	var wrong error
	if addressed {
		st.to, wrong = jid.Parse(to)
		st.addressed = true
	}
	if c.stage == authentic {
		return c.beforeBind(&st)
	}
	s := c.session
	s.sm.received()
	if from, ok := n.Attr("from"); ok {
		if j, err := jid.Parse(from); err != nil || j != s.jid && j != s.jid.Bare() {
			return &streamError{condition: "invalid-from"}
		}
	}
	switch {
	case wrong != nil:
		s.fail(&st, "jid-malformed", "")
	case addressed && !c.srv.local(st.to) && st.kind != "iq":
		s.fail(&st, "remote-server-not-found", "This server knows no other.")
	case st.kind == "iq":
		s.iq(&st)
	case st.kind == "message":
		s.message(&st)
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
func (s *session) fail(st *stanza, condition, why string) {
	if st.typ == "error" || st.kind == "iq" && st.typ == "result" {
		return
	}
	from, _ := st.Attr("to") // as it was written: it may be no address
	s.deliver(parcel{xml: element(stanzaError(condition, why), st.kind, "type", "error", "id", st.id, "from", from, "to", s.jid.String())})
}

// from writes a stanza anew as coming from this client.
func (s *session) from(st *stanza, from jid.JID, to string) string {
	return forwarded(st.Node, s.conn.scope, s.conn.lang, from.String(), to)
}
