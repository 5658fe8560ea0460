package sandbox

import (
	"xmppscope/decode/xmlstream"
)

// early is a question that may be asked before a login.
type early struct {
	name xmlstream.Name
	// feature must be offered.
	feature  string
	get, set func(*conn, *stanza, *xmlstream.Node) error
}

// earlyQuestions is the table of what is answered before a login. All of it is
// asked of the server, and only where a login is allowed at all.
func earlyQuestions() []early {
	return []early{
		{xmlstream.Name{Space: nsRegister, Local: "query"}, "register", registerForm, registerNew},
		{xmlstream.Name{Space: nsAuth, Local: "query"}, "iq-auth", iqAuthForm, iqAuthLogin},
	}
}

// ask answers such a question. Any other ends the stream (RFC 6120 §4.3.5).
func (c *conn) ask(st *stanza) error {
	payload := st.FirstElement()
	for _, e := range earlyQuestions() {
		if st.kind != "iq" || payload == nil || payload.Name != e.name || !c.srv.offers(e.feature) {
			continue
		}
		switch {
		case st.addressed && st.to.Domain != c.srv.o.Domain || st.to.Local != "":
			return c.deny(st, "service-unavailable", "")
		case st.id == "" || more(payload):
			return c.deny(st, "bad-request", "")
		case !c.mayLogIn():
			return c.deny(st, "not-acceptable", "Not without TLS.")
		case st.typ == "get":
			return e.get(c, st, payload)
		case st.typ == "set":
			return e.set(c, st, payload)
		}
		return c.deny(st, "bad-request", "")
	}
	return &streamError{condition: "not-authorized", text: "Not before the login."}
}

// mayLogIn tells whether passwords may be told on this connection.
func (c *conn) mayLogIn() bool { return c.tls != nil || c.sealed || c.srv.o.Clear }

// reply answers an iq of somebody who has no address yet.
func (c *conn) reply(st *stanza, inside string) error {
	c.send(element(inside, "iq", "type", "result", "id", st.id, "from", attr(st.Node, "to")))
	return nil
}

// deny refuses one.
func (c *conn) deny(st *stanza, condition, why string) error {
	c.send(element(stanzaError(condition, why), "iq", "type", "error", "id", st.id, "from", attr(st.Node, "to")))
	return nil
}

// said is the text of an element inside a question, as it was written.
func saidIn(n *xmlstream.Node, name string) string {
	if e := n.Child(n.Name.Space, name); e != nil {
		return e.Text()
	}
	return ""
}
