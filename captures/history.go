package captures

// history keeps the last delivered bytes of a direction, so that a
// retransmission can be compared with what it repeats. What is older than the
// ring is believed to be the same.
type history struct {
	ring []byte
	from int64 // offsets in [from, to) are kept
	to   int64
}

// maxHistories bounds the connections that have one. What others repeat is
// believed.
const maxHistories = 1 << 14

// rouse notes that a connection gets a history. The one that has had its own for
// longest makes room.
func (a *Assembler) rouse(f *Flow) {
	if f.busy {
		return
	}
	f.busy = true
	if len(a.busy) < maxHistories {
		a.busy = append(a.busy, f)
		return
	}
	old := a.busy[a.oldest]
	old.busy, old.half[0].past, old.half[1].past = false, history{}, history{}
	a.busy[a.oldest] = f
	a.oldest = (a.oldest + 1) % maxHistories
}

// keep appends the delivered bytes b at stream offset off.
func (h *history) keep(size int, off int64, b []byte) {
	if h.ring == nil {
		h.ring = make([]byte, size)
		h.from = off
	}
	h.to = off + int64(len(b))
	if over := len(b) - size; over > 0 {
		b = b[over:]
		off += int64(over)
	}
	at := int(off % int64(size))
	n := copy(h.ring[at:], b)
	copy(h.ring, b[n:])
	h.from = max(h.from, h.to-int64(size))
}

// cutoff forgets everything before off: bytes that are not there cannot differ.
func (h *history) cutoff(off int64) {
	h.from, h.to = off, off
}

// differs compares b with what was delivered at off. It returns the smallest
// range of b that holds all differences, and how many of b's bytes could be
// compared.
func (h *history) differs(off int64, b []byte) (from, to, checked int) {
	lo, hi := max(off, h.from), min(off+int64(len(b)), h.to)
	from = len(b)
	for at := lo; at < hi; {
		i := int(at % int64(len(h.ring)))
		n := min(int(hi-at), len(h.ring)-i)
		base := int(at - off)
		if f, t := differs(h.ring[i:i+n], b[base:base+n]); t > f {
			from, to = min(from, base+f), base+t
		}
		at += int64(n)
		checked += n
	}
	return from, to, checked
}
