package live

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector/gate"
	"xmppscope/proxy"
)

// Session joins a running proxy, its gate, and the events that are read of it.
// Its methods may be called from any goroutine.
type Session struct {
	proxy *proxy.Proxy
	gate  *gate.Gate

	mu    sync.Mutex
	held  map[decode.Seq]*Held
	order []decode.Seq // of what is held, as it came
	ends  map[decode.ConnID]end
	past  past
}

// Held is a unit that waits for a decision.
type Held struct {
	Seq   decode.Seq
	Conn  decode.ConnID
	Dir   decode.Dir
	Event *decode.Event // what it would be if it went on when it was announced
	Since time.Time
	// Began is when its conversation began.
	Began time.Time
	// Decided is what was decided about it, At when; it is still there because
	// others wait before it, or because its event is on its way.
	Decided string
	At      time.Time
	id      uint32
}

// end is the client's side of a conversation, and when it came.
type end struct {
	client string
	began  time.Time
}

// New makes a session.
func New(p *proxy.Proxy, g *gate.Gate) *Session {
	return &Session{proxy: p, gate: g, held: map[decode.Seq]*Held{}, ends: map[decode.ConnID]end{}}
}

// Begin is told of a conversation before its first event.
func (s *Session) Begin(c decode.Conversation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends[c.Conn] = end{c.Initiator, time.Now()}
}

// Over is told of a conversation that has ended.
func (s *Session) Over(c *decode.Conversation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ends, c.Conn)
	for seq, h := range s.held {
		if h.Conn == c.Conn {
			s.forget(seq)
		}
	}
}

// Hold is told of a unit that waits. It copies what it keeps.
func (s *Session) Hold(e *decode.Event) {
	kept := *e
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[e.Seq] = &Held{Seq: e.Seq, Conn: e.Conn, Dir: e.Dir, Event: &kept, Since: e.Time, id: e.HeldID}
	s.order = append(s.order, e.Seq)
}

// Event is told of every event.
func (s *Session) Event(e *decode.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.past.keep(e)
	if s.held[e.Seq] != nil {
		s.forget(e.Seq)
	}
}

func (s *Session) forget(seq decode.Seq) {
	delete(s.held, seq)
	s.order = slices.DeleteFunc(s.order, func(q decode.Seq) bool { return q == seq })
}

// Held lists what waits, in the order in which it came.
func (s *Session) Held() (all []Held) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, seq := range s.order {
		h := *s.held[seq]
		h.Began = s.ends[h.Conn].began
		all = append(all, h)
	}
	return all
}

// Gate is what decides.
func (s *Session) Gate() *gate.Gate { return s.gate }

// Conn is the open connection of a conversation. For 0 it is the only one there
// is.
func (s *Session) Conn(id decode.ConnID) (*proxy.Conn, error) {
	all := s.proxy.Conns()
	if id == 0 {
		if len(all) != 1 {
			return nil, fmt.Errorf("there are %d connections: say which by conn", len(all))
		}
		return all[0], nil
	}
	s.mu.Lock()
	from, known := s.ends[id]
	s.mu.Unlock()
	for _, c := range all {
		if f := c.Facts(); known && f.Client.String() == from.client {
			return c, nil
		}
	}
	return nil, fmt.Errorf("conversation %d is not open", id)
}
