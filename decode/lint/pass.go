package lint

import (
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// Pass is what a rule sees: one event, or the end of a conversation. It is
// valid during the call.
type Pass struct {
	// Event is the event, nil at the end of a conversation.
	Event *decode.Event
	// Conversation is how it ended; nil before.
	Conversation *decode.Conversation
	// Timeout is how long an answer may take.
	Timeout time.Duration

	engine *Engine
	talk   *talk
	own    *ownMemory
	shared *sharedMemory
	node   *xmlstream.Node
	parsed bool
}

// Node is the element of the event, parsed when it is first asked for; nil
// where there is none or its XML cannot be read.
func (p *Pass) Node() *xmlstream.Node {
	if !p.parsed {
		p.parsed = true
		if p.Event != nil {
			p.node = p.Event.Element(&p.engine.tree)
		}
	}
	return p.node
}

// IM is what the session knew once the event had happened: the roster, the
// presence seen, the rooms, the requests. It is nil before the first stanza.
func (p *Pass) IM() *im.Session { return p.talk.im }

// Verify checks the login that the event carries; false where no secret of the
// account is known.
func (p *Pass) Verify() (sasl.Verdict, bool) {
	if p.engine.o.Verify == nil || p.Event.SASL == nil {
		return sasl.Verdict{}, false
	}
	return p.engine.o.Verify(p.Event)
}

// Report says that the event breaks a rule of the table.
func (p *Pass) Report(rule, text string) { p.Add(Finding{Rule: rule, Text: text}) }

// ReportAt is Report with the place in the event's Text.
func (p *Pass) ReportAt(rule string, at xmlstream.Span, text string) {
	p.Add(Finding{Rule: rule, Text: text, Span: at})
}

// Add reports a finding that says more: what is left out comes from the rule and
// the event. One about an earlier event has its Seq, and Who where the rule
// leaves that to the sender; one about an event of another conversation has its
// Conn too. What this input cannot show is not reported.
func (p *Pass) Add(f Finding) {
	r := p.rule(f.Rule)
	p.addNeeding(r.Needs, f)
}

func (p *Pass) rule(name string) *Rule {
	if r := p.engine.rules[name]; r != nil {
		return r
	}
	return &Rule{Name: name, Level: LevelError} // a fault of decode that has no line yet
}

// addNeeding is Add where a finding needs less, or more, than its rule.
func (p *Pass) addNeeding(needs Needs, f Finding) {
	r := p.rule(f.Rule)
	if p.engine.ignored[f.Rule] {
		return
	}
	if f.Level == LevelNone {
		f.Level = r.Level
	}
	if f.Who == WhoSender {
		if f.Who = r.Who; f.Who == WhoSender && p.Event != nil {
			f.Who = Side(p.Event.Dir)
			if p.Event.Origin != decode.OriginWire && p.Event.Origin != decode.OriginDropped {
				f.Who = WhoPath // a tool on the way sent it like this
			}
		}
	}
	if f.Who == WhoInitiator {
		needs &^= NeedPeer
	}
	if !p.talk.shows(needs) {
		return
	}
	if f.Seq == 0 && p.Event != nil {
		f.Seq = p.Event.Seq
	}
	if f.Conn == 0 {
		f.Conn = p.talk.id
	}
	if f.Span.Len() == 0 && f.In == InText && f.Conn == p.talk.id {
		if e := p.Event; e != nil && f.Seq == e.Seq {
			f.Span = place(f.Rule, e, p.Node())
		} else {
			f.Span = p.talk.recent.place(&f)
		}
	}
	if f.Ref.Doc == "" {
		f.Ref = r.Ref
	}
	if f.Advice == "" {
		f.Advice = r.Advice
	}
	p.engine.found = append(p.engine.found, f)
}
