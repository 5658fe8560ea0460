package xmlstream

import "encoding/binary"

// pages hands out values that live until the next reset. Pointers into it
// stay valid when it grows.
type pages[T any] struct {
	all  [][]T
	page int // the one in use
	used int // of it
}

// keepPages is how many pages outlive a reset: enough for any usual unit.
const keepPages = 32

func (p *pages[T]) reset() {
	if len(p.all) > keepPages {
		p.all = append([][]T(nil), p.all[:keepPages]...)
	}
	p.page, p.used = 0, 0
}

// take returns n values in a row, with whatever they held before.
func (p *pages[T]) take(n int) []T {
	const size = 128
	for p.page < len(p.all) && len(p.all[p.page])-p.used < n {
		p.page++
		p.used = 0
	}
	if p.page == len(p.all) {
		p.all = append(p.all, make([]T, max(n, size)))
	}
	s := p.all[p.page][p.used : p.used+n : p.used+n]
	p.used += n
	return s
}

// names keeps strings that come again and again, such as element names and
// namespaces. It is a cache with two places for each hash, so it cannot grow.
type names struct {
	slots []string
}

const (
	nameSlots   = 1024
	longestName = 128
)

// intern returns b as a string, the same one as last time if it can.
func (n *names) intern(b []byte) string {
	if len(b) == 0 || len(b) > longestName {
		return string(b)
	}
	if n.slots == nil {
		n.slots = make([]string, nameSlots)
	}
	i := hash(b) % (nameSlots / 2) * 2
	recent, other := &n.slots[i], &n.slots[i+1]
	if *recent != string(b) {
		if *other == string(b) {
			*recent, *other = *other, *recent
		} else {
			*recent, *other = string(b), *recent
		}
	}
	return *recent
}

// hash need not be strong: a collision costs one allocation.
func hash(b []byte) uint64 {
	const m = 0x9E3779B97F4A7C15
	h := uint64(len(b))
	for ; len(b) >= 8; b = b[8:] {
		h = (h ^ binary.LittleEndian.Uint64(b)) * m
		h ^= h >> 29
	}
	for _, c := range b {
		h = (h ^ uint64(c)) * m
	}
	return h ^ h>>32
}
