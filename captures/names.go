package captures

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"xmppscope/decode/dnswire"
)

// portDNS is where names are asked for (RFC 1035 §4.2).
const portDNS = 53

// NameHandler is a [Handler] that also wants the datagrams of DNS: they tell
// how a conversation found its way (RFC 6120 §3.2).
type NameHandler interface {
	// Name takes a datagram from or to port 53. payload is valid during the call.
	Name(from, to netip.Addr, payload []byte, m Mark)
}

// datagram hands on the UDP datagram at hand where it is one of DNS.
func (a *Assembler) datagram() {
	s := &a.dec.seg
	if s.sport != portDNS && s.dport != portDNS || len(s.data) == 0 {
		return
	}
	a.names.Name(ipOf(s.v6, s.src), ipOf(s.v6, s.dst), s.data, a.now)
}

func ipOf(v6 bool, b address) netip.Addr {
	if v6 {
		return netip.AddrFrom16(b)
	}
	return netip.AddrFrom4([4]byte(b[:4]))
}

// named is a message of DNS that waits in a batch until what came before it was
// handed on.
type named struct {
	op       int // ops of the batch before it
	from, to netip.Addr
	bytes    []byte
	time     int64
	frames   []uint32
}

// Name implements [NameHandler].
func (f *feed) Name(from, to netip.Addr, payload []byte, m Mark) {
	f.name(named{from: from, to: to, bytes: slices.Clone(payload), time: m.Time, frames: []uint32{m.Frame}})
}

func (f *feed) name(x named) {
	b := f.batch()
	x.op = len(b.ops)
	b.names = append(b.names, x)
}

// asked takes over the lookups of a batch that came before an op.
func (n *numbering) asked(b *batch, op int) {
	for len(b.names) > 0 && b.names[0].op <= op {
		x := &b.names[0]
		n.lookups.DNS(time.Unix(0, x.time).UTC(), x.frames, x.from, x.to, x.bytes)
		b.names = b.names[1:]
	}
}

// Bounds of what DNS over TCP keeps (law 5).
const (
	maxNameBytes = 4 << 20 // of unfinished messages, over all connections
	maxNameParts = 64      // frames of one message
)

// nameStream reads DNS over TCP: messages that each follow their length in two
// bytes (RFC 1035 §4.2.2, RFC 7766). An answer that was too long for a datagram
// comes this way.
type nameStream struct {
	half [2]struct {
		kept   []byte
		frames []uint32
		done   bool // not DNS, or its beginning was lost
	}
}

// stop gives up a direction.
func (s *nameStream) stop(f *feed, dir int) {
	h := &s.half[dir]
	f.nameBytes -= len(h.kept)
	h.kept, h.frames, h.done = nil, nil, true
}

func (s *nameStream) wants(dir int) bool { return s != nil && !s.half[dir].done }

// asks takes bytes of a connection to port 53. Whatever is no DNS ends it: XMPP
// may be spoken there too.
func (f *feed) asks(s *nameStream, fl *Flow, dir int, c Chunk) {
	h := &s.half[dir]
	if fl.Midstream(dir) || f.nameBytes+len(c.Bytes) > maxNameBytes || len(h.frames) >= maxNameParts {
		s.stop(f, dir)
		return
	}
	f.nameBytes += len(c.Bytes)
	h.kept = append(h.kept, c.Bytes...)
	h.frames = append(h.frames, c.Frame)
	for len(h.kept) >= 2 {
		n := 2 + int(binary.BigEndian.Uint16(h.kept))
		if n < 2+dnswire.HeaderLen || len(h.kept) >= 2+dnswire.HeaderLen && !dnswire.Plausible(h.kept[2:]) {
			s.stop(f, dir)
			return
		}
		if len(h.kept) < n {
			return
		}
		f.name(named{from: fl.Addr(dir).Addr(), to: fl.Addr(1 - dir).Addr(), bytes: slices.Clone(h.kept[2:n]), time: c.Time, frames: h.frames})
		f.nameBytes -= n
		h.kept, h.frames = slices.Clone(h.kept[n:]), nil
		if len(h.kept) > 0 {
			h.frames = []uint32{c.Frame}
		}
	}
}
