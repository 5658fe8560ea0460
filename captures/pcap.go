package captures

import (
	"encoding/binary"
	"fmt"
)

const (
	pcapHeader = 24
	// maxCaptured is the longest frame believed at once. tcpdump never writes
	// more than 262144 bytes a frame; files that declare more are believed up to
	// 16 MiB (USB, loopback with segmentation left to the card).
	maxCaptured = 256 << 10
	hardCapture = 16 << 20
)

// pcap reads the classic format (draft-ietf-opsawg-pcap): a header, then records
// of 16 bytes and a frame. In the modified variant a record header has 24 bytes.
type pcap struct {
	order  binary.ByteOrder
	little bool
	scale  int64 // nanoseconds in one unit of the fraction
	head   int   // length of a record header
	link   uint16
	limit  uint32 // longest frame believed
	prev   int    // length of the record handed out last, still in the window
	last   int64  // its time
	begun  bool   // the file header was read
	any    bool   // a record was handed out
}

// pcapMagic recognises the four magic numbers in both byte orders.
func pcapMagic(m [4]byte) (*pcap, bool) {
	for _, little := range []bool{true, false} {
		p := &pcap{order: binary.BigEndian, little: little, scale: 1000, head: 16}
		v := binary.BigEndian.Uint32(m[:])
		if little {
			p.order = binary.LittleEndian
			v = binary.LittleEndian.Uint32(m[:])
		}
		switch v {
		case 0xa1b2c3d4:
			return p, true
		case 0xa1b23c4d:
			p.scale = 1
			return p, true
		case 0xa1b2cd34: // Alexey Kuznetzov's patch
			p.head = 24
			return p, true
		}
	}
	return nil, false
}

func (f *pcap) start(r *Reader) error {
	w := r.w
	if !w.need(pcapHeader) {
		return r.end(true, "the file header is cut")
	}
	h := w.view()
	snap := f.order.Uint32(h[16:])
	// The upper half of the last word tells of a frame check sequence; what
	// follows an IP datagram in its frame is cut off by the datagram's own length.
	f.link = uint16(f.order.Uint32(h[20:]))
	f.limit = maxCaptured
	if snap > f.limit && snap <= hardCapture {
		f.limit = snap
	}
	f.begun = true
	f.prev = pcapHeader
	return nil
}

func (f *pcap) next(r *Reader, p *Packet) error {
	if !f.begun {
		if err := f.start(r); err != nil {
			return err
		}
	}
	w := r.w
	// The record handed out before stays in the window until the next header is
	// known to be sound: when it is not, that record's length may be the culprit.
	if !w.need(f.prev + f.head) {
		w.lo += min(f.prev, w.hi-w.lo)
		return r.end(w.hi > w.lo, "the record header is cut")
	}
	h := w.buf[w.lo+f.prev:]
	var sec, frac, n, orig uint32
	if f.little {
		sec, frac, n, orig = le32(h), le32(h[4:]), le32(h[8:]), le32(h[12:])
	} else {
		sec, frac, n, orig = be32(h), be32(h[4:]), be32(h[8:]), be32(h[12:])
	}
	t := int64(sec)*1e9 + int64(frac)*f.scale
	if n > f.limit || (f.odd(t, frac, n, orig) && !f.bears(w, t)) {
		return f.resume(r, p)
	}
	size := f.head + int(n)
	if !w.need(f.prev + size) {
		return f.tail(r, p, t, orig)
	}
	w.lo += f.prev
	p.Data = w.buf[w.lo+f.head : w.lo+size : w.lo+size]
	p.Time, p.OrigLen, p.Link, p.Way = t, max(orig, n), f.link, WayUnknown
	f.prev, f.last, f.any = size, t, true
	return nil
}

