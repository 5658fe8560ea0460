package inspector

import (
	"cmp"
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
)

// Stats counts what an input holds, event by event and without keeping any.
// Its memory grows with the number of conversations only, about a kilobyte
// each. It belongs to one goroutine.
type Stats struct {
	total    counts
	engine   *lint.Engine
	byConn   map[decode.ConnID]*connStats
	last     *connStats
	names    tally[xmlstream.Name]
	payloads tally[string]
	steps    [256]int64
	iq       durations
	turns    durations
	slowest  []Wait
	waiting  waiting
	recent   []asked // by seq; requests that are no iq
	second   int64   // the second of capture time that is being counted
	inSecond int64
	peak     int64
}

// connStats is one conversation.
type connStats struct {
	counts
	id  decode.ConnID
	sum *decode.Conversation
	iq  durations
}

// counts are the figures that a conversation and the whole input share.
type counts struct {
	events, bytes [2]int64
	lost          int64
	kinds         [32]uint32
	phases        [32]uint32
	findings      map[string]int64 // nil without
	levels        [4]int64
	unread        [maxWhys]Unread
	first, end    int64 // nanoseconds since 1970; nothing where end is 0
	requests      int64
	answers       int64
}

// Bounds of the tables that hostile input could fill.
const (
	maxTally   = 256
	maxWaiting = 1 << 16
	maxRecent  = 1 << 14
	maxSlowest = 5
)

// asked is a request that may still be answered.
type asked struct {
	seq  decode.Seq
	time int64
}

// NewStats makes empty statistics; o are the options of the rules.
func NewStats(o lint.Options) *Stats {
	return &Stats{engine: lint.New(o), byConn: make(map[decode.ConnID]*connStats), recent: make([]asked, maxRecent)}
}

// Add counts an event. It keeps nothing of it.
func (s *Stats) Add(e *decode.Event) {
	c := s.conn(e.Conn)
	t, timed := unixNano(e.Time)
	s.total.add(e, t, timed)
	c.add(e, t, timed)
	s.steps[e.Step]++
	if e.Kind == decode.KindStanza {
		s.names.add(e.Name)
		if e.Payload.Space != "" {
			s.payloads.add(e.Payload.Space)
		}
	}
	s.find(s.engine.Event(e))
	if timed {
		s.beat(t)
		s.pair(c, e, t)
	}
}

// AddConversation takes what the reader of the input says of a conversation
// that has ended.
func (s *Stats) AddConversation(c decode.Conversation) {
	s.conn(c.Conn).sum = &c
	s.find(s.engine.End(&c))
}

// find counts findings.
func (s *Stats) find(found []Finding) {
	for i := range found {
		s.total.find(found[i])
		s.conn(found[i].Conn).find(found[i])
	}
}

func (s *Stats) conn(id decode.ConnID) *connStats {
	if s.last != nil && s.last.id == id {
		return s.last
	}
	c := s.byConn[id]
	if c == nil {
		c = &connStats{id: id}
		s.byConn[id] = c
	}
	s.last = c
	return c
}

func (c *counts) add(e *decode.Event, t int64, timed bool) {
	d := e.Dir & 1
	c.events[d]++
	if e.Kind != decode.KindTLS && e.Kind != decode.KindDNS {
		c.bytes[d] += int64(len(e.Wire))
	}
	c.hide(e)
	c.lost += e.Lost
	c.kinds[e.Kind&31]++
	c.phases[e.Phase&31]++
	if isRequest(e) {
		c.requests++
	}
	if !timed {
		return
	}
	if c.end == 0 || t < c.first {
		c.first = t
	}
	if c.end == 0 || t > c.end {
		c.end = t
	}
}

func (c *counts) find(f Finding) {
	if c.findings == nil {
		c.findings = make(map[string]int64)
	}
	c.findings[f.Rule]++
	c.levels[f.Level&3]++
}

// beat counts the events of every second of capture time.
func (s *Stats) beat(t int64) {
	if now := t / int64(time.Second); now != s.second {
		s.second, s.inSecond = now, 0
	}
	s.inSecond++
	s.peak = max(s.peak, s.inSecond)
}

// pair measures how long an answer took.
func (s *Stats) pair(c *connStats, e *decode.Event, t int64) {
	if e.Reply != 0 {
		if from, ok := s.waiting.take(e.Reply); ok {
			took := time.Duration(t - from)
			c.answers++
			s.total.answers++
			c.iq.add(took)
			s.iq.add(took)
			s.slow(e, took)
		} else if r := s.recent[e.Reply%maxRecent]; r.seq == e.Reply && e.Phase != decode.PhaseClose {
			s.turns.add(time.Duration(t - r.time))
		}
	}
	switch {
	case isRequest(e):
		s.waiting.add(asked{e.Seq, t})
	case e.Step != decode.StepExchange:
		s.recent[e.Seq%maxRecent] = asked{e.Seq, t}
	}
}

// slow keeps the longest waits, longest first.
func (s *Stats) slow(e *decode.Event, took time.Duration) {
	if len(s.slowest) == maxSlowest && took <= s.slowest[maxSlowest-1].took {
		return
	}
	w := Wait{Request: e.Reply, Answer: e.Seq, Conn: e.Conn, Milliseconds: milliseconds(took), took: took}
	i, _ := slices.BinarySearchFunc(s.slowest, took, func(w Wait, d time.Duration) int { return -cmp.Compare(w.took, d) })
	for i < len(s.slowest) && s.slowest[i].took == took {
		i++
	}
	s.slowest = slices.Insert(s.slowest, i, w)
	s.slowest = s.slowest[:min(len(s.slowest), maxSlowest)]
}

// waiting are the iq requests without an answer so far; the oldest is given
// up where there are too many.
type waiting struct {
	since map[decode.Seq]int64
	order []decode.Seq // oldest first, answered ones included
	head  int
}

func (w *waiting) add(a asked) {
	if w.since == nil {
		w.since = make(map[decode.Seq]int64)
	}
	for len(w.since) >= maxWaiting && w.head < len(w.order) {
		delete(w.since, w.order[w.head])
		w.head++
	}
	if len(w.order) >= 2*maxWaiting {
		w.order = slices.DeleteFunc(w.order[w.head:], func(q decode.Seq) bool { _, open := w.since[q]; return !open })
		w.head = 0
	}
	w.since[a.seq] = a.time
	w.order = append(w.order, a.seq)
}

func (w *waiting) take(seq decode.Seq) (since int64, ok bool) {
	since, ok = w.since[seq]
	delete(w.since, seq)
	return since, ok
}

// tally counts by a key; keys past maxTally are counted together.
type tally[K comparable] struct {
	n    map[K]int64
	rest int64
}

func (t *tally[K]) add(k K) {
	if t.n == nil {
		t.n = make(map[K]int64)
	}
	if n, ok := t.n[k]; ok || len(t.n) < maxTally {
		t.n[k] = n + 1
		return
	}
	t.rest++
}
