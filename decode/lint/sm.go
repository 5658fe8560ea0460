package lint

import (
	"fmt"
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// smGroup is the counting of stanzas (XEP-0198 §3, §4). decode, which keeps the
// counts, tells of sm-h-too-high and sm-h-backwards.
var smGroup = Group{
	Kinds: livingKinds,
	Check: checkSM,
	End: func(p *Pass) {
		m := of(&p.own.management)
		m.late(p, decode.FromInitiator)
		m.late(p, decode.FromReceiver)
	},
	Rules: []Rule{
		{Name: "sm-enable-early", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(198, "3"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "Stream management is switched on once the client has a resource.",
			Advice: "bind a resource first, then send <enable/>"},
		{Name: "sm-enable-twice", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(198, "3"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "Stream management is switched on once in a stream.",
			Advice: "send <enable/> once; a resumed stream has it on already"},
		{Name: "sm-h-too-high", Level: LevelError, Ref: spec.XEP(198, "4"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "Nobody can confirm more stanzas than were sent.",
			Advice: "count only stanzas, and only those since counting began: no acks, nothing from before <enable/>"},
		{Name: "sm-h-backwards", Level: LevelError, Ref: spec.XEP(198, "4"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "What was confirmed once stays confirmed, so the count never goes back.",
			Advice: "keep one counter for the whole life of the stream, resumed or not"},
		{Name: "sm-h-behind", Level: LevelNote, Ref: spec.XEP(198, "4"), Needs: NeedStart | NeedBoth | NeedWhole,
			Doc:    "An answer to <r/> usually counts all stanzas that were sent before the question.",
			Advice: "allowed while a stanza is not handled yet; otherwise count it"},
		{Name: "sm-r-unanswered", Level: LevelError, Ref: spec.XEP(198, "4"), Needs: NeedBoth | NeedWhole,
			Doc:    "Who is asked with <r/> how many stanzas have arrived answers at once.",
			Advice: "answer every <r/> with <a/>"},
	},
}

// livingKinds are the events that show that a side is still there.
var livingKinds = []decode.Kind{decode.KindStanza, decode.KindNonza, decode.KindFeatures, decode.KindStreamError,
	decode.KindSpace, decode.KindOpen, decode.KindClose}

// maxAckAsks bounds the questions without an answer of one direction.
const maxAckAsks = 64

// management is the memory of smGroup.
type management struct {
	// enabling: <enable/> has no answer yet.
	enabling bool
	// open are the questions of each direction that have no answer.
	open [2][]ackAsk
	// behind are answers that count too little, by who asked, as long as a better
	// one may follow.
	behind [2]Finding
}

// ackAsk is one <r/>: how many stanzas its sender had sent by then.
type ackAsk struct {
	seq  decode.Seq
	at   time.Time
	sent uint32
	// told: nothing more is to be said of its answer.
	told bool
}

func checkSM(p *Pass) {
	e, m := p.Event, of(&p.own.management)
	m.overdue(p)
	if e.Kind != decode.KindNonza || e.Name.Space != nsSM && e.Name.Space != nsSM2 {
		return
	}
	switch e.Name.Local {
	case "enable":
		m.enable(p)
	case "enabled", "failed", "resumed":
		m.enabling = false
	case "r":
		m.ask(p)
	case "a":
		m.answer(p)
	}
}

func (m *management) enable(p *Pass) {
	e := p.Event
	if e.Dir != decode.FromInitiator {
		return
	}
	s := e.State
	switch {
	case m.enabling || s.Managed[decode.FromReceiver]:
		p.after(decode.FromReceiver, Finding{Rule: "sm-enable-twice", Text: "stream management is on or asked for already"})
		return
	case s.Profile == decode.ProfileC2S && s.JID == "" && !s.Resumed && !of(&p.own.early).binding &&
		!slices.Contains(s.Inline, decode.StepBind2):
		// What binds may have been sent just before (XEP-0305).
		p.Report("sm-enable-early", "stream management is asked for before a resource is bound")
	}
	m.enabling = true
}

// answer takes an <a/>. One that counts too little may have crossed the question
// on its way, being sent unasked: then the answer is still to come.
func (m *management) answer(p *Pass) {
	e := p.Event
	asker := e.Dir.Other()
	if len(e.Errs) > 0 {
		miscounted(p, asker)
	}
	open := m.open[asker]
	if len(open) == 0 {
		return
	}
	h := e.SM.Acked[asker]
	if q := &open[0]; int32(h-q.sent) < 0 {
		if m.behind[asker].Seq == 0 {
			m.behind[asker] = Finding{Rule: "sm-h-behind", Who: Side(e.Dir), Seq: e.Seq, Span: attrSpan(p, "h"),
				Text: fmt.Sprintf("h is %d, but %d stanzas were sent before the question (event %d)", h, q.sent, q.seq)}
		}
	} else {
		m.behind[asker] = Finding{}
		for len(open) > 0 && int32(h-open[0].sent) >= 0 {
			open = open[1:]
		}
	}
	for i := range open {
		open[i].told = true // there was an answer, if not a good one
	}
	m.open[asker] = open
}

// ask takes an <r/>. What was said before it is not waited for any more.
func (m *management) ask(p *Pass) {
	e := p.Event
	if !e.State.Managed[e.Dir] {
		return
	}
	m.late(p, e.Dir)
	open := slices.DeleteFunc(m.open[e.Dir], func(q ackAsk) bool { return q.told })
	if len(open) < maxAckAsks {
		open = append(open, ackAsk{seq: e.Seq, at: e.Time, sent: e.SM.Sent[e.Dir]})
	}
	m.open[e.Dir] = open
}

// late reports the answer that counted too little, after which no better one
// came.
func (m *management) late(p *Pass, asker decode.Dir) {
	if f := m.behind[asker]; f.Seq != 0 {
		m.behind[asker] = Finding{}
		p.Add(f)
	}
}

// miscounted puts off what decode says about a count: a stanza that the capture
// lacks may be missing in it.
func miscounted(p *Pass, asker decode.Dir) {
	for _, f := range slices.Clone(p.engine.found) {
		if f.Rule == "sm-h-too-high" || f.Rule == "sm-h-backwards" {
			p.withdraw(f.Rule)
			p.after(asker, f)
		}
	}
}

// overdue finds the questions that the other side has passed over: it goes on
// sending long after. One that is silent may be gone.
func (m *management) overdue(p *Pass) {
	e := p.Event
	open := m.open[e.Dir.Other()]
	if len(open) == 0 || e.Kind == decode.KindNonza && e.Name.Local == "a" {
		return
	}
	for i := range open {
		if q := &open[i]; !q.told && e.Time.Sub(q.at) >= p.Timeout {
			q.told = true
			p.Add(Finding{Rule: "sm-r-unanswered", Who: Side(e.Dir), Seq: q.seq,
				Text: fmt.Sprintf("no answer within %s, although the other side went on sending", p.Timeout)})
		}
	}
}
