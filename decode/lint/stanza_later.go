package lint

import "xmppscope/decode"

// laterGroup has no rules. It keeps what would be wrong if the other direction
// has not said anything that is missing here: that bytes of it were lost shows
// with its next bytes only.
var laterGroup = Group{
	Kinds: append([]decode.Kind{decode.KindTCP}, livingKinds...),
	Check: func(p *Pass) { of(&p.own.later).settle(p) },
	End: func(p *Pass) {
		m := of(&p.own.later)
		for _, f := range m.found {
			p.Add(f.Finding)
		}
		m.found = nil
	},
}

// maxLater bounds the findings that wait; of more the first is let go.
const maxLater = 64

// waiting is a finding about an event, and the direction whose next bytes decide.
type waiting struct {
	Finding
	dir decode.Dir
	at  decode.Seq
}

type later struct{ found []waiting }

// after reports a finding about the event once dir has gone on without a gap, or
// the conversation is over.
func (p *Pass) after(dir decode.Dir, f Finding) {
	m := of(&p.own.later)
	if f.Seq == 0 {
		f.Seq = p.Event.Seq
	}
	if r := p.engine.rules[f.Rule]; f.Who == WhoSender && r != nil {
		if f.Who = r.Who; f.Who == WhoSender {
			f.Who = Side(p.Event.Dir)
		}
	}
	if f.Span.Len() == 0 && f.Seq == p.Event.Seq {
		f.Span = place(f.Rule, p.Event, p.Node())
	}
	if len(m.found) >= maxLater {
		p.Add(m.found[0].Finding)
		m.found = m.found[1:]
	}
	m.found = append(m.found, waiting{f, dir, p.Event.Seq})
}

func (m *later) settle(p *Pass) {
	if len(m.found) == 0 {
		return
	}
	e := p.Event
	kept := m.found[:0]
	for _, f := range m.found {
		if f.dir == e.Dir && f.at != e.Seq {
			p.Add(f.Finding)
			continue
		}
		kept = append(kept, f)
	}
	m.found = kept
}
