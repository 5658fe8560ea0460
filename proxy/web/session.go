package web

import (
	"net"
	"strconv"
	"sync"
	"time"

	"xmppscope/decode/xmlstream"
)

// Bounds of a session of BOSH.
const (
	keptAnswers = 4       // that may be asked for again (XEP-0124 §14.3)
	maxOut      = 1 << 20 // bytes for the client before the server is not read on
	maxIn       = 4 << 20 // bytes for a server that does not read
)

// session is one of BOSH, with a plain stream behind it.
type session struct {
	b   *BOSH
	sid string

	mu   sync.Mutex
	room *sync.Cond // bytes were taken out of out or in, or all is over
	// next is the rid whose turn it is; early those that came before theirs;
	// open the requests without an answer, in order; kept the latest answers.
	next  uint64
	first uint64
	early map[uint64]*query
	open  []*query
	kept  map[uint64][]byte
	hold  int
	wait  time.Duration
	acks  bool
	out   []byte // elements for the client
	in    []byte // bytes for the server
	idle  *time.Timer
	// Of the last request in its turn: when it came, whether it was empty, and
	// whether it was answered by nothing.
	last            time.Time
	asked, answered bool

	head                header // of the first request
	authid              string // of the server's header, as are these
	from, version, lang string
	began               bool // the answer to the first request has gone
	left                bool // the client has terminated
	over                bool // there is no server any more
	condition, why      string
}

func newSession(b *BOSH, q *query) *session {
	s := &session{b: b, sid: newSID(), next: q.rid, first: q.rid, early: map[uint64]*query{}, kept: map[uint64][]byte{},
		head: q.head, hold: q.hold, wait: min(q.wait, b.o.Wait), acks: q.acks}
	s.room = sync.NewCond(&s.mu)
	return s
}

// window is how many requests may be open at once (XEP-0124 §7.2).
func (s *session) window() uint64 { return uint64(s.hold) + 1 }

// take takes a request, in its turn.
func (s *session) take(q *query) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		s.idle.Stop()
		s.idle = nil
	}
	switch {
	case q.rid < s.next:
		s.again(q)
	case q.rid >= s.next+s.window()+1 || s.early[q.rid] != nil:
		q.to <- answer{terminate("item-not-found", "the rid is not one that may come now (XEP-0124 section 14.2)"), q.last}
		s.end("item-not-found", "")
	default:
		s.early[q.rid] = q
		for s.early[s.next] != nil {
			now := s.early[s.next]
			delete(s.early, s.next)
			s.next++
			s.accept(now)
		}
	}
	s.flush()
}

// again is for a request that came before (XEP-0124 §14.3): the same answer, or
// the place of the one that still waits.
func (s *session) again(q *query) {
	if p := s.kept[q.rid]; p != nil {
		q.to <- answer{p, q.last}
		return
	}
	for i, old := range s.open {
		if old.rid == q.rid {
			old.timer.Stop()
			old.to <- answer{response("", nil), old.last}
			s.open[i] = q
			s.clock(q)
			return
		}
	}
	q.to <- answer{terminate("item-not-found", "the answer is not kept any more"), q.last}
}

// accept takes the request whose turn it is.
func (s *session) accept(q *query) {
	s.open = append(s.open, q)
	s.clock(q)
	if s.over {
		return
	}
	if s.hurries(q) {
		s.end("policy-violation", "empty requests come faster than once in "+s.b.o.Polling.String()+", which is what `polling` allows (XEP-0124 sections 11 and 12)")
		return
	}
	if q.restart {
		s.in = append(s.in, q.head.or(s.head).stream()...)
	}
	for _, p := range q.parts {
		s.in = append(s.in, p...)
	}
	if q.leaves && !s.left {
		s.left = true
		s.in = append(s.in, streamEnd...)
		time.AfterFunc(s.b.o.Farewell, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.end("", "")
		})
	}
	if len(s.in) > maxIn {
		s.end("policy-violation", "the server does not take what is sent")
	}
	s.room.Broadcast()
}

// hurries tells a client that asks more often than it may: with an empty request
// right behind another that brought nothing, where none are kept; else with one
// more than are kept (XEP-0124 §11, §12).
func (s *session) hurries(q *query) bool {
	empty := len(q.parts) == 0 && !q.restart && !q.leaves
	soon := empty && s.asked && s.began && time.Since(s.last) < s.b.o.Polling
	s.last, s.asked = time.Now(), empty
	if s.hold == 0 || s.wait == 0 {
		return soon && s.answered
	}
	return soon && len(s.open) > s.hold
}

// clock answers a request when it has waited for long enough.
func (s *session) clock(q *query) {
	q.timer = time.AfterFunc(s.wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, o := range s.open {
			if o == q {
				for range i + 1 {
					s.reply()
				}
				break
			}
		}
		s.flush()
	})
}

