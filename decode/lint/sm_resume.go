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

// smResumeGroup is how a stream goes on after its connection was lost (XEP-0198
// §5).
var smResumeGroup = Group{
	Kinds: append([]decode.Kind{decode.KindTCP}, livingKinds...),
	Check: checkResume,
	End:   endResume,
	Rules: []Rule{
		{Name: "sm-resume-incomplete", Level: LevelError, Ref: spec.XEP(198, "5"), Needs: NeedBoth | NeedWhole,
			Doc:    "A resumed stream is the one that was asked for, and what the other side had not confirmed is sent again.",
			Advice: "keep what is not confirmed, and send it again in order after <resumed/>"},
		{Name: "sm-enabled-no-id", Level: LevelError, Who: WhoReceiver, Ref: spec.XEP(198, "5"),
			Doc:    "A stream that can be resumed has an identifier of its own.",
			Advice: "give every resumable stream a fresh id"},
		{Name: "sm-resume-redo", Level: LevelNote, Who: WhoInitiator, Ref: spec.XEP(198, "5"),
			Doc:    "A resumed stream keeps roster and presence, so that they need not be sent again.",
			Advice: "go on where the old stream ended; nothing has to be set up again"},
	},
}

const (
	maxUnacked   = 1 << 10 // stanzas of one direction
	maxResumable = 1 << 10
	redoWindow   = 5 // stanzas of the client that count as right after
)

// sentStanza is one that is not confirmed: what it is known by when it comes
// again, its count, its event.
type sentStanza struct {
	print uint64
	n     uint32
	seq   decode.Seq
}

// resumable is what a stream that can be resumed has sent.
type resumable struct {
	unacked [2][]sentStanza
	// sure: none of it was missed.
	sure [2]bool
	conn decode.ConnID
}

// resuming is the memory of smResumeGroup about a conversation.
type resuming struct {
	ring  resumable
	began bool
	over  bool   // its connection
	asked string // previd
	// due is what has to come again, at when the stream was resumed, seq by what.
	due  [2][]sentStanza
	at   time.Time
	seq  decode.Seq
	redo int
}

// resumables are the streams of all conversations by domain and identifier, the
// oldest first.
type resumables struct {
	of    map[[2]string]*resuming
	order [][2]string
}

func checkResume(p *Pass) {
	e, m := p.Event, of(&p.own.resuming)
	if !m.began {
		m.began, m.ring.sure, m.ring.conn = true, [2]bool{true, true}, e.Conn
	}
	m.overdue(p)
	switch {
	case e.Kind == decode.KindTCP:
		m.over = m.over || e.Name.Local != "connect"
	case e.Kind == decode.KindStanza:
		m.stanza(p)
	case e.Kind != decode.KindNonza:
	case e.Name.Space == nsSM, e.Name.Space == nsSM2, e.Name.Space == nsSASL2:
		m.nonza(p)
	}
}

func (m *resuming) nonza(p *Pass) {
	e := p.Event
	if e.Dir == decode.FromInitiator {
		if r := smPart(p, "resume"); r != nil {
			m.asked, _ = r.Attr("previd")
		}
	}
	for d := range m.ring.unacked {
		m.ring.forget(decode.Dir(d), e.SM.Acked[d])
	}
	if e.Dir != decode.FromReceiver {
		return
	}
	if !e.State.Resumed && e.After.Resumed {
		m.resumed(p)
	} else if n := smPart(p, "enabled"); n != nil {
		m.enabled(p, n)
	}
}

// smPart is the element of stream management that an event is or holds: alone,
// in a login, or in what that login is granted (XEP-0388 §2.3, XEP-0386 §3.2).
func smPart(p *Pass, local string) *xmlstream.Node {
	e := p.Event
	is := func(n *xmlstream.Node) bool {
		return n.Name.Local == local && (n.Name.Space == nsSM || n.Name.Space == nsSM2)
	}
	if e.Name.Space != nsSASL2 && e.Name.Local != local {
		return nil
	}
	n := p.Node()
	if n == nil || is(n) {
		return n
	}
	for c := range n.Children() {
		if is(c) {
			return c
		}
		for g := range c.Children() {
			if is(g) {
				return g
			}
		}
	}
	return nil
}

// forget drops what is confirmed up to h.
func (r *resumable) forget(d decode.Dir, h uint32) {
	all := r.unacked[d]
	for len(all) > 0 && int32(h-all[0].n) >= 0 {
		all = all[1:]
	}
	r.unacked[d] = all
}

func (m *resuming) enabled(p *Pass, n *xmlstream.Node) {
	id, _ := n.Attr("id")
	if on, _ := n.Attr("resume"); (on == "true" || on == "1") && id == "" {
		p.ReportAt("sm-enabled-no-id", n.Tag, "the stream may be resumed, but the answer has no id")
	}
	if id == "" || len(id) > maxResumeID {
		return
	}
	all := of(&p.shared.resumables)
	k := [2]string{strings.ToLower(short(p.Event.State.Domain)), id}
	if old := all.of[k]; old != nil && (old == m || old.over || !of(&p.shared.streamIDs).open[old.ring.conn]) {
		p.ReportAt("sm-enabled-no-id", valueSpan(n, "", "id"), fmt.Sprintf("the id \"%s\" is that of an earlier stream", short(id)))
	}
	all.add(k, m)
}

