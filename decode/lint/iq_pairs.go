package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// iqPairsGroup holds answers against requests; between servers iq_servers.go
// does. It also reports ping-ignored, an unanswered request of a special kind.
var iqPairsGroup = Group{
	Kinds: livingKinds,
	Check: checkPairs,
	End: func(p *Pass) {
		for _, o := range of(&p.own.iqPairs).orphans {
			o.report(p)
		}
	},
	Rules: []Rule{
		{Name: "iq-unanswered", Level: LevelError, Ref: spec.RFC(6120, "8.2.3"), Needs: NeedBoth | NeedWhole | NeedAnswers,
			Doc:    "Every request gets an answer, if only an error.",
			Advice: "answer every get and set with a result or an error"},
		{Name: "iq-answer-unasked", Level: LevelError, Ref: spec.RFC(6120, "8.2.3"), Needs: NeedStart | NeedBoth | NeedWhole | NeedAsked,
			Doc:    "An answer belongs to exactly one request, which it names by its id.",
			Advice: "answer once, to the address that asked, with the id of the request"},
		{Name: "iq-id-pending-twice", Level: LevelWarning, Ref: spec.RFC(6120, "8.1.3"), Needs: NeedBoth | NeedWhole | NeedAnswers,
			Doc:    "Two requests to the same address that wait at the same time need two ids.",
			Advice: "take a fresh id for every request"},
		{Name: "iq-answer-spoofed", Level: LevelError, Who: WhoPath, Ref: spec.RFC(6120, "10.3.3"), Needs: NeedBoth | NeedWhole | NeedAsked,
			Doc:    "Only who was asked may answer: a known id is not enough.",
			Advice: "match an answer by its id and by its sender"},
		{Name: "iq-ns-ignored", Level: LevelError, Ref: spec.RFC(6120, "8.4"), Needs: NeedBoth | NeedWhole | NeedAnswers,
			Doc:    "A request that nobody understands is refused and not passed over in silence.",
			Advice: "answer unknown requests with service-unavailable"},
	},
}

// Bounds of what is remembered of one conversation.
const (
	maxAsks    = 4096
	maxAlike   = 64 // of them with one id
	maxLate    = 64
	maxOrphans = 16
	maxAnswers = 64
)

// iqAsk is a request without an answer.
type iqAsk struct {
	seq          decode.Seq
	at           time.Time
	id, from, to string
	name         xmlstream.Name
	// loose: nobody minds if there is no answer.
	push, loose, done bool
}

// iqOrphan is an answer without a request. It waits until the side that should
// have asked says something else: packets may be captured out of order.
type iqOrphan struct {
	seq      decode.Seq
	dir      decode.Dir
	at       xmlstream.Span
	id, text string
}

// iqPairs is the memory of iqPairsGroup.
type iqPairs struct {
	open    [2]map[string][]*iqAsk // by id; of who asks
	order   [2][]*iqAsk            // oldest first
	orphans []iqOrphan
	// answers are the last ones of each direction: id and the other address.
	answers [2][][2]string
	// late are the ids of requests that were given up: their answers may still
	// come. forgot tells that some were given up for want of room.
	late   [2][]string
	forgot [2]bool
}

func checkPairs(p *Pass) {
	e, m := p.Event, of(&p.own.iqPairs)
	if e.State.Profile == decode.ProfileS2S {
		if e.Kind == decode.KindStanza {
			of(&p.shared.serverPairs).check(p)
		}
		return
	}
	m.settle(p)
	if e.Kind == decode.KindStanza && e.Name.Local == "iq" && e.ID != "" && len(e.ID)+len(e.To)+len(e.From) <= 3*maxAddress {
		switch e.Type {
		case "get", "set":
			m.ask(p)
		case "result", "error":
			m.answer(p)
		default: // of no known type, for which an error may come
			m.ask(p)
		}
	}
	m.overdue(p)
}

