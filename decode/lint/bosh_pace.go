package lint

import (
	"fmt"
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// boshPaceGroup is how often a client of BOSH asks (XEP-0124 §10, §11).
var boshPaceGroup = Group{
	Kinds: []decode.Kind{decode.KindHTTP, decode.KindOpen, decode.KindFeatures, decode.KindStanza, decode.KindNonza,
		decode.KindStreamError, decode.KindTCP, decode.KindGap},
	Check: checkPace,
	End: func(p *Pass) {
		if f := of(&p.own.pace).over; f.Rule != "" {
			p.Add(f)
		}
	},
	Rules: []Rule{
		{Name: "bosh-inactive", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(124, "10"), Needs: NeedWhole,
			Doc:    "A client that leaves no request open for too long loses its session.",
			Advice: "send the next request, even an empty one, before the seconds of inactivity are over, or ask for a pause"},
		{Name: "bosh-overactive", Level: LevelWarning, Who: WhoInitiator, Ref: spec.XEP(124, "11"), Needs: NeedWhole,
			Doc:    "A client asks no more often than the server has allowed.",
			Advice: "keep to the numbers requests and polling of the answer that began the session"},
	},
}

// pace is the memory of boshPaceGroup.
type pace struct {
	terms terms
	// open are the requests without an answer, idle since when there are none.
	open []request
	idle time.Time
	// last is the last new request; news tells that its answer carried something.
	last  request
	news  bool
	pause time.Duration
	over  Finding // bosh-overactive, until the end
}

const (
	// maxOpen bounds the open requests that are remembered.
	maxOpen = 64
	// onTheWay is what a request may take to arrive.
	onTheWay = time.Second
)

func checkPace(p *Pass) {
	e := p.Event
	switch {
	case e.Kind == decode.KindHTTP:
		if e.Step != decode.StepBOSHData && e.Step != decode.StepBOSHEnd {
			return
		}
		m := of(&p.own.pace)
		if e.Dir == decode.FromReceiver {
			m.answer(e)
		} else if r, ok := requestOf(p); ok {
			m.request(p, &r)
		}
	case e.Kind == decode.KindGap, e.Kind == decode.KindTCP && e.Name.Local != "connect":
		// What was open on this connection, if it was this one, is lost now.
		m := of(&p.own.pace)
		m.idle = time.Time{}
		for i := range m.open {
			m.open[i].doubt = true
		}
	case e.Carrier == 0 || e.Dir == decode.FromInitiator:
	default:
		m := of(&p.own.pace)
		m.news = true
		if n := p.Node(); n != nil && e.Step == decode.StepBOSHCreate {
			m.terms = termsOf(n)
		}
	}
}

func (m *pace) answer(e *decode.Event) {
	if e.Type != "" && e.Type[0] == '1' {
		return // another answer follows (RFC 9110 §15.2)
	}
	m.news = false
	var answered uint64
	for i := range m.open {
		if m.open[i].seq == e.Reply {
			answered = m.open[i].rid
		}
	}
	// Requests are answered in their order (XEP-0124 §14.2).
	m.open = slices.DeleteFunc(m.open, func(r request) bool { return r.seq == e.Reply || r.doubt && r.rid < answered })
	if len(m.open) == 0 {
		m.idle = e.Time
	}
}

func (m *pace) request(p *Pass, r *request) {
	m.inactive(p, r)
	again := slices.IndexFunc(m.open, func(o request) bool { return o.rid == r.rid })
	switch {
	case again >= 0:
		m.open[again].seq, m.open[again].doubt = r.seq, false // the first one has lost its connection
		return
	case len(m.open) == maxOpen:
		m.open = m.open[1:]
	}
	m.open = append(m.open, *r)
	if text := m.tooMuch(r); text != "" && m.over.Rule == "" {
		// Whether the capture lacks an answer on another connection shows late.
		m.over = Finding{Rule: "bosh-overactive", Seq: p.Event.Seq, Span: place("bosh-overactive", p.Event, nil), Text: text}
	}
	m.last, m.pause, m.idle = *r, r.pause, time.Time{}
}

func (m *pace) inactive(p *Pass, r *request) {
	limit := max(m.terms.inactivity, m.pause)
	if m.idle.IsZero() || m.terms.inactivity == 0 {
		return
	}
	if quiet := r.at.Sub(m.idle); quiet > limit+onTheWay {
		p.Report("bosh-inactive", fmt.Sprintf("no request was open for %s, the session is kept for %s", quiet.Round(time.Second), limit))
	}
}

// tooMuch says how a new request comes too soon.
func (m *pace) tooMuch(r *request) string {
	t := &m.terms
	open, most := uint64(0), t.requests
	for i := range m.open {
		if !m.open[i].doubt {
			open++
		}
	}
	last := r.ends || r.pause > 0 // these may come as one more
	if last {
		most++
	}
	// One that was sent before the last one may have come after it.
	soon := t.polling > 0 && m.last.seq != 0 && r.rid > m.last.rid && r.at.Sub(m.last.at) < t.polling
	plain := r.empty && !last && !r.restart
	switch {
	case t.requests == 0:
	case open > most:
		return fmt.Sprintf("%d requests are open, the server allows %d", open, t.requests)
	case t.polls && plain && soon && m.last.empty && !m.last.restart && m.last.sid && !m.news && open == 1,
		!t.polls && plain && soon && open == t.requests && open > 1:
		return fmt.Sprintf("an empty request %s after the last one, the server wants %s", r.at.Sub(m.last.at).Round(time.Millisecond), t.polling)
	}
	return ""
}
