package inflate

// A table decodes one Huffman code (RFC 1951 §3.2.2): the next bits are looked
// up at once, those of long codes in a second step.
type table struct {
	first [1 << firstBits]entry
	more  []entry
	max   uint // longest code, in bits
	min   uint
}

// entry is what some bits mean: a symbol and the length of its code, or, where
// size is over firstBits, where the second step is.
type entry struct {
	sym  uint16
	size uint8
	sub  uint8 // bits of the second step
}

const (
	firstBits = 9
	maxBits   = 15
)

// build makes the table of a code from the lengths of its symbols. An
// incomplete code is allowed where it has a single symbol (RFC 1951 §3.2.7).
func (t *table) build(lengths []uint8) bool {
	var count [maxBits + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	*t = table{more: t.more[:0]}
	left, total := 1, 0
	var next [maxBits + 1]int
	code := 0
	for n := 1; n <= maxBits; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return false
		}
		code = (code + count[n-1]) << 1
		next[n] = code
		total += count[n]
		if count[n] > 0 {
			t.max = uint(n)
			if t.min == 0 {
				t.min = uint(n)
			}
		}
	}
	if left > 0 && !(total == 1 && t.max == 1) && total > 0 {
		return false
	}
	for sym, n := range lengths {
		if n > 0 {
			t.add(uint16(sym), uint(n), next[n])
			next[n]++
		}
	}
	return true
}

// add files a symbol under all bits that begin with its code, which is written
// with the highest bit first.
func (t *table) add(sym uint16, n uint, code int) {
	rev := reverse(code, n)
	if n <= firstBits {
		for i := rev; i < 1<<firstBits; i += 1 << n {
			t.first[i] = entry{sym: sym, size: uint8(n)}
		}
		return
	}
	low := rev & (1<<firstBits - 1)
	e := &t.first[low]
	if e.size == 0 {
		*e = entry{sym: uint16(len(t.more)), size: firstBits + 1, sub: uint8(t.max - firstBits)}
		t.more = append(t.more, make([]entry, 1<<(t.max-firstBits))...)
	}
	for i := rev >> firstBits; i < 1<<e.sub; i += 1 << (n - firstBits) {
		t.more[int(e.sym)+i] = entry{sym: sym, size: uint8(n)}
	}
}

func reverse(code int, n uint) (rev int) {
	for range n {
		rev = rev<<1 | code&1
		code >>= 1
	}
	return rev
}

// symbol reads the next symbol. -1 means that more input must come, -2 that
// the bits are no code.
func (r *Reader) symbol(t *table) int {
	for {
		e := t.first[r.bits&(1<<firstBits-1)]
		if e.size > firstBits {
			e = t.more[int(e.sym)+int(r.bits>>firstBits&(1<<e.sub-1))]
		}
		if n := uint(e.size); n > 0 && n <= r.nbits {
			r.bits >>= n
			r.nbits -= n
			return int(e.sym)
		}
		if r.nbits >= t.max {
			return -2
		}
		if !r.need(r.nbits + 1) {
			return -1
		}
	}
}
