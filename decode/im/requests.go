package im

import (
	"hash/maphash"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// maxRequests is how many open requests each side may have; of more the oldest
// is forgotten. maxEarly is how many answers wait for their request.
const (
	maxRequests = 4096
	maxEarly    = 64
)

// Request is an iq that waits for its answer (RFC 6120 §8.2.3).
type Request struct {
	Seq decode.Seq
	Dir decode.Dir
	// ID, Type, From and To are its attributes; Type is get or set.
	ID, Type, From, To string
	// Name is its payload.
	Name xmlstream.Name
	// Node is what service discovery asks about (XEP-0030 §3.2).
	Node string
	// Time is when it was sent.
	Time time.Time

	// wish is the item of a roster set, version that of the roster which the
	// client has, query the key of an open query of an archive.
	wish           *Item
	block          *blocking
	version, query string
}

// Age is how long the request has waited.
func (r Request) Age(now time.Time) time.Duration { return now.Sub(r.Time) }

// Pending are the requests that a side has sent and that have no answer yet, in
// their order.
func (s *Session) Pending(dir decode.Dir) []Request {
	all := make([]Request, 0, s.pending[dir&1].len())
	for _, r := range s.pending[dir&1].all() {
		all = append(all, *r)
	}
	return all
}

// Request is an open request by its event.
func (s *Session) Request(seq decode.Seq) (Request, bool) {
	for d := range s.pending {
		if r := s.pending[d].get(seq); r != nil {
			return *r, true
		}
	}
	return Request{}, false
}

// Answered is the request that the last event answers.
func (s *Session) Answered() (Request, bool) { return s.answered, s.answered.Seq != 0 }

// iq follows a request or an answer.
func (s *Session) iq(e *decode.Event, n *xmlstream.Node) {
	switch e.Type {
	case "get", "set":
		s.request(e, n)
	case "result", "error":
		s.answer(e, n)
	}
}

func (s *Session) request(e *decode.Event, n *xmlstream.Node) {
	r := Request{Seq: e.Seq, Dir: e.Dir, ID: clip(e.ID), Type: e.Type, From: e.From, To: e.To, Name: e.Payload, Time: e.Time}
	switch e.Payload.Space {
	case nsInfo, nsItems:
		if n = s.node(e, n); n != nil {
			if q := n.FirstElement(); q != nil {
				r.Node = attr(q, "node", "")
			}
		}
	case nsRoster:
		if n = s.node(e, n); n != nil && s.c2s {
			s.rosterRequest(&r, e, n)
		}
	case nsBlocking:
		if n = s.node(e, n); n != nil && s.c2s && e.Type == "set" {
			s.blockingSet(&r, e, n)
		}
	case nsMAM:
		if e.Payload.Local == "query" && e.Type == "set" {
			r.query = s.openQuery(e, s.node(e, n))
		}
	}
	if s.early[e.Dir&1] != nil && s.wasAnswered(&r) {
		return
	}
	p := &s.pending[e.Dir&1]
	p.put(e.Seq, r, 256+len(r.ID)+len(r.From)+len(r.To)+len(r.Node))
	s.change(Change{GroupRequests, r.ID, "request", "", "open", 0})
}

// rosterRequest follows what is asked about the roster, or pushed.
func (s *Session) rosterRequest(r *Request, e *decode.Event, n *xmlstream.Node) {
	q := n.Child(nsRoster, "query")
	switch {
	case q == nil:
	case e.Dir == decode.FromReceiver && e.Type == "set":
		s.rosterPush(e, q)
	case e.Dir == decode.FromInitiator && e.Type == "set":
		r.wish = wishOf(q)
	case e.Dir == decode.FromInitiator:
		r.version = attr(q, "ver", s.version)
	}
}

// wishOf is the item that a client wants to have changed.
func wishOf(q *xmlstream.Node) *Item {
	c := q.Child(nsRoster, "item")
	if c == nil {
		return nil
	}
	return &Item{JID: attr(c, "jid", ""), Name: attr(c, "name", ""), Subscription: attr(c, "subscription", "")}
}

// answer closes the request that an answer belongs to and takes what it brings.
func (s *Session) answer(e *decode.Event, n *xmlstream.Node) {
	p := &s.pending[e.Dir.Other()]
	var r Request
	if open := p.get(e.Reply); open != nil {
		r = *open
		p.remove(e.Reply)
		now := "answered"
		if e.Type == "error" {
			now = "refused"
		}
		s.change(Change{GroupRequests, r.ID, "request", "open", now, r.Seq})
	}
	if s.answered = r; r.Seq == 0 && e.ID != "" && len(e.ID) <= maxText {
		d := e.Dir.Other()
		if len(s.early[d]) == maxEarly {
			s.early[d] = append(s.early[d][:0], s.early[d][1:]...)
		}
		s.early[d] = append(s.early[d], early{maphash.String(s.seed, e.ID), e.ID, key(e.From)})
	}
	if e.Dir == decode.FromReceiver {
		s.handled = max(s.handled, r.Seq)
	}
	if r.query != "" {
		s.closeQuery(r.query, e, s.node(e, n))
	}
	if e.Type == "error" {
		s.refused(&r, e)
		return
	}
	switch e.Payload.Space {
	case nsInfo:
		s.discoInfo(e, s.node(e, n), &r)
	case nsItems:
		s.discoItems(e, s.node(e, n), &r)
	}
	if !s.c2s || e.Dir != decode.FromReceiver {
		return
	}
	switch {
	case r.block != nil:
		s.block(r.block, e.Seq)
	case r.Name.Space == nsBlocking && e.Payload.Local == "blocklist":
		if n = s.node(e, n); n != nil {
			s.block(blockingOf(n.FirstElement()), e.Seq)
		}
	case r.Name.Space == nsRoster && r.Type == "set":
		s.rosterSet(&r, e.Seq)
	case r.Name.Space == nsRoster || r.Seq == 0 && e.Payload.Space == nsRoster:
		if r.Seq == 0 && !s.fromAccount(e) {
			return
		}
		if n = s.node(e, n); n != nil {
			s.rosterResult(e, n, &r)
		}
	}
}

// early is an answer that came, in the order of the capture, before its request:
// where a direction was lost for a while, or joined late, the two do not keep
// step.
type early struct {
	hash     uint64 // of id
	id, from string
}

// wasAnswered tells whether the answer to a request has been there already.
func (s *Session) wasAnswered(r *Request) bool {
	list := s.early[r.Dir&1]
	h := maphash.String(s.seed, r.ID)
	for i := range list {
		a := &list[i]
		if a.hash == h && a.id == r.ID && (a.from == "" || r.To == "" || a.from == key(r.To)) {
			s.early[r.Dir&1] = append(list[:i], list[i+1:]...)
			return true
		}
	}
	return false
}

// refused notes what an error says about the state: who does not answer service
// discovery has nothing to show.
func (s *Session) refused(r *Request, e *decode.Event) {
	if r.Name.Space == nsInfo {
		s.differ(GroupDiscovery, r.To, "info", "", "refused: "+e.Condition, 0)
	}
}
