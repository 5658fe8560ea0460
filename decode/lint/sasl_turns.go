package lint

import (
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

// needDialog is what must be seen to hold a message of a login against those
// before it: where one is missing the rest belongs to no known login.
const needDialog = NeedStart | NeedBoth | NeedWhole

// saslTurnsGroup is how the messages of a login are written and who speaks when
// (RFC 6120 §6.4).
var saslTurnsGroup = Group{
	Kinds: []decode.Kind{decode.KindNonza, decode.KindStanza, decode.KindSpace, decode.KindOpen, decode.KindFeatures, decode.KindTCP},
	Check: checkTurns,
	End:   endTurns,
	Rules: []Rule{
		{Name: "sasl-base64-illegal", Level: LevelError, Ref: spec.RFC(6120, "13.9.1"),
			Doc:    "The data of a login is base64 without a blank, a line break or any character outside its alphabet.",
			Advice: "base64 here has no line breaks and no blanks: switch off the wrapping of the encoder"},
		{Name: "sasl-base64-padding", Level: LevelError, Ref: spec.RFC(6120, "13.9.1"),
			Doc:    "Base64 ends in one or two equals signs where its length asks for it, and its unused bits are zero.",
			Advice: "pad to a multiple of four characters with ="},
		{Name: "sasl-empty-not-equals", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6120, "6.4.2"),
			Doc:    "No data at all and data of length zero are two things, and the two profiles of SASL write them differently.",
			Advice: "SASL 1 writes zero-length data as =, SASL 2 as an empty element"},
		{Name: "sasl-whitespace", Level: LevelError, Needs: NeedWhole, Ref: spec.RFC(6120, "6.3.5"),
			Doc:    "From the beginning of a login to its end no blank and no line break may stand between the elements.",
			Advice: "send the elements alone: beware of println"},
		{Name: "sasl-foreign-element", Level: LevelError, Needs: NeedStart | NeedWhole, Ref: spec.RFC(6120, "6.3.5"),
			Doc:    "While a login is going on nothing else may be sent.",
			Advice: "wait for success or failure"},
		{Name: "sasl-out-of-turn", Level: LevelError, Needs: needDialog, Ref: spec.RFC(6120, "6.4.3"),
			Doc:    "In a login the two sides take turns: every challenge has one response.",
			Advice: "answer each challenge once, and nothing else"},
		{Name: "sasl-abort-unanswered", Level: LevelError, Who: WhoReceiver, Needs: NeedBoth | NeedWhole, Ref: spec.RFC(6120, "6.4.4"),
			Doc:    "A client that gives up its login is told so: the failure says aborted.",
			Advice: "answer <abort/> with <failure><aborted/></failure>"},
		{Name: "sasl-failure-no-condition", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "6.5"),
			Doc:    "A refused login is told why, by an element of a known name.",
			Advice: "say why in a child element of <failure/>"},
	},
}

// saslDialog is the logins of one conversation. What the two sides say may be
// captured a little out of order: open is a balance, and turns are counted for
// each side by itself (sasl_count.go).
type saslDialog struct {
	open   int  // logins that began, less those that ended
	lone   bool // all that the client has to say is said: it may go on
	moved  bool // the client has sent its next stream header already
	listed bool // features were read before the login
	spoken bool // the receiving entity has answered

	frame, last uint32 // of the beginning and of the end of the login
	abort       decode.Seq
	abortAt     time.Time
	turns       saslTurns
}

func checkTurns(p *Pass) {
	e, m := p.Event, of(&p.own.saslDialog)
	if e.State == nil {
		return
	}
	if m.abort != 0 && e.Time.Sub(m.abortAt) > p.Timeout {
		m.unanswered(p)
	}
	switch e.Kind {
	case decode.KindSpace:
		if m.inside(e) {
			p.Report("sasl-whitespace", "white space while a login is going on")
		}
	case decode.KindOpen:
		if e.Dir == decode.FromInitiator {
			m.moved = true
			m.turns.leave()
		}
	case decode.KindFeatures:
		if m.open > 0 && m.listed && e.Dir == decode.FromReceiver {
			p.Report("sasl-foreign-element", "new features while a login is going on")
		}
	case decode.KindStanza:
		m.foreign(p)
	case decode.KindNonza:
		if isSASL(e.Name.Space) {
			m.take(p)
		} else {
			m.foreign(p)
		}
	}
	m.turns.judge(p, false)
}

