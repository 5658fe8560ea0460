package live

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
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

// past keeps the latest units, for replay.
type past struct {
	units map[decode.Seq]unit
	order []decode.Seq
	size  int
}

type unit struct {
	conn  decode.ConnID
	dir   decode.Dir
	text  []byte
	scope *xmlstream.Scope
	// sort is what of the event makes others like it.
	sort decode.Event
}

// maxPast bounds the bytes that are kept for replay.
const maxPast = 64 << 20

func (p *past) keep(e *decode.Event) {
	switch e.Kind {
	case decode.KindStanza, decode.KindNonza, decode.KindOpen, decode.KindFeatures, decode.KindStreamError, decode.KindClose, decode.KindBroken:
	default:
		return
	}
	text := e.Text()
	if len(text) == 0 || len(text) > maxPast/4 {
		return
	}
	if p.units == nil {
		p.units = map[decode.Seq]unit{}
	}
	text = bytes.Clone(text) // else all that was read together with it stays
	p.units[e.Seq] = unit{e.Conn, e.Dir, text, e.Scope,
		decode.Event{Dir: e.Dir, Kind: e.Kind, Step: e.Step, Name: e.Name, Type: e.Type, Payload: e.Payload}}
	p.order = append(p.order, e.Seq)
	for p.size += len(text); p.size > maxPast && len(p.order) > 1; p.order = p.order[1:] {
		p.size -= len(p.units[p.order[0]].text)
		delete(p.units, p.order[0])
	}
}
