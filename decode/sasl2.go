package decode

import (
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// Bounds of what a hostile login can make a state hold (law 5).
const (
	maxTasks = 32
	maxWord  = 256
)

// inlineRows are the elements inside <authenticate/> that ask for more than a
// login. Those of Bind 2 stand inside <bind/> (XEP-0386 §3.2).
var inlineRows = map[name]Step{
	{Space: nsBind2, Local: "bind"}:         StepBind2,
	{Space: nsBind2Old, Local: "bind"}:      StepBind2,
	{Space: nsSM, Local: "enable"}:          StepSMEnable,
	{Space: nsSM, Local: "resume"}:          StepSMResume,
	{Space: nsCarbons, Local: "enable"}:     StepCarbonsEnable,
	{Space: nsCSI, Local: "active"}:         StepCSI,
	{Space: nsCSI, Local: "inactive"}:       StepCSI,
	{Space: nsFAST, Local: "request-token"}: StepFASTRequest,
	{Space: nsUpgrade, Local: "upgrade"}:    StepSASL2Upgrade,
}

// inlineSteps are the steps that a login asks for at the same time, each once,
// in the order of the wire.
func inlineSteps(n *xmlstream.Node) (all []Step) {
	for child := range n.Children() {
		s := inlineRows[child.Name]
		if s != StepNone && !slices.Contains(all, s) {
			all = append(all, s)
		}
		if s != StepBind2 {
			continue
		}
		for _, inner := range inlineSteps(child) {
			if !slices.Contains(all, inner) {
				all = append(all, inner)
			}
		}
	}
	return all
}

// setAuthenticate begins a login of SASL 2 (XEP-0388 §2.3).
func setAuthenticate(s *State, e *Event, n *xmlstream.Node) {
	setMechanism(s, e, n)
	s.Inline, s.Tasks, s.Task, s.Token = inlineSteps(n), nil, "", Token{}
	s.wish.inactive = false
	for child := range n.Children() {
		switch child.Name {
		case name{Space: nsBind2, Local: "bind"}, name{Space: nsBind2Old, Local: "bind"}:
			s.wish.inactive = child.Child(nsCSI, "inactive") != nil
		case name{Space: nsFAST, Local: "request-token"}:
			s.Token.Asked = true
			s.Token.Mechanism, _ = child.Attr("mechanism")
		case name{Space: nsFAST, Local: "fast"}:
			s.Token.Used = true
			s.Token.Count, _ = child.Attr("count")
			v, _ := child.Attr("invalidate")
			s.Token.Invalidate = v == "true" || v == "1"
		case name{Space: nsSASL2, Local: "user-agent"}:
			s.UserAgent = userAgent(child)
		}
	}
	if s.Token.Used && s.Token.Mechanism == "" {
		s.Token.Mechanism = s.Mechanism
	}
}

func userAgent(n *xmlstream.Node) string {
	var words []string
	for _, local := range [...]string{"software", "device"} {
		if c := n.Child(nsSASL2, local); c != nil {
			words = append(words, clipWord(c.Text()))
		}
	}
	return strings.Join(words, " on ")
}

func clipWord(s string) string {
	if len(s) > maxWord {
		return s[:maxWord]
	}
	return s
}

// setTasks applies <continue/> (XEP-0388 §2.6.3).
func setTasks(s *State, _ *Event, n *xmlstream.Node) {
	s.Tasks, s.Task = []string{}, ""
	if list := n.Child(nsSASL2, "tasks"); list != nil {
		for task := range list.Children() {
			if len(s.Tasks) == maxTasks {
				return
			}
			s.Tasks = append(s.Tasks, clipWord(task.Text()))
		}
	}
}

func setTask(s *State, _ *Event, n *xmlstream.Node) { s.Task, _ = n.Attr("task") }

// succeed2 applies to the counts what came with a success (XEP-0198 §9).
func succeed2(c *Conn, e *Event, n *xmlstream.Node) {
	c.answer(slotResume)
	if r := smChild(n, "resumed"); r != nil {
		ledger(c, e, r)
	} else if r := enabled(n); r != nil {
		ledger(c, e, r)
	} else {
		c.unmanaged()
	}
}

// enabled finds the answer to the wish for stream management.
func enabled(n *xmlstream.Node) *xmlstream.Node {
	if b := bound(n); b != nil {
		if r := smChild(b, "enabled"); r != nil {
			return r
		}
	}
	return smChild(n, "enabled")
}

func bound(n *xmlstream.Node) *xmlstream.Node {
	if b := n.Child(nsBind2, "bound"); b != nil {
		return b
	}
	return n.Child(nsBind2Old, "bound")
}

func smChild(n *xmlstream.Node, local string) *xmlstream.Node {
	if c := n.Child(nsSM, local); c != nil {
		return c
	}
	return n.Child(nsSM2, local)
}

// setSASL2Success applies a success and all that came with it (XEP-0388
// §2.6.1). New features follow without a restart; a stream that was resumed has
// none (XEP-0198 §9.2).
func setSASL2Success(s *State, e *Event, n *xmlstream.Node) {
	setAuthenticated(s, e, n)
	if id := n.Child(nsSASL2, "authorization-identifier"); id != nil {
		s.Identity = id.Text()
		if strings.Contains(s.Identity, "/") && s.Profile != ProfileS2S {
			s.JID = s.Identity
		}
	}
	resumed := smChild(n, "resumed")
	switch {
	case resumed != nil:
		setResumed(s, e, resumed)
		s.Features = nil
	case bound(n) != nil:
		s.Carbons = s.Carbons || slices.Contains(s.Inline, StepCarbonsEnable)
		s.Inactive = s.wish.inactive
	}
	if r := enabled(n); r != nil {
		setEnabled(s, e, r)
	}
	if r := smChild(n, "failed"); r != nil && slices.Contains(s.Inline, StepSMResume) {
		setResumeFailed(s, r)
	}
	if k := n.Child(nsFAST, "token"); k != nil {
		s.Token.Given = true
		s.Token.Expiry, _ = k.Attr("expiry")
		if s.Token.Mechanism == "" {
			s.Token.Mechanism = s.Mechanism
		}
	}
	s.over()
}

// over forgets what a login had still under way.
func (s *State) over() {
	s.Inline, s.Tasks, s.Task = nil, nil, ""
	s.wish.inactive = false
}

// failLogin forgets counts that a failed login had asked for.
func failLogin(c *Conn, _ *Event, _ *xmlstream.Node) {
	c.unmanaged()
	c.answer(slotResume)
	c.why[FromInitiator] = StepNone
}

func setLoginFailure(s *State, e *Event, _ *xmlstream.Node) {
	if e.Condition != "aborted" { // the answer to the client's own abort
		s.Failures++
	}
	s.Token = Token{}
	s.over()
}
