package decode

import (
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// The ways of jabber:iq to make an account (XEP-0077) and to log in to it
// (XEP-0078).

// readIQAuth reads a jabber:iq:auth request; one without a user name only asks
// which fields are wanted (XEP-0078 §3.1).
func readIQAuth(c *Conn, e *Event, n *xmlstream.Node, r *request) {
	q := n.Child(nsIQAuth, "query")
	if q == nil || e.Type != "set" {
		return
	}
	x := &sasl.Exchange{Mechanism: sasl.IQAuth, Domain: c.state.Domain, StreamID: c.state.StreamID}
	var parts []sasl.Part
	for f := range q.Children() {
		switch f.Name.Local {
		case "username":
			r.user = f.Text()
		case "resource":
			r.resource = f.Text()
		case "password", "digest":
		default:
			continue
		}
		if len(parts) < 8 {
			parts = append(parts, sasl.Part{Name: f.Name.Local, Text: f.Text()})
		}
	}
	x.AddParts(sasl.InitialResponse, parts...)
	c.login = x
	e.SASL = x
}

// iqAuthAnswer ends the exchange of jabber:iq:auth.
func (c *Conn) iqAuthAnswer(e *Event) {
	if c.login == nil || c.login.Mechanism != sasl.IQAuth {
		return
	}
	c.login = copyExchange(c.login)
	if e.Type == "error" {
		c.login.Fail(e.Condition, "")
	} else {
		c.login.AddParts(sasl.SuccessData)
	}
	e.SASL = c.login
}

func setIQAuth(s *State, r *request, _ *xmlstream.Node) {
	if r == nil || r.user == "" {
		return // the answer to the question which fields are wanted
	}
	s.Authenticated = true
	s.Identity = s.account(r.user)
	if s.Domain != "" && r.resource != "" {
		s.JID = s.Identity + "/" + r.resource
	}
}

func failIQAuth(s *State, r *request) {
	if r.user != "" {
		s.Failures++
	}
}

// account is the bare JID of a user of the domain that was asked for.
func (s *State) account(user string) string {
	if s.Domain == "" {
		return user
	}
	return user + "@" + s.Domain
}

// readRegister notes for whom a request makes or gives up an account; the name
// may stand in a data form (XEP-0077 §3.1, §3.2, §4).
func readRegister(_ *Conn, e *Event, n *xmlstream.Node, r *request) {
	q := n.Child(nsRegister, "query")
	if q == nil || e.Type != "set" {
		return
	}
	r.remove = q.Child(nsRegister, "remove") != nil
	if u := q.Child(nsRegister, "username"); u != nil {
		r.user = u.Text()
		return
	}
	form := q.Child(nsData, "x")
	if form == nil {
		return
	}
	for f := range form.Children() {
		if v, _ := f.Attr("var"); v == "username" {
			if text := f.Child(nsData, "value"); text != nil {
				r.user = text.Text()
			}
		}
	}
}

func setRegistered(s *State, r *request, _ *xmlstream.Node) {
	if r != nil && r.user != "" && !r.remove {
		s.Registered = s.account(r.user)
	}
}

// setUnregistered applies that an account was given up. One of somebody else,
// such as a gateway's, is no matter of the stream.
func setUnregistered(s *State, r *request, _ *xmlstream.Node) {
	if r == nil || !r.remove || r.to != "" && r.to != s.Domain && r.to != bare(s.JID) {
		return
	}
	s.Registered, s.Removed = "", true
}
