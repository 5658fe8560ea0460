package inspector

import (
	"math/bits"
	"sort"
)

// rowSet is a set of rows in their order. It takes a bit for each row, whether
// that is in it or not, so that it stays small beside a long input.
type rowSet struct {
	words  []uint64
	before []uint32 // how many are in the blocks before each one
	n      int
}

// blockWords is how many words are counted together, and blockRows how many rows
// they tell of.
const (
	blockWords = 8
	blockRows  = 64 * blockWords
)

func (s *rowSet) len() int { return s.n }

// put takes a row in, or out.
func (s *rowSet) put(row int, in bool) {
	if s.has(row) == in {
		return
	}
	for row >= 64*len(s.words) {
		s.words = append(s.words, make([]uint64, blockWords)...)
		s.before = append(s.before, uint32(s.n))
	}
	s.words[row/64] ^= 1 << (row % 64)
	step := 1
	if !in {
		step = -1
	}
	s.n += step
	for i := row/blockRows + 1; i < len(s.before); i++ {
		s.before[i] += uint32(step)
	}
}

func (s *rowSet) has(row int) bool {
	return row >= 0 && row < 64*len(s.words) && s.words[row/64]>>(row%64)&1 != 0
}

// below is how many are smaller than row.
func (s *rowSet) below(row int) int {
	switch {
	case row <= 0:
		return 0
	case row >= 64*len(s.words):
		return s.n
	}
	block := row / blockRows
	n := int(s.before[block])
	for _, w := range s.words[block*blockWords : row/64] {
		n += bits.OnesCount64(w)
	}
	return n + bits.OnesCount64(s.words[row/64]&(1<<(row%64)-1))
}

// at is the row that i others stand before, 0 <= i < len.
func (s *rowSet) at(i int) int {
	block := sort.Search(len(s.before), func(b int) bool { return int(s.before[b]) > i }) - 1
	i -= int(s.before[block])
	at := block * blockWords
	for n := bits.OnesCount64(s.words[at]); i >= n; n = bits.OnesCount64(s.words[at]) {
		i -= n
		at++
	}
	w := s.words[at]
	for range i {
		w &= w - 1
	}
	return at*64 + bits.TrailingZeros64(w)
}
