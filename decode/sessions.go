package decode

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// Bounds of joining (law 5).
const (
	maxSessions  = 4096     // BOSH sessions at once
	maxWaits     = 4        // bodies of one direction of a session that wait for an earlier one
	maxWaitBytes = 64 << 20 // bytes of such bodies, over all sessions
	maxCalls     = 256      // requests of one connection without an answer
	maxBefore    = 64       // events of a connection before its first request
	maxName      = 256      // bytes of the name of a session that is over, or it is not remembered
)

// Sessions joins HTTP requests and answers, whatever TCP connection they came
// over, into the sessions of BOSH that they belong to (XEP-0124 §7). The zero
// value is not usable.
type Sessions struct {
	o     Options
	bySID map[string]*Session
	order []*Session
	ended []*Session // those that somebody has ended: they make room first
	over  []*Session // those that made room for others, or are over
	quiet []*Session // those that no connection serves, and that may go on
	due   time.Time  // when the first of those is given up; zero where there are none
	// former are the names of sessions that are over.
	former map[string]bool
	flows  map[uint64]*carrier
	kept   int // bytes of bodies that wait for their turn
	tree   xmlstream.Tree
}

// pending is a request that waits: where it belongs, its number in the session,
// its event, and whether its body begins or restarts the session.
type pending struct {
	session *Session
	rid     uint64
	seq     Seq
	opens   bool
}

// carrier is a TCP connection that carries requests.
type carrier struct {
	session *Session         // of its last request
	before  []Event          // what it did before the first
	calls   map[int]*pending // requests that wait for their answers, by exchange
	waits   map[Seq]Seq      // what a proxy holds: its number here and in the session
}

// NewSessions makes an empty table. o is for the decoders of the sessions.
func NewSessions(o Options) *Sessions {
	o.Tree, o.Number = new(xmlstream.Tree), nil // all sessions share it
	return &Sessions{o: o, bySID: map[string]*Session{}, flows: map[uint64]*carrier{}, former: map[string]bool{}}
}

// All are the sessions that have not made room for others, in the order in
// which they began.
func (s *Sessions) All() []*Session { return s.order }

// Take hands over an event of a TCP connection that carries BOSH; flow is any
// number that names the connection. It returns the session that the event
// belongs to, and the events that this session makes of it: nil where no
// session is known yet. The slice is valid until the next call.
func (s *Sessions) Take(flow uint64, e *Event) (*Session, []Event) {
	f := s.flows[flow]
	if f == nil {
		f = &carrier{calls: map[int]*pending{}}
		s.flows[flow] = f
	}
	if f.session != nil && f.session.gone {
		s.serve(f, nil)
	}
	if e.Held {
		return s.holds(f, e)
	}
	if e.Kind != KindHTTP || e.Exchange == 0 && e.Dir == FromInitiator {
		return s.beside(f, e)
	}
	b := s.wrapper(e.Body)
	p := s.find(f, e, b)
	if p == nil {
		return s.beside(f, e)
	}
	x := p.session
	x.conn.begin(e.Time)
	x.seen = e.Time
	x.remark(e)
	s.catchUp(f, x)
	if seq, ok := f.waits[e.Seq]; ok {
		delete(f.waits, e.Seq)
		x.conn.label = &label{seq: seq}
	}
	limit := maxWaits
	if s.kept > maxWaitBytes {
		limit = 0
	}
	if b != nil && e.Origin == OriginEdited {
		b.was = s.wrapper(e.Original)
	}
	before, open := x.kept, !x.done()
	x.take(e, b, p, limit)
	s.kept += x.kept - before
	if open && x.done() {
		s.ended = append(s.ended, x)
	}
	if b != nil && b.sid != "" && x.sid == "" {
		x.sid = b.sid
		s.bySID[b.sid] = x
	}
	return x, x.conn.out
}

