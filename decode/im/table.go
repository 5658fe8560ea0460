package im

import "iter"

// table is a map that keeps the order in which its keys came and forgets the
// oldest when there are too many, or when they are too large together.
type table[K comparable, V any] struct {
	at          map[K]*entry[K, V]
	first, last *entry[K, V]
	// most and budget are the limits in entries and bytes; bytes is what is in
	// use.
	most, budget, bytes int
	// forgotten counts what was dropped for want of room.
	forgotten int
	// packed is what stands in the place of the entries while the session rests,
	// wake takes them out again; see rest.go.
	packed []byte
	wake   func()
}

type entry[K comparable, V any] struct {
	key        K
	v          V
	size       int
	prev, next *entry[K, V]
}

func newTable[K comparable, V any](most, budget int) table[K, V] {
	return table[K, V]{most: most, budget: budget}
}

// awake makes sure of the entries.
func (t *table[K, V]) awake() {
	if t.wake != nil {
		t.wake()
	}
}

func (t *table[K, V]) get(k K) *V {
	t.awake()
	if e := t.at[k]; e != nil {
		return &e.v
	}
	return nil
}

// put sets a value; size is what it occupies in bytes. The pointer is good
// until the key is removed or forgotten.
func (t *table[K, V]) put(k K, v V, size int) *V {
	t.awake()
	if t.at == nil {
		t.at = map[K]*entry[K, V]{}
	}
	e := t.at[k]
	if e == nil {
		e = &entry[K, V]{key: k, prev: t.last}
		if t.last == nil {
			t.first = e
		} else {
			t.last.next = e
		}
		t.last = e
		t.at[k] = e
	}
	t.bytes += size - e.size
	e.v, e.size = v, size
	for t.first != e && (len(t.at) > t.most || t.bytes > t.budget) {
		t.drop(t.first)
		t.forgotten++
	}
	return &e.v
}

func (t *table[K, V]) remove(k K) {
	t.awake()
	if e := t.at[k]; e != nil {
		t.drop(e)
	}
}

func (t *table[K, V]) drop(e *entry[K, V]) {
	if e.prev == nil {
		t.first = e.next
	} else {
		e.prev.next = e.next
	}
	if e.next == nil {
		t.last = e.prev
	} else {
		e.next.prev = e.prev
	}
	t.bytes -= e.size
	delete(t.at, e.key)
}

func (t *table[K, V]) clear() {
	t.packed, t.wake = nil, nil
	clear(t.at)
	t.first, t.last, t.bytes = nil, nil, 0
}

func (t *table[K, V]) len() int {
	t.awake()
	return len(t.at)
}

// all are the entries in their order; the one at hand may be removed.
func (t *table[K, V]) all() iter.Seq2[K, *V] {
	return func(yield func(K, *V) bool) {
		t.awake()
		for e := t.first; e != nil; {
			next := e.next
			if !yield(e.key, &e.v) {
				return
			}
			e = next
		}
	}
}

// find is get for a key that is bytes, without making a string of them.
func find[V any](t *table[string, V], k []byte) *V {
	t.awake()
	if e := t.at[string(k)]; e != nil {
		return &e.v
	}
	return nil
}
