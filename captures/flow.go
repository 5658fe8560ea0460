package captures

import (
	"cmp"
	"encoding/binary"
	"net/netip"
	"slices"
)

// AssemblerOptions bound the memory that reassembly may take. Zero values mean
// the defaults.
type AssemblerOptions struct {
	FragmentBytes int // IP fragments waiting for the rest; default 16 MiB
	QueueBytes    int // segments waiting for an earlier one, per direction; default 4 MiB
	TotalBytes    int // the same over all connections; default 64 MiB
	MaxFlows      int // connections remembered at once; default 131072
	History       int // delivered bytes kept per direction to compare retransmissions with; default 4 KiB, negative for none
}

func (o AssemblerOptions) withDefaults() AssemblerOptions {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&o.FragmentBytes, 16<<20)
	def(&o.QueueBytes, 4<<20)
	def(&o.TotalBytes, 64<<20)
	def(&o.MaxFlows, 1<<17)
	def(&o.History, 4<<10)
	o.History = max(o.History, 0)
	return o
}

// flowKey names a connection: both endpoints, the lower one first. IPv4 fits the
// two numbers and leaves the addresses empty.
type flowKey struct {
	v6 bool
	a4 key4
	a6 key6
}

type key4 struct{ low, high uint64 } // address and port in the lower 48 bits

type key6 struct {
	low, high   address
	lowP, highP uint16
}

// Assembler turns packets into connections and their ordered bytes. It has no
// clock: everything it decides follows from the packets, so the same input
// always gives the same calls.
type Assembler struct {
	h       Handler
	o       AssemblerOptions
	dec     *decoder
	v4      map[key4]*Flow
	v6      map[key6]*Flow
	ids     uint32
	tally   Tally
	now     Mark    // of the packet at work
	waiting []*Flow // connections with something that time may decide
	sweepAt int64   // capture time of the next look at them
	since   int     // packets since the last look
	queued  int     // bytes in all queues
	recent  [2]*Flow
	busy    []*Flow     // those with a history, at most maxHistories, in a ring
	oldest  int         // of them
	names   NameHandler // h, where it wants datagrams of DNS
}

// NewAssembler returns an assembler that reports to h.
func NewAssembler(h Handler, o AssemblerOptions) *Assembler {
	o = o.withDefaults()
	names, _ := h.(NameHandler)
	return &Assembler{h: h, o: o, dec: newDecoder(o), v4: map[key4]*Flow{}, v6: map[key6]*Flow{},
		tally: Tally{Ports: map[uint16]int64{}}, names: names}
}

// Tally is what was counted so far.
func (a *Assembler) Tally() *Tally { return &a.tally }

// Packet takes the next packet. It does not keep p or its bytes.
func (a *Assembler) Packet(p *Packet) {
	a.tally.Packets++
	a.tally.Bytes += int64(len(p.Data))
	kind := a.dec.packet(p)
	a.tally.count(kind, p.Link)
	if p.Beside {
		return // the other leg of a proxy: no clock either, as who reads live does not have it
	}
	a.now = Mark{Time: p.Time, Frame: p.Frame, File: p.File}
	if kind == carriesUDP && a.names != nil {
		a.datagram()
	}
	if kind == carriesTCP {
		s := &a.dec.seg
		if f, dir := a.flow(s); f != nil {
			if len(p.Marks) > 0 && !f.ignored {
				a.h.Marks(f, a.now, p.Marks)
			}
			a.segment(f, dir, s)
		}
	}
	if len(a.waiting) > 0 {
		a.sweep(p.Time)
	}
}

// flow finds or makes the connection of a segment and tells its direction.
func (a *Assembler) flow(s *segment) (*Flow, int) {
	key, low := keyOf(s)
	f := a.find(&key)
	if s.flags&flagSYN != 0 {
		f = a.bySYN(f, &key, low, s)
	} else if f == nil {
		if s.flags&flagRST != 0 {
			return nil, 0 // nothing to end
		}
		f = a.newFlow(&key, low, s, s.dport > s.sport)
	}
	dir := 0
	if low == f.swapped {
		dir = 1
	}
	return f, dir
}

// keyOf orders the endpoints; low tells that the sender is the lower one.
func keyOf(s *segment) (k flowKey, low bool) {
	if !s.v6 {
		src := uint64(binary.BigEndian.Uint32(s.src[:4]))<<16 | uint64(s.sport)
		dst := uint64(binary.BigEndian.Uint32(s.dst[:4]))<<16 | uint64(s.dport)
		if src <= dst {
			k.a4 = key4{src, dst}
			return k, true
		}
		k.a4 = key4{dst, src}
		return k, false
	}
	k.v6 = true
	c := slices.Compare(s.src[:], s.dst[:])
	if c < 0 || (c == 0 && s.sport <= s.dport) {
		k.a6 = key6{s.src, s.dst, s.sport, s.dport}
		return k, true
	}
	k.a6 = key6{s.dst, s.src, s.dport, s.sport}
	return k, false
}