// tail deals with a record that reaches past the end of the file. Either its
// length or that of the one before is wrong and sound records follow, or the
// file was cut; then what is there is handed out, since its headers may still
// tell something.
func (f *pcap) tail(r *Reader, p *Packet, t int64, orig uint32) error {
	w := r.w
	if err := w.failed(); err != nil && r.comp == "" {
		return err
	}
	from := f.head
	if !f.any {
		from = f.prev + f.head
	}
	start, end := w.lo+f.prev, w.hi
	bad := w.base + int64(start)
	whole := f.find(w, from)
	f.prev = 0
	if whole {
		end = w.lo
		r.notice(Damaged, bad, 0, "a record is longer than the file")
	}
	got := end - start - f.head
	if !whole {
		r.end(true, fmt.Sprintf("%d bytes of the last frame are there", max(got, 0)))
	}
	if got <= 0 {
		return f.next(r, p)
	}
	p.Data = w.buf[start+f.head : end : end]
	p.Time, p.OrigLen, p.Link, p.Way = t, max(orig, uint32(got)), f.link, WayUnknown
	f.any = true
	return nil
}

const month = 30 * 24 * 3600 * int64(1e9)

// odd reports whether a record header is unusual enough to look twice.
func (f *pcap) odd(t int64, frac, n, orig uint32) bool {
	return int64(frac)*f.scale >= 1e9 || n == 0 || orig > hardCapture || orig != 0 && n > orig ||
		(f.any && (t-f.last > month || f.last-t > month))
}

// bears looks at the header after an odd one: when that is in order, or nothing
// more is visible, the odd one is believed.
func (f *pcap) bears(w *window, t int64) bool {
	h := w.view()[f.prev:]
	n := f.order.Uint32(h[8:])
	if t == 0 && n == 0 && f.any && f.last != 0 {
		return false // a hole of zero bytes looks like an endless row of empty records
	}
	size := f.head + int(n)
	if len(h) < size+f.head {
		return true
	}
	return f.sound(h[size:], t)
}

// sound reports whether b starts with a record header near the time t.
func (f *pcap) sound(b []byte, t int64) bool {
	frac, n, orig := f.order.Uint32(b[4:]), f.order.Uint32(b[8:]), f.order.Uint32(b[12:])
	at := int64(f.order.Uint32(b))*1e9 + int64(frac)*f.scale
	return int64(frac)*f.scale < 1e9 && n <= f.limit && n > 0 && orig <= hardCapture && n <= orig &&
		at-t < month && t-at < month
}

// resume looks for the next row of sound headers and goes on there.
func (f *pcap) resume(r *Reader, p *Packet) error {
	w := r.w
	bad := w.at() + int64(f.prev)
	from := f.head // inside the record before, whose length may be wrong
	if !f.any {
		from = f.prev
	}
	f.prev = 0
	if !f.find(w, from) {
		r.notice(Damaged, bad, w.at()-bad, "no record header is found after it")
		r.told = true
		return r.end(false, "")
	}
	r.notice(Damaged, bad, max(w.at()-bad, 0), "no record header where one should be")
	return f.next(r, p)
}

const resyncAhead = 1 << 20

// find moves the window to the next row of sound headers, from bytes on; when
// there is none, to the end of the file.
func (f *pcap) find(w *window, from int) bool {
	for {
		w.need(from + resyncAhead)
		b := w.view()
		stop := min(len(b), max(windowSize, from+1))
		for ; from < stop; from++ {
			if f.chain(b[from:], len(b)-from < resyncAhead) {
				w.lo += from
				return true
			}
		}
		w.lo += min(from, len(b)) // the search goes on in fresh bytes
		from = 0
		if w.hi == w.lo && !w.need(1) {
			return false
		}
	}
}

// chain reports whether b starts with three sound records, or with at least one
// and then the end of the file.
func (f *pcap) chain(b []byte, atEnd bool) bool {
	t := f.last
	for i := range 3 {
		if len(b) < f.head {
			return atEnd && i > 0
		}
		if !f.any && i == 0 {
			t = int64(f.order.Uint32(b)) * 1e9
		}
		if !f.sound(b, t) {
			return false
		}
		t = int64(f.order.Uint32(b)) * 1e9
		size := f.head + int(f.order.Uint32(b[8:]))
		if len(b) < size {
			return atEnd && i > 0
		}
		b = b[size:]
	}
	return true
}

func le32(b []byte) uint32 { return binary.LittleEndian.Uint32(b) }
func be32(b []byte) uint32 { return binary.BigEndian.Uint32(b) }
