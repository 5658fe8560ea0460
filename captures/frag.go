package captures

import "slices"

const (
	fragmentTimeout = 60 * int64(1e9) // RFC 8200 section 4.5; RFC 1122 section 3.3.2 allows as much
	maxDatagram     = 65535
	maxFragmentSets = 4096
)

// fragmentKey names the datagram a fragment belongs to (RFC 791 section 3.2,
// RFC 8200 section 4.5).
type fragmentKey struct {
	v6       bool
	proto    byte // IPv4 only
	id       uint32
	src, dst address
}

// fragment is one fragment's share of a datagram's payload.
type fragment struct {
	key   fragmentKey
	from  int // where its share starts
	wire  int // length of the share; len(data) may be less when the capture cut it
	data  []byte
	more  bool
	proto byte
	frame uint32
	time  int64
}

// fragmentSet is a datagram under construction.
type fragmentSet struct {
	key   fragmentKey
	spans []span // sorted, never overlapping
	total int    // -1 until the last fragment came
	bytes int    // memory taken
	proto byte   // as the first fragment says
	born  int64
}

// span is a part that waits, with its own copy of the bytes: room for the whole
// datagram is made only when all of it is there.
type span struct {
	part
	data []byte
}

const spanCost = 96 // bookkeeping of one span, in bytes

// fragments rebuilds datagrams. Where fragments overlap, the bytes that came
// first stay. Old and surplus datagrams are dropped: their TCP segments then
// count as lost, which is what the receiver saw too.
type fragments struct {
	sets  map[fragmentKey]*fragmentSet
	order []*fragmentSet // by age, oldest first; finished ones linger until they are passed
	bytes int
	limit int
}

func newFragments(limit int) fragments {
	return fragments{sets: map[fragmentKey]*fragmentSet{}, limit: limit}
}

// add takes a fragment and returns the datagram it completes, or nil.
func (t *fragments) add(f fragment) *fragmentSet {
	if f.wire <= 0 || f.from+f.wire > maxDatagram {
		return nil
	}
	t.expire(f.time)
	s := t.sets[f.key]
	if s == nil {
		s = &fragmentSet{key: f.key, total: -1, proto: f.proto, born: f.time}
		t.sets[f.key] = s
		t.order = append(t.order, s)
	}
	t.bytes -= s.bytes
	s.add(f)
	t.bytes += s.bytes
	if s.whole() {
		t.drop(s)
		return s
	}
	return nil
}

// expire drops what is too old, and the oldest when there is too much.
func (t *fragments) expire(now int64) {
	for len(t.order) > 0 {
		s := t.order[0]
		gone := t.sets[s.key] != s
		if !gone && now-s.born < fragmentTimeout && len(t.sets) < maxFragmentSets &&
			len(t.order) < 4*maxFragmentSets && t.bytes < t.limit {
			return
		}
		if !gone {
			t.drop(s)
		}
		t.order[0] = nil
		t.order = t.order[1:]
	}
	t.order = nil
}

func (t *fragments) drop(s *fragmentSet) {
	delete(t.sets, s.key)
	t.bytes -= s.bytes
}

// add lays a fragment's bytes where nothing is yet.
func (s *fragmentSet) add(f fragment) {
	end := f.from + f.wire
	if !f.more && s.total < 0 {
		s.total = end
	}
	if s.total >= 0 {
		end = min(end, s.total)
	}
	if f.from == 0 {
		s.proto = f.proto
	}
	have := min(f.from+len(f.data), end)
	s.lay(f, f.from, have, false)
	s.lay(f, max(have, f.from), end, true)
}

// lay fills the holes between from and to.
func (s *fragmentSet) lay(f fragment, from, to int, absent bool) {
	i := 0
	for from < to {
		for i < len(s.spans) && s.spans[i].off+s.spans[i].n <= from {
			i++
		}
		stop := to
		if i < len(s.spans) {
			stop = min(to, s.spans[i].off)
		}
		if stop > from {
			n := span{part: part{off: from, n: stop - from, frame: f.frame, time: f.time, absent: absent}}
			if !absent {
				n.data = slices.Clone(f.data[from-f.from : stop-f.from])
			}
			s.spans = slices.Insert(s.spans, i, n)
			s.bytes += len(n.data) + spanCost
			i++
		}
		if i == len(s.spans) {
			return
		}
		from = max(stop, s.spans[i].off+s.spans[i].n)
	}
}

// whole reports whether every byte up to the end is accounted for.
func (s *fragmentSet) whole() bool {
	at := 0
	for _, p := range s.spans {
		if p.off != at {
			return false
		}
		at += p.n
	}
	return s.total >= 0 && at >= s.total
}

// payload is the datagram's payload; what the capture left out is zero.
func (s *fragmentSet) payload() []byte {
	b := make([]byte, s.total)
	for _, p := range s.spans {
		if p.off < s.total {
			copy(b[p.off:], p.data)
		}
	}
	return b
}

// parts lists the frames that carried the payload after the first skip bytes.
func (s *fragmentSet) parts(skip int) []part {
	var out []part
	for _, w := range s.spans {
		p := w.part
		end := min(p.off+p.n, s.total)
		if end <= max(p.off, skip) {
			continue // of a header, or behind the end that came later
		}
		p.off = max(p.off, skip)
		p.n = end - p.off
		p.off -= skip
		out = append(out, p)
	}
	return out
}
