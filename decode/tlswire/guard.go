package tlswire

import "bytes"

// epoch is which secret of TLS 1.3 protects a direction (RFC 8446 §7.1).
type epoch uint8

const (
	early epoch = iota
	negotiating
	application
	epochs
)

// guard is how the records of one direction are protected at the moment.
type guard struct {
	seen bool // a record was read
	told bool // that something is broken
	on   bool // records are protected
	// changed is set once ChangeCipherSpec came before the server's choice was
	// read: what follows is protected, nobody knows how.
	changed bool
	fits    bool // some record could be read
	tried   int  // records for which keys were guessed in vain
	seq     uint64
	span    uint64 // so many records may be missing before the next
	lost    int64  // bytes that took
	count   uint64 // protected records in a row that could not be read
	blind   bool   // some of them for want of keys
	// keys is the opener of TLS up to 1.2, next that for after the coming
	// ChangeCipherSpec's.
	keys opener
	// TLS 1.3: the epoch at hand, and the openers as far as they are known.
	epoch  epoch
	open   [epochs]opener
	secret []byte // of the application epoch, as it is now
}

// record reads one record, or keeps it until the other side's hello or keys
// have come.
func (d *Decoder) record(side int, r *record) {
	h := &d.half[side]
	if len(h.held) > 0 || !d.read(side, r) {
		c := *r
		c.raw, c.turn = bytes.Clone(r.raw), d.turn
		d.turn++
		h.held = append(h.held, c)
		h.bytes += len(c.raw)
		if h.bytes > max(d.o.Hold, d.ahead(side)) {
			d.abandon(side)
		}
	}
}

// ahead is how many bytes of a direction may wait because it speaks before the
// hello that belongs in front was read.
func (d *Decoder) ahead(side int) int {
	if d.shake.early(side) {
		return maxAhead
	}
	return 0
}

// drainBoth reads what was held of both directions in the order in which it
// came, as far as it can be read now.
func (d *Decoder) drainBoth() {
	for stuck := [2]bool{}; ; {
		side := -1
		for s := range d.half {
			if held := d.half[s].held; len(held) > 0 && !stuck[s] && (side < 0 || held[0].turn < d.half[side].held[0].turn) {
				side = s
			}
		}
		if side < 0 {
			return
		}
		stuck[side] = !d.drainOne(side)
	}
}

// drain reads what was held of a direction as far as it can be read now.
func (d *Decoder) drain(side int) {
	for len(d.half[side].held) > 0 && d.drainOne(side) {
	}
}

// drainOne reads the first of what was held of a direction. False means that
// it has to wait on.
func (d *Decoder) drainOne(side int) bool {
	h := &d.half[side]
	if !d.read(side, &h.held[0]) {
		return false
	}
	h.bytes -= len(h.held[0].raw)
	h.held = h.held[1:]
	if len(h.held) == 0 {
		h.held, h.bytes = nil, 0
	}
	return true
}

// Waits tells whether records wait for keys or for a hello.
func (d *Decoder) Waits() bool { return len(d.half[0].held) > 0 || len(d.half[1].held) > 0 }

// Retry reads what waited for keys that have come since.
func (d *Decoder) Retry() []Item {
	d.begin()
	d.drainBoth()
	return d.items
}

// abandon lets what was held go as it is.
func (d *Decoder) abandon(side int) {
	h := &d.half[side]
	held := h.held
	h.held, h.bytes = nil, 0
	for i := range held {
		d.unlock(side, &held[i], true)
	}
}

// read reads a record. False means that it should wait.
func (d *Decoder) read(side int, r *record) bool {
	return d.unlock(side, r, false)
}

// unlock takes the protection off and reads what is inside. With must set, a
// record that cannot be read does not wait.
func (d *Decoder) unlock(side int, r *record, must bool) bool {
	h := &d.half[side]
	g := &h.guard
	if !g.on {
		if r.typ == RecordData {
			return d.unexpected(side, r, must)
		}
		if d.unreadable(side, r) {
			d.opaque(side, r.raw, r.from, d.noHello())
			return true
		}
		g.span, g.lost = 0, 0
		d.content(side, r, r.payload(), r.typ, false)
		return true
	}
	if d.is13() && r.typ != RecordData {
		d.content(side, r, r.payload(), r.typ, false)
		return true
	}
	out, typ, why := d.decrypt(side, r)
	switch {
	case why == Readable:
		d.info.Decrypted[side] = true
		g.span, g.lost, g.count, g.blind, g.fits = 0, 0, 0, false, true
		d.content(side, r, out, typ, true)
		return true
	case why == NoKeys && !must && d.o.Hold > 0:
		return false
	}
	g.seq++
	g.count++
	g.blind = g.blind || why == NoKeys
	if g.span > 0 {
		g.lost += int64(len(r.raw))
	}
	d.opaque(side, r.raw, r.from, why)
	return true
}

