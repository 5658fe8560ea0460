package inspector

import (
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
	l.chunks.own[i/chunkRows].rows.Load()[i%chunkRows] = *r
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
func (l *rows) at(i int) *Row {
	c := l.chunks.all()[i/chunkRows]
	p := c.rows.Load()
	if p == nil {
		p = l.fetch(c)
	}
	return &p[i%chunkRows]
}

// around are the rows, of the first n, among which the event of a number is that
// was not held.
func (l *rows) around(seq decode.Seq, n int) (from, to int) {
	all := l.chunks.all()[:(n+chunkRows-1)/chunkRows]
	c := sort.Search(len(all), func(i int) bool { return all[i].low >= seq }) - 1
	return max(c, 0) * chunkRows, min((max(c, 0)+1)*chunkRows, n)
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
