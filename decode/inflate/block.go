package inflate

// run reads until there is no input, no room, or an error.
func (r *Reader) run() {
	for r.room() > 0 && r.step() {
	}
}

// step does the next thing; false means that it cannot be done now.
func (r *Reader) step() bool {
	switch r.state {
	case atHeader:
		return r.header()
	case atBlock:
		return r.block()
	case atStored:
		return r.storedLength()
	case inStored:
		return r.storedBytes()
	case atDynamic:
		return r.dynamic()
	case atCodeLengths:
		return r.codeLengths()
	case atLengths:
		return r.codes()
	case inSymbols, inLength, atDistance, inDistance, inCopy:
		return r.symbols()
	case atTrailer:
		return r.trailer()
	}
	return false
}

// header reads the two bytes of RFC 1950 §2.2.
func (r *Reader) header() bool {
	if !r.need(16) {
		return false
	}
	cmf, flg := r.take(8), r.take(8)
	switch {
	case cmf&15 != 8 || cmf>>4 > 7 || (cmf<<8|flg)%31 != 0:
		return r.corrupt("this is no zlib stream: it does not begin with a zlib header")
	case flg&0x20 != 0:
		return r.corrupt("the stream wants a preset dictionary, which XMPP does not have")
	}
	r.state = atBlock
	return true
}

// block reads the header of a block (RFC 1951 §3.2.3).
func (r *Reader) block() bool {
	if r.last {
		r.take(r.nbits % 8)
		r.state = finished
		if r.zlib {
			r.state = atTrailer
		}
		return true
	}
	if !r.need(3) {
		return false
	}
	r.last = r.take(1) == 1
	switch r.take(2) {
	case 0:
		r.take(r.nbits % 8)
		r.state = atStored
	case 1:
		r.fixed()
		r.state = inSymbols
	case 2:
		r.state = atDynamic
	default:
		return r.corrupt("a block of a type that does not exist")
	}
	return true
}

func (r *Reader) storedLength() bool {
	if !r.need(32) {
		return false
	}
	n, not := r.take(16), r.take(16)
	if n != ^not&0xffff {
		return r.corrupt("the length of a stored block does not fit its complement")
	}
	r.stored, r.state = n, inStored
	return true
}

func (r *Reader) storedBytes() bool {
	for r.stored > 0 {
		n := min(r.stored, r.room())
		switch {
		case n == 0:
			return true
		case r.nbits > 0:
			r.out = append(r.out, byte(r.take(8)))
			r.stored--
			continue
		case len(r.in) == 0:
			return false
		}
		n = min(n, len(r.in))
		r.out = append(r.out, r.in[:n]...)
		r.in = r.in[n:]
		r.pos += int64(n)
		r.stored -= n
	}
	r.state = atBlock
	return true
}

// fixed sets the codes of RFC 1951 §3.2.6.
func (r *Reader) fixed() {
	if r.isFixed {
		return
	}
	r.isFixed = true
	l := r.lengths[:288]
	for i := range l {
		switch {
		case i < 144:
			l[i] = 8
		case i < 256:
			l[i] = 9
		case i < 280:
			l[i] = 7
		default:
			l[i] = 8
		}
	}
	r.lit.build(l)
	r.dis.fixedDistances()
}

// fixedDistances is the code of five bits each, which is not complete: two
// symbols of it stand for nothing.
func (t *table) fixedDistances() {
	*t = table{more: t.more[:0], min: 5, max: 5}
	for sym := range 30 {
		t.add(uint16(sym), 5, sym)
	}
}

// order is that of the code lengths of the code for code lengths (RFC 1951
// §3.2.7).
var order = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

func (r *Reader) dynamic() bool {
	if !r.need(14) {
		return false
	}
	r.nlit, r.ndis, r.ncode = r.take(5)+257, r.take(5)+1, r.take(4)+4
	if r.nlit > 286 || r.ndis > 30 {
		return r.corrupt("a block announces more codes than there are")
	}
	r.got = 0
	clear(r.lengths[:19])
	r.state = atCodeLengths
	return true
}

func (r *Reader) codeLengths() bool {
	for ; r.got < r.ncode; r.got++ {
		if !r.need(3) {
			return false
		}
		r.lengths[order[r.got]] = uint8(r.take(3))
	}
	if !r.code.build(r.lengths[:19]) {
		return r.corrupt("the code for code lengths is no code")
	}
	r.got, r.sym = 0, -1
	r.state = atLengths
	return true
}

// codes reads the lengths of the two codes of a block.
func (r *Reader) codes() bool {
	for r.got < r.nlit+r.ndis {
		if r.sym < 0 {
			switch r.sym = r.symbol(&r.code); r.sym {
			case -1:
				return false
			case -2:
				return r.corrupt("bits that are no code length")
			}
		}
		if r.sym < 16 {
			r.lengths[r.got] = uint8(r.sym)
			r.got++
			r.sym = -1
			continue
		}
		if !r.repeat() {
			return false
		}
	}
	if r.lengths[256] == 0 {
		return r.corrupt("a block that cannot end")
	}
	r.isFixed = false
	if !r.lit.build(r.lengths[:r.nlit]) || !r.dis.build(r.lengths[r.nlit:r.nlit+r.ndis]) {
		return r.corrupt("the lengths of a block make no code")
	}
	r.state = inSymbols
	return true
}

func (r *Reader) repeat() bool {
	bits, base := uint(2), 3
	switch r.sym {
	case 17:
		bits = 3
	case 18:
		bits, base = 7, 11
	}
	if !r.need(bits) {
		return false
	}
	n, what := r.take(bits)+base, uint8(0)
	if r.sym == 16 {
		if r.got == 0 {
			return r.corrupt("a repetition of nothing")
		}
		what = r.lengths[r.got-1]
	}
	if r.got+n > r.nlit+r.ndis {
		return r.corrupt("more code lengths than announced")
	}
	for range n {
		r.lengths[r.got] = what
		r.got++
	}
	r.sym = -1
	return true
}

// trailer compares the checksum of RFC 1950 §2.2.
func (r *Reader) trailer() bool {
	if len(r.out) > r.sent {
		return false // it covers what is still to be given out
	}
	if !r.need(32) {
		return false
	}
	want := uint32(0)
	for range 4 {
		want = want<<8 | uint32(r.take(8))
	}
	if want != r.sum {
		return r.corrupt("the checksum at the end of the stream does not fit")
	}
	r.state = finished
	return true
}
