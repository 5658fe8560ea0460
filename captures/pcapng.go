package captures

import (
	"encoding/binary"
	"fmt"
	"io"
)

var sectionMagic = [4]byte{0x0a, 0x0d, 0x0d, 0x0a}

// Block types of draft-ietf-opsawg-pcapng.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockOldPacket = 2
	blockSimple    = 3
	blockNames     = 4
	blockStats     = 5
	blockPacket    = 6
	blockSecrets   = 10
	blockCustom    = 0xbad
	blockCustomNo  = 0x40000bad
)

const (
	maxBlock      = 32 << 20 // a packet, interface or secrets block; others are skipped unread
	maxInterfaces = 1 << 16
	maxSecrets    = 64 << 20 // all secrets blocks of one file together
)

// pcapng reads blocks. Every section has its own byte order and interfaces.
type pcapng struct {
	order   binary.ByteOrder
	little  bool
	ifaces  []iface
	prev    int64 // bytes of the block read last, still in the window
	last    int64 // time of the last packet that had one
	secrets int   // bytes of secrets kept
	strange bool  // an undeclared interface was noticed
	ours    bool  // the section is a recording of the proxy
	written bool  // this program wrote the section
}

func (f *pcapng) next(r *Reader, p *Packet) error {
	w := r.w
	for {
		if f.prev > 0 {
			if w.skip(f.prev) < f.prev {
				return r.end(true, "the last block is cut")
			}
			f.prev = 0
		}
		if !w.need(12) {
			return r.end(w.hi > w.lo, "the block header is cut")
		}
		h := w.view()
		kind := f.u32(h)
		if be32(h) == blockSection {
			kind = blockSection
			if !f.section(h) {
				if err := f.resume(r, "a section header with an unknown byte order"); err != nil {
					return err
				}
				continue
			}
		}
		size := f.u32(h[4:])
		if f.order == nil || size < 12 || size%4 != 0 || (keeps(kind) && size > maxBlock) {
			if err := f.resume(r, fmt.Sprintf("a block claims %d bytes", size)); err != nil {
				return err
			}
			continue
		}
		if b := w.view(); !keeps(kind) && int64(size) <= int64(len(b)) && f.u32(b[size-4:]) != size {
			if err := f.resume(r, "the two lengths of a block differ"); err != nil {
				return err
			}
			continue
		}
		f.prev = int64(size)
		if !keeps(kind) {
			continue
		}
		found, err := f.block(r, kind, int(size), p)
		if err != nil || found {
			return err
		}
	}
}

// keeps reports whether blocks of this kind are looked into.
func keeps(kind uint32) bool {
	switch kind {
	case blockSection, blockInterface, blockOldPacket, blockSimple, blockPacket, blockSecrets:
		return true
	}
	return false
}

// block reads one whole block and reports whether it filled p.
func (f *pcapng) block(r *Reader, kind uint32, size int, p *Packet) (bool, error) {
	w := r.w
	if !w.need(size) {
		if off, ok := f.find(w.view(), 4, true); ok {
			r.notice(Damaged, w.at(), int64(off), "a block is longer than the file")
			f.prev = int64(off)
			return false, nil
		}
		return f.cutBlock(r, kind, size, p)
	}
	b := w.view()[:size]
	if f.u32(b[size-4:]) != uint32(size) {
		return false, f.resume(r, "the two lengths of a block differ")
	}
	return f.body(r, kind, b[8:size-4], p), nil
}

// cutBlock makes what it can of a block that the file's end cuts.
func (f *pcapng) cutBlock(r *Reader, kind uint32, size int, p *Packet) (bool, error) {
	w := r.w
	b := w.view()
	err := r.end(true, fmt.Sprintf("%d of %d bytes of the last block are there", len(b), size))
	if err != io.EOF || (kind != blockPacket && kind != blockOldPacket && kind != blockSimple) {
		return false, err
	}
	f.prev = int64(len(b))
	if f.body(r, kind, b[8:], p) && len(p.Data) > 0 {
		return true, nil
	}
	return false, io.EOF
}