func (m *iqPairs) ask(p *Pass) {
	e := p.Event
	d := e.Dir
	if e.State.Late && slices.ContainsFunc(m.answers[d.Other()], func(a [2]string) bool { return a[0] == e.ID }) {
		return // where reading begins in the middle, the first element of a side comes out late
	}
	if m.open[d] == nil {
		m.open[d] = map[string][]*iqAsk{}
	}
	for _, a := range m.open[d][e.ID] {
		if sameAddress(a.to, e.To) && sameAddress(a.from, e.From) && !e.State.Resumed {
			p.after(d.Other(), Finding{Rule: "iq-id-pending-twice", Span: attrSpan(p, "id"), Text: fmt.Sprintf("the request of event %d has the id \"%s\" too and no answer yet", a.seq, short(e.ID))})
			break
		}
	}
	if alike := m.open[d][e.ID]; len(alike) >= maxAlike {
		m.forgot[d] = true
		m.drop(d, alike[0])
	}
	if len(m.order[d]) >= maxAsks {
		m.forgot[d] = true
		m.drop(d, m.order[d][0])
	}
	a := &iqAsk{seq: e.Seq, at: e.Time, id: e.ID, from: e.From, to: e.To, name: e.Payload,
		loose: e.Type != "get" && e.Type != "set", push: d == decode.FromReceiver && e.Type == "set" && e.Payload.Space == nsRoster}
	m.open[d][e.ID] = append(m.open[d][e.ID], a)
	m.order[d] = append(m.order[d], a)
}

func (m *iqPairs) drop(d decode.Dir, a *iqAsk) {
	a.done = true
	all := m.open[d][a.id]
	all = slices.DeleteFunc(all, func(b *iqAsk) bool { return a == b })
	if m.open[d][a.id] = all; len(all) == 0 {
		delete(m.open[d], a.id)
	}
	for len(m.order[d]) > 0 && m.order[d][0].done {
		m.order[d] = m.order[d][1:]
	}
}

func (m *iqPairs) answer(p *Pass) {
	e := p.Event
	asker := e.Dir.Other()
	waiting := m.open[asker][e.ID]
	i := slices.IndexFunc(waiting, func(a *iqAsk) bool { return exactly(e, a) })
	if i < 0 {
		i = slices.IndexFunc(waiting, func(a *iqAsk) bool { return answers(p, a) })
	}
	switch {
	case i >= 0:
		m.drop(asker, waiting[i])
	case m.forgot[asker], slices.Contains(m.late[asker], e.ID): // then it may be that one's
	case len(waiting) > 0 && asker == decode.FromInitiator && e.From != "":
		a := waiting[0]
		p.after(asker, Finding{Rule: "iq-answer-spoofed", Span: attrSpan(p, "from"), Text: fmt.Sprintf("%s answers what %s was asked (event %d)", short(e.From), whoWas(a.to), a.seq)})
		return
	case e.State.Resumed: // asked on an older connection
	case !of(&p.own.opening).whole() || e.State.Headers[0] == 0 || e.State.Headers[1] == 0:
	default:
		m.orphan(p)
	}
	m.note(e)
}

func whoWas(to string) string {
	if to == "" {
		return "the own account"
	}
	return short(to)
}

// exactly tells an answer from the very address that was asked.
func exactly(e *decode.Event, a *iqAsk) bool {
	if e.Dir == decode.FromReceiver {
		return a.to != "" && sameAddress(a.to, e.From) && (a.from == "" || e.To == "" || sameAddress(a.from, e.To))
	}
	return a.from != "" && sameAddress(a.from, e.To)
}

// answers tells whether an answer may be that of a request. The own server
// speaks for the account and for itself (RFC 6120 §8.1.2.1, §10.3.3), a server
// for the users of its domain.
func answers(p *Pass, a *iqAsk) bool {
	e := p.Event
	own := ownJID(p)
	home := func(jid string) bool {
		return jid == "" || own == "" && a.to == "" || sameBare(jid, own) || strings.EqualFold(jid, e.State.Domain) || strings.EqualFold(jid, domainOf(own))
	}
	if e.Dir == decode.FromInitiator {
		return home(a.from) && home(e.To)
	}
	if e.State.Profile == decode.ProfileComponent && a.from != "" && e.To != "" && !sameAddress(a.from, e.To) {
		return false
	}
	return home(e.From) || a.to != "" && (e.From == bare(a.to) || strings.EqualFold(e.From, domainOf(a.to)))
}