// inside tells white space between the messages of a login. It comes out with
// what follows it: where that could be a message of the other side, the frames
// tell when it was sent.
func (m *saslDialog) inside(e *decode.Event) bool {
	at := frameOf(e)
	if e.Dir == decode.FromInitiator {
		return m.open > 0 && !m.moved || m.open == 0 && at > 0 && at >= m.frame && at < m.last
	}
	return m.open > 0 && (m.spoken || at > m.frame && at > 0)
}

// foreign judges an element that belongs to no login. A client may be ahead of
// the answers (XEP-0305).
func (m *saslDialog) foreign(p *Pass) {
	e := p.Event
	if m.open <= 0 {
		if e.Dir == decode.FromInitiator {
			m.turns.leave()
		}
		return
	}
	if e.Dir == decode.FromInitiator && (m.moved || m.lone) {
		return
	}
	p.Report("sasl-foreign-element", "<"+short(e.Name.Local)+"/> while a login is going on")
}

func (m *saslDialog) take(p *Pass) {
	e := p.Event
	m.turns.take(p)
	if e.Dir == decode.FromReceiver {
		m.spoken = true
		if e.Name.Local == "success" || e.Name.Local == "failure" {
			m.outcome(p)
		}
		return
	}
	switch e.Name.Local {
	case "auth", "authenticate":
		m.open++
		m.lone = e.SASL != nil && oneMessage(e.SASL.Mechanism)
		m.moved, m.spoken, m.abort = false, false, 0
		m.listed, m.frame = e.State.Features != nil, frameOf(e)
	case "abort":
		m.abort, m.abortAt = e.Seq, e.Time
	}
}

func (m *saslDialog) outcome(p *Pass) {
	e := p.Event
	if e.Name.Local == "failure" {
		if m.abort != 0 && e.Condition != "aborted" {
			p.Report("sasl-abort-unanswered", "the client gave up, and the failure says "+short(e.Condition))
		}
		if e.Condition != "" {
			p.regrade("sasl-failure-no-condition", LevelNote) // it has one, of an unknown name
		}
	}
	m.open--
	m.abort, m.last = 0, frameOf(e)
}

func (m *saslDialog) unanswered(p *Pass) {
	p.Add(Finding{Rule: "sasl-abort-unanswered", Seq: m.abort, Text: "the client gave up, and no failure says aborted"})
	m.abort = 0
}

func endTurns(p *Pass) {
	m := of(&p.own.saslDialog)
	if m.abort != 0 && p.Conversation.End.Sub(m.abortAt) > p.Timeout {
		m.unanswered(p)
	}
	m.turns.judge(p, true)
}

// strayed tells a message of a login whose beginning is missing, or was captured
// later: what came before belongs to another one, or there is nothing.
func strayed(x *sasl.Exchange) bool {
	if len(x.Messages) > 0 && x.Messages[0].Kind != sasl.InitialResponse {
		return true
	}
	for i := range len(x.Messages) - 1 {
		if k := x.Messages[i].Kind; k == sasl.Failure || k == sasl.SuccessData {
			return true
		}
	}
	return false
}

// withdrawAll takes back what decode found in this event against the rules
// whose names begin so.
func (p *Pass) withdrawAll(prefix string) {
	p.engine.found = slices.DeleteFunc(p.engine.found, func(f Finding) bool { return strings.HasPrefix(f.Rule, prefix) })
}

// frameOf is the last frame of an event, 0 where there are no frames.
func frameOf(e *decode.Event) uint32 {
	if n := len(e.Frames); n > 0 {
		return e.Frames[n-1]
	}
	return 0
}

// oneMessage tells the mechanisms in which the client speaks once.
func oneMessage(mechanism string) bool {
	switch mechanism {
	case "PLAIN", "EXTERNAL", "ANONYMOUS", "OAUTHBEARER", "X-OAUTH2":
		return true
	}
	return strings.HasPrefix(mechanism, "HT-")
}

// regrade changes the level of what decode found in this event.
func (p *Pass) regrade(rule string, level Level) {
	for i := range p.engine.found {
		if f := &p.engine.found[i]; f.Rule == rule && f.Seq == p.Event.Seq {
			f.Level = level
		}
	}
}
