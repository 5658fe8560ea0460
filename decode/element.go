package decode

import (
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// element reads one whole first-level element (RFC 6120 §4.1, §8).
func (c *Conn) element(e *Event) change {
	n := c.tree.Parse(e.Text(), e.Scope, c.o.XML)
	e.Errs = append(e.Errs, c.tree.Errs...)
	if n == nil {
		e.Kind = KindBroken
		c.emit(e, nil, nil)
		return stay
	}
	c.describe(e, n)
	if fatal(e.Errs) {
		// The peer's parser stops here too: nothing of it takes effect.
		e.Kind = KindBroken
		c.emit(e, nil, nil)
		return stay
	}
	if !c.sum.sign {
		c.sum.sign = isSign(n.Name)
	}
	if IsStanza(n.Name) {
		e.Kind = KindStanza
		c.stanza(e, n)
		return stay
	}
	return c.nonza(e, n)
}

func fatal(errs []xmlstream.SyntaxError) bool {
	for i := range errs {
		// An entity that nobody declared ends XML, but what was meant is
		// plain: it stays a stanza, with its fault.
		if errs[i].Fatal && errs[i].Rule != "xml-entity-ref" {
			return true
		}
	}
	return false
}

// describe copies what an element says about itself into its event.
func (c *Conn) describe(e *Event, n *xmlstream.Node) {
	e.Name = n.Name
	text := e.Text()
	for i := range n.Attrs {
		a := &n.Attrs[i]
		if a.Name.Space != "" {
			continue
		}
		switch a.Name.Local {
		case "id":
			e.ID = a.Value(text)
		case "type":
			e.Type = c.tree.Value(a, text)
		case "from":
			e.From = c.tree.Value(a, text)
		case "to":
			e.To = c.tree.Value(a, text)
		}
	}
	if first := n.FirstElement(); first != nil {
		e.Payload = first.Name
	}
	e.Inside = insideOf(n)
	e.Condition = condition(e, n)
}

// condition is the defined condition that an error element carries: RFC 6120
// §4.9.2, §6.5, §8.3.2.
func condition(e *Event, n *xmlstream.Node) string {
	switch {
	case n.Name.Local == "error" && n.Name.Space == nsStreams:
		return firstIn(n, nsStreamErr)
	case n.Name.Local == "failure" && n.Name.Space == nsSASL2:
		return firstIn(n, nsSASL)
	case n.Name.Local == "failure":
		return firstIn(n, n.Name.Space)
	case n.Name.Local == "failed" && (n.Name.Space == nsSM || n.Name.Space == nsSM2):
		return firstIn(n, nsStanzaErr)
	case e.Type == "error":
		for c := range n.Children() {
			// That of dialback stands in the content namespace (XEP-0220 §2.5).
			if c.Name.Local == "error" && (c.Name.Space == n.Name.Space || n.Name.Space == nsDialback && isContent(c.Name.Space)) {
				return firstIn(c, nsStanzaErr)
			}
		}
	}
	return ""
}

func firstIn(n *xmlstream.Node, space string) string {
	for child := range n.Children() {
		if child.Name.Space == space && child.Name.Local != "text" {
			return child.Name.Local
		}
	}
	return ""
}

// nonza reads a first-level element that is no stanza, by the table.
func (c *Conn) nonza(e *Event, n *xmlstream.Node) change {
	switch {
	case n.Name == xmlstream.Name{Space: nsStreams, Local: "features"}:
		e.Kind = KindFeatures
	case n.Name == xmlstream.Name{Space: nsStreams, Local: "error"}:
		e.Kind = KindStreamError
	case n.Name.Space == nsDialback:
		c.dialback(e, n)
		return stay
	}
	row := findRow(n.Name, e.Dir)
	if row == nil {
		c.emit(e, nil, nil)
		return stay
	}
	e.Step = row.step
	if row.answers != noSlot {
		e.Reply = c.answer(row.answers)
	}
	if row.asks != noSlot {
		c.asked[row.asks] = e.Seq
	}
	if row.login != noLogin {
		c.loginMessage(e, n, row.login)
	}
	if row.refine != nil {
		row.refine(c, e, n)
	}
	c.emit(e, row.do, n)
	return row.change
}

func findRow(n xmlstream.Name, dir Dir) *transition {
	switch n.Space { // the same elements under another name
	case nsSM2:
		n.Space = nsSM
	case nsComponentC:
		n.Space = nsComponent
	}
	rows := nonzas[n]
	for i := range rows {
		if rows[i].from.allows(dir) {
			return &rows[i]
		}
	}
	return nil
}

// stanza reads a message, presence or iq.
func (c *Conn) stanza(e *Event, n *xmlstream.Node) {
	if c.counts(e.Dir) {
		c.sm.Sent[e.Dir]++
	}
	var do func(*State, *Event, *xmlstream.Node)
	e.Step = StepExchange
	switch n.Name.Local {
	case "iq":
		do = c.iq(e, n)
	case "presence":
		do = c.presence(e)
	}
	c.emit(e, do, n)
}

// presence finds the presences that are steps (RFC 6121 §4.2, §4.5). The
// server's copy of a client's goodbye belongs to the same step.
func (c *Conn) presence(e *Event) func(*State, *Event, *xmlstream.Node) {
	s := c.state
	if s.Profile != ProfileC2S {
		return nil
	}
	if e.Dir == FromReceiver {
		if e.Type == "unavailable" && e.From != "" && e.From == s.JID && !s.Available {
			e.Step = StepPresenceUnavailable
		}
		return nil
	}
	switch {
	case e.To != "":
	case e.Type == "unavailable":
		e.Step = StepPresenceUnavailable
		return func(s *State, _ *Event, _ *xmlstream.Node) { s.Available = false }
	case e.Type == "" && !s.Available:
		e.Step = StepPresenceInitial
		return func(s *State, _ *Event, _ *xmlstream.Node) { s.Available = true }
	}
	return nil
}

// iq pairs requests with answers (RFC 6120 §8.2.3) and finds those that are
// steps.
func (c *Conn) iq(e *Event, n *xmlstream.Node) func(*State, *Event, *xmlstream.Node) {
	switch e.Type {
	case "get", "set":
		rule := iqRuleFor(c.state, e.Dir, e.Payload, e.Type)
		r := &request{seq: e.Seq, to: e.To, rule: rule}
		c.iqs[e.Dir].add(e.ID, r)
		if rule == nil {
			return nil
		}
		e.Step = rule.step
		if rule.read != nil {
			rule.read(c, e, n, r)
		}
		return rule.at
	case "result", "error":
		return c.iqAnswer(e)
	}
	return nil
}

func (c *Conn) iqAnswer(e *Event) func(*State, *Event, *xmlstream.Node) {
	r := c.iqs[e.Dir.Other()].take(e.ID, e.From, c.state)
	var rule *iqRule
	if r != nil {
		e.Reply, rule = r.seq, r.rule
	} else if e.Dir == FromReceiver {
		rule = iqRuleOfResult(e.Payload)
	}
	if rule == nil {
		return nil
	}
	e.Step = rule.step
	if rule.step == StepIQAuth && r != nil && r.user != "" {
		c.iqAuthAnswer(e)
	}
	switch {
	case e.Type == "error" && rule.failed != nil && r != nil:
		return func(s *State, _ *Event, _ *xmlstream.Node) { rule.failed(s, r) }
	case e.Type == "error" || rule.done == nil:
		return nil
	}
	return func(s *State, _ *Event, n *xmlstream.Node) { rule.done(s, r, n) }
}

// copyExchange makes a new exchange that continues an older one, whose
// messages never change.
func copyExchange(x *sasl.Exchange) *sasl.Exchange {
	next := *x
	next.Messages = append(make([]sasl.Message, 0, len(x.Messages)+1), x.Messages...)
	return &next
}