// catchUp hands a session what its connection did before it was known: answers
// to requests that were not captured, and what is no body.
func (s *Sessions) catchUp(f *carrier, x *Session) {
	for i := range f.before {
		e := &f.before[i]
		if b := s.wrapper(e.Body); b != nil && e.Dir == FromReceiver {
			x.take(e, b, &pending{session: x}, maxWaits)
			continue
		}
		x.conn.adopt(e)
	}
	f.before = nil
	s.serve(f, x)
}

// serve lets a connection serve a session; nil for none.
func (s *Sessions) serve(f *carrier, x *Session) {
	was := f.session
	if was == x {
		return
	}
	if f.session = x; x != nil {
		x.lines++
	}
	if was == nil {
		return
	}
	if was.lines--; was.lines > 0 || was.gone {
		return
	}
	if was.done() {
		was.cut = true
		s.leave(was)
		return
	}
	if !slices.Contains(s.quiet, was) {
		s.quiet = append(s.quiet, was)
	}
	if due := was.due(); s.due.IsZero() || due.Before(s.due) {
		s.due = due
	}
}

// leave takes a session that is over out of the table.
func (s *Sessions) leave(x *Session) {
	x.gone = true
	if i := slices.Index(s.order, x); i >= 0 {
		s.order = slices.Delete(s.order, i, i+1)
	}
	if i := slices.Index(s.ended, x); i >= 0 {
		s.ended = slices.Delete(s.ended, i, i+1)
	}
	s.over = append(s.over, x)
	if s.bySID[x.sid] == x {
		delete(s.bySID, x.sid)
		if len(s.former) >= maxSessions {
			clear(s.former)
		}
		if len(x.sid) <= maxName {
			s.former[x.sid] = true
		}
	}
}

// expire finds sessions that the server has given up, since nobody has asked for
// as long as it waits (XEP-0124 §10).
func (s *Sessions) expire(t time.Time) {
	if s.due.IsZero() || !t.After(s.due) {
		return
	}
	s.due = time.Time{}
	s.quiet = slices.DeleteFunc(s.quiet, func(x *Session) bool {
		switch due := x.due(); {
		case x.gone || x.lines > 0:
			return true
		case t.After(due):
			x.cut = true
			s.leave(x)
			return true
		case s.due.IsZero() || due.Before(s.due):
			s.due = due
		}
		return false
	})
}

// Ended says that a connection has ended and its number may come again.
func (s *Sessions) Ended(flow uint64) {
	if f := s.flows[flow]; f != nil {
		s.serve(f, nil)
	}
	delete(s.flows, flow)
}

// beside takes what carries no body of a session: the connection's own events,
// other requests.
func (s *Sessions) beside(f *carrier, e *Event) (*Session, []Event) {
	if f.session == nil {
		if len(f.before) < maxBefore {
			f.before = append(f.before, *e)
		}
		return nil, nil
	}
	f.session.conn.begin(e.Time)
	f.session.conn.adopt(e)
	return f.session, f.session.conn.out
}

// find is the request of a session that an event makes or answers; nil where
// it belongs to none.
func (s *Sessions) find(f *carrier, e *Event, b *wrapper) *pending {
	if e.Dir == FromReceiver {
		p := f.calls[e.Exchange]
		if !interim(e) {
			delete(f.calls, e.Exchange)
		}
		if p != nil && p.session.gone {
			p = nil
		}
		if p == nil && b != nil {
			p = s.orphan(f, e, b)
		}
		return p
	}
	if b == nil {
		return nil
	}
	x := s.bySID[b.sid]
	if x == nil || b.sid == "" {
		x = s.add(e, b)
	}
	p := &pending{session: x, rid: b.rid, opens: b.sid == "" || b.restart}
	if len(f.calls) == maxCalls {
		clear(f.calls) // nobody asks so much: the answers are lost
	}
	f.calls[e.Exchange] = p
	return p
}

// orphan is for an answer whose request was not captured: it names its session,
// or it came over a connection that serves one. Its turn is not known.
func (s *Sessions) orphan(f *carrier, e *Event, b *wrapper) *pending {
	x := s.bySID[b.sid]
	switch {
	case b.sid != "" && x == nil:
		x = s.add(e, b)
	case x == nil:
		x = f.session
	}
	if x == nil {
		return nil
	}
	return &pending{session: x}
}

