package tlswire

import (
	"bytes"
	"slices"

	"xmppscope/decode/spec"
)

const (
	recordHeader = 5
	// maxPayload is the longest record of TLS up to 1.2; those of TLS 1.3 are
	// shorter (RFC 5246 §6.2.3).
	maxPayload = 1<<14 + 2048
	// maxHandshake bounds one handshake message.
	maxHandshake = 1 << 18
	// maxAhead is how many bytes of a direction wait for the other side's hello.
	maxAhead = 256 << 10
)

// Options of a Decoder. The zero value reads without keys.
type Options struct {
	Keys Keys // nil: none
	// Hold is how many bytes of records of a direction wait for keys that may
	// still come; 0: none.
	Hold int
	// MidStream is set where the beginning was not seen.
	MidStream bool
	// Guess tries the secrets of a small key log where a hello is missing that
	// would tell which ones belong to this connection. It costs time.
	Guess bool
}

// Decoder reads both directions of one TLS connection. It is a pure value: not
// safe for concurrent use, without clock or input of its own. The same bytes,
// cut anywhere, give the same items.
type Decoder struct {
	o     Options
	info  Info
	half  [2]half
	turn  uint64 // of the next record that is held
	items []Item
	plain []byte // of the items at hand
	shake handshake
}

// half is one direction.
type half struct {
	buf []byte // what is not a whole record yet
	at  int64  // where buf begins
	// message collects a handshake message that spans records, which stand
	// between shakeAt and shakeEnd.
	message           []byte
	shakeAt, shakeEnd int64
	broken            bool
	seek              bool  // where the next record begins is not known
	last              bool  // nothing follows the bytes at hand
	skip              int64 // bytes of a cut record still to come
	guard             guard
	held              []record
	bytes             int // in held
}

// NewDecoder makes the decoder of one connection.
func NewDecoder(o Options) *Decoder {
	d := &Decoder{o: o}
	return d
}

// Info is what is known so far. It is the decoder's own.
func (d *Decoder) Info() *Info { return &d.info }

// begin forgets the items of the call before.
func (d *Decoder) begin() {
	d.items, d.plain = d.items[:0], d.plain[:0]
}

// Feed takes the next bytes of a direction and returns what they complete. The
// slice is valid until the next call.
func (d *Decoder) Feed(side int, p []byte) []Item {
	d.begin()
	d.drainBoth()
	h := &d.half[side]
	in := p
	if len(h.buf) > 0 {
		h.buf = append(h.buf, p...)
		in = h.buf
	}
	rest := d.cut(side, in)
	h.at += int64(len(in) - len(rest))
	h.buf = append(h.buf[:0], rest...)
	return d.items
}

// cut takes whole records off p and returns the rest.
func (d *Decoder) cut(side int, p []byte) []byte {
	h := &d.half[side]
	at := h.at
	for len(p) > 0 {
		if h.broken {
			d.abandon(side)
			d.broken(side, p, at)
			return nil
		}
		n, whole := h.next(p, d.o.MidStream)
		switch {
		case n == 0:
			return p
		case !whole && h.broken:
			continue
		case !whole:
			d.abandon(side)
			d.opaque(side, p[:n], at, Lost)
			h.guard.lost += int64(n)
		default:
			d.record(side, &record{typ: p[0], version: uint16(p[1])<<8 | uint16(p[2]), raw: p[:n:n], from: at, to: at + int64(n)})
		}
		p = p[n:]
		at += int64(n)
	}
	return p
}

// next finds how many bytes of p belong together: a whole record, or what is
// of no use. 0 means that more must come.
func (h *half) next(p []byte, midStream bool) (n int, whole bool) {
	if h.skip > 0 {
		n = int(min(h.skip, int64(len(p))))
		h.skip -= int64(n)
		return n, false
	}
	if h.seek {
		n, ok := boundary(p, h.last)
		if ok {
			h.seek = false
		}
		if n > 0 || !ok {
			return n, false
		}
	}
	if !plausible(p) {
		if midStream && h.at == 0 && !h.guard.seen {
			h.seek = true
			return h.next(p, false)
		}
		h.broken = true
		return 1, false
	}
	if len(p) < recordHeader {
		return 0, false
	}
	n = recordHeader + int(p[3])<<8 + int(p[4])
	if len(p) < n {
		return 0, false
	}
	h.guard.seen = true
	return n, true
}

