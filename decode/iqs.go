package decode

import "xmppscope/decode/xmlstream"

// iqRule is a row of the table of iq requests that are steps of their own. An
// answer has the step of its request.
type iqRule struct {
	payload name
	// types are the request types for which the row holds, from who sends them.
	get, set bool
	from     whose
	step     Step
	// when tells whether the row applies now; nil always.
	when func(*State) bool
	// read notes what will matter when the answer comes.
	read func(c *Conn, e *Event, n *xmlstream.Node, r *request)
	// at is applied on the request itself, done on a result and failed on an
	// error; request is what had been asked for, nil where that was not seen.
	at     func(*State, *Event, *xmlstream.Node)
	done   func(s *State, request *request, n *xmlstream.Node)
	failed func(s *State, request *request)
}

var iqRules = [...]iqRule{
	// RFC 6120 §7.6, §7.7
	{payload: name{Space: nsBind, Local: "bind"}, set: true, step: StepBind, done: setBound},
	// RFC 3921 §3
	{payload: name{Space: nsSession, Local: "session"}, set: true, step: StepSession,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Session = true }},
	// XEP-0077 §3.1: before login it makes the account
	{payload: name{Space: nsRegister, Local: "query"}, get: true, set: true, step: StepRegister, when: before,
		read: readRegister, done: setRegistered},
	// XEP-0077 §3.2: after login it may give it up
	{payload: name{Space: nsRegister, Local: "query"}, set: true, from: initiator, step: StepExchange,
		read: readRegister, done: setUnregistered},
	// XEP-0078 §3.1
	{payload: name{Space: nsIQAuth, Local: "query"}, get: true, set: true, step: StepIQAuth, when: before,
		read: readIQAuth, done: setIQAuth, failed: failIQAuth},
	// RFC 6121 §2.1.3, §2.6
	{payload: name{Space: nsRoster, Local: "query"}, get: true, step: StepRosterGet, read: readRoster, done: setRoster},
	// RFC 6121 §2.1.6
	{payload: name{Space: nsRoster, Local: "query"}, set: true, from: receiver, step: StepExchange, at: setRosterPush},
	// XEP-0280 §4, §5
	{payload: name{Space: nsCarbons, Local: "enable"}, set: true, step: StepCarbonsEnable,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Carbons = true }},
	{payload: name{Space: nsCarbons, Local: "disable"}, set: true, step: StepCarbonsEnable,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Carbons = false }},
	// XEP-0199 §4
	{payload: name{Space: nsPing, Local: "ping"}, get: true, step: StepKeepalive},
}

// before tells whether the login is still to come. Where the beginning was not
// captured nobody knows, and what is exchanged is taken for what comes after.
func before(s *State) bool {
	return !s.Authenticated && (s.Phase < PhaseBind || s.Headers[FromInitiator] > 0 && s.Domain != "")
}

// iqRuleFor finds the row of a request, or nil.
func iqRuleFor(s *State, dir Dir, payload name, typ string) *iqRule {
	for i := range iqRules {
		r := &iqRules[i]
		if r.payload != payload || !r.from.allows(dir) || !(r.get && typ == "get" || r.set && typ == "set") {
			continue
		}
		if r.when == nil || r.when(s) {
			return r
		}
	}
	return nil
}

// iqRuleOfResult finds the row by what a result carries, for a result whose
// request was not seen.
func iqRuleOfResult(payload name) *iqRule {
	if payload.Space == nsBind {
		return &iqRules[0]
	}
	return nil
}

func setBound(s *State, _ *request, n *xmlstream.Node) {
	if b := n.Child(nsBind, "bind"); b != nil {
		if j := b.Child(nsBind, "jid"); j != nil {
			s.JID = j.Text()
		}
	}
}

// readRoster notes the version that the client has (RFC 6121 §2.6.2).
func readRoster(_ *Conn, _ *Event, n *xmlstream.Node, r *request) {
	if q := n.Child(nsRoster, "query"); q != nil {
		r.version, _ = q.Attr("ver")
	}
}

// setRoster applies the roster, or the empty answer which says that the
// client's version is the newest (RFC 6121 §2.6.3).
func setRoster(s *State, r *request, n *xmlstream.Node) {
	s.Roster = true
	if q := n.Child(nsRoster, "query"); q != nil {
		s.RosterVersion, _ = q.Attr("ver")
	} else if r != nil {
		s.RosterVersion = r.version
	}
}

// setRosterPush applies the version of a push. Only the own account may push
// (RFC 6121 §2.1.6).
func setRosterPush(s *State, e *Event, n *xmlstream.Node) {
	if e.From != "" && e.From != bare(s.JID) {
		return
	}
	if q := n.Child(nsRoster, "query"); q != nil {
		if v, ok := q.Attr("ver"); ok {
			s.RosterVersion = v
		}
	}
}
