package sandbox

import "xmppscope/decode/jid"

// bind gives the connection its resource (RFC 6120 §7).
func (c *conn) bind(st *stanza) error {
	fail := func(condition, why string) error {
		c.send(element(stanzaError(condition, why), "iq", "type", "error", "id", st.id))
		return nil
	}
	if st.id == "" {
		return fail("bad-request", "An iq needs an id.")
	}
	a := c.account
	wish := ""
	if r := st.Child(nsBind, "bind").Child(nsBind, "resource"); r != nil {
		wish = r.Text()
	}
	full := c.generated()
	if wish != "" {
		j, err := jid.Parse(a.bare.String() + "/" + wish)
		if err != nil {
			return fail("bad-request", "That is no resource.")
		}
		full = j
	}
	if condition := c.claim(&full); condition != "" {
		return fail(condition, "")
	}
	c.occupy(full)
	answer := element(text(full.String(), "jid"), "bind", "xmlns", nsBind)
	c.send(element(answer, "iq", "type", "result", "id", st.id))
	return nil
}

// claim frees a resource by the policy for conflicts, which may give another
// one. A condition says why the client gets none (RFC 6120 §7.7.2).
func (c *conn) claim(full *jid.JID) (condition string) {
	a := c.account
	if old := a.session(full.Resource); old != nil {
		switch c.srv.o.Conflict {
		case Refuse:
			return "conflict"
		case Rename:
			*full = c.generated()
		default:
			old.replaced("Another client has taken this resource.")
		}
	}
	if len(a.sessions) >= c.srv.o.Limits.Resources {
		return "resource-constraint"
	}
	return ""
}

// occupy makes the session with a resource.
func (c *conn) occupy(full jid.JID) {
	c.session = &session{srv: c.srv, account: c.account, jid: full, conn: c, directed: map[jid.JID]bool{}}
	c.stage = bound
	c.account.sessions = append(c.account.sessions, c.session)
}

// generated is an address with a resource of the server's choice.
func (c *conn) generated() jid.JID {
	j := c.account.bare
	for j.Resource == "" || c.account.session(j.Resource) != nil {
		j.Resource = c.ids.id(6)
	}
	return j
}
