package ledger

// lane is the ledger of one direction: the stanzas of a sender, counted on its
// leg, and of them those that its receiver got, counted on the other. The zero
// lane does not count yet.
type lane struct {
	on      bool
	sent    uint32 // by the sender, as far as it is decided what becomes of them
	got     uint32 // by the receiver
	acked   uint32 // last h of the receiver
	told    uint32 // last h that the sender saw
	waiting uint32
	runs    []run // by y, the earliest first; none: both counts are one

	dropped, injected, synthetic uint64
}

// run maps a receiver's counts from y on to a sender's from x on, up to the next
// run. A flat one maps all of them to x.
type run struct {
	y, x uint32
	flat bool
}

// maxRuns bounds what is kept of a direction whose receiver never confirms. Past
// it the earliest become coarse: less is acknowledged than could be, never more.
const maxRuns = 1024

// before tells whether count a comes before count b, modulo 2^32.
func before(a, b uint32) bool { return int32(a-b) < 0 }

// begin starts counting (XEP-0198 §3).
func (l *lane) begin() { *l = lane{on: true} }

func (l *lane) forward() {
	if l.on {
		l.sent++
		l.got++
	}
}

// drop counts a stanza that the receiver will never see: whoever has confirmed
// what came before it has confirmed it too.
func (l *lane) drop() {
	if l.on {
		l.sent++
		l.dropped++
		l.mark()
	}
}

// insert counts a stanza that the sender never sent.
func (l *lane) insert(f Fate) {
	if !l.on {
		return
	}
	l.got++
	if f == Synthetic {
		l.synthetic++
	} else {
		l.injected++
	}
	l.mark()
}

// mark says that the two counts meet at where they stand now.
func (l *lane) mark() {
	last := len(l.runs) - 1
	switch {
	case last < 0:
		if l.got != l.acked {
			l.runs = append(l.runs, run{y: l.acked, x: l.acked})
		}
		l.runs = append(l.runs, run{y: l.got, x: l.sent})
	case l.runs[last].y == l.got:
		l.runs[last].x = l.sent
	default:
		l.runs = append(l.runs, run{y: l.got, x: l.sent})
	}
	if len(l.runs) > maxRuns {
		l.coarsen()
	}
}

// coarsen joins the two earliest runs behind the one that is confirmed.
func (l *lane) coarsen() {
	first, second := l.runs[0], &l.runs[1]
	if !second.flat {
		*second = run{y: second.y, x: first.at(second.y - 1), flat: true}
	}
	l.runs = append(l.runs[:2], l.runs[3:]...)
}

func (r run) at(h uint32) uint32 {
	if r.flat {
		return r.x
	}
	return r.x + (h - r.y)
}

// sender is a count of the receiver as the sender counts.
func (l *lane) sender(h uint32) uint32 {
	if len(l.runs) == 0 {
		return h
	}
	i := len(l.runs) - 1
	for i > 0 && before(h, l.runs[i].y) {
		i--
	}
	return l.runs[i].at(h)
}

// ack takes an h of the receiver and returns it for the sender. One that is too
// high stays too high by as much, and acknowledges nothing that waits here.
func (l *lane) ack(h uint32) uint32 {
	if before(l.got, h) {
		return l.sent + l.waiting + (h - l.got)
	}
	x := l.sender(h)
	if before(l.acked, h) {
		l.acked = h
		l.prune()
	}
	if before(l.told, x) {
		l.told = x
	}
	return x
}

// prune forgets what lies behind the last confirmed count.
func (l *lane) prune() {
	for len(l.runs) > 1 && !before(l.acked, l.runs[1].y) {
		l.runs = l.runs[1:]
	}
	if len(l.runs) == 1 && l.runs[0].y == l.runs[0].x && !l.runs[0].flat {
		l.runs = nil
	}
}

// claim is what the sender may be told now: what the receiver has confirmed.
func (l *lane) claim() uint32 { return l.sender(l.acked) }

// resume goes on from what the receiver has confirmed; the sender sends all that
// is behind it again (XEP-0198 §5).
func (l *lane) resume(h uint32, known bool) (x uint32) {
	x = h
	if known {
		x = l.ack(h)
	}
	*l = lane{on: true, sent: x, got: h, acked: h, told: x, dropped: l.dropped, injected: l.injected, synthetic: l.synthetic}
	if x != h {
		l.runs = []run{{y: h, x: x}}
	}
	return x
}

func (l *lane) shifted() bool { return len(l.runs) > 0 }

func (l *lane) view() Direction {
	return Direction{Counting: l.on, Sent: l.sent + l.waiting, Delivered: l.got, Confirmed: l.acked, Told: l.told, Waiting: l.waiting,
		Dropped: l.dropped, Injected: l.injected, Synthetic: l.synthetic}
}