// body looks into a block and reports whether it holds a packet.
func (f *pcapng) body(r *Reader, kind uint32, b []byte, p *Packet) bool {
	switch kind {
	case blockSection:
		f.ifaces, f.ours, f.written = f.ifaces[:0], false, false
		if len(b) > 16 {
			f.options(b[16:], func(code uint16, v []byte) {
				if code == optUserAppl {
					f.ours = f.ours || string(v) == recorderName
					f.written = f.written || f.ours || string(v) == writerName
				}
			})
		}
	case blockInterface:
		if len(b) >= 8 && len(f.ifaces) < maxInterfaces {
			f.ifaces = append(f.ifaces, f.newInterface(b))
		}
	case blockSecrets:
		f.keep(r, b)
	case blockPacket:
		return f.enhanced(r, b, p)
	case blockOldPacket:
		return f.old(r, b, p)
	case blockSimple:
		return f.simple(r, b, p)
	}
	return false
}

// section reads the byte-order magic of a section header.
func (f *pcapng) section(h []byte) bool {
	switch {
	case le32(h[8:]) == 0x1a2b3c4d:
		f.order, f.little = binary.LittleEndian, true
	case be32(h[8:]) == 0x1a2b3c4d:
		f.order, f.little = binary.BigEndian, false
	default:
		return false
	}
	return true
}

func (f *pcapng) u32(b []byte) uint32 {
	if f.little {
		return le32(b)
	}
	return be32(b)
}

func (f *pcapng) u16(b []byte) uint16 {
	if f.little {
		return binary.LittleEndian.Uint16(b)
	}
	return binary.BigEndian.Uint16(b)
}

// keep stores a secrets block: the TLS rooms of the program want it later.
func (f *pcapng) keep(r *Reader, b []byte) {
	if len(b) < 8 {
		return
	}
	n := int(min(uint64(f.u32(b[4:])), uint64(len(b)-8)))
	if f.secrets+n > maxSecrets {
		r.notice(Unknown, r.w.at(), 0, "more key material than is kept")
		return
	}
	f.secrets += n
	r.secrets = append(r.secrets, Secret{Type: f.u32(b), Data: append([]byte(nil), b[8:8+n]...), Proxy: f.ours})
}

// resume looks for the next block that is whole and known, and goes on there.
func (f *pcapng) resume(r *Reader, why string) error {
	w := r.w
	bad := w.at()
	f.prev = 0
	from := 4
	for {
		// The last resyncAhead bytes are looked at again, with more behind them: as
		// many before them make sure that the search gets on.
		w.need(2 * resyncAhead)
		b := w.view()
		atEnd := len(b) < 2*resyncAhead
		if off, ok := f.find(b, from, atEnd); ok {
			w.lo += off
			r.notice(Damaged, bad, w.at()-bad, why)
			return nil
		}
		if atEnd {
			w.lo = w.hi
			r.notice(Damaged, bad, w.at()-bad, why+", and no block is found after it")
			r.told = true
			return r.end(false, "")
		}
		w.lo += len(b) - resyncAhead
		from = 0
	}
}

// find returns the first offset in b, from on, where a sound block starts whose
// follower is sound too or is the end of the file.
func (f *pcapng) find(b []byte, from int, atEnd bool) (int, bool) {
	for off := from; off+12 <= len(b); off++ {
		if n := f.soundBlock(b[off:], atEnd); n > 0 {
			rest := b[off+n:]
			if len(rest) < 12 || f.soundHead(rest) {
				return off, true
			}
		}
	}
	return 0, false
}

// soundHead reports whether b starts like a block of a known type.
func (f *pcapng) soundHead(b []byte) bool {
	if be32(b) == blockSection {
		return le32(b[8:]) == 0x1a2b3c4d || be32(b[8:]) == 0x1a2b3c4d
	}
	if f.order == nil {
		return false
	}
	switch f.u32(b) {
	case blockInterface, blockOldPacket, blockSimple, blockNames, blockStats, blockPacket, blockSecrets, blockCustom, blockCustomNo:
		n := f.u32(b[4:])
		return n >= 12 && n%4 == 0 && n <= maxBlock
	}
	return false
}

// soundBlock returns the length of the block at the start of b, 0 when it is not
// sound. In the middle of the file both lengths must be visible.
func (f *pcapng) soundBlock(b []byte, atEnd bool) int {
	if !f.soundHead(b) {
		return 0
	}
	order := f.order
	if be32(b) == blockSection {
		order = binary.BigEndian
		if le32(b[8:]) == 0x1a2b3c4d {
			order = binary.LittleEndian
		}
	}
	n := int64(order.Uint32(b[4:]))
	if n < 12 || n%4 != 0 || n > int64(len(b)) {
		return 0
	}
	if order.Uint32(b[n-4:]) != uint32(n) {
		return 0
	}
	return int(n)
}