func (r *resumables) add(k [2]string, m *resuming) {
	if r.of == nil {
		r.of = map[[2]string]*resuming{}
	}
	if r.of[k] == nil {
		if r.order = append(r.order, k); len(r.order) > maxResumable {
			delete(r.of, r.order[0])
			r.order = r.order[1:]
		}
	}
	r.of[k] = m
}

// resumed finds what has to be sent again.
func (m *resuming) resumed(p *Pass) {
	e := p.Event
	m.at, m.seq, m.redo = e.Time, e.Seq, redoWindow
	id := e.After.ResumeID
	if m.asked != "" && id != m.asked {
		p.ReportAt("sm-resume-incomplete", attrSpan(p, "previd"), fmt.Sprintf("the client asked for the stream \"%s\", but \"%s\" is resumed", short(m.asked), short(id)))
		return
	}
	all := of(&p.shared.resumables)
	k := [2]string{strings.ToLower(short(e.State.Domain)), id}
	old := all.of[k]
	if old == nil || old == m {
		return
	}
	m.ring.unacked, m.ring.sure = old.ring.unacked, old.ring.sure
	for d := range m.due {
		m.ring.forget(decode.Dir(d), e.SM.Acked[d])
		if m.ring.sure[d] {
			m.due[d] = slices.Clone(m.ring.unacked[d])
		}
		m.ring.unacked[d] = nil // they are counted again when they come
	}
	all.add(k, m)
}

// stanza notes what is sent, and takes what is sent again off the list.
func (m *resuming) stanza(p *Pass) {
	e := p.Event
	d := e.Dir
	counted := e.State.Managed[d] || e.SM.Sent[d] != 0
	if counted {
		again := m.again(p)
		if m.redo > 0 && d == decode.FromInitiator {
			m.redo--
			if !again {
				m.repeated(p)
			}
		}
		if len(m.ring.unacked[d]) >= maxUnacked {
			m.ring.unacked[d], m.ring.sure[d] = nil, false
		}
		if m.ring.sure[d] = m.ring.sure[d] && !of(&p.own.opening).hidden; m.ring.sure[d] {
			m.ring.unacked[d] = append(m.ring.unacked[d], sentStanza{m.print(p), e.SM.Sent[d], e.Seq})
		}
	}
}

// print is what a stanza is known by when it is sent again: all but its content,
// to which a server may add the time.
func (m *resuming) print(p *Pass) uint64 {
	e := p.Event
	return p.engine.hash(e.Name.Local, e.Type, e.To, e.From, e.ID)
}

func (m *resuming) again(p *Pass) bool {
	d := p.Event.Dir
	if len(m.due[d]) == 0 {
		return false
	}
	print := m.print(p)
	i := slices.IndexFunc(m.due[d], func(s sentStanza) bool { return s.print == print })
	if i < 0 {
		return false
	}
	m.due[d] = slices.Delete(m.due[d], i, i+1)
	return true
}

// repeated finds what a client sets up although it was kept.
func (m *resuming) repeated(p *Pass) {
	e := p.Event
	switch {
	case e.Name.Local == "presence" && e.To == "" && e.Type == "" && e.State.Available:
		p.Report("sm-resume-redo", "presence is sent again right after the stream was resumed")
	case e.Name.Local == "iq" && e.Type == "get" && e.Payload.Space == nsRoster && e.State.Roster:
		p.Report("sm-resume-redo", "the roster is fetched again right after the stream was resumed")
	}
}

// overdue finds a side that goes on without what it has to send again.
func (m *resuming) overdue(p *Pass) {
	e := p.Event
	if len(m.due[e.Dir]) > 0 && e.Kind != decode.KindStanza && e.Time.Sub(m.at) >= p.Timeout {
		m.missing(p, e.Dir)
	}
}

func (m *resuming) missing(p *Pass, d decode.Dir) {
	lost := m.due[d]
	m.due[d] = nil
	text := fmt.Sprintf("the stanza of event %d was not confirmed and is not sent again", lost[0].seq)
	if len(lost) > 1 {
		text = fmt.Sprintf("%d stanzas were not confirmed and are not sent again, the first is event %d", len(lost), lost[0].seq)
	}
	p.Add(Finding{Rule: "sm-resume-incomplete", Who: Side(d), Seq: m.seq, Text: text})
}

func endResume(p *Pass) {
	m, c := of(&p.own.resuming), p.Conversation
	for d := range m.due {
		// A stream that was closed in order has nothing more to come.
		if len(m.due[d]) > 0 && (c.Outcome == decode.OutcomeClosed || c.End.Sub(m.at) >= p.Timeout) {
			m.missing(p, decode.Dir(d))
		}
	}
}
