package captures

// This file decides what happens to bytes that do not come: wait, or report a
// gap and go on. All decisions rest on the packets alone.

// settle looks at a direction in which something waits.
func (a *Assembler) settle(f *Flow, dir int) {
	h := &f.half[dir]
	if h.state == held && h.known(f, dir, a.now.Time) {
		h.begin(h.queue.head().seq)
		a.drain(f, dir)
	}
	if h.state != flowing {
		a.wait(f)
		return
	}
	for h.needs() {
		n := h.lost(f, dir, a.now.Time)
		if n == 0 {
			a.wait(f)
			return
		}
		a.skip(f, dir, n)
	}
}

// known reports whether the first of the held segments may be taken as the start
// of the stream: the other side has acknowledged up to it, or enough has come.
func (h *half) known(f *Flow, dir int, now int64) bool {
	first := h.queue.head()
	return h.hasFIN || (h.acked && int32(h.ack-first.seq) >= 0) || h.queue.len() >= startPackets ||
		now-h.queue.since >= startTime || now < h.queue.since
}

// hole is the length of the missing range: up to the first waiting segment, the
// FIN, or the acknowledgement, whichever comes first.
func (h *half) hole() (n uint32, acked bool) {
	if h.queue.len() > 0 {
		n = h.queue.head().seq - h.next
	}
	if h.hasFIN && (n == 0 || h.fin-h.next < n) {
		n = h.fin - h.next
	}
	if !h.acked {
		return n, false
	}
	got := h.ack - h.next
	if int32(got) <= 0 {
		return n, false
	}
	if n == 0 && got == 1 {
		return 0, false // one byte ahead of everything may be a FIN that was not captured
	}
	if n == 0 || got < n {
		return got, true
	}
	return n, true
}

// lost returns how many bytes are now certain to be missing, 0 when it is not
// certain yet.
func (h *half) lost(f *Flow, dir int, now int64) uint32 {
	n, acked := h.hole()
	if n == 0 {
		return 0
	}
	if !acked {
		alone := f.Packets[1-dir] == 0 && h.queue.len() > 0
		if alone && (h.queue.len() >= alonePackets || now-h.queue.since >= aloneTime) {
			return n
		}
		return 0
	}
	packets := f.Packets[0] + f.Packets[1]
	if !h.doubts {
		h.doubts, h.seen = true, packets
		h.doubt = now
		return 0
	}
	if packets-h.seen >= doubtPackets || now-h.doubt >= doubtTime || now < h.doubt-doubtTime {
		return n
	}
	return 0
}

// skip reports n missing bytes and delivers what follows them.
func (a *Assembler) skip(f *Flow, dir int, n uint32) {
	h := &f.half[dir]
	mark := a.now
	if h.queue.len() > 0 {
		mark = h.queue.head().mark
	}
	mark.Time = max(mark.Time, h.time)
	a.gap(f, dir, n, mark, GapLost)
	a.drain(f, dir)
}

// flush gives up waiting: everything kept is delivered, with gaps between.
// Segments far ahead of anything acknowledged are left out.
func (a *Assembler) flush(f *Flow, dir int) {
	h := &f.half[dir]
	if h.state == held {
		h.begin(h.queue.head().seq)
		a.drain(f, dir)
	}
	for h.state == flowing && h.queue.len() > 0 {
		n := h.queue.head().seq - h.next
		if n > maxJump && !(h.acked && h.ack-h.next >= n && int32(h.ack-h.next) > 0) {
			f.Late += uint32(h.queue.len())
			a.queued -= h.queue.clear()
			break
		}
		a.skip(f, dir, n)
	}
	if h.state == flowing {
		if n, acked := h.hole(); n > 0 && (acked || h.hasFIN) && n <= maxJump {
			a.skip(f, dir, n)
		}
	}
}

// enqueue keeps an early segment; when there is no room, waiting is over.
func (a *Assembler) enqueue(f *Flow, dir int, p piece) {
	h := &f.half[dir]
	a.queued += h.queue.add(p, a.now.Time, func(seq, n uint32) {
		if h.state == flowing {
			a.h.Conflict(f, dir, Conflict{Mark: p.mark, Off: h.off + int64(seq-h.next), N: int64(n)})
		}
	})
	if h.queue.bytes > a.o.QueueBytes || h.queue.len() > maxQueued || a.queued > a.o.TotalBytes {
		if h.state == held {
			h.begin(h.queue.head().seq)
		} else if n := h.queue.head().seq - h.next; int32(n) > 0 {
			a.skip(f, dir, n)
		}
	}
}

// reset ends the sender's direction if the RST is not stale. Bytes of the other
// direction may still be on their way, so that one ends a little later, or with
// its own FIN.
func (a *Assembler) reset(f *Flow, dir int, s *segment) {
	h, peer := &f.half[dir], &f.half[1-dir]
	switch {
	case h.state == idle && s.flags&flagACK != 0 && peer.hasISN && int32(s.ack-peer.isn) <= 0:
		return // it answers something older than this connection
	case h.state == flowing || h.state == ended:
		if n := int32(s.seq - h.next); n < 0 || n > maxReset {
			return
		}
	}
	if f.Reset.Frame == 0 {
		f.Reset, f.ResetBy = a.now, dir
	}
	a.flush(f, dir)
	a.end(f, dir, EndRST)
	if peer.state != ended {
		a.wait(f)
	}
}

// linger reports whether a direction whose connection was reset may still show
// bytes that were on their way.
func (a *Assembler) linger(f *Flow) bool {
	n := a.now.Time - f.Reset.Time
	return f.Reset.Frame == 0 || (n >= 0 && n < lingerTime)
}

// finish ends both directions.
func (a *Assembler) finish(f *Flow, cause EndCause) {
	if f.Reset.Frame != 0 {
		cause = EndRST
	}
	for dir := range f.half {
		a.flush(f, dir)
		a.end(f, dir, cause)
	}
}

// wait puts a connection on the list that time is looked at for.
func (a *Assembler) wait(f *Flow) {
	if !f.waits {
		f.waits = true
		a.waiting = append(a.waiting, f)
	}
}

// sweep looks at waiting connections when capture time has moved on. It spends
// no more than a look per packet on the average.
func (a *Assembler) sweep(now int64) {
	a.since++
	early := now < a.sweepAt && now > a.sweepAt-2*keepSweep && len(a.waiting) < a.o.MaxFlows
	if a.since < len(a.waiting) || early {
		return
	}
	a.since = 0
	a.sweepAt = now + keepSweep
	list := a.waiting
	a.waiting = a.waiting[:0]
	for _, f := range list {
		f.waits = false
		for dir := range f.half {
			if !f.ignored && f.half[dir].needs() {
				a.settle(f, dir)
			}
		}
		if f.Reset.Frame == 0 || (f.half[0].state == ended && f.half[1].state == ended) {
			continue
		}
		if a.linger(f) {
			a.wait(f)
		} else {
			a.finish(f, EndRST)
		}
	}
	clear(list[min(len(a.waiting), len(list)):])
}