// flush answers what can be answered: the oldest request where there is
// something to say, and those that are more than are held.
func (s *session) flush() {
	for len(s.open) > 0 && (s.over || s.ready() && (len(s.out) > 0 || len(s.open) > s.hold && !s.left)) {
		s.reply()
	}
	if len(s.open) == 0 && s.idle == nil {
		d := s.b.o.Idle
		if s.over {
			d = s.b.o.Farewell
		}
		s.idle = time.AfterFunc(d, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.open) == 0 {
				s.end("", "")
				s.b.forget(s)
			}
		})
	}
}

// ready tells whether the first answer has gone, or has something to say.
func (s *session) ready() bool { return s.began || len(s.out) > 0 }

// reply answers the oldest request.
func (s *session) reply() {
	q := s.open[0]
	s.open = s.open[1:]
	q.timer.Stop()
	attrs := ""
	if !s.began && !s.over {
		s.began = true
		attrs = s.created()
	} else if s.acks && s.next-1 != q.rid {
		attrs = " ack='" + strconv.FormatUint(s.next-1, 10) + "'"
	}
	inner := s.out
	s.out, s.answered = nil, len(s.out) == 0
	last := s.over && len(s.open) == 0
	if s.over {
		attrs += " type='terminate'"
		if s.condition != "" {
			attrs += " condition='" + s.condition + "'"
		}
		if s.why != "" {
			inner = append(inner, "<text xmlns='"+nsErrors+"'>"+escape("xmppscope: "+s.why)+"</text>"...)
		}
	}
	p := response(attrs, inner)
	s.kept[q.rid] = p
	delete(s.kept, q.rid-keptAnswers)
	q.to <- answer{p, q.last || last && s.condition != ""}
	s.room.Broadcast()
}

// created is what the first answer says of the session (XEP-0124 §7.2, XEP-0206
// §4).
func (s *session) created() string {
	number := func(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
	attrs := " xmlns:stream='" + xmlstream.NSStreams + "' xmlns:xmpp='" + nsXBOSH + "' sid='" + s.sid + "' wait='" + number(s.wait) +
		"' requests='" + strconv.FormatUint(s.window(), 10) + "' hold='" + strconv.Itoa(s.hold) + "' inactivity='" + number(s.b.o.Idle) + "' polling='" + number(max(s.b.o.Polling, time.Second)) + "' ver='1.6' xmpp:restartlogic='true'"
	for _, a := range [...][2]string{{"from", s.from}, {"authid", s.authid}, {"xmpp:version", s.version}, {"xml:lang", s.lang}} {
		if a[1] != "" {
			attrs += " " + a[0] + "='" + escape(a[1]) + "'"
		}
	}
	if s.acks {
		attrs += " ack='" + strconv.FormatUint(s.first, 10) + "'"
	}
	return attrs
}

// end ends the session, once. What was said before still reaches the client.
func (s *session) end(condition, why string) {
	if s.over {
		return
	}
	s.over, s.condition, s.why = true, condition, why
	for rid, q := range s.early {
		delete(s.early, rid)
		q.to <- answer{terminate(condition, why), q.last}
	}
	s.room.Broadcast()
	s.flush()
}

// run is the server's side of a session.
func (s *session) run(reach Reach, h header) {
	up, err := reach(h.to, h.from)
	s.mu.Lock()
	if err != nil {
		s.end("remote-connection-failed", err.Error())
		s.mu.Unlock()
		return
	}
	s.in = append(h.stream(), s.in...)
	s.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { s.send(up) })
	condition, why := s.follow(up)
	s.mu.Lock()
	s.end(condition, why)
	s.mu.Unlock()
	both.Wait()
}

// send writes what the client says, until the end.
func (s *session) send(up net.Conn) {
	defer up.Close()
	for {
		s.mu.Lock()
		for len(s.in) == 0 && !s.over {
			s.room.Wait()
		}
		p, over := s.in, s.over
		s.in = nil
		s.mu.Unlock()
		if len(p) > 0 {
			if _, err := up.Write(p); err != nil {
				return
			}
		}
		if over {
			return
		}
	}
}

// follow takes what the server says. It returns how the session ends.
func (s *session) follow(up net.Conn) (condition, why string) {
	r := newReader(up, s.b.o.Most)
	for {
		u, err := r.next()
		if err != nil {
			return "remote-connection-failed", "the server has ended the connection"
		}
		switch u.Kind {
		case xmlstream.Header:
			s.mu.Lock()
			s.authid, s.from, s.version, s.lang = r.head.id, r.head.from, r.head.version, r.head.lang
			s.mu.Unlock()
		case xmlstream.Close:
			return condition, ""
		case xmlstream.Space:
		default:
			p := r.alone(u)
			if r.isError(u) {
				condition = "remote-stream-error"
			}
			if !s.say(p) {
				return condition, ""
			}
		}
	}
}

// say gives the client an element. It waits where the client has too much to
// fetch; false where there is no session any more.
func (s *session) say(p []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.out) > maxOut && !s.over {
		s.room.Wait()
	}
	if s.over {
		return false
	}
	s.out = append(s.out, p...)
	s.flush()
	return true
}