// unexpected reads application data where the handshake does not allow for it
// yet: early data (RFC 8446 §2.3), data ahead of a hello that was delayed, or a
// handshake of which a part is lost.
func (d *Decoder) unexpected(side int, r *record, must bool) bool {
	g := &d.half[side].guard
	if d.shake.early(side) {
		if out, typ, ok := d.earlyData(side, r); ok {
			d.info.Decrypted[side] = true
			n := len(d.items)
			d.content(side, r, out, typ, true)
			for i := n; i < len(d.items); i++ {
				d.items[i].Early = true
			}
			return true
		}
		if !must {
			return false
		}
	}
	if d.shake.chosen && !d.is13() {
		// The ChangeCipherSpec was lost.
		d.changeCipher(side)
		g.span = max(g.span, 64)
		return d.unlock(side, r, must)
	}
	if d.guess13(side, r) {
		d.drain(side ^ 1) // which spoke before this
		return d.unlock(side, r, must)
	}
	why := d.noHello()
	if d.info.Hello[0] && d.info.EarlyData {
		why = NoKeys
	}
	d.info.Hopeless = why == MidStream && d.o.Hold == 0 && !d.canGuess(side)
	d.opaque(side, r.raw, r.from, why)
	return true
}

// noHello is why records cannot be read before both hellos were.
func (d *Decoder) noHello() Why {
	if d.info.Hello[0] {
		return NoHello
	}
	return MidStream
}

// unreadable tells a handshake or alert record that is protected, where the
// ServerHello was not read: a clear one has the form that it must have (RFC
// 8446 §4, §6). After ChangeCipherSpec only the hellos that follow a retry
// request are clear.
func (d *Decoder) unreadable(side int, r *record) bool {
	p := r.payload()
	switch {
	case d.shake.chosen:
		return false
	case r.typ == RecordAlert:
		return len(p) != 2 || p[0] != 1 && p[0] != 2
	case r.typ == RecordHandshake && d.half[side].guard.changed:
		return len(p) < 4 || p[0] != TypeClientHello && p[0] != TypeServerHello || int(p[1])<<16|int(p[2])<<8|int(p[3]) > len(p)-4
	}
	return false
}

// decrypt opens a protected record with the keys that are due, and with those
// that come next where that fails.
func (d *Decoder) decrypt(side int, r *record) (out []byte, typ uint8, why Why) {
	g := &d.half[side].guard
	if d.is13() {
		return d.decrypt13(side, r)
	}
	if g.keys == nil {
		g.keys, why = d.keys12(side)
		if why == MidStream && d.guess12(side, r) {
			g.keys, why = d.keys12(side)
		}
		if g.keys == nil {
			return nil, 0, why
		}
	}
	out, typ, used, ok := g.keys.open(r, g.numbers(g.epoch))
	if !ok {
		return nil, 0, d.misfit(g)
	}
	g.seq = used + 1
	return out, typ, Readable
}

func (d *Decoder) misfit(g *guard) Why {
	switch {
	case g.span > 0:
		return Lost
	case g.fits:
		return Altered
	}
	return WrongKeys
}

func (d *Decoder) decrypt13(side int, r *record) ([]byte, uint8, Why) {
	g := &d.half[side].guard
	if !d.info.Hello[0] && !d.info.Guessed && !d.guess13(side, r) {
		return nil, 0, MidStream
	}
	any, due := false, false
	for e := g.epoch; e < epochs; e++ {
		o := d.keys13(side, e)
		if o == nil {
			continue
		}
		any, due = true, due || e == g.epoch
		if out, typ, used, ok := o.open(r, g.numbers(e)); ok {
			g.epoch, g.seq = e, used+1
			return out, typ, Readable
		}
	}
	if !any {
		if d.shake.suite == nil {
			return nil, 0, NoSuite
		}
		return nil, 0, NoKeys
	}
	if g.span > 0 && g.epoch == application {
		if out, typ, ok := d.updated(side, r); ok {
			return out, typ, Readable
		}
	}
	if side == d.shake.client && d.info.EarlyData && g.epoch < application && g.span == 0 {
		g.seq-- // the server passed over it too, and so do its numbers
		return nil, 0, EarlyRefused
	}
	if !due {
		return nil, 0, PartKeys
	}
	return nil, 0, d.misfit(g)
}

// patience is after how many records in a row that did not fit only few numbers
// are tried: keys that never fit must not cost much.
const patience = 64

// numbers are the sequence numbers that the next record of an epoch may have.
func (g *guard) numbers(e epoch) seqs {
	span := g.span
	if span > 0 && g.count > patience {
		span = min(span, 16)
	}
	if e == g.epoch {
		return seqs{first: g.seq, span: span, lost: g.lost}
	}
	if g.blind {
		// Keys came late: so many records may belong to this epoch already.
		back := min(g.seq, patience)
		return seqs{first: g.seq - back, span: back + span}
	}
	return seqs{span: span}
}

// updated tries the keys after a KeyUpdate that was lost.
func (d *Decoder) updated(side int, r *record) ([]byte, uint8, bool) {
	g := &d.half[side].guard
	next := nextSecret(d.shake.suite.prf, g.secret)
	o := newAEAD13(d.shake.suite, next)
	if o == nil {
		return nil, 0, false
	}
	out, typ, used, ok := o.open(r, seqs{span: g.numbers(application).span})
	if ok {
		g.secret, g.open[application], g.seq = next, o, used+1
	}
	return out, typ, ok
}
