package lint

import (
	"hash/maphash"
	"reflect"
)

// memories are what groups remember of one conversation, or of all, by the
// numbers of their types.
type memories []any

func memoryOf[T any](g *Engine, m *memories) *T {
	n := g.types.number(reflect.TypeFor[T]())
	if n < len(*m) {
		if v, ok := (*m)[n].(*T); ok {
			return v
		}
	} else {
		*m = append(*m, make(memories, g.types.count-len(*m))...)
	}
	v := new(T)
	(*m)[n] = v
	return v
}

// types numbers types in the order in which they are first asked for. It is a
// hash table, since every rule asks for every event; there are no more types
// than groups need, so it never fills up.
type types struct {
	slots [1 << 9]struct {
		of reflect.Type
		n  int
	}
	count int
}

func (t *types) number(of reflect.Type) int {
	// Types do not move: an address tells them apart.
	h := reflect.ValueOf(of).Pointer()
	for i := h>>5 ^ h>>13; ; i++ {
		s := &t.slots[i%uintptr(len(t.slots))]
		if s.of == of {
			return s.n
		}
		if s.of == nil {
			s.of, s.n = of, t.count
			t.count++
			return s.n
		}
	}
}

// hash is a short key for words that are long, or come from others. It is not
// the same in another run, and no two words that anybody finds have the same.
func (g *Engine) hash(words ...string) uint64 {
	var h uint64
	for _, w := range words {
		h = h*1099511628211 ^ maphash.String(g.seed, w)
	}
	return h
}
