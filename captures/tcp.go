package captures

// What makes a missing range a certain loss. Captures taken on several queues or
// on the `any` device have neighbours in the wrong order, so an acknowledgement
// alone does not prove that the bytes are not further down in the file.
const (
	doubtPackets = 8                // packets of the connection after the acknowledgement
	doubtTime    = 50 * int64(1e6)  // or capture time after it
	aloneTime    = 3 * int64(1e9)   // one side only captured: time for a retransmission
	alonePackets = 64               // or segments waiting
	startPackets = 4                // no SYN: segments looked at before the first one is chosen
	startTime    = 200 * int64(1e6) // or capture time
	lingerTime   = 1 * int64(1e9)   // after a RST: time for bytes that were on their way
	maxReset     = 1 << 24          // how far ahead of the stream a RST may be
	maxJump      = 64 << 20         // sequence numbers further ahead need an acknowledgement
	keepSweep    = 10 * int64(1e6)  // capture time between two looks at waiting connections
)

// state of one direction.
type state uint8

const (
	idle    state = iota // no byte seen, the first sequence number unknown
	held                 // segments wait until it is certain which is the first
	flowing              // next is known
	ended                // End was reported
)

// half is one direction of a connection.
type half struct {
	state  state
	hasISN bool
	acked  bool // ack is valid
	hasFIN bool
	hinted bool // hint is valid
	doubts bool // a loss is suspected since doubt
	isn    uint32
	start  uint32 // sequence number of stream offset 0
	next   uint32 // sequence number of stream offset off
	ack    uint32 // highest acknowledgement of the other side
	fin    uint32 // sequence number of the FIN
	hint   uint32 // sequence number of an empty segment before the first data
	off    int64
	time   int64  // of the newest delivered byte
	doubt  int64  // capture time
	seen   uint32 // packets of the connection at doubt
	queue  queue
	past   history
}

// segment works through one segment: acknowledgement first, since it may decide
// about the other direction's loss before this one's bytes are delivered.
func (a *Assembler) segment(f *Flow, dir int, s *segment) {
	h, peer := &f.half[dir], &f.half[1-dir]
	f.Packets[dir]++
	f.Last = a.now
	seq, size := s.seq, len(s.data)+s.cut
	if s.flags&flagSYN != 0 {
		a.syn(f, dir, s)
		seq++
	}
	if s.flags&flagACK != 0 {
		if f.ACK.Frame == 0 && dir == 0 && f.SYNACK.Frame != 0 && s.flags&flagSYN == 0 {
			f.ACK = a.now
		}
		peer.acknowledged(s.ack)
		if peer.needs() {
			a.settle(f, 1-dir)
		}
	}
	if s.flags&flagRST != 0 {
		a.reset(f, dir, s)
		return
	}
	switch {
	case h.state == ended:
		if size > 0 && int32(seq+uint32(size)-h.next) > 0 {
			f.Late++
		}
		return
	case f.ignored:
		a.pass(h, seq+uint32(size))
	case s.parts != nil:
		a.pieces(f, dir, seq, s)
	case size > 0:
		a.data(f, dir, piece{seq: seq, data: s.data, cut: s.cut, mark: a.now})
	case h.state == idle && !h.hinted && s.flags&flagFIN == 0:
		h.hint, h.hinted = seq, true
	}
	if s.flags&flagFIN != 0 {
		h.finished(seq + uint32(size))
		a.drain(f, dir)
	}
	if h.needs() {
		a.settle(f, dir)
	}
}

// syn notes an initial sequence number.
func (a *Assembler) syn(f *Flow, dir int, s *segment) {
	h := &f.half[dir]
	if mark := [2]*Mark{&f.SYN, &f.SYNACK}[dir]; mark.Frame == 0 {
		*mark = a.now
	}
	if h.hasISN {
		return
	}
	h.isn, h.hasISN = s.seq, true
	if h.state < flowing {
		h.begin(s.seq + 1)
		a.drain(f, dir)
	}
}

// begin fixes the first sequence number of the stream.
func (h *half) begin(seq uint32) {
	h.start, h.next, h.state, h.doubts = seq, seq, flowing, false
}

// acknowledged takes the other side's acknowledgement number. One that is far
// ahead of everything is a mistake or an attack.
func (h *half) acknowledged(ack uint32) {
	switch {
	case h.state == flowing && int32(ack-h.next) > maxJump:
	case !h.acked:
		h.ack, h.acked = ack, true
	case int32(ack-h.ack) > 0:
		h.ack = ack
	}
}

// needs reports whether something in this direction waits for a decision.
func (h *half) needs() bool {
	switch h.state {
	case held:
		return true
	case flowing:
		return h.queue.len() > 0 || (h.hasFIN && h.fin != h.next) || (h.acked && int32(h.ack-h.next) > 0)
	}
	return false
}

// finished notes a FIN at seq. One that lies before delivered bytes is stale.
func (h *half) finished(seq uint32) {
	if h.hasFIN || (h.state == flowing && int32(seq-h.next) < 0) {
		return
	}
	if h.state == idle {
		h.begin(seq)
	}
	h.fin, h.hasFIN = seq, true
}

