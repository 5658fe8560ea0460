package sandbox

import "xmppscope/decode/xmlstream"

// nonza is a first-level element that is no stanza, and who may send it when.
type nonza struct {
	name     xmlstream.Name
	from, to stage
	do       func(*conn, *xmlstream.Node) error
	// feature must be offered.
	feature string
}

// nonzas is the table of the elements that are understood beside stanzas.
func nonzas() []nonza {
	return []nonza{
		{xmlstream.Name{Space: nsTLS, Local: "starttls"}, anonymous, anonymous, (*conn).startTLS, "starttls"},
		{xmlstream.Name{Space: nsSASL, Local: "auth"}, anonymous, anonymous, (*conn).saslAuth, "mechanisms"},
		{xmlstream.Name{Space: nsSASL, Local: "response"}, anonymous, anonymous, (*conn).saslResponse, "mechanisms"},
		{xmlstream.Name{Space: nsSASL, Local: "abort"}, anonymous, anonymous, (*conn).saslAbort, "mechanisms"},
		{xmlstream.Name{Space: nsSASL2, Local: "authenticate"}, anonymous, anonymous, (*conn).sasl2Authenticate, "sasl2"},
		{xmlstream.Name{Space: nsSASL2, Local: "response"}, anonymous, anonymous, (*conn).sasl2Response, "sasl2"},
		{xmlstream.Name{Space: nsSASL2, Local: "abort"}, anonymous, anonymous, (*conn).sasl2Abort, "sasl2"},
		{xmlstream.Name{Space: nsCompress, Local: "compress"}, authentic, authentic, (*conn).compress, "compression"},
		{xmlstream.Name{Space: nsSM, Local: "enable"}, authentic, bound, (*conn).smEnable, "sm"},
		{xmlstream.Name{Space: nsSM, Local: "resume"}, authentic, bound, (*conn).smResume, "sm"},
		{xmlstream.Name{Space: nsSM, Local: "r"}, bound, bound, (*conn).smRequest, "sm"},
		{xmlstream.Name{Space: nsSM, Local: "a"}, bound, bound, (*conn).smAnswer, "sm"},
		{xmlstream.Name{Space: nsCSI, Local: "active"}, bound, bound, (*conn).csiActive, "csi"},
		{xmlstream.Name{Space: nsCSI, Local: "inactive"}, bound, bound, (*conn).csiInactive, "csi"},
	}
}

// element handles one first-level element.
func (c *conn) element(n *xmlstream.Node) error {
	if c.far != nil {
		c.srv.mu.Lock()
		defer c.srv.mu.Unlock()
		return c.far.element(n)
	}
	if c.account != nil {
		c.srv.mu.Lock()
		defer c.srv.mu.Unlock()
		if c.session != nil && c.session.conn != c {
			return errEnded // another connection has taken it over; kick has said so
		}
	}
	switch {
	case n.Name.Space == xmlstream.NSClient && (n.Name.Local == "iq" || n.Name.Local == "message" || n.Name.Local == "presence"):
		return c.stanza(n)
	case n.Name == xmlstream.Name{Space: xmlstream.NSStreams, Local: "error"}:
		return errEnded // the peer closes; there is nothing to answer (RFC 6120 §4.9.1.1)
	}
	for _, z := range nonzas() {
		if z.name != n.Name || !c.srv.offers(z.feature) {
			continue
		}
		switch {
		case c.stage < z.from:
			return &streamError{condition: "not-authorized", text: "Not before the login."}
		case c.stage > z.to:
			return &streamError{condition: "policy-violation", text: "Too late for that."}
		}
		return z.do(c, n)
	}
	if c.stage == anonymous {
		return &streamError{condition: "not-authorized", text: "Not before the login."}
	}
	return &streamError{condition: "unsupported-stanza-type"}
}
