package inspector

import (
	"slices"
	"sync"
	"sync/atomic"

	"xmppscope/decode"
)

// Remark is what a person has written at an event: a mark, a note, or both.
type Remark struct {
	Marked bool
	Note   string
}

// Remarks are those on the events of a store. They may be read before their
// events come: then they wait for them. Any goroutine may use them.
type Remarks struct {
	mu      sync.RWMutex
	by      map[decode.Seq]Remark
	waiting map[decode.Place]Remark
	await   atomic.Int64 // how many wait
	changed atomic.Int64
	edits   atomic.Int64
}

// maxRemarks bounds how many remarks are kept that wait for an event, or have
// found one.
const maxRemarks = 1 << 20

// Remarks are those on its events.
func (s *Store) Remarks() *Remarks { return &s.remarks }

// Of is the remark on an event, the zero value for none.
func (r *Remarks) Of(seq decode.Seq) Remark {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.by[seq]
}

// Set puts a remark on an event; the zero value takes it away. Marks and notes
// that a person makes are not bounded.
func (r *Remarks) Set(seq decode.Seq, m Remark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.set(seq, m)
	r.edits.Add(1)
}

func (r *Remarks) set(seq decode.Seq, m Remark) {
	if m == (Remark{}) {
		delete(r.by, seq)
	} else {
		if r.by == nil {
			r.by = map[decode.Seq]Remark{}
		}
		r.by[seq] = m
	}
	r.changed.Add(1)
}

// Await puts a remark on the event that will come with this place.
func (r *Remarks) Await(p decode.Place, m Remark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.waiting)+len(r.by) >= maxRemarks {
		return
	}
	if r.waiting == nil {
		r.waiting = map[decode.Place]Remark{}
	}
	r.waiting[p] = m
	r.await.Store(int64(len(r.waiting)))
}

// came looks whether a remark waits for an event.
func (r *Remarks) came(e *decode.Event) {
	if r.await.Load() == 0 {
		return
	}
	p, ok := decode.PlaceOf(e)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if m, ok := r.waiting[p]; ok {
		delete(r.waiting, p)
		r.await.Store(int64(len(r.waiting)))
		r.set(e.Seq, m)
	}
}

// Changed counts the changes, so that who shows them knows when to look again.
func (r *Remarks) Changed() int64 { return r.changed.Load() }

// Edits counts the changes that a person made: what Set did.
func (r *Remarks) Edits() int64 { return r.edits.Load() }

// All are the numbers of the events that have a remark, in order.
func (r *Remarks) All() []decode.Seq {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]decode.Seq, 0, len(r.by))
	for seq := range r.by {
		all = append(all, seq)
	}
	slices.Sort(all)
	return all
}

// Marked are the numbers of the events that are marked, in order.
func (r *Remarks) Marked() []decode.Seq {
	return slices.DeleteFunc(r.All(), func(seq decode.Seq) bool { return !r.Of(seq).Marked })
}
