package decode

import "xmppscope/decode/xmlstream"

// iqRule is a row of the table of iq requests that are steps of their own. An
// answer has the step of its request.
type iqRule struct {
	payload name
	// types are the request types for which the row holds.
	get, set bool
	step     Step
	// when tells whether the row applies now; nil always.
	when func(*State) bool
	// done is applied on a result; request is what had been asked for.
	done func(s *State, request *request, n *xmlstream.Node)
}

var iqRules = [...]iqRule{
	// RFC 6120 §7.6, §7.7
	{payload: name{Space: nsBind, Local: "bind"}, set: true, step: StepBind, done: setBound},
	// RFC 3921 §3
	{payload: name{Space: nsSession, Local: "session"}, set: true, step: StepSession,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Session = true }},
	// XEP-0077 §3.1: before login it makes the account
	{payload: name{Space: nsRegister, Local: "query"}, get: true, set: true, step: StepRegister, when: before},
	// XEP-0078 §3.1
	{payload: name{Space: nsIQAuth, Local: "query"}, get: true, set: true, step: StepIQAuth, when: before, done: setIQAuth},
	// RFC 6121 §2.1.3
	{payload: name{Space: nsRoster, Local: "query"}, get: true, step: StepRosterGet,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Roster = true }},
	// XEP-0280 §4, §5
	{payload: name{Space: nsCarbons, Local: "enable"}, set: true, step: StepCarbonsEnable,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Carbons = true }},
	{payload: name{Space: nsCarbons, Local: "disable"}, set: true, step: StepCarbonsEnable,
		done: func(s *State, _ *request, _ *xmlstream.Node) { s.Carbons = false }},
	// XEP-0199 §4
	{payload: name{Space: nsPing, Local: "ping"}, get: true, step: StepKeepalive},
}

func before(s *State) bool { return !s.Authenticated }

// iqRuleFor finds the row of a request, or nil.
func iqRuleFor(s *State, payload name, typ string) *iqRule {
	for i := range iqRules {
		r := &iqRules[i]
		if r.payload != payload || !(r.get && typ == "get" || r.set && typ == "set") {
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

func setIQAuth(s *State, r *request, _ *xmlstream.Node) {
	if r == nil || r.user == "" {
		return // the answer to the question which fields are wanted
	}
	s.Authenticated = true
	s.Identity = r.user + "@" + s.Domain
	s.JID = s.Identity + "/" + r.resource
}
