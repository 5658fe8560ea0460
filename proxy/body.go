package proxy

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/web"
)

// This file decides about bodies of BOSH (XEP-0124 §6). What is held and sent
// on is a whole message of HTTP, for the exchange must go on; what the gate and
// the filters are asked about is its children, one by one.

// bodies knows the sessions of BOSH that pass, whatever connections they use.
type bodies struct {
	mu sync.Mutex
	s  *decode.Sessions
	// riders wait for the next body of a session, waiting is how many of all.
	riders  map[*decode.Session]*[2][]rider
	waiting atomic.Int32
}

// take learns from a message that has gone on.
func (b *bodies) take(flow uint64, e *decode.Event) {
	if e.Kind != decode.KindHTTP || e.Body == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		b.s = decode.NewSessions(decode.Options{})
	}
	b.s.Take(flow, e)
	b.s.Over(e.Time, func(x *decode.Session, _ []decode.Event) { b.forget(x) })
}

func (b *bodies) ended(flow uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s != nil {
		b.s.Ended(flow)
	}
}

// inside are the events of the children of a body.
func (b *bodies) inside(flow uint64, dir decode.Dir, t time.Time, body []byte) []decode.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return nil
	}
	return b.s.Inside(flow, dir, t, body)
}

// isBody tells whether an item is a body of BOSH.
func (l *lane) isBody(it *item) bool { return it.msg != nil && l.web != nil && !l.web.Frames() }

// mending puts a body together anew, child by child.
type mending struct {
	body []byte
	out  []byte
	at   int
	why  string
	same bool
}

// child puts pieces in the place of a child.
func (m *mending) child(e *decode.Event, pieces ...[]byte) {
	if len(pieces) == 1 && bytes.Equal(pieces[0], e.XML) {
		return
	}
	m.same = false
	m.out = append(m.out, m.body[m.at:e.Off]...)
	for _, p := range pieces {
		m.out = append(m.out, p...)
	}
	m.at = int(e.Off) + len(e.XML)
}

// text is the body as it is now.
func (m *mending) text() []byte {
	if m.same {
		return m.body
	}
	return append(m.out, m.body[m.at:]...)
}

// askBody asks the gate about the children of a body. The verdict is about the
// whole: one that is to be held holds it.
func (l *lane) askBody(it *item) Verdict {
	watched := l.c.watched()
	if !watched && !l.c.awaits.Load() {
		return Verdict{}
	}
	events := l.c.p.bodies.inside(l.c.flow, l.dir, l.c.p.now(), it.text())
	m := mending{body: it.text(), same: true}
	var delay time.Duration
	for i := range events {
		e, v := &events[i], Verdict{}
		if why := l.c.answered(l.dir, e); why != "" {
			v = Verdict{Do: Drop, Why: why}
		} else if watched {
			v = l.c.p.o.Gate.Decide(l.c, e)
		}
		xml := e.XML
		switch v.Do {
		case Hold, Close:
			return v
		case Drop:
			xml = nil
		case Edit:
			xml = v.XML
		case Delay:
			delay = max(delay, v.Delay)
			if v.XML != nil {
				xml = v.XML
			}
		}
		pieces := append(l.among(v.Before), xml)
		m.child(e, append(pieces, l.among(v.After)...)...)
		m.why = join(m.why, v.Why)
	}
	switch v := (Verdict{Why: m.why, Delay: delay}); {
	case delay > 0:
		v.Do = Delay
		if !m.same {
			v.XML = m.text()
		}
		return v
	case !m.same:
		v.Do, v.XML = Edit, m.text()
		return v
	}
	return Verdict{}
}

// among is what is put in beside a child.
func (l *lane) among(all []Insert) (pieces [][]byte) {
	for _, ins := range all {
		if ins.Dir != l.dir {
			if err := l.rides(ins); err != nil {
				l.c.note(ins.Dir, "it is not sent, because %v: %s", err, quoted(ins.XML))
			}
			continue
		}
		pieces = append(pieces, web.Alone(l.c.fresh(&ins)))
	}
	return pieces
}

// filter asks the filters about what is to go on, or was dropped: of a body of
// BOSH, about its children.
func (l *lane) filter(it *item, send []byte) (all Rewritten) {
	if !l.isBody(it) {
		return l.c.rewrite(l.passing(it, send))
	}
	if len(l.c.filters) == 0 || send == nil {
		return all
	}
	m := mending{body: send, same: true}
	events := l.c.p.bodies.inside(l.c.flow, l.dir, l.c.p.now(), send)
	for i := range events {
		e := &events[i]
		r := l.c.rewrite(Passing{Event: e, XML: e.XML})
		xml := e.XML
		if r.XML != nil {
			xml = r.XML
		}
		if r.Drop {
			xml = nil
		}
		pieces := append(l.among(r.Before), xml)
		m.child(e, append(pieces, l.among(r.After)...)...)
		m.why = join(m.why, r.Why)
	}
	if !m.same {
		all.XML = m.text()
	}
	all.Why = m.why
	return all
}

// emptied is a body without its children: what dropping one means, since an
// exchange must go on.
func (l *lane) emptied(body []byte) []byte {
	m := mending{body: body, same: true}
	events := l.c.p.bodies.inside(l.c.flow, l.dir, l.c.p.now(), body)
	for i := range events {
		m.child(&events[i], nil)
	}
	return m.text()
}
