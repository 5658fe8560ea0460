package inflate

// Lengths and distances of RFC 1951 §3.2.5: the smallest value of each symbol,
// and how many bits are added to it.
var (
	lengthBase = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthBits = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distBase   = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distBits   = [30]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
)

const endOfBlock = 256

// symbols reads the content of a compressed block.
func (r *Reader) symbols() bool {
	for r.room() > 0 {
		switch r.state {
		case inSymbols:
			sym := r.symbol(&r.lit)
			switch {
			case sym == -1:
				return false
			case sym == -2 || sym > 285:
				return r.corrupt("bits that stand for no byte and no length")
			case sym < endOfBlock:
				r.out = append(r.out, byte(sym))
				continue
			case sym == endOfBlock:
				r.state = atBlock
				return true
			}
			r.sym = sym - 257
			r.state = inLength
		case inLength:
			n := uint(lengthBits[r.sym])
			if !r.need(n) {
				return false
			}
			r.copyLen = int(lengthBase[r.sym]) + r.take(n)
			r.state = atDistance
		case atDistance:
			sym := r.symbol(&r.dis)
			switch {
			case sym == -1:
				return false
			case sym == -2 || sym > 29:
				return r.corrupt("bits that stand for no distance")
			}
			r.sym = sym
			r.state = inDistance
		case inDistance:
			n := uint(distBits[r.sym])
			if !r.need(n) {
				return false
			}
			r.copyDist = int(distBase[r.sym]) + r.take(n)
			if r.copyDist > len(r.out) {
				return r.corrupt("a copy from before the beginning")
			}
			r.state = inCopy
		case inCopy:
			r.copy()
		}
	}
	return true
}

// copy repeats earlier bytes as far as there is room. They may overlap.
func (r *Reader) copy() {
	for r.copyLen > 0 && r.room() > 0 {
		from := len(r.out) - r.copyDist
		n := min(r.copyLen, r.room(), r.copyDist)
		r.out = append(r.out, r.out[from:from+n]...)
		r.copyLen -= n
	}
	if r.copyLen == 0 {
		r.state = inSymbols
	}
}
