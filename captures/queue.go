package captures

import "slices"

// maxQueued bounds the number of waiting segments of one direction: inserting
// into a sorted list must stay cheap whatever order a hostile file has.
const maxQueued = 4096

// piece is a run of sequence numbers: bytes that were captured, then bytes that
// the capture cut off.
type piece struct {
	seq  uint32
	data []byte
	cut  int
	mark Mark
}

func (p *piece) size() uint32 { return uint32(len(p.data) + p.cut) }

// behind takes the first n sequence numbers away and reports whether any are left.
func (p *piece) behind(n int) bool {
	if uint64(n) >= uint64(p.size()) {
		return false
	}
	have := min(n, len(p.data))
	p.data = p.data[have:]
	p.cut -= n - have
	p.seq += uint32(n)
	return true
}

// clip takes away what lies at or after end and reports whether any is left.
func (p *piece) clip(end uint32) bool {
	n := int32(end - p.seq)
	if n <= 0 {
		return false
	}
	if uint32(n) < p.size() {
		p.cut = max(0, int(n)-len(p.data))
		p.data = p.data[:min(len(p.data), int(n))]
	}
	return true
}

// queue holds early segments, sorted, not overlapping. Bytes that came first stay.
type queue struct {
	list  []piece
	first int // list[:first] is delivered
	bytes int
	since int64 // capture time at which the head began to wait
}

func (q *queue) len() int     { return len(q.list) - q.first }
func (q *queue) head() *piece { return &q.list[q.first] }

// pop removes the head and returns the memory it held.
func (q *queue) pop() int {
	p := q.head()
	n := p.weight()
	*p = piece{}
	q.bytes -= n
	if q.first++; q.first == len(q.list) {
		q.list, q.first = q.list[:0], 0
	} else {
		q.since = q.head().mark.Time
	}
	return n
}

// clear drops everything and returns the memory it held.
func (q *queue) clear() int {
	n := q.bytes
	*q = queue{}
	return n
}

// weight is what a waiting segment costs, its own bookkeeping included.
func (p *piece) weight() int { return len(p.data) + 64 }

// add keeps a copy of the parts of p that are not there yet and returns the
// memory that took. clash is called for ranges that are there with other content.
func (q *queue) add(p piece, now int64, clash func(seq, n uint32)) int {
	if q.len() == 0 {
		q.since = now
	}
	before := q.bytes
	i, _ := slices.BinarySearchFunc(q.list[q.first:], p.seq, func(e piece, seq uint32) int {
		if int32(e.seq+e.size()-seq) <= 0 {
			return -1
		}
		return 1
	})
	i += q.first
	for i < len(q.list) && int32(q.list[i].seq-(p.seq+p.size())) < 0 {
		e := q.list[i]
		if n := int32(e.seq - p.seq); n > 0 {
			front := p
			front.clip(e.seq)
			q.insert(i, front)
			i++
			p.behind(int(n))
		}
		e.compare(&p, clash)
		if !p.behind(int(e.seq + e.size() - p.seq)) {
			return q.bytes - before
		}
		i++
	}
	q.insert(i, p)
	return q.bytes - before
}

// insert puts a copy of p in place i.
func (q *queue) insert(i int, p piece) {
	p.data = append([]byte(nil), p.data...)
	q.bytes += p.weight()
	if q.first > 64 && q.first > len(q.list)/2 {
		n := copy(q.list, q.list[q.first:])
		clear(q.list[n:])
		q.list, i, q.first = q.list[:n], i-q.first, 0
	}
	q.list = slices.Insert(q.list, i, p)
}

// compare looks for differences where p, which does not start before e, covers
// bytes that e has.
func (e *piece) compare(p *piece, clash func(seq, n uint32)) {
	skip := int(p.seq - e.seq)
	if skip >= len(e.data) {
		return
	}
	from, to := differs(e.data[skip:], p.data)
	if to > from {
		clash(p.seq+uint32(from), uint32(to-from))
	}
}

// differs returns the smallest range that holds all differences between the
// common lengths of a and b.
func differs(a, b []byte) (from, to int) {
	n := min(len(a), len(b))
	for from < n && a[from] == b[from] {
		from++
	}
	for n > from && a[n-1] == b[n-1] {
		n--
	}
	return from, n
}
