package decode

import (
	"slices"

	"xmppscope/decode/xmlstream"
)

// Session is one session of BOSH: a conversation whose elements travel in the
// bodies of HTTP requests (XEP-0124).
type Session struct {
	conn *Conn
	sid  string
	// next is the request id whose turn it is in a direction, wait holds the
	// bodies that came before theirs.
	next [2]uint64
	wait [2][]waiting
	left bool // the client has terminated the session
}

// waiting is a body with the event that carried it.
type waiting struct {
	rid     uint64
	opens   bool
	ends    bool
	carrier Event
	body    *wrapper
}

func newSession(o Options, e *Event, b *wrapper) *Session {
	o.MidStream = false
	x := &Session{conn: NewConn(0, o), sid: b.sid}
	c := x.conn
	c.sum.transport = TransportBOSH
	next := *c.state
	next.Layer = e.Layer
	if e.After != nil {
		next.TLS = e.After.TLS
	}
	if b.sid != "" {
		// The capture begins in the middle of the session.
		next.Profile, next.Content, next.Phase = ProfileC2S, nsClient, PhaseExchange
		next.Headers, next.Open = [2]int{1, 1}, [2]bool{true, true}
	}
	c.state = &next
	if e.Layer&LayerTLS != 0 {
		c.sum.opened = [2]bool{true, true}
	}
	return x
}

// Summary sums up the session so far.
func (x *Session) Summary() Conversation { return x.conn.Summary() }

// adopt makes an event of this conversation from one that the decoder of a TCP
// connection made. It changes no state: TCP and TLS come and go under a
// session.
func (c *Conn) adopt(e *Event) *Event {
	n := c.event(e.Dir, e.Time, e.Kind)
	seq, conn, state := n.Seq, n.Conn, n.State
	*n = *e
	n.Seq, n.Conn, n.State, n.After = seq, conn, state, state
	n.Reply, n.SM, n.Layer = 0, c.sm, e.Layer
	if state.Phase == PhaseNone {
		next := *state
		next.Phase = PhaseConnect
		c.state, n.After = &next, &next
	}
	if n.Phase = n.Step.Phase(); n.Phase == PhaseNone {
		n.Phase = max(state.Phase, PhaseConnect)
	}
	c.sum.bytes += int64(len(e.Wire))
	return n
}

// take reads a request or an answer; b is nil for one in terms of HTTP alone
// (XEP-0124 §17.1).
func (x *Session) take(e *Event, b *wrapper, p *pending) {
	h := x.conn.adopt(e)
	x.conn.half[e.Dir].seen = true
	h.Step, h.Phase = StepBOSHData, PhaseExchange
	if e.Dir == FromInitiator {
		p.seq = h.Seq
	} else {
		h.Reply = p.seq
	}
	if b == nil {
		return
	}
	if b.bad != nil {
		h.Errs = append(slices.Clip(h.Errs), *b.bad)
	}
	if x.next[e.Dir] == 0 {
		x.next[e.Dir] = p.rid
		x.next[FromReceiver] = max(x.next[FromReceiver], 1)
		if e.Dir == FromInitiator {
			x.next[FromReceiver] = p.rid
		}
	}
	w := waiting{rid: p.rid, opens: p.opens, carrier: *h, body: b}
	if e.Dir == FromReceiver && x.left {
		w.ends = true // the client has said goodbye; this answers it
	}
	x.left = x.left || e.Dir == FromInitiator && b.typ == "terminate"
	switch next := x.next[e.Dir]; {
	case p.rid == 0: // nobody knows
		x.read(&w)
	case p.rid < next:
		h.Note = "sent again: what it carries counted before"
	default:
		x.wait[e.Dir] = append(x.wait[e.Dir], w)
		x.release(e.Dir, maxWaits)
	}
}

// release reads what waited for its turn, and where more than limit bodies
// wait, what will not get one any more (XEP-0124 §14).
func (x *Session) release(dir Dir, limit int) {
	q := x.wait[dir]
	slices.SortStableFunc(q, func(a, b waiting) int {
		if a.rid < b.rid {
			return -1
		}
		return 1
	})
	for len(q) > 0 && (q[0].rid <= x.next[dir] || len(q) > limit) {
		w := q[0]
		q = q[1:]
		x.wait[dir] = q
		x.next[dir] = max(x.next[dir], w.rid+1)
		x.read(&w)
	}
}

// read makes the events of a body: the wrapper where it begins or ends
// something, and every child.
func (x *Session) read(w *waiting) {
	if w.opens {
		x.wrap(w, KindOpen)
	}
	c := x.conn
	_, inside := c.tree.ParseHeader(w.body.text[:w.body.head], c.o.XML)
	for _, s := range w.body.parts {
		e := x.part(w, KindNonza, w.body.text[s.Start:s.End:s.End])
		e.Scope = inside
		c.element(e)
	}
	if w.body.typ == "terminate" || w.ends && c.state.Open[FromReceiver] {
		x.wrap(w, KindClose)
	}
}

// part begins an event that a body carried.
func (x *Session) part(w *waiting, k Kind, xml []byte) *Event {
	c, h := x.conn, &w.carrier
	e := c.event(h.Dir, h.Time, k)
	e.XML, e.Raw, e.Frames, e.Carrier, e.Layer = xml, h.Raw, h.Frames, h.Seq, h.Layer
	return e
}

// wrap makes the event of the wrapper itself, which stands for a stream header
// or its end (XEP-0206 §3, §5; XEP-0124 §13).
func (x *Session) wrap(w *waiting, k Kind) {
	c := x.conn
	e := x.part(w, k, w.body.text[:w.body.head:w.body.head])
	root, _ := c.tree.ParseHeader(e.XML, c.o.XML)
	if root == nil {
		e.Kind = KindBroken
		c.emit(e, nil, nil)
		return
	}
	c.describe(e, root)
	e.Payload = xmlstream.Name{}
	if k == KindOpen {
		x.open(e, root)
		return
	}
	e.Step = StepBOSHEnd
	e.Condition, _ = root.Attr("condition")
	if e.Condition == "see-other-uri" {
		e.Step = StepRedirect
	}
	e.Reply = c.answer(slotClose)
	if e.Reply == 0 {
		c.asked[slotClose] = e.Seq
	}
	c.emit(e, func(s *State, e *Event, _ *xmlstream.Node) {
		s.Open[e.Dir] = false
		if e.Dir == FromReceiver {
			s.Open[FromInitiator] = false // nothing is answered any more
			s.Error = e.Condition
		}
	}, nil)
}

func (x *Session) open(e *Event, root *xmlstream.Node) {
	c := x.conn
	e.Step = StepBOSHCreate
	if c.state.Headers[e.Dir] > 0 {
		e.Step = StepBOSHRestart
	}
	c.why[e.Dir] = StepNone
	c.pairOpen(e)
	if id, ok := root.Attr("authid"); ok {
		e.ID = id
	}
	c.emit(e, func(s *State, e *Event, root *xmlstream.Node) {
		setHeader(s, e, root, nsClient)
		if e.Dir == FromReceiver {
			s.Version, _ = root.AttrNS(nsXBOSH, "version")
		}
	}, root)
}
