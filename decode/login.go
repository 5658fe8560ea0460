package decode

import (
	"strings"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// loginMessage adds what an element carries to the exchange that is going on.
func (c *Conn) loginMessage(e *Event, n *xmlstream.Node, part loginData) {
	switch part {
	case loginStart:
		c.login = c.startLogin(n)
		if n.Name.Space == nsComponent {
			c.login.AddParts(sasl.InitialResponse, sasl.Part{Name: "handshake", Text: n.Text()})
			break
		}
		c.login.Add(sasl.InitialResponse, loginText(n, "initial-response"))
	case loginChallenge:
		c.continueLogin(n).Add(sasl.Challenge, loginText(n, ""))
	case loginResponse:
		c.continueLogin(n).Add(sasl.Response, loginText(n, ""))
	case loginSuccess:
		c.continueLogin(n).Add(sasl.SuccessData, loginText(n, "additional-data"))
	case loginFailure:
		text := ""
		if t := n.Child(nsSASL, "text"); t != nil {
			text = t.Text()
		}
		c.continueLogin(n).Fail(e.Condition, text)
	}
	c.bind(c.login)
	e.SASL = c.login
}

// bind fills in the channel-binding data of the type that a login names, as
// they follow from the TLS connection (RFC 5929, RFC 9266).
func (c *Conn) bind(x *sasl.Exchange) {
	if c.tls == nil || x.Binding != nil || x.BindingWhy != "" {
		return
	}
	if kind := sasl.BindingType(x); kind != "" {
		x.Binding, x.BindingWhy = c.tls.Binding(kind)
	}
}

// startLogin begins an exchange with all that is known before it.
func (c *Conn) startLogin(n *xmlstream.Node) *sasl.Exchange {
	x := &sasl.Exchange{SASL2: n.Name.Space == nsSASL2, Domain: c.state.Domain, StreamID: c.state.StreamID,
		Offered: c.state.Mechanisms(), TLSVersion: c.state.TLS.Version, CertNames: c.state.TLS.ClientNames}
	x.Mechanism, _ = n.Attr("mechanism")
	if n.Name.Space == nsComponent {
		x.Mechanism = "COMPONENT"
	}
	if f := c.state.Feature(nsChannelB, "sasl-channel-binding"); f != nil {
		x.OfferedBindings = append([]string{}, f.Values...)
	}
	return x
}

// continueLogin makes the next snapshot of the exchange; where its beginning
// was not seen, an exchange of an unknown mechanism.
func (c *Conn) continueLogin(n *xmlstream.Node) *sasl.Exchange {
	if c.login == nil {
		c.login = c.startLogin(n)
		c.login.Mechanism = ""
	} else {
		c.login = copyExchange(c.login)
	}
	return c.login
}

// loginText is the base64 of an element: its own text in SASL 1, that of a
// child in SASL 2, where a missing child means no data (XEP-0388 §2.2).
func loginText(n *xmlstream.Node, child string) []byte {
	if n.Name.Space == nsSASL2 && child != "" {
		if n = n.Child(nsSASL2, child); n == nil {
			return nil
		}
	}
	return []byte(n.Text())
}

// iqAuth reads a jabber:iq:auth request; one without a user name only asks
// which fields are wanted (XEP-0078 §3.1).
func (c *Conn) iqAuth(e *Event, n *xmlstream.Node, r *request) {
	q := n.Child(nsIQAuth, "query")
	if q == nil || e.Type != "set" {
		return
	}
	x := &sasl.Exchange{Mechanism: "IQ-AUTH", Domain: c.state.Domain, StreamID: c.state.StreamID}
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
	if c.login == nil || c.login.Mechanism != "IQ-AUTH" {
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

// refineLogin tells the logins apart that are steps of their own: servers by
// certificate (XEP-0178 §3), tokens (XEP-0484 §3.4), and a bet on the features
// (XEP-0509 §2).
func refineLogin(c *Conn, e *Event, n *xmlstream.Node) {
	m, _ := n.Attr("mechanism")
	switch {
	case m == "EXTERNAL" && c.state.Profile == ProfileS2S:
		e.Step = StepS2SExternal
	case n.Name.Space != nsSASL2:
	case strings.HasPrefix(m, "HT-"):
		e.Step = StepFASTLogin
	case c.state.Features == nil && c.state.Headers[FromReceiver] == 0:
		e.Step = StepIAP
	}
}

// refineTask finds the upgrade of a stored hash among task data (XEP-0480 §3).
func refineTask(_ *Conn, e *Event, _ *xmlstream.Node) {
	if e.Payload.Space == nsSCRAMUpgr {
		e.Step = StepSASL2Upgrade
	}
}

// refineError finds the redirection among stream errors (RFC 6120 §4.9.3.19).
func refineError(_ *Conn, e *Event, _ *xmlstream.Node) {
	if e.Condition == "see-other-host" {
		e.Step = StepRedirect
	}
}

// restartAfter makes a refine function: both headers that come next restart
// the stream for this reason (RFC 6120 §4.3.3).
func restartAfter(s Step) func(*Conn, *Event, *xmlstream.Node) {
	return func(c *Conn, _ *Event, _ *xmlstream.Node) { c.why = [2]Step{s, s} }
}
