package inspector

import (
	"container/list"
	"errors"
	"sync"
	"sync/atomic"
)

// pageSize is how much of the log moves to the file and back at once.
const pageSize = 64 << 10

// pages is an append-only log of records. What exceeds a limit moves to a
// temporary file that has no name, oldest page first. One writer, many
// readers; a record never changes once its row is published.
type pages struct {
	limit int64 // bytes kept in memory, the open page included
	file  *spillFile

	all    published[*page]
	open   *page        // where the next record goes, if it fits
	number int          // of the open page
	held   atomic.Int64 // bytes of pages in memory
	oldest int          // first page that may still be in memory

	cache pageCache
}

// page is a stretch of the log. Its bytes are set once; when they have moved
// to the file, data is nil and at says where they are.
type page struct {
	data atomic.Pointer[[]byte]
	used int   // the writer's
	at   int64 // in the file; set before data is cleared
	size int
}

// place is where a record starts: the number of its page, then the offset in
// it. Records start in the first pageSize bytes of a page.
func place(page, off int) int64 { return int64(page)<<16 | int64(off) }

// write appends a record made of two parts and tells where it is.
func (l *pages) write(head, tail []byte) int64 {
	size := len(head) + len(tail)
	if size > pageSize/4 {
		// A large record has a page of its own, so that the open one fills up.
		p := l.newPage(size)
		p.put(head, tail)
		l.spill()
		return place(len(l.all.own)-1, 0)
	}
	if l.open == nil || l.open.used+size > pageSize {
		l.open = l.newPage(pageSize)
		l.number = len(l.all.own) - 1
		l.spill()
	}
	return place(l.number, l.open.put(head, tail))
}

// put appends to a page that has room and tells where.
func (p *page) put(head, tail []byte) (off int) {
	off = p.used
	data := (*p.data.Load())[off:]
	copy(data[copy(data, head):], tail)
	p.used += len(head) + len(tail)
	return off
}

func (l *pages) newPage(size int) *page {
	p := &page{size: size}
	data := make([]byte, size)
	p.data.Store(&data)
	l.held.Add(int64(size))
	l.all.add(p)
	return p
}

// spill moves the oldest pages out until the rest is within the limit. The
// open page stays: it is the youngest but for large records.
func (l *pages) spill() {
	for l.held.Load() > l.limit && l.oldest < len(l.all.own) && l.file.failure() == nil {
		p := l.all.own[l.oldest]
		if p == l.open {
			if len(l.all.own)-1 == l.oldest {
				return
			}
			l.open = nil // sealed early: large records alone are over the limit
		}
		if l.move(p) != nil {
			return
		}
		l.oldest++
	}
}

func (l *pages) move(p *page) error {
	data := *p.data.Load()
	at, err := l.file.add(data[:p.used])
	if err != nil {
		return err
	}
	p.at, p.size = at, p.used
	l.held.Add(-int64(len(data)))
	p.data.Store(nil)
	return nil
}

// read gives the bytes of the log from a place to the end of its page. They
// are immutable and may be kept.
func (l *pages) read(at int64) ([]byte, error) {
	n, off := int(at>>16), int(at&(pageSize-1))
	all := l.all.all()
	if n < 0 || n >= len(all) {
		return nil, errors.New("inspector: no such record")
	}
	p := all[n]
	if data := p.data.Load(); data != nil {
		return (*data)[off:], nil
	}
	data, err := l.cache.get(n, func() ([]byte, error) {
		b := make([]byte, p.size)
		return b, l.file.read(b, p.at)
	})
	if err != nil {
		return nil, err
	}
	return data[off:], nil
}

// pageCache keeps the pages that were read back last, up to a number of bytes.
type pageCache struct {
	limit int64

	mu    sync.Mutex
	held  int64
	order list.List // of cached, youngest first
	byNum map[int]*list.Element
}

type cached struct {
	num  int
	data []byte
}

// get finds page num or fetches it. Two readers that miss at once both fetch:
// that costs a read and saves holding the lock during it.
func (c *pageCache) get(num int, fetch func() ([]byte, error)) ([]byte, error) {
	c.mu.Lock()
	if e := c.byNum[num]; e != nil {
		c.order.MoveToFront(e)
		c.mu.Unlock()
		return e.Value.(cached).data, nil
	}
	c.mu.Unlock()
	data, err := fetch()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byNum == nil {
		c.byNum = make(map[int]*list.Element)
	}
	if c.byNum[num] == nil {
		c.byNum[num] = c.order.PushFront(cached{num, data})
		c.held += int64(len(data))
	}
	for c.held > c.limit && c.order.Len() > 1 {
		last := c.order.Back()
		old := c.order.Remove(last).(cached)
		delete(c.byNum, old.num)
		c.held -= int64(len(old.data))
	}
	return data, nil
}
