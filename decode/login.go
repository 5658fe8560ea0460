package decode

import (
	"strings"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// loginMessage adds what an element carries to the exchange that is going on.
func (c *Conn) loginMessage(e *Event, n *xmlstream.Node, part loginData) {
	if part != loginStart && part != loginFailure && n.Name.Space == nsSASL2 && c.login != nil && c.login.Accepted() {
		return // of a task, whose data are not the mechanism's (XEP-0388 §2.6.3)
	}
	was := c.original(e)
	before, client := c.login, c.client
	if part == loginStart {
		before, client = nil, nil
	}
	to, from := n, n // what the server and what the client has of it
	if was != nil && e.Dir == FromInitiator {
		from = was
	} else if was != nil {
		to = was
	}
	if client == nil {
		client = before
	}
	c.login = c.loginPart(e, before, to, part)
	c.client = nil
	if was != nil || client != before {
		c.client = c.loginPart(e, client, from, part)
		c.bindBeyond(c.login)
		c.bind(c.client)
	} else {
		c.bind(c.login)
	}
	if was != nil {
		got := c.login
		if e.Dir == FromReceiver {
			got = c.client
		}
		got.Messages[len(got.Messages)-1].Edited = true
	}
	e.SASL = c.login
	if e.Dir == FromReceiver && c.client != nil && part != loginFailure { // a refusal is about what the server got
		e.SASL = c.client
	}
}

// original is what was said where a proxy sent something else on; nil where it
// did not.
func (c *Conn) original(e *Event) *xmlstream.Node {
	if e.Origin != OriginEdited || len(e.Original) == 0 {
		return nil
	}
	return new(xmlstream.Tree).Parse(e.Original, e.Scope, c.o.XML)
}

// loginPart is an exchange with one more message, new where there was none.
func (c *Conn) loginPart(e *Event, x *sasl.Exchange, n *xmlstream.Node, part loginData) *sasl.Exchange {
	if part == loginStart {
		x = c.startLogin(n)
	} else {
		x = c.continueFrom(x, n)
	}
	switch part {
	case loginStart:
		if isComponent(n.Name.Space) {
			x.AddParts(sasl.InitialResponse, sasl.Part{Name: "handshake", Text: n.Text()})
			break
		}
		x.Add(sasl.InitialResponse, loginText(n, "initial-response"))
	case loginChallenge:
		x.Add(sasl.Challenge, loginText(n, ""))
	case loginResponse:
		x.Add(sasl.Response, loginText(n, ""))
	case loginSuccess:
		x.Add(sasl.SuccessData, loginText(n, "additional-data"))
	case loginFailure:
		x.Fail(e.Condition, failureText(n))
	}
	return x
}

// failureText is what a refusal says to people. SASL 2 has an element of its
// own for it.
func failureText(n *xmlstream.Node) string {
	for _, space := range [...]string{nsSASL, nsSASL2, nsStreamErr} {
		if t := n.Child(space, "text"); t != nil {
			return t.Text()
		}
	}
	return ""
}

// bind fills in the channel-binding data of the type that a login names, as
// they follow from the TLS connection (RFC 5929, RFC 9266).
func (c *Conn) bind(x *sasl.Exchange) {
	if c.tls == nil || x.Binding != nil || x.BindingWhy != "" {
		return
	}
	if kind := sasl.BindingType(x); kind != "" {
		if x.Binding, x.BindingWhy = c.tls.Binding(kind); x.Binding == nil && kind == "tls-exporter" && c.exporter != nil {
			x.Binding, x.BindingWhy = c.exporter, ""
		}
	}
}

// bindBeyond fills in the data of the connection between a proxy and the server,
// which is another one. Of that only what the proxy has told is known.
func (c *Conn) bindBeyond(x *sasl.Exchange) {
	x.Binding, x.BindingWhy = nil, ""
	switch kind := sasl.BindingType(x); {
	case kind == "":
	case kind == "tls-exporter" && c.beyond != nil:
		x.Binding = c.beyond
	default:
		x.BindingWhy = "it belongs to the connection between the proxy and the server, of which this shows nothing"
	}
}

// startLogin begins an exchange with all that is known before it.
func (c *Conn) startLogin(n *xmlstream.Node) *sasl.Exchange {
	x := &sasl.Exchange{SASL2: n.Name.Space == nsSASL2, Domain: c.state.Domain, StreamID: c.state.StreamID,
		TLSVersion: c.state.TLS.Version, CertNames: c.state.TLS.ClientNames}
	x.Mechanism, _ = n.Attr("mechanism")
	if isComponent(n.Name.Space) {
		x.Mechanism, x.Domain = "COMPONENT", component(c.state)
	}
	c.offered(x, n)
	return x
}

// offered notes what the server lists: mechanisms, and types of channel binding
// (XEP-0440 §2).
func (c *Conn) offered(x *sasl.Exchange, n *xmlstream.Node) {
	x.Offered = c.state.MechanismsFor(n.Name.Space, x.Mechanism)
	if f := c.state.Feature(nsChannelB, "sasl-channel-binding"); f != nil {
		x.OfferedBindings = append([]string{}, f.Values...)
	}
}

// continueLogin makes the next snapshot of the exchange; where its beginning
// was not seen, an exchange of an unknown mechanism.
func (c *Conn) continueLogin(n *xmlstream.Node) *sasl.Exchange {
	c.login = c.continueFrom(c.login, n)
	return c.login
}

func (c *Conn) continueFrom(x *sasl.Exchange, n *xmlstream.Node) *sasl.Exchange {
	if x == nil {
		x = c.startLogin(n)
		x.Mechanism = ""
		return x
	}
	x = copyExchange(x)
	if x.Offered == nil && c.state.Features != nil {
		// The login was sent before the features came (XEP-0509 §2).
		c.offered(x, n)
	}
	return x
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

// refineLogin tells the logins of servers by certificate apart (XEP-0178 §3),
// and expects a restart: an impatient client sends its new header before it
// hears of success (XEP-0305).
func refineLogin(c *Conn, e *Event, n *xmlstream.Node) {
	if m, _ := n.Attr("mechanism"); m == "EXTERNAL" && c.state.Profile == ProfileS2S {
		e.Step = StepS2SExternal
	}
	if n.Name.Space == nsSASL {
		c.why[FromInitiator] = StepRestartAfterSASL
	}
}

// restartAfterSASL makes the headers that come next restart the stream. That of
// the initiating entity may have come already.
func restartAfterSASL(c *Conn, _ *Event, _ *xmlstream.Node) {
	c.why = [2]Step{StepRestartAfterSASL, StepRestartAfterSASL}
	if since := c.state.wish.since; since > 0 && c.state.Headers[FromInitiator] >= since {
		c.why[FromInitiator] = StepNone
	}
}

// refineLogin2 tells the logins of SASL 2 apart that are steps of their own: a
// bet on the features (XEP-0509 §2) and tokens (XEP-0484 §3.4). What else
// stands inside is told by State.Inline.
func refineLogin2(c *Conn, e *Event, n *xmlstream.Node) {
	refineLogin(c, e, n)
	m, _ := n.Attr("mechanism")
	token := strings.HasPrefix(m, "HT-")
	bet := n.Child(nsIAP, "config-version") != nil
	switch {
	case c.state.Features == nil && (bet || c.asked[slotOpen] != 0 && !token):
		e.Step = StepIAP
	case token:
		e.Step = StepFASTLogin
	}
	if r := smChild(n, "resume"); r != nil {
		c.asked[slotResume] = e.Seq
		ledger(c, e, r)
	}
	if !c.state.Managed[FromInitiator] {
		c.sm = Ledger{}
	}
}

// refineChallenge finds the question of SCRAM that repeats what the server had
// offered (XEP-0474 §6, XEP-0515 §4).
func refineChallenge(_ *Conn, e *Event, _ *xmlstream.Node) {
	if e.SASL != nil && sasl.ChecksList(e.SASL) {
		e.Step = StepSCRAMListCheck
	}
}

// refineTask finds the upgrade of a stored hash among task data (XEP-0480 §3).
func refineTask(_ *Conn, e *Event, _ *xmlstream.Node) {
	if e.Payload.Space == nsSCRAMUpgr {
		e.Step = StepSASL2Upgrade
	}
}

// refineError finds the redirection among stream errors (RFC 6120 §4.9.3.19),
// and the refusal of a component, which has no other form (XEP-0114 §3).
func refineError(c *Conn, e *Event, n *xmlstream.Node) {
	if e.Condition == "see-other-host" {
		e.Step = StepRedirect
	}
	if e.Condition == "not-authorized" && e.Dir == FromReceiver && c.asked[slotHandshake] != 0 {
		e.Reply = c.answer(slotHandshake)
		c.continueLogin(n).Fail(e.Condition, failureText(n))
		e.SASL = c.login
	}
}

// restartAfter makes a refine function: both headers that come next restart
// the stream for this reason (RFC 6120 §4.3.3).
func restartAfter(s Step) func(*Conn, *Event, *xmlstream.Node) {
	return func(c *Conn, _ *Event, _ *xmlstream.Node) { c.why = [2]Step{s, s} }
}