// interim tells an answer that another one follows (RFC 9110 §15.2).
func interim(e *Event) bool { return e.Type[:min(1, len(e.Type))] == "1" }

// add begins a session. Where there are too many, one makes room: the first
// that has ended, or else the one that began first.
func (s *Sessions) add(e *Event, b *wrapper) *Session {
	if len(s.order) >= maxSessions {
		x := s.order[0]
		if len(s.ended) > 0 {
			x, s.ended = s.ended[0], s.ended[1:]
		}
		s.leave(x)
	}
	x := newSession(s.o, e, b)
	x.back = s.former[b.sid]
	s.order = append(s.order, x)
	if b.sid != "" {
		s.bySID[b.sid] = x
	}
	return x
}

// wrapper is the <body/> of BOSH taken apart (XEP-0124 §6).
type wrapper struct {
	text    []byte // from the < of its start tag
	head    int    // length of the start tag
	sid     string
	rid     uint64 // 0 without one that can be (XEP-0124 §7.1)
	restart bool
	menu    bool             // stream features are among its children
	parts   []xmlstream.Span // its children
	was     *wrapper         // of one that was changed: as it came
	typ     string
	bad     *xmlstream.SyntaxError
}

// wrapper reads the start tag; nil where it is no body of BOSH.
func (s *Sessions) wrapper(body []byte) *wrapper {
	if !isBOSH(body) {
		return nil
	}
	start := bytes.IndexByte(body, '<')
	if bytes.HasPrefix(body[start:], []byte("<?")) {
		start += 1 + bytes.IndexByte(body[start+1:], '<')
	}
	b := &wrapper{text: body[start:]}
	root := s.tree.Parse(b.text, nil, s.o.XML)
	if root == nil || root.Kind != xmlstream.ElementNode || root.Name.Local != "body" {
		return nil
	}
	if err := s.tree.Err(); err != nil {
		bad := *err
		b.bad = &bad
	}
	for n := range root.Nodes() {
		if n.Kind == xmlstream.ElementNode {
			b.parts = append(b.parts, n.Span)
			b.menu = b.menu || n.Name.Space == nsStreams && n.Name.Local == "features"
		} else if b.bad == nil && !isSpace(n.Wire()) {
			b.bad = &xmlstream.SyntaxError{Rule: "bosh-body", Ref: spec.XEP(124, "6"), Pos: int(n.Span.Start), End: int(n.Span.End),
				Text: "something other than elements in the wrapper"}
		}
	}
	b.head = int(root.Tag.End)
	b.sid, _ = root.Attr("sid")
	b.typ, _ = root.Attr("type")
	if rid, ok := root.Attr("rid"); ok {
		if n, err := strconv.ParseUint(rid, 10, 53); err == nil {
			b.rid = n
		}
	}
	r, _ := root.AttrNS(nsXBOSH, "restart")
	b.restart = r == "true" || r == "1"
	return b
}

// Over hands out the sessions that are over since the last call, with their last
// events: one side has ended them, whether the other answers or not, and no
// connection serves them any more; or nobody has asked for long at the time t;
// or they made room for others.
func (s *Sessions) Over(t time.Time, each func(*Session, []Event)) {
	s.expire(t)
	over := s.over
	s.over = nil
	for _, x := range over {
		s.end(x, each)
	}
}

// Finish ends all sessions at the time t: what still waits comes out, session by
// session.
func (s *Sessions) Finish(t time.Time, each func(*Session, []Event)) {
	s.Over(t, each)
	for _, x := range s.order {
		s.end(x, each)
	}
}

func (s *Sessions) end(x *Session, each func(*Session, []Event)) {
	x.conn.begin(x.conn.sum.end)
	s.kept -= x.kept
	for d := range x.wait {
		x.release(Dir(d), 0, 0)
	}
	x.conn.sum.live = false
	x.conn.half[FromInitiator].ended = x.cut
	each(x, x.conn.out)
}