// orphan finds out what an answer to nothing is.
func (m *iqPairs) orphan(p *Pass) {
	e := p.Event
	other := e.To
	if e.Dir == decode.FromReceiver {
		other = e.From
	}
	if e.Type == "error" && slices.Contains(m.answers[e.Dir.Other()], [2]string{e.ID, other}) {
		p.Report("error-answered", "an answer is answered with an error")
		return
	}
	if len(m.orphans) < maxOrphans {
		m.orphans = append(m.orphans, iqOrphan{e.Seq, e.Dir, attrSpan(p, "id"), e.ID, fmt.Sprintf("no request with the id \"%s\" waits for an answer", short(e.ID))})
	}
}

// note remembers an answer.
func (m *iqPairs) note(e *decode.Event) {
	other := e.To
	if e.Dir == decode.FromReceiver {
		other = e.From
	}
	all := m.answers[e.Dir]
	if len(all) >= maxAnswers {
		all = append(all[:0], all[maxAnswers/2:]...)
	}
	m.answers[e.Dir] = append(all, [2]string{e.ID, other})
}

// settle reports the answers whose request does not come either.
func (m *iqPairs) settle(p *Pass) {
	e := p.Event
	if len(m.orphans) == 0 || e.Kind != decode.KindStanza {
		return
	}
	kept := m.orphans[:0]
	for _, o := range m.orphans {
		switch {
		case o.dir == e.Dir:
			kept = append(kept, o)
		case e.ID != o.id || e.Name.Local != "iq" || e.Type != "get" && e.Type != "set":
			o.report(p)
		}
	}
	m.orphans = kept
}

func (o iqOrphan) report(p *Pass) {
	p.Add(Finding{Rule: "iq-answer-unasked", Who: Side(o.dir), Seq: o.seq, Span: o.at, Text: o.text})
}

// overdue finds the requests that the other side passes over: it goes on
// sending long after.
func (m *iqPairs) overdue(p *Pass) {
	e := p.Event
	asker := e.Dir.Other()
	for len(m.order[asker]) > 0 {
		a := m.order[asker][0]
		if !a.done && e.Time.Sub(a.at) < p.Timeout {
			return
		}
		if !a.done && !a.loose {
			m.unanswered(p, a)
		}
		if m.late[asker] = append(m.late[asker], a.id); len(m.late[asker]) > maxLate {
			m.late[asker], m.forgot[asker] = m.late[asker][1:], true
		}
		m.drop(asker, a)
		if len(m.order[asker]) > 0 && m.order[asker][0] == a {
			m.order[asker] = m.order[asker][1:]
		}
	}
}

func (m *iqPairs) unanswered(p *Pass, a *iqAsk) {
	f := Finding{Rule: "iq-unanswered", Who: Side(p.Event.Dir), Seq: a.seq,
		Text: fmt.Sprintf("no answer within %s to the request \"%s\" for %s", p.Timeout, short(a.id), short(a.name.Space))}
	switch {
	case a.name.Space == nsPing:
		f.Rule = "ping-ignored"
		f.Text = fmt.Sprintf("the ping is neither answered nor refused within %s", p.Timeout)
	case a.push:
		// Many clients do not answer pushes, and no server minds.
		f.Level, f.Ref = LevelNote, spec.RFC(6121, "2.1.6")
	case unlisted(p, a):
		f.Rule = "iq-ns-ignored"
		f.Text = fmt.Sprintf("%s is not among the features of the one who was asked, and the request is passed over in silence", short(a.name.Space))
	}
	p.Add(f)
}

// unlisted tells that who was asked has said what it can do, and this is not
// among it.
func unlisted(p *Pass, a *iqAsk) bool {
	s := p.IM()
	to := a.to
	if to == "" {
		to = bare(ownJID(p))
	}
	if s == nil || to == "" || a.name.Space == "" {
		return false
	}
	info, ok := s.Info(to, "")
	return ok && !info.Cut && !info.Has(a.name.Space)
}