// find looks a connection up. Packets come in bursts, so the last two answers
// are tried first.
func (a *Assembler) find(k *flowKey) *Flow {
	for i, f := range &a.recent {
		if f != nil && f.key.v6 == k.v6 && f.key.a4 == k.a4 && (!k.v6 || f.key.a6 == k.a6) {
			if i == 1 {
				a.recent[0], a.recent[1] = f, a.recent[0]
			}
			return f
		}
	}
	f := a.v4[k.a4]
	if k.v6 {
		f = a.v6[k.a6]
	}
	if f != nil {
		a.recent[0], a.recent[1] = f, a.recent[0]
	}
	return f
}

// newFlow enters a connection into the table. receiver tells that the sender of
// s is taken for the receiving side.
func (a *Assembler) newFlow(k *flowKey, low bool, s *segment, receiver bool) *Flow {
	if len(a.v4)+len(a.v6) >= a.o.MaxFlows {
		a.forget()
	}
	a.ids++
	f := &Flow{ID: a.ids, key: *k, First: a.now, swapped: low == receiver}
	src, dst := netip.AddrPortFrom(s.src.ip(s.v6), s.sport), netip.AddrPortFrom(s.dst.ip(s.v6), s.dport)
	f.addr = [2]netip.AddrPort{src, dst}
	if receiver {
		f.addr = [2]netip.AddrPort{dst, src}
	}
	if k.v6 {
		a.v6[k.a6] = f
	} else {
		a.v4[k.a4] = f
	}
	a.recent[0], a.recent[1] = f, a.recent[0]
	a.tally.Connections++
	a.tally.Ports[f.addr[1].Port()]++
	a.h.Connect(f)
	return f
}

func (x *address) ip(v6 bool) netip.Addr {
	if v6 {
		return netip.AddrFrom16(*x)
	}
	return netip.AddrFrom4([4]byte(x[:4]))
}

// bySYN decides whether a SYN belongs to the connection known under its key or
// begins another one (port reuse, RFC 9293 section 3.6.1).
func (a *Assembler) bySYN(f *Flow, k *flowKey, low bool, s *segment) *Flow {
	answer := s.flags&flagACK != 0
	if f == nil {
		return a.newFlow(k, low, s, answer)
	}
	dir := 0
	if low == f.swapped {
		dir = 1
	}
	h, peer := &f.half[dir], &f.half[1-dir]
	same := false
	switch {
	case h.hasISN:
		same = h.isn == s.seq
	case answer && peer.hasISN:
		same = s.ack-peer.isn-1 <= maxEarly
	case peer.hasISN && h.state == idle: // the answer was captured before the SYN
		same = h.acked && h.ack == s.seq+1
	case h.state == idle && answer:
		first, known := peer.first()
		same = !known || first-s.ack <= maxEarly
	case h.state == idle:
	default:
		same = h.start == s.seq+1
	}
	if same {
		return f
	}
	a.finish(f, EndReused)
	a.remove(f)
	return a.newFlow(k, low, s, answer)
}

// maxEarly is how much data may stand between the number that a SYN+ACK
// acknowledges and the SYN (data in the SYN), or the first data captured.
const maxEarly = 1 << 16

// first is the lowest sequence number seen in a direction that began.
func (h *half) first() (seq uint32, known bool) {
	switch h.state {
	case idle:
		return 0, false
	case held:
		return h.queue.head().seq, true
	}
	return h.start, true
}

// remove takes a connection out of the table.
func (a *Assembler) remove(f *Flow) {
	f.half[0].past, f.half[1].past = history{}, history{}
	if f.key.v6 {
		delete(a.v6, f.key.a6)
	} else {
		delete(a.v4, f.key.a4)
	}
	for i := range a.recent {
		if a.recent[i] == f {
			a.recent[i] = nil
		}
	}
}

// flows lists the table in order of first packets.
func (a *Assembler) flows() []*Flow {
	all := make([]*Flow, 0, len(a.v4)+len(a.v6))
	for _, f := range a.v4 {
		all = append(all, f)
	}
	for _, f := range a.v6 {
		all = append(all, f)
	}
	slices.SortFunc(all, func(x, y *Flow) int { return cmp.Compare(x.ID, y.ID) })
	return all
}

// forget makes room: a quarter of the table goes, ended connections first, then
// those that were silent longest.
func (a *Assembler) forget() {
	all := a.flows()
	over := func(f *Flow) int {
		if f.half[0].state == ended && f.half[1].state == ended {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(x, y *Flow) int {
		return cmp.Or(cmp.Compare(over(x), over(y)), cmp.Compare(x.Last.Time, y.Last.Time))
	})
	for _, f := range all[:(len(all)+3)/4] {
		a.finish(f, EndForgot)
		a.remove(f)
	}
}

// Finish ends every connection that is still open.
func (a *Assembler) Finish() {
	for _, f := range a.flows() {
		a.finish(f, EndCapture)
		a.remove(f)
	}
	a.waiting = nil
}
