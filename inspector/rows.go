package inspector

import (
	"math"
	"sort"
	"sync"
	"sync/atomic"
	"unsafe"

	"xmppscope/decode"
)

// chunkRows is how many rows lie together and move to the file and back at
// once: 96 KiB.
const chunkRows = 1 << 11

// maxBack is how many chunks that moved to the file are in memory again.
const maxBack = 32

type chunkOf [chunkRows]Row

// rows are those of a store. What exceeds a limit moves to the file, oldest
// first, and comes back while it is looked at. One writer, many readers.
type rows struct {
	file *spillFile
	keep int // chunks that stay in memory, the open one included

	chunks published[*rowChunk]
	moved  int // chunks below have moved; the writer's

	mu   sync.Mutex // guards what comes back
	back [maxBack]*rowChunk
	next int // in back, whose place the next one takes
}

// rowChunk is a stretch of rows. Those in memory are at rows; at says where in
// the file they are, and is set before rows is cleared.
type rowChunk struct {
	rows atomic.Pointer[chunkOf]
	at   int64
	// low: events of rows before this chunk have at most this number, those in
	// it and behind it a larger one; those that were held not counted.
	low decode.Seq
	// late are the smallest and the largest number of those that were held; 0
	// where there are none.
	late [2]atomic.Uint32
	// stays is set where the file lacks an answer that is known in memory.
	stays bool
}

func (c *chunkOf) bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(c)), unsafe.Sizeof(*c))
}

// add appends a row. low is the highest number of an event before it.
func (l *rows) add(i int, r *Row, low decode.Seq) {
	if i%chunkRows == 0 {
		c := &rowChunk{low: low}
		c.rows.Store(new(chunkOf))
		l.chunks.add(c)
		l.spill()
	}
	c := l.chunks.own[i/chunkRows]
	if r.flags&late != 0 {
		if first := c.late[0].Load(); first == 0 || r.seq < first {
			c.late[0].Store(r.seq)
		}
		c.late[1].Store(max(c.late[1].Load(), r.seq))
	}
	c.rows.Load()[i%chunkRows] = *r
}

// spill moves the oldest chunks out until the rest is within the limit. Where
// the file cannot be written, they stay.
func (l *rows) spill() {
	for len(l.chunks.own)-l.moved > l.keep {
		c := l.chunks.own[l.moved]
		at, err := l.file.add(c.rows.Load().bytes())
		if err != nil {
			return
		}
		c.at = at
		c.rows.Store(nil)
		l.moved++
	}
}

// at is row i, to be read. Its answer may change while it is looked at.
func (l *rows) at(i int) *Row { return &l.chunk(l.chunks.all()[i/chunkRows])[i%chunkRows] }

func (l *rows) chunk(c *rowChunk) *chunkOf {
	if p := c.rows.Load(); p != nil {
		return p
	}
	return l.fetch(c)
}

// find is the row, of the first n, of an event that was not held.
func (l *rows) find(seq uint32, n int) (row int, ok bool) {
	first := l.around(seq, n) * chunkRows
	to := min(first+chunkRows, n)
	i := first + sort.Search(to-first, func(i int) bool { return l.seqFrom(first+i, to) >= seq })
	for ; i < to; i++ {
		if r := l.at(i); r.flags&late == 0 {
			return i, r.seq == seq
		}
	}
	return 0, false
}

// seqFrom is the number of the first event from row i up to another one that was
// not held; the largest number there is where there is none.
func (l *rows) seqFrom(i, to int) uint32 {
	for ; i < to; i++ {
		if r := l.at(i); r.flags&late == 0 {
			return r.seq
		}
	}
	return math.MaxUint32
}

// around is the chunk, of those of the first n rows, in which the event of a
// number is if it was not held. If it was, it is there or behind.
func (l *rows) around(seq uint32, n int) int {
	all := l.chunks.all()[:chunksOf(n)]
	return max(0, sort.Search(len(all), func(i int) bool { return uint32(all[i].low) >= seq })-1)
}

func chunksOf(n int) int { return (n + chunkRows - 1) / chunkRows }

// findLate is the row, of the first n, of an event that was held while others
// passed.
func (l *rows) findLate(seq uint32, n int) (row int, ok bool) {
	all := l.chunks.all()[:chunksOf(n)]
	for c := l.around(seq, n); c < len(all); c++ {
		if seq > all[c].late[1].Load() || seq < all[c].late[0].Load() {
			continue
		}
		p, first := l.chunk(all[c]), c*chunkRows
		for i := range min(chunkRows, n-first) {
			if p[i].seq == seq {
				return first + i, true
			}
		}
	}
	return 0, false
}

// fetch reads a chunk from the file. Where that fails, which the store tells,
// its rows are those of no event.
func (l *rows) fetch(c *rowChunk) *chunkOf {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.bring(c)
	if err != nil {
		_ = l.file.fail(err)
		p = new(chunkOf)
		for i := range p {
			p[i] = lostRow()
		}
	}
	return p
}

// lostRow stands for one that cannot be read back.
func lostRow() Row { return Row{at: -1, kind: uint8(decode.KindBroken), flags: oddTime} }

// bring has a chunk in memory. The one that came back before all others makes
// room for it.
func (l *rows) bring(c *rowChunk) (*chunkOf, error) {
	if p := c.rows.Load(); p != nil {
		return p, nil
	}
	p := new(chunkOf)
	if err := l.file.read(p.bytes(), c.at); err != nil {
		return nil, err
	}
	if old := l.back[l.next]; old != nil && !old.stays {
		old.rows.Store(nil)
	}
	l.back[l.next] = c
	l.next = (l.next + 1) % maxBack
	c.rows.Store(p)
	return p, nil
}

// answer notes the first answer to the event of row i, also where that has
// moved to the file.
func (l *rows) answer(i int, by decode.Seq) {
	c := l.chunks.own[i/chunkRows]
	if i/chunkRows >= l.moved {
		c.rows.Load()[i%chunkRows].setAnswer(by)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.bring(c)
	if err != nil {
		_ = l.file.fail(err)
		return
	}
	r := &p[i%chunkRows]
	if !r.setAnswer(by) {
		return
	}
	field := unsafe.Slice((*byte)(unsafe.Pointer(&r.answer)), unsafe.Sizeof(r.answer))
	if l.file.correct(field, c.at+int64(i%chunkRows)*int64(unsafe.Sizeof(*r))+int64(unsafe.Offsetof(r.answer))) != nil {
		c.stays = true
	}
}
