package decode

import (
	"slices"
	"strings"

	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// Rule of this file: what an element of the negotiation does to the state
// stands here, in tables, and nowhere else. A row says who sends it, which step
// it is, which open request it makes or answers, and what is true afterwards.

// change is what happens to the bytes that follow an element.
type change uint8

const (
	stay    change = iota
	hold           // the sender's next bytes wait for the answer
	toTLS          // both directions go on inside TLS
	toZlib         // both directions go on compressed
	release        // the answer was no: held bytes are read as XML after all
)

// slot is a question that at most one element at a time can have open.
type slot uint8

const (
	noSlot slot = iota
	slotOpen
	slotStartTLS
	slotSASL
	slotCompress
	slotEnable
	slotResume
	slotAckI // <r/> from the initiating entity
	slotAckR
	slotHandshake
	slotClose
	slotCount
)

// whose says who may send an element for the row to apply.
type whose uint8

const (
	either whose = iota
	initiator
	receiver
)

func (w whose) allows(d Dir) bool { return w == either || Dir(w-1) == d }

// loginData says what part of a SASL exchange an element carries.
type loginData uint8

const (
	noLogin loginData = iota
	loginStart
	loginChallenge
	loginResponse
	loginSuccess
	loginFailure
)

// transition is one row. do may be nil. It works on a fresh copy of the state.
type transition struct {
	from    whose
	step    Step
	asks    slot
	answers slot
	login   loginData
	change  change
	// refine looks closer before the event is complete: at the ledger, at a
	// variant that is a step of its own.
	refine func(*Conn, *Event, *xmlstream.Node)
	do     func(*State, *Event, *xmlstream.Node)
}

type name = xmlstream.Name

// nonzas is the table of all first-level elements that are no stanzas. Several
// rows of one name are told apart by who sends them.
var nonzas = map[name][]transition{
	{Space: nsStreams, Local: "features"}: {{from: receiver, step: StepStreamFeatures, do: setFeatures}},
	{Space: nsStreams, Local: "error"}:    {{step: StepStreamError, change: release, refine: refineError, do: setStreamError}},

	// RFC 6120 §5.4.2
	{Space: nsTLS, Local: "starttls"}: {{from: initiator, step: StepStartTLSRequest, asks: slotStartTLS, change: hold}},
	{Space: nsTLS, Local: "proceed"}:  {{from: receiver, step: StepStartTLSProceed, answers: slotStartTLS, change: toTLS, refine: restartAfter(StepRestartAfterTLS), do: setTLS}},
	{Space: nsTLS, Local: "failure"}:  {{from: receiver, step: StepStartTLSFailure, answers: slotStartTLS, change: release}},

	// RFC 6120 §6.4
	{Space: nsSASL, Local: "auth"}:      {{from: initiator, step: StepSASLAuth, asks: slotSASL, login: loginStart, refine: refineLogin, do: setMechanism}},
	{Space: nsSASL, Local: "challenge"}: {{from: receiver, step: StepSASLChallenge, answers: slotSASL, asks: slotSASL, login: loginChallenge, refine: refineChallenge}},
	{Space: nsSASL, Local: "response"}:  {{from: initiator, step: StepSASLResponse, answers: slotSASL, asks: slotSASL, login: loginResponse}},
	{Space: nsSASL, Local: "abort"}:     {{from: initiator, step: StepSASLAbort, answers: slotSASL, asks: slotSASL}},
	{Space: nsSASL, Local: "success"}:   {{from: receiver, step: StepSASLSuccess, answers: slotSASL, login: loginSuccess, refine: restartAfterSASL, do: setAuthenticated}},
	{Space: nsSASL, Local: "failure"}:   {{from: receiver, step: StepSASLFailure, answers: slotSASL, login: loginFailure, refine: failLogin, do: setLoginFailure}},

	// XEP-0388 §2
	{Space: nsSASL2, Local: "authenticate"}: {{from: initiator, step: StepSASL2Authenticate, asks: slotSASL, login: loginStart, refine: refineLogin2, do: setAuthenticate}},
	{Space: nsSASL2, Local: "challenge"}:    {{from: receiver, step: StepSASLChallenge, answers: slotSASL, asks: slotSASL, login: loginChallenge, refine: refineChallenge}},
	{Space: nsSASL2, Local: "response"}:     {{from: initiator, step: StepSASLResponse, answers: slotSASL, asks: slotSASL, login: loginResponse}},
	{Space: nsSASL2, Local: "abort"}:        {{from: initiator, step: StepSASLAbort, answers: slotSASL, asks: slotSASL}},
	{Space: nsSASL2, Local: "continue"}:     {{from: receiver, step: StepSASL2Continue, answers: slotSASL, asks: slotSASL, login: loginSuccess, do: setTasks}},
	{Space: nsSASL2, Local: "next"}:         {{from: initiator, step: StepSASL2Next, answers: slotSASL, asks: slotSASL, do: setTask}},
	{Space: nsSASL2, Local: "task-data"}:    {{step: StepSASL2TaskData, answers: slotSASL, asks: slotSASL, refine: refineTask}},
	{Space: nsSASL2, Local: "success"}:      {{from: receiver, step: StepSASL2Success, answers: slotSASL, login: loginSuccess, refine: succeed2, do: setSASL2Success}},
	{Space: nsSASL2, Local: "failure"}:      {{from: receiver, step: StepSASLFailure, answers: slotSASL, login: loginFailure, refine: failLogin, do: setLoginFailure}},

	// XEP-0138 §2
	{Space: nsCompress, Local: "compress"}:   {{from: initiator, step: StepCompress, asks: slotCompress, change: hold}},
	{Space: nsCompress, Local: "compressed"}: {{from: receiver, step: StepCompress, answers: slotCompress, change: toZlib, refine: restartAfter(StepRestartAfterCompress), do: setZlib}},
	{Space: nsCompress, Local: "failure"}:    {{from: receiver, step: StepCompress, answers: slotCompress, change: release}},

	// XEP-0198 §3 to §5
	{Space: nsSM, Local: "enable"}:  {{from: initiator, step: StepSMEnable, asks: slotEnable, refine: ledger, do: setManaged}},
	{Space: nsSM, Local: "enabled"}: {{from: receiver, step: StepSMEnable, answers: slotEnable, refine: ledger, do: setEnabled}},
	{Space: nsSM, Local: "resume"}:  {{from: initiator, step: StepSMResume, asks: slotResume, refine: ledger}},
	{Space: nsSM, Local: "resumed"}: {{from: receiver, step: StepSMResume, answers: slotResume, refine: ledger, do: setResumed}},
	{Space: nsSM, Local: "failed"}:  {{from: receiver, step: StepSMResume, refine: failedStep, do: setSMFailed}},
	{Space: nsSM, Local: "r"}: {
		{from: initiator, step: StepSMAck, asks: slotAckI},
		{from: receiver, step: StepSMAck, asks: slotAckR},
	},
	{Space: nsSM, Local: "a"}: {
		{from: initiator, step: StepSMAck, answers: slotAckR, refine: ledger},
		{from: receiver, step: StepSMAck, answers: slotAckI, refine: ledger},
	},

	// XEP-0352 §4
	{Space: nsCSI, Local: "active"}:   {{from: initiator, step: StepCSI, do: func(s *State, _ *Event, _ *xmlstream.Node) { s.Inactive = false }}},
	{Space: nsCSI, Local: "inactive"}: {{from: initiator, step: StepCSI, do: func(s *State, _ *Event, _ *xmlstream.Node) { s.Inactive = true }}},

	// XEP-0114 §3: whoever opened the connection proves itself
	{Space: nsComponent, Local: "handshake"}: {
		{from: initiator, step: StepComponent, asks: slotHandshake, login: loginStart},
		{from: receiver, step: StepComponent, answers: slotHandshake, do: setComponent},
	},

	// XEP-0124 §17.2: stands in the body that ends a session
	{Space: nsHTTPBind, Local: "uri"}: {{from: receiver, do: func(s *State, _ *Event, n *xmlstream.Node) { s.Redirect = strings.TrimSpace(n.Text()) }}},

	// XEP-0288 §2
	{Space: nsBidi, Local: "bidi"}: {{from: initiator, step: StepS2SBidi, do: func(s *State, _ *Event, _ *xmlstream.Node) { s.Bidi = true }}},
}

func setTLS(s *State, _ *Event, _ *xmlstream.Node) {
	// Both sides forget what was said in clear (RFC 6120 §5.4.3.3).
	s.Layer |= LayerTLS
	s.Features = nil
}

func setZlib(s *State, _ *Event, _ *xmlstream.Node) {
	s.Layer |= LayerZlib
	s.Features = nil
}

func setMechanism(s *State, _ *Event, n *xmlstream.Node) {
	s.Mechanism, _ = n.Attr("mechanism")
	s.wish.since = s.Headers[FromInitiator] + 1
}

func setAuthenticated(s *State, e *Event, _ *xmlstream.Node) {
	s.Authenticated = true
	if e.SASL != nil {
		s.Identity = identity(e.SASL, s)
	}
	if s.Profile == ProfileS2S {
		s.allow(Pair{s.Identity, s.Domain})
	}
}

// allow adds a pair of domains that may send. Where both servers send on one
// connection the pair holds both ways (XEP-0288 §2.2).
func (s *State) allow(p Pair) {
	s.addPair(p)
	if s.Bidi {
		s.addPair(Pair{p.To, p.From})
	}
}

func (s *State) addPair(p Pair) {
	if p.From != "" && p.To != "" && len(s.Pairs) < MaxPairs && !slices.Contains(s.Pairs, p) {
		s.Pairs = append(slices.Clip(s.Pairs), p)
	}
}

func setComponent(s *State, _ *Event, _ *xmlstream.Node) {
	s.Authenticated = true
	s.Identity = component(s)
}

// component is the name of the component that a stream is for. A server that
// connects to a component names it as the sender (XEP-0114 §3).
func component(s *State) string {
	if s.Content == nsComponentC {
		return s.Claimed
	}
	return s.Domain
}

func setStreamError(s *State, e *Event, n *xmlstream.Node) {
	s.Error = e.Condition
	if e.SASL != nil {
		s.Failures++
	}
	if to := n.Child(nsStreamErr, "see-other-host"); to != nil {
		s.Redirect = strings.TrimSpace(to.Text())
	}
}

// identity is who an exchange logged in: the authorization identity, or the
// authentication identity, made a bare JID where it is the plain name of a
// user. Servers log in as domains.
func identity(x *sasl.Exchange, s *State) string {
	authcid, authzid := sasl.Username(x)
	who := authzid
	if who == "" {
		who = authcid
	}
	if who == "" && (s.Profile == ProfileS2S || x.Mechanism == "EXTERNAL") {
		return s.Claimed // the certificate's name, which the header repeats
	}
	if who != "" && s.Domain != "" && s.Profile != ProfileS2S && !strings.Contains(who, "@") {
		who += "@" + s.Domain
	}
	return who
}