// pass follows the stream of an ignored connection without keeping anything.
func (a *Assembler) pass(h *half, end uint32) {
	if h.state < flowing {
		h.begin(end)
	}
	a.queued -= h.queue.clear()
	h.past = history{}
	if n := int32(end - h.next); n > 0 && n < maxJump {
		h.off += int64(n)
		h.next = end
	}
}

// pieces feeds a segment that IP fragments carried, frame by frame.
func (a *Assembler) pieces(f *Flow, dir int, seq uint32, s *segment) {
	for i := 0; i < len(s.parts); i++ {
		p := s.parts[i]
		cut := 0
		if p.absent {
			p.n, cut = 0, p.n
		} else if i+1 < len(s.parts) && s.parts[i+1].absent {
			cut = s.parts[i+1].n
		}
		mark := Mark{Time: p.time, Frame: p.frame, File: a.now.File}
		a.data(f, dir, piece{seq: seq + uint32(p.off), data: s.data[p.off : p.off+p.n], cut: cut, mark: mark})
		if cut > 0 && p.n > 0 {
			i++
		}
	}
}

// data takes payload: delivered at once when it is next, kept when it is early.
func (a *Assembler) data(f *Flow, dir int, p piece) {
	h := &f.half[dir]
	if h.state < flowing && (h.certain(p.seq)) {
		h.begin(p.seq)
	}
	switch h.state {
	case idle, held:
		h.state = held
	case flowing:
		if p.seq == h.next && h.queue.len() == 0 && !h.hasFIN {
			a.deliver(f, dir, p)
			return
		}
		if int32(p.seq-h.next) < 0 && !a.old(f, dir, &p) {
			return
		}
		if h.hasFIN && !p.clip(h.fin) {
			return
		}
	case ended:
		return
	}
	a.enqueue(f, dir, p)
	a.drain(f, dir)
}

// certain reports whether seq can be taken for the first sequence number that
// this capture shows of the direction.
func (h *half) certain(seq uint32) bool {
	return h.state == idle && ((h.acked && int32(seq-h.ack) <= 0) || (h.hinted && int32(seq-h.hint) <= 0))
}

// old deals with bytes whose place was passed; it reports whether new ones follow.
func (a *Assembler) old(f *Flow, dir int, p *piece) bool {
	h := &f.half[dir]
	if len(p.data)+p.cut == 1 && p.seq+1 == h.next {
		return false // a keep-alive carries one byte of any value (RFC 9293 section 3.8.4)
	}
	n := int(h.next - p.seq)
	again := p.data[:min(n, len(p.data))]
	off := h.off - int64(n)
	from, to, checked := h.past.differs(off, again)
	if to > from {
		a.h.Conflict(f, dir, Conflict{Mark: p.mark, Off: off + int64(from), N: int64(to - from)})
	} else if checked < len(again) {
		f.Late++
	}
	return p.behind(n)
}

// deliver hands over bytes that are next, and the gap that a cut frame leaves.
func (a *Assembler) deliver(f *Flow, dir int, p piece) {
	h := &f.half[dir]
	h.time = max(h.time, p.mark.Time)
	h.doubts = false
	mark := p.mark
	mark.Time = h.time
	if n := len(p.data); n > 0 {
		off := h.off
		h.off += int64(n)
		h.next += uint32(n)
		if a.o.History > 0 {
			a.rouse(f)
			h.past.keep(a.o.History, off, p.data)
		}
		a.h.Data(f, dir, Chunk{Mark: mark, Off: off, Bytes: p.data})
	}
	if p.cut > 0 {
		a.gap(f, dir, uint32(p.cut), mark, GapCut)
	}
}

// gap passes over missing bytes.
func (a *Assembler) gap(f *Flow, dir int, n uint32, mark Mark, cause GapCause) {
	h := &f.half[dir]
	g := Gap{Mark: mark, Off: h.off, N: int64(n), Cause: cause}
	h.off += int64(n)
	h.next += n
	h.time = max(h.time, mark.Time)
	h.doubts = false
	h.past.cutoff(h.off)
	if !f.ignored {
		a.h.Gap(f, dir, g)
	}
}

// drain delivers what has become next, and the end when it is reached.
func (a *Assembler) drain(f *Flow, dir int) {
	h := &f.half[dir]
	if h.state != flowing {
		return
	}
	for h.queue.len() > 0 {
		p := *h.queue.head()
		if int32(p.seq-h.next) > 0 {
			break
		}
		a.queued -= h.queue.pop()
		if n := int(h.next - p.seq); n > 0 && !p.behind(n) {
			continue
		}
		a.deliver(f, dir, p)
	}
	if h.hasFIN && h.next == h.fin {
		a.end(f, dir, EndFIN)
	}
	if h.hasFIN && int32(h.fin-h.next) < 0 {
		h.hasFIN = false // data went on after it
	}
}

// end reports the end of a direction and gives its memory back.
func (a *Assembler) end(f *Flow, dir int, cause EndCause) {
	h := &f.half[dir]
	if h.state == ended {
		return
	}
	h.state = ended
	a.queued -= h.queue.clear()
	h.past = history{}
	mark := a.now
	if cause == EndRST && f.Reset.Frame != 0 {
		mark = f.Reset
	}
	a.h.End(f, dir, End{Mark: mark, Off: h.off, Cause: cause})
}
