package captures

import (
	"fmt"
	"math"
	"math/bits"
)

// iface is what an interface description block declares.
type iface struct {
	link   uint16
	snap   uint32
	mul    uint64 // nanoseconds = ticks * mul / div
	div    uint64
	offset int64 // seconds to add (if_tsoffset)
	beside bool  // a proxy's connection to the server
}

// Options of interface and packet blocks that matter here.
const (
	optEnd        = 0
	optTSResol    = 9
	optTSOffset   = 14
	optFlags      = 2
	maxOptionList = 1000 // a block of a few megabytes may hold a million empty options
)

func (f *pcapng) newInterface(b []byte) iface {
	i := iface{link: f.u16(b), snap: f.u32(b[4:]), mul: 1000, div: 1}
	f.options(b[8:], func(code uint16, v []byte) {
		switch {
		case code == optTSResol && len(v) >= 1:
			i.mul, i.div = resolution(v[0])
		case code == optTSOffset && len(v) >= 8:
			i.offset = int64(f.order.Uint64(v))
		case code == optIfName && f.ours:
			i.beside = string(v) == legNames[1]
		}
	})
	return i
}

// resolution turns if_tsresol into a fraction of nanoseconds. The top bit chooses
// a power of two; powers no clock has are taken as the finest that fits.
func resolution(v byte) (mul, div uint64) {
	if v&0x80 != 0 {
		return 1e9, 1 << min(v&0x7f, 63)
	}
	mul, div = 1, 1
	for range max(0, 9-int(v)) {
		mul *= 10
	}
	for range min(max(0, int(v)-9), 19) {
		div *= 10
	}
	return mul, div
}

// nanos converts a time stamp; what no int64 of nanoseconds holds becomes the
// nearest one that does.
func (i *iface) nanos(ticks uint64) int64 {
	hi, lo := bits.Mul64(ticks, i.mul)
	if hi >= i.div {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, i.div)
	if q > math.MaxInt64 {
		return math.MaxInt64
	}
	if i.offset == 0 {
		return int64(q)
	}
	const limit = math.MaxInt64 / 1000000000
	if i.offset >= limit || (i.offset > 0 && int64(q) > math.MaxInt64-i.offset*1e9) {
		return math.MaxInt64
	}
	return int64(q) + max(i.offset, -limit)*1e9
}

// options walks an option list until its end, its damage, or its limit.
func (f *pcapng) options(b []byte, visit func(code uint16, v []byte)) {
	for n := 0; len(b) >= 4 && n < maxOptionList; n++ {
		code, size := f.u16(b), int(f.u16(b[2:]))
		if code == optEnd || 4+size > len(b) {
			return
		}
		visit(code, b[4:4+size])
		b = b[min(4+(size+3)&^3, len(b)):]
	}
}

// enhanced reads the body of an enhanced packet block.
func (f *pcapng) enhanced(r *Reader, b []byte, p *Packet) bool {
	if len(b) < 20 {
		return false
	}
	i := f.iface(r, f.u32(b))
	ticks := uint64(f.u32(b[4:]))<<32 | uint64(f.u32(b[8:]))
	n := int(min(uint64(f.u32(b[12:])), uint64(len(b)-20)))
	p.Data = b[20 : 20+n : 20+n]
	p.Time, p.Link = i.nanos(ticks), i.link
	p.OrigLen, p.Way = max(f.u32(b[16:]), uint32(n)), WayUnknown
	f.last = p.Time
	p.Marks, p.Remarks, p.Beside = nil, nil, i.beside
	if pad := 20 + (n+3)&^3; pad+8 <= len(b) {
		f.flags(b[pad:], p)
	}
	return true
}

// flags reads epb_flags out of a packet's options, marks in a recording of the
// proxy, and remarks.
func (f *pcapng) flags(b []byte, p *Packet) {
	var marks markReader
	f.options(b, func(code uint16, v []byte) {
		if code == optComment && f.ours {
			marks.comment(v)
		}
		if code == optComment && f.written && len(p.Remarks) < maxRemarks {
			if m, ok := readRemark(v); ok {
				p.Remarks = append(p.Remarks, m)
			}
		}
		if code == optFlags && len(v) >= 4 {
			switch f.u32(v) & 3 {
			case 1:
				p.Way = WayIn
			case 2:
				p.Way = WayOut
			}
		}
	})
	p.Marks = marks.all
}

// old reads the body of the packet block that enhanced packet blocks replaced.
func (f *pcapng) old(r *Reader, b []byte, p *Packet) bool {
	if len(b) < 20 {
		return false
	}
	i := f.iface(r, uint32(f.u16(b)))
	ticks := uint64(f.u32(b[4:]))<<32 | uint64(f.u32(b[8:]))
	n := int(min(uint64(f.u32(b[12:])), uint64(len(b)-20)))
	p.Data = b[20 : 20+n : 20+n]
	p.Time, p.Link = i.nanos(ticks), i.link
	p.OrigLen, p.Way = max(f.u32(b[16:]), uint32(n)), WayUnknown
	f.last = p.Time
	p.Marks, p.Remarks, p.Beside = nil, nil, false
	return true
}

// simple reads a simple packet block: no time, and no length but the original
// one, so the captured length follows from interface 0 and the block.
func (f *pcapng) simple(r *Reader, b []byte, p *Packet) bool {
	if len(b) < 4 {
		return false
	}
	i := f.iface(r, 0)
	orig := f.u32(b)
	n := uint64(orig)
	if i.snap > 0 {
		n = min(n, uint64(i.snap))
	}
	n = min(n, uint64(len(b)-4))
	p.Data = b[4 : 4+n : 4+n]
	p.Time, p.Link, p.OrigLen, p.Way = f.last, i.link, max(orig, uint32(n)), WayUnknown
	p.Marks, p.Remarks, p.Beside = nil, nil, false
	return true
}

// iface finds the interface a packet names. When its description was lost the
// packet is read as the section's first interface would have it, or as Ethernet.
func (f *pcapng) iface(r *Reader, n uint32) *iface {
	if int64(n) < int64(len(f.ifaces)) {
		return &f.ifaces[n]
	}
	if !f.strange {
		f.strange = true
		r.notice(Unknown, r.w.at(), 0, fmt.Sprintf("a packet names interface %d, which is not described", n))
	}
	if len(f.ifaces) > 0 {
		return &f.ifaces[0]
	}
	return &iface{link: LinkEthernet, mul: 1000, div: 1}
}