// plausible tells whether p may begin a record, as far as it goes.
func plausible(p []byte) bool {
	if p[0] < RecordChangeCipherSpec || p[0] > RecordHeartbeat {
		return false
	}
	if len(p) > 1 && p[1] != 3 || len(p) > 2 && p[2] > 4 {
		return false
	}
	return len(p) < recordHeader || int(p[3])<<8+int(p[4]) <= maxPayload
}

// boundary looks for the next record behind a loss: a plausible header whose
// record is followed by another one, or by nothing where these are the last
// bytes. It returns how many bytes before it are of no use, and whether it was
// found. What it finds does not depend on how the bytes were cut.
func boundary(p []byte, last bool) (n int, ok bool) {
	for i := range p {
		q := p[i:]
		if !plausible(q) {
			continue
		}
		if len(q) < recordHeader {
			return i, false
		}
		end := recordHeader + int(q[3])<<8 + int(q[4])
		if len(q) < end {
			return i, false // it cannot be told yet
		}
		switch next := q[end:]; {
		case len(next) > 0 && !plausible(next):
		case last || len(next) >= recordHeader:
			return i, true
		default:
			return i, false
		}
	}
	return len(p), false
}

// Gap says that n bytes of a direction were lost here.
func (d *Decoder) Gap(side int, n int64) []Item {
	d.begin()
	h := &d.half[side]
	d.settle(side)
	d.abandon(side)
	d.giveUpMessage(side)
	if s := &d.shake; s.verify[0] == nil || s.verify[1] == nil {
		s.lost = true
	}
	have := int64(len(h.buf))
	whole := int64(0)
	if have >= recordHeader {
		whole = recordHeader + int64(h.buf[3])<<8 + int64(h.buf[4])
	}
	if have > 0 {
		d.opaque(side, bytes.Clone(h.buf), h.at, Lost)
	}
	g := &h.guard
	g.lost += have + n
	switch rest := whole - have; {
	case h.skip > 0:
		d.lostSkip(h, n)
	case have >= recordHeader && n <= rest:
		h.skip = rest - n
		g.span++
	default:
		if have > 0 {
			g.span++
		}
		g.span += d.records(n - max(rest, 0))
		h.seek = true
	}
	h.at += have + n
	h.buf = h.buf[:0]
	return d.items
}

// settle takes the records that waited for what follows them, where nothing
// does.
func (d *Decoder) settle(side int) {
	h := &d.half[side]
	if !h.seek || len(h.buf) == 0 {
		return
	}
	h.last = true
	in := h.buf
	h.buf = nil
	rest := d.cut(side, in)
	h.at += int64(len(in) - len(rest))
	h.buf = append(h.buf, rest...)
	h.last = false
}

// lostSkip takes a loss within bytes that were of no use anyway.
func (d *Decoder) lostSkip(h *half, n int64) {
	if n <= h.skip {
		h.skip -= n
		return
	}
	h.guard.span += d.records(n - h.skip)
	h.skip, h.seek = 0, true
}

// maxSpan bounds the sequence numbers that are tried for a record.
const maxSpan = 4096

// records is how many records n bytes may have held at most.
func (d *Decoder) records(n int64) uint64 {
	const smallest = recordHeader + 17
	return uint64(min(max(n, 0)/smallest+1, maxSpan))
}

// Flush says that a direction has ended: what is unfinished comes out.
func (d *Decoder) Flush(side int) []Item {
	d.begin()
	d.settle(side)
	d.abandon(side)
	h := &d.half[side]
	d.giveUpMessage(side)
	if len(h.buf) > 0 {
		d.opaque(side, bytes.Clone(h.buf), h.at, Incomplete)
		h.at += int64(len(h.buf))
		h.buf = nil
	}
	return d.items
}

func (d *Decoder) broken(side int, p []byte, at int64) {
	d.giveUpMessage(side)
	it := Item{Side: side, Kind: ItemBroken, Bytes: bytes.Clone(p), From: at, To: at + int64(len(p))}
	if h := &d.half[side]; !h.guard.told {
		h.guard.told = true
		it.Faults = []Fault{{Rule: "tls-record-broken", Text: "no TLS record begins here", Ref: spec.RFC(8446, "5.1")}}
	}
	d.items = append(d.items, it)
}

func (d *Decoder) opaque(side int, raw []byte, at int64, why Why) {
	d.giveUpMessage(side)
	d.items = append(d.items, Item{Side: side, Kind: ItemOpaque, Bytes: slices.Clip(bytes.Clone(raw)), From: at, To: at + int64(len(raw)), Encrypted: true, Why: why})
}
