package sandbox

import "strings"

// feature is something that is offered in <stream:features/> (RFC 6120 §4.3.2).
type feature struct {
	name string // for Options.Without
	// offer writes it, or nothing where it is of no use now.
	offer func(*conn) string
}

// features is the table of what is offered, in the order in which it is
// written.
func features() []feature {
	return []feature{
		{"starttls", offerTLS},
		{"mechanisms", offerMechanisms},
		{"sasl2", offerSASL2},
		{"bindings", offerBindings},
		{"register", offerRegister},
		{"iq-auth", offerIQAuth},
		{"compression", offerCompression},
		{"bind", offerBind},
		{"session", offerSession},
		{"sm", offerSM},
		{"csi", offerCSI},
		{"rosterver", offerRosterVersions},
		{"preapproval", offerApproval},
		{"caps", offerCaps},
	}
}

// features writes the list for the stream at hand.
func (c *conn) features() string {
	var b strings.Builder
	for _, f := range features() {
		if !c.srv.o.without(f.name) {
			b.WriteString(f.offer(c))
		}
	}
	return element(b.String(), "stream:features")
}

// offers tells whether a feature is on: those that are not of every day have a
// setting of their own.
func (s *Server) offers(name string) bool {
	switch {
	case s.o.without(name):
		return false
	case name == "register":
		return s.o.Register
	case name == "iq-auth":
		return s.o.IQAuth
	}
	return true
}

func offerTLS(c *conn) string {
	if c.tls != nil || c.web || c.srv.o.TLS == nil || c.stage != anonymous {
		return ""
	}
	required := element("", "required")
	if c.srv.o.Clear {
		required = ""
	}
	return element(required, "starttls", "xmlns", nsTLS)
}

func offerMechanisms(c *conn) string {
	var b strings.Builder
	for _, m := range c.offered() {
		b.WriteString(text(m.name, "mechanism"))
	}
	if b.Len() == 0 {
		return ""
	}
	return element(b.String(), "mechanisms", "xmlns", nsSASL)
}

// offerBindings lists the types of channel binding (XEP-0440 §3).
func offerBindings(c *conn) string {
	if c.stage != anonymous || c.tls == nil || len(c.tls.bindings) == 0 {
		return ""
	}
	var b strings.Builder
	for _, t := range c.tls.bindings {
		b.WriteString(element("", "channel-binding", "type", string(t.Type)))
	}
	return element(b.String(), "sasl-channel-binding", "xmlns", nsBinding)
}

func offerBind(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element(element("", "required"), "bind", "xmlns", nsBind)
}

// offerSession says that the session of RFC 3921 may be asked for and need not
// (draft-cridland-xmpp-session §2).
func offerSession(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element(element("", "optional"), "session", "xmlns", nsSession)
}

func offerSM(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element(element("", "optional"), "sm", "xmlns", nsSM)
}

func offerCSI(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element("", "csi", "xmlns", nsCSI)
}
