package lint

import (
	"bytes"
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// Namespaces of encryption and login.
const (
	spaceStartTLS = "urn:ietf:params:xml:ns:xmpp-tls"
	spaceSASL     = "urn:ietf:params:xml:ns:xmpp-sasl"
	spaceSASL2    = "urn:xmpp:sasl:2"
	spaceBindings = "urn:xmpp:sasl-cb:0"
	spaceFAST     = "urn:xmpp:fast:0"
)

// starttlsGroup is the switch from clear text to TLS (RFC 6120 §5).
var starttlsGroup = Group{
	Kinds: []decode.Kind{decode.KindFeatures, decode.KindStanza, decode.KindNonza, decode.KindSpace, decode.KindHeld,
		decode.KindBroken, decode.KindClose, decode.KindOpen, decode.KindTCP},
	Check: checkStartTLS,
	End:   endStartTLS,
	Rules: []Rule{
		{Name: "starttls-whitespace", Level: LevelError, Needs: NeedBoth | Outside, Ref: spec.RFC(6120, "5.3.3"),
			Doc:    "From the request for TLS to the first byte of TLS no blank and no line break may stand between the elements.",
			Advice: "the byte after the > must be the first one of TLS: beware of println"},
		{Name: "starttls-data-before-proceed", Level: LevelError, Who: WhoInitiator, Needs: NeedBoth | NeedWhole | Outside, Ref: spec.RFC(6120, "5.4.3.1"),
			Doc:    "After its request for TLS the initiating entity waits for the answer before it sends anything else.",
			Advice: "wait for <proceed/> before sending anything"},
		{Name: "starttls-plaintext-injection", Level: LevelError, Who: WhoPath, Needs: NeedWhole, Ref: spec.RFC(6120, "5.4.3.3"),
			Doc:    "What was sent in the clear around the switch to TLS must be forgotten and never be taken for something said inside TLS.",
			Advice: "throw away what arrived before TLS began: anybody on the way can have added it"},
		{Name: "starttls-not-used", Level: LevelWarning, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(6120, "5.2"),
			Doc:    "Whoever is offered STARTTLS should use it before logging in or sending stanzas.",
			Advice: "send <starttls/> first; without it everybody on the way reads along"},
		{Name: "starttls-required-ignored", Level: LevelError, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(6120, "5.3.1"),
			Doc:    "Where STARTTLS is required nothing else may be negotiated before it.",
			Advice: "send <starttls/>, or close the stream"},
		{Name: "starttls-absent", Level: LevelWarning, Who: WhoReceiver, Needs: Outside | NeedStart | NeedWhole, Ref: spec.RFC(7590, "3.1"),
			Doc:    "A server should offer STARTTLS on every stream that is still in the clear.",
			Advice: "offer it; a client should try <starttls/> all the same, for somebody may have taken the offer out"},
		{Name: "starttls-failure-left-open", Level: LevelError, Who: WhoReceiver, Needs: Outside, Ref: spec.RFC(6120, "5.4.2.2"),
			Doc:    "Whoever refuses STARTTLS must close the stream and the connection.",
			Advice: "send </stream:stream> behind <failure/> and end TCP"},
		{Name: "tls-failure-stream-tag", Level: LevelError, Who: WhoReceiver, Needs: Outside, Ref: spec.RFC(6120, "5.4.3.2"),
			Doc:    "When the TLS handshake fails the connection just ends, without a closing stream tag in the clear.",
			Advice: "send the TLS alert and end TCP, nothing else"},
	},
}

// startTLS is what is known of the switch in one conversation.
type startTLS struct {
	begun    bool   // TLS was asked for
	asked    bool   // the same, and not answered
	frame    uint32 // the last one of the question
	told     bool   // that it goes on in the clear
	absent   bool   // that STARTTLS is not offered was told
	injected []byte

	failed        decode.Seq
	failedAt      time.Time
	closed, ended bool // by the receiving entity, after it had refused
}

// starttlsOffers are the services that were seen to offer STARTTLS: what a domain
// offers clients says nothing about what it offers servers.
type starttlsOffers struct{ services map[service]bool }

// service is what a domain offers to clients, or to servers.
type service struct {
	profile decode.Profile
	domain  string
}

const (
	maxInjected = 4 << 10
	maxDomains  = 1 << 12
	// maxKey is the longest text of the wire that is remembered over
	// conversations; no valid name is longer (RFC 7622 §3.1).
	maxKey = 1 << 10
)

// onSocket tells a stream that stands in TCP or TLS itself, not in messages of
// WebSocket or BOSH, where the web server has TLS in its hands.
func onSocket(e *decode.Event) bool { return e.XML == nil && e.Carrier == 0 }

func inTLS(s *decode.State) bool { return s != nil && s.Layer&decode.LayerTLS != 0 }

func checkStartTLS(p *Pass) {
	e, m := p.Event, of(&p.own.startTLS)
	if e.State == nil || !onSocket(e) {
		return
	}
	if m.failed != 0 {
		m.afterFailure(e)
	}
	switch e.Kind {
	case decode.KindFeatures:
		offeredStartTLS(p, m)
	case decode.KindSpace:
		// White space comes out with what follows it: only its frame tells
		// whether it was sent before the question.
		if m.asked && e.Dir == decode.FromReceiver && !inTLS(e.State) && len(e.Frames) > 0 && e.Frames[len(e.Frames)-1] > m.frame {
			p.Report("starttls-whitespace", "white space between the request for TLS and its answer")
		}
	case decode.KindHeld, decode.KindBroken:
		clearBytes(p, m)
	case decode.KindNonza:
		m.negotiate(e)
		inTheClear(p, m)
	case decode.KindStanza:
		inTheClear(p, m)
		actedOn(p, m)
	}
}

// negotiate follows the elements of STARTTLS.
func (m *startTLS) negotiate(e *decode.Event) {
	if e.Name.Space != spaceStartTLS {
		return
	}
	switch {
	case e.Name.Local == "starttls" && e.Dir == decode.FromInitiator:
		m.begun, m.asked, m.frame = true, true, 0
		if n := len(e.Frames); n > 0 {
			m.frame = e.Frames[n-1]
		}
	case e.Name.Local == "proceed" && e.Dir == decode.FromReceiver:
		m.asked = false
	case e.Name.Local == "failure" && e.Dir == decode.FromReceiver:
		m.asked, m.failed, m.failedAt = false, e.Seq, e.Time
	}
}

// inTheClear finds the initiating entity going on without the TLS that it was
// offered. What it sends before it has read the features is no answer to them
// (XEP-0305).
func inTheClear(p *Pass, m *startTLS) {
	e := p.Event
	if m.told || e.Dir != decode.FromInitiator || inTLS(e.State) || e.Name.Space == spaceStartTLS {
		return
	}
	f := e.State.Feature(spaceStartTLS, "starttls")
	if f == nil {
		return
	}
	switch {
	case f.Required:
		m.told = true
		p.Report("starttls-required-ignored", "<"+short(e.Name.Local)+"/> is sent although STARTTLS is required")
	case e.Kind == decode.KindStanza, isLogin(e):
		m.told = true
		p.Report("starttls-not-used", "<"+short(e.Name.Local)+"/> goes in the clear although STARTTLS is offered")
	}
}

// isLogin tells the element that begins a login by SASL.
func isLogin(e *decode.Event) bool {
	return e.Name.Space == spaceSASL && e.Name.Local == "auth" || e.Name.Space == spaceSASL2 && e.Name.Local == "authenticate"
}

// offeredStartTLS judges a list of features in the clear.
func offeredStartTLS(p *Pass, m *startTLS) {
	e := p.Event
	s := e.After
	if e.Dir != decode.FromReceiver || s == nil || inTLS(s) || s.Authenticated || s.Profile == decode.ProfileComponent {
		return
	}
	all := of(&p.shared.starttlsOffers)
	own := service{s.Profile, s.Domain}
	if all.services == nil {
		all.services = map[service]bool{}
	}
	if s.Feature(spaceStartTLS, "starttls") != nil {
		if len(all.services) < maxDomains && len(s.Domain) <= maxKey {
			all.services[own] = true
		}
		return
	}
	if m.absent {
		return
	}
	m.absent = true
	text := "features in the clear without STARTTLS"
	if all.services[own] {
		text += ", which " + short(s.Domain) + " offered on another connection"
	}
	p.Report("starttls-absent", text)
}

// clearBytes looks at bytes where TLS should be. Decode has told of most of
// them.
func clearBytes(p *Pass, m *startTLS) {
	e := p.Event
	switch {
	case e.Kind == decode.KindHeld && (e.State.Authenticated || !m.begun):
		// Held for compression (XEP-0138 §2), which comes after login.
		p.withdraw("starttls-whitespace", "starttls-data-before-proceed")
	case inTLS(e.State) && e.Dir == decode.FromReceiver && bytes.HasPrefix(bytes.TrimSpace(e.Wire), []byte("</stream:stream")):
		p.withdraw("starttls-plaintext-injection", "tls-record-broken")
		p.Report("tls-failure-stream-tag", "a closing stream tag in the clear where TLS should be")
	case e.Kind == decode.KindHeld && e.Dir == decode.FromInitiator && len(m.injected) < maxInjected:
		m.injected = append(m.injected, e.Wire[:min(len(e.Wire), maxInjected)]...)
	}
}

// actedOn finds an answer inside TLS to what was asked in the clear.
func actedOn(p *Pass, m *startTLS) {
	e := p.Event
	if len(m.injected) == 0 || e.Dir != decode.FromReceiver || !inTLS(e.State) || e.ID == "" || e.Reply != 0 {
		return
	}
	if bytes.Contains(m.injected, []byte("'"+e.ID+"'")) || bytes.Contains(m.injected, []byte(`"`+e.ID+`"`)) {
		p.Report("starttls-plaintext-injection", "this answers inside TLS what was asked in the clear under the id "+short(e.ID))
	}
}

func (m *startTLS) afterFailure(e *decode.Event) {
	if e.Dir != decode.FromReceiver {
		return
	}
	switch e.Kind {
	case decode.KindClose:
		m.closed = true
	case decode.KindTCP:
		m.ended = true
	}
}

func endStartTLS(p *Pass) {
	m, c := of(&p.own.startTLS), p.Conversation
	if m.failed == 0 || m.closed && m.ended {
		return
	}
	whole := c.Outcome != decode.OutcomeOpen && c.Outcome != decode.OutcomeTruncated
	late := c.End.Sub(m.failedAt) > p.Timeout
	switch {
	case !m.closed && (whole || late):
		p.Add(Finding{Rule: "starttls-failure-left-open", Seq: m.failed, Text: "STARTTLS was refused, but the stream was not closed"})
	case late:
		p.Add(Finding{Rule: "starttls-failure-left-open", Seq: m.failed, Text: "STARTTLS was refused, but the connection was not ended"})
	}
}

// withdraw takes back what decode found in this event, where a rule knows
// better what it is.
func (p *Pass) withdraw(rules ...string) {
	p.engine.found = slices.DeleteFunc(p.engine.found, func(f Finding) bool { return slices.Contains(rules, f.Rule) })
}
