package sandbox

// offerApproval says that requests for presence may be granted before they come
// (RFC 6121 §3.4.1).
func offerApproval(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element("", "sub", "xmlns", nsApproval)
}

// approve takes a <subscribed/> to which there is no request: the next one is
// granted at once, and the contact hears nothing until then (RFC 6121 §3.4.2).
func (s *session) approve(st *stanza, i *item) {
	a := s.account
	switch {
	case s.srv.o.without("preapproval"), i != nil && (i.sub&subFrom != 0 || i.approved):
		return
	case i == nil && len(a.roster) >= s.srv.o.Limits.Contacts:
		st.fail("resource-constraint", "")
		return
	case i == nil:
		i = &item{jid: st.to.Bare()}
		a.roster = append(a.roster, i)
	}
	i.approved = true
	a.push(i)
}
