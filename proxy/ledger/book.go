package ledger

import (
	"slices"
	"sync"
)

// Bounds of what a Book remembers.
const (
	maxStreams = 4096
	maxID      = 1024 // bytes of an id
)

// Book remembers the ledgers of streams that may be resumed on another
// connection, by their ids: the latest 4096. One Book is shared by the connections
// of a proxy, and guards them: a Conn may be used from any goroutine. The zero
// Book is ready.
type Book struct {
	mu    sync.Mutex
	of    map[string]*account
	order []string
}

// account is the ledger of one stream.
type account struct {
	lanes [2]lane
	space string // the namespace of its elements
}

// copied is a ledger of its own with the same counts.
func (a *account) copied() *account {
	c := *a
	for i := range c.lanes {
		c.lanes[i].runs = slices.Clone(c.lanes[i].runs)
	}
	return &c
}

// keep remembers an account under its id. An empty id is none.
func (b *Book) keep(id string, a *account) {
	if id == "" || len(id) > maxID {
		return
	}
	if b.of == nil {
		b.of = map[string]*account{}
	}
	if _, known := b.of[id]; !known {
		if len(b.order) == maxStreams {
			delete(b.of, b.order[0])
			b.order = b.order[1:]
		}
		b.order = append(b.order, id)
	}
	b.of[id] = a
}

// forget removes an id, if it is still that account's.
func (b *Book) forget(id string, a *account) {
	if b.of[id] != a || a == nil {
		return
	}
	delete(b.of, id)
	for i, known := range b.order {
		if known == id {
			b.order = append(b.order[:i], b.order[i+1:]...)
			return
		}
	}
}

// Streams is how many streams are remembered.
func (b *Book) Streams() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.of)
}
