package decode

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"time"

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
	kept int // bytes of what waits
	// past are the request ids of a direction whose turn was over before they
	// were seen: what they carry counts if they come late.
	past   [2][]span
	left   bool    // the client has terminated the session
	closed [2]bool // a side has
	gone   bool    // it is not in the table any more
	cut    bool    // and no connection will serve it again
	mid    bool    // its beginning was not captured, and that is still to be told
	back   bool    // or rather, it was over
	most   uint64  // requests that may be open at once (XEP-0124 §7.2)
	// lines is how many connections serve it, seen the time of its last message,
	// patience how long the server waits for another one.
	lines    int
	seen     time.Time
	patience time.Duration
}

// span is a range of request ids, both ends included.
type span struct{ from, to uint64 }

// maxPast bounds the spans that are remembered.
const maxPast = 64

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
	x := &Session{conn: NewConn(0, o), sid: b.sid, mid: b.sid != "", most: 2, patience: time.Minute}
	c := x.conn
	c.sum.transport = TransportBOSH
	next := *c.state
	next.Layer, next.Inactivity = e.Layer, x.patience
	if e.After != nil {
		next.TLS = e.After.TLS
	}
	if next.Late = b.sid != ""; next.Late {
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

// done tells whether nobody goes on: the client has said goodbye, or the server
// has (XEP-0124 §13, §17.2). Neither has to wait for the other.
func (x *Session) done() bool { return x.left || x.closed != [2]bool{} }

// due is when the server has given up a session that nobody asks in.
func (x *Session) due() time.Time { return x.seen.Add(2 * x.patience) }

// Summary sums up the session so far.
func (x *Session) Summary() Conversation { return x.conn.Summary() }

// remark says first of all that the beginning of the session was not captured.
func (x *Session) remark(e *Event) {
	if !x.mid {
		return
	}
	x.mid = false
	n := x.conn.event(e.Dir, e.Time, KindNote)
	n.Note = "the capture begins in the middle of this session: the request that created it was not seen"
	if x.back {
		n.Note = "this session was over, and its conversation was summed up: what comes all the same makes a conversation of its own"
	}
	x.conn.emit(n, nil, nil)
}

// adopt makes an event of this conversation from one that the decoder of a TCP
// connection made. It changes no state: TCP and TLS come and go under a
// session.
func (c *Conn) adopt(e *Event) *Event {
	n := c.event(e.Dir, e.Time, e.Kind)
	c.label = nil // it is about this one
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
// (XEP-0124 §17.1). At most limit bodies go on waiting for an earlier one.
func (x *Session) take(e *Event, b *wrapper, p *pending, limit int) {
	h := x.conn.adopt(e)
	x.conn.half[e.Dir].seen = true
	h.Step, h.Phase = StepBOSHData, PhaseExchange
	if e.Dir == FromInitiator {
		p.seq = h.Seq
	} else {
		h.Reply = p.seq
	}
	x.begin(p.rid)
	mend := b != nil && e.Dir == FromReceiver && b.typ == "error"
	if (b == nil || mend) && e.Dir == FromReceiver && p.rid == x.next[e.Dir] && p.rid != 0 && !interim(e) {
		x.skip(e.Dir, p.rid+1) // this was the answer, unless the request is sent again
		x.release(e.Dir, limit, 0)
	}
	switch {
	case b == nil:
		x.refused(h)
		return
	case mend: // XEP-0124 §17.3
		h.Note = "the client must send this request again, and those before it that have no answer"
		return
	}
	if b.bad != nil {
		h.Errs = append(slices.Clip(h.Errs), *b.bad)
	}
	if e.Dir == FromReceiver && p.rid != 0 {
		// What is answered was read, and everything before it (XEP-0124 §14).
		x.release(FromInitiator, limit, p.rid)
	} else if p.rid > x.most {
		// Who asks again has got the answers to all but the open requests.
		x.release(FromReceiver, limit, p.rid-x.most)
	}
	w := waiting{rid: p.rid, opens: p.opens, carrier: *h, body: b}
	if e.Dir == FromReceiver && x.left {
		w.ends = true // the client has said goodbye; this answers it
	}
	x.left = x.left || e.Dir == FromInitiator && b.typ == "terminate"
	switch {
	case p.rid == 0, p.rid < x.next[e.Dir] && x.late(e.Dir, p.rid): // nobody knows its turn, or it is over
		x.read(&w)
	case p.rid < x.next[e.Dir], x.waits(e.Dir, p.rid):
		h.Note = "sent again: what it carries counted before"
	default:
		x.wait[e.Dir] = append(x.wait[e.Dir], w)
		x.kept += len(b.text)
		x.release(e.Dir, limit, 0)
	}
}

// refused ends the session where an old server says so in terms of HTTP
// (XEP-0124 §17.1).
func (x *Session) refused(h *Event) {
	if h.Dir == FromInitiator {
		return
	}
	switch h.Type {
	case "400":
		h.Condition = "bad-request"
	case "403":
		h.Condition = "policy-violation"
	case "404":
		h.Condition = "item-not-found"
	default:
		return
	}
	h.Step = StepBOSHEnd
	x.closed = [2]bool{true, true}
	x.conn.emit(h, func(s *State, e *Event, _ *xmlstream.Node) {
		s.Open = [2]bool{}
		s.Error = e.Condition
	}, nil)
}

// begin learns from the first request id whose turn it is. What came before it
// was not seen, whether it was said or not.
func (x *Session) begin(rid uint64) {
	if x.next != [2]uint64{} || rid == 0 {
		return
	}
	x.skip(FromInitiator, rid)
	x.skip(FromReceiver, rid)
}

// skip goes on to a request id; those before it that were not seen may still
// come.
func (x *Session) skip(dir Dir, rid uint64) {
	if next := x.next[dir]; next < rid {
		x.past[dir] = append(x.past[dir], span{next, rid - 1})
		x.next[dir] = rid
	}
	if n := len(x.past[dir]); n > maxPast {
		x.past[dir] = slices.Delete(x.past[dir], 0, n-maxPast)
	}
}

// late tells whether a request id was passed over, and takes it.
func (x *Session) late(dir Dir, rid uint64) bool {
	for i, s := range x.past[dir] {
		if rid < s.from || rid > s.to {
			continue
		}
		rest := []span{{s.from, rid - 1}, {rid + 1, s.to}}
		rest = slices.DeleteFunc(rest, func(s span) bool { return s.from > s.to })
		x.past[dir] = slices.Replace(x.past[dir], i, i+1, rest...)
		return true
	}
	return false
}

// waits tells whether a body with this request id waits already.
func (x *Session) waits(dir Dir, rid uint64) bool {
	return slices.ContainsFunc(x.wait[dir], func(w waiting) bool { return w.rid == rid })
}

// release reads what waited for its turn, and what will not get one any more:
// where more than limit bodies wait, and what was sent up to a request id.
func (x *Session) release(dir Dir, limit int, upTo uint64) {
	slices.SortFunc(x.wait[dir], func(a, b waiting) int { return cmp.Compare(a.rid, b.rid) })
	for q := x.wait[dir]; len(q) > 0 && (q[0].rid <= max(x.next[dir], upTo) || len(q) > limit); q = x.wait[dir] {
		w := q[0]
		x.wait[dir] = q[1:]
		x.kept -= len(w.body.text)
		x.skip(dir, w.rid)
		x.next[dir] = max(x.next[dir], w.rid+1)
		x.read(&w)
	}
}

// read makes the events of a body: the wrapper where it begins or ends
// something, and every child.
func (x *Session) read(w *waiting) {
	if x.begins(w) {
		x.wrap(w, KindOpen)
	}
	c := x.conn
	_, inside := c.tree.ParseHeader(w.body.text[:w.body.head], c.o.XML)
	for _, f := range w.children() {
		if f.origin == OriginDropped && w.carrier.Origin == OriginEdited {
			x.leftOut(w, &f)
			continue
		}
		x.child(w, &f, inside)
	}
	if w.body.typ == "terminate" || w.ends && c.state.Open[FromReceiver] {
		x.wrap(w, KindClose)
	}
}

// begins tells whether a body opens a stream. With two requests open a server
// may put its new features into the answer of the one that was there before the
// restart (XEP-0206 §5): then that one is the answer.
func (x *Session) begins(w *waiting) bool {
	if w.carrier.Dir == FromInitiator {
		return w.opens
	}
	return x.conn.asked[slotOpen] != 0 && (w.opens || w.body.menu)
}

// part begins an event that a body carried.
func (x *Session) part(w *waiting, k Kind, xml []byte) *Event {
	c, h := x.conn, &w.carrier
	e := c.event(h.Dir, h.Time, k)
	e.XML, e.Raw, e.Frames, e.Carrier, e.Layer = xml, h.Raw, h.Frames, h.Seq, h.Layer
	if h.Origin != OriginEdited || w.body.was == nil || !bytes.Equal(startTag(xml), startTag(w.body.was.text[:w.body.was.head])) {
		e.Origin = h.Origin
	}
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
	if !x.closed[e.Dir] {
		if e.Reply = c.answer(slotClose); e.Reply == 0 {
			c.asked[slotClose] = e.Seq
		}
	}
	x.closed[e.Dir] = true
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
	if v, ok := root.Attr("requests"); ok {
		if n, err := strconv.ParseUint(v, 10, 8); err == nil && n > 0 {
			x.most = n
		}
	}
	if v, ok := root.Attr("inactivity"); ok {
		if n, err := strconv.ParseUint(v, 10, 16); err == nil && n > 0 {
			x.patience = time.Duration(n) * time.Second
		}
	}
	c.emit(e, func(s *State, e *Event, root *xmlstream.Node) {
		setHeader(s, e, root, nsClient)
		s.Inactivity = x.patience
		if e.Dir == FromReceiver {
			s.Version, _ = root.AttrNS(nsXBOSH, "version")
		}
	}, root)
}
