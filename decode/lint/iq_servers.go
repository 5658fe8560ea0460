package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Requests between servers. The rules are about the two entities, not the
// stream: what one server asks on its connection the other one answers on its
// own, or on the same where both may send (RFC 6120 §4.5, §8.2.3, XEP-0288).
// Whether there are further connections no capture shows. So a request counts
// as unanswered only where the connection that brings what the other server says
// was seen before the request and goes on after it, for the order of what two
// entities say to each other keeps that to one connection (RFC 6120 §10.1). An
// answer without a request may belong to one on a connection that was not
// captured, and proves nothing.

// Bounds of what is remembered of the servers of one input.
const (
	maxServerPairs = 1 << 10
	maxServerAsks  = 1 << 10 // of one pair
)

// serverAsk is a request of one server, for one of its users, to another.
type serverAsk struct {
	seq  decode.Seq
	conn decode.ConnID
	at   time.Time
	key  uint64
	who  Who // has to answer
	id   string
	name xmlstream.Name
	// via is where the answer has to come from; 0 where that is not known.
	via decode.ConnID
	// again are the requests that were made with the same id meanwhile.
	again []Finding
}

// serverPair is what one domain asks of another.
type serverPair struct {
	// carries is the connection that last brought a stanza from the first to the
	// second.
	carries decode.ConnID
	open    []*serverAsk // oldest first
	done    []serverDone // the last that were answered
	// twice are answers that came once more, until the side that has asked goes
	// on: its second request may be missing.
	twice []serverDone
}

// serverDone is an answer to a request that was made on conn.
type serverDone struct {
	key  uint64
	seq  decode.Seq
	conn decode.ConnID
	more Finding // about an answer that came once more
}

// serverPairs are those of the input, by both domains.
type serverPairs struct{ of map[uint64]*serverPair }

func (m *serverPairs) pair(p *Pass, from, to string) *serverPair {
	k := p.engine.hash(strings.ToLower(domainOf(from)), strings.ToLower(domainOf(to)))
	s := m.of[k]
	if s == nil {
		if len(m.of) >= maxServerPairs {
			return nil
		}
		if m.of == nil {
			m.of = map[uint64]*serverPair{}
		}
		s = &serverPair{}
		m.of[k] = s
	}
	return s
}

// check looks at a stanza between servers.
func (m *serverPairs) check(p *Pass) {
	e := p.Event
	if e.From == "" || e.To == "" || len(e.ID)+len(e.To)+len(e.From) > 3*maxAddress {
		return
	}
	there, back := m.pair(p, e.From, e.To), m.pair(p, e.To, e.From)
	if there == nil || back == nil {
		return
	}
	iq := e.Name.Local == "iq" && e.ID != ""
	if iq && (e.Type == "result" || e.Type == "error") {
		back.answer(p)
	}
	back.overdue(p)
	there.settle(p)
	if there.carries = e.Conn; iq && (e.Type == "get" || e.Type == "set") {
		there.ask(p, back)
	}
}

// serverKey names a request by its id and both addresses.
func serverKey(p *Pass, from, to string) uint64 {
	return p.engine.hash(p.Event.ID, strings.ToLower(bare(from)), resourceOf(from), strings.ToLower(bare(to)), resourceOf(to))
}

func (s *serverPair) ask(p *Pass, back *serverPair) {
	e := p.Event
	a := &serverAsk{seq: e.Seq, conn: e.Conn, at: e.Time, key: serverKey(p, e.From, e.To), who: Side(e.Dir.Other()), id: e.ID, name: e.Payload, via: back.carries}
	if e.State.Bidi && e.State.Authenticated {
		a.via = e.Conn
	}
	if a.via == 0 {
		p.talk.lacks |= NeedAnswers
	}
	s.done = slices.DeleteFunc(s.done, func(d serverDone) bool { return d.key == a.key })
	for _, o := range s.open {
		if o.key == a.key && len(o.again) == 0 && !e.State.Resumed {
			o.again = append(o.again, Finding{Rule: "iq-id-pending-twice", Conn: e.Conn, Seq: e.Seq, Who: Side(e.Dir), Span: attrSpan(p, "id"),
				Text: fmt.Sprintf("the request of event %d has the id \"%s\" too and no answer yet", o.seq, short(e.ID))})
			break
		}
	}
	if len(s.open) >= maxServerAsks {
		s.open = s.open[1:]
	}
	s.open = append(s.open, a)
}

// answer takes an answer to the request that it belongs to. s is what the other
// server has asked.
func (s *serverPair) answer(p *Pass) {
	e := p.Event
	key := serverKey(p, e.To, e.From)
	if i := slices.IndexFunc(s.open, func(a *serverAsk) bool { return a.key == key }); i >= 0 {
		s.open[i].tell(p)
		if len(s.done) >= maxAnswers {
			s.done = s.done[1:]
		}
		s.done = append(s.done, serverDone{key: key, seq: e.Seq, conn: s.open[i].conn})
		s.open = slices.Delete(s.open, i, i+1)
		return
	}
	p.talk.lacks |= NeedAsked
	for _, d := range s.done {
		if d.key == key && !e.State.Resumed && len(s.twice) < maxOrphans {
			d.more = Finding{Rule: "iq-answer-unasked", Conn: e.Conn, Seq: e.Seq, Who: Side(e.Dir), Span: attrSpan(p, "id"),
				Text: fmt.Sprintf("the request with the id \"%s\" has its answer already (event %d)", short(e.ID), d.seq)}
			s.twice = append(s.twice, d)
			return
		}
	}
}

// settle reports the answers that came once more, now that the side that had
// asked goes on with something else.
func (s *serverPair) settle(p *Pass) {
	if len(s.twice) == 0 {
		return
	}
	e := p.Event
	key := serverKey(p, e.From, e.To)
	kept := s.twice[:0]
	for _, d := range s.twice {
		switch {
		case d.key == key: // asked again
		case d.conn == e.Conn:
			p.addNeeding(NeedBoth|NeedWhole, d.more)
		default:
			kept = append(kept, d)
		}
	}
	s.twice = kept
}

// tell reports the second request with one id once the first is answered: then
// no answer was missed.
func (a *serverAsk) tell(p *Pass) {
	if a.via != p.Event.Conn {
		return
	}
	for _, f := range a.again {
		p.addNeeding(NeedBoth|NeedWhole, f)
	}
}

// overdue finds the requests that the other server passes over: it goes on
// sending long after. s is what was asked of it.
func (s *serverPair) overdue(p *Pass) {
	e := p.Event
	for len(s.open) > 0 && e.Time.Sub(s.open[0].at) >= p.Timeout {
		a := s.open[0]
		s.open = s.open[1:]
		if a.via != e.Conn {
			continue
		}
		a.tell(p)
		f := Finding{Rule: "iq-unanswered", Conn: a.conn, Seq: a.seq, Who: a.who,
			Text: fmt.Sprintf("no answer within %s to the request \"%s\" for %s, though the other server goes on (event %d)", p.Timeout, short(a.id), short(a.name.Space), e.Seq)}
		if a.name.Space == nsPing {
			f.Rule = "ping-ignored"
		}
		p.addNeeding(NeedBoth|NeedWhole, f)
	}
}
