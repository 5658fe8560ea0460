package tlswire

import "slices"

// Where a hello is missing from the capture, nothing tells which secrets of a
// key log belong to a connection. Those of a small one can be tried: MAC or tag
// fit under the right one alone.

// allKeys is what a key source may know besides: every secret of a label, of
// logs with no more than most of them.
type allKeys interface {
	All(label string, most int, yield func(random *[32]byte, secret []byte, from string) bool)
}

// Limits of guessing, for one record: secrets that are tried, times that it is
// opened, and bytes that are decrypted for it; and for a direction the records
// that are tried.
const (
	mostSecrets = 1 << 10
	mostOpens   = 1 << 15
	mostBytes   = 16 << 20
	mostTries   = 4
)

// mayGuess counts the records of a direction that are tried.
func (d *Decoder) mayGuess(side int) (allKeys, bool) {
	if !d.canGuess(side) || d.info.Guessed {
		return nil, false
	}
	d.half[side].guard.tried++
	return d.o.Keys.(allKeys), true
}

// canGuess tells whether there is anything left to try.
func (d *Decoder) canGuess(side int) bool {
	_, ok := d.o.Keys.(allKeys)
	return ok && d.o.Guess && d.half[side].guard.tried < mostTries
}

// trial is one thing that the keys of a record of TLS 1.3 may be.
type trial struct {
	random [32]byte
	client bool // the client's secret
	epoch  epoch
	suite  *suite
	opener opener
}

// guess13 finds the secrets of a connection of TLS 1.3 by one of its records,
// where the ClientHello, which has the name that key logs give them, or the
// ServerHello, which names the suite, was not captured. What they would have
// told is set.
func (d *Decoder) guess13(side int, r *record) bool {
	if r.typ != RecordData {
		return false
	}
	all, ok := d.mayGuess(side)
	if !ok {
		return false
	}
	trials := d.trials(side, all)
	if len(trials) == 0 {
		d.half[side].guard.tried = mostTries
		return false
	}
	span := reach(len(r.raw), len(trials))
	if d.info.Hello[0] || d.shake.chosen {
		span = min(span, d.half[side].guard.span) // where not, it may be any record
	}
	for i := range trials {
		t := &trials[i]
		if _, _, used, ok := t.opener.open(r, seqs{span: span}); ok {
			d.settle13(side, t, used)
			return true
		}
	}
	return false
}

// reach is how many sequence numbers may be tried for each of so many trials of
// a record.
func reach(size, trials int) uint64 { return uint64(min(mostOpens, mostBytes/size) / trials) }

// trials lists what the keys of a direction may be.
func (d *Decoder) trials(side int, all allKeys) (list []trial) {
	s := &d.shake
	known := d.info.Hello[0] || s.chosen // who is the client
	for e := negotiating; e < epochs; e++ {
		for number, label := range epochLabels[e] {
			if known && (number == 0) != (side == s.client) {
				continue
			}
			all.All(label, mostSecrets, func(random *[32]byte, secret []byte, _ string) bool {
				if d.info.Hello[0] && *random != s.hello.Random {
					return true
				}
				for _, one := range d.suitesFor(secret) {
					if o := newAEAD13(one, secret); o != nil {
						list = append(list, trial{*random, number == 0, e, one, o})
					}
				}
				return true
			})
		}
	}
	return list
}

// suitesFor are the suites of TLS 1.3 that a secret may be for, by the length of
// their hash. The rare ones are tried where all else is known.
func (d *Decoder) suitesFor(secret []byte) (list []*suite) {
	if d.shake.chosen {
		return []*suite{d.shake.suite}
	}
	for _, id := range [...]uint16{0x1301, 0x1302, 0x1303, 0x1304, 0x1305} {
		if s := suites[id]; s.prf().Size() == len(secret) && (s.kind == gcm || s.kind == chacha || d.info.Hello[0]) {
			list = append(list, s)
		}
	}
	return list
}

// settle13 takes a trial for what the connection has.
func (d *Decoder) settle13(side int, t *trial, seq uint64) {
	s, i := &d.shake, &d.info
	s.hello.Random, s.suite, s.chosen = t.random, t.suite, true
	s.client = side
	if !t.client {
		s.client = side ^ 1
	}
	i.Client = s.client
	i.Guessed, i.ClientRandom, i.Version, i.Cipher = true, t.random, TLS13, t.suite.id
	for n := range d.half {
		g := &d.half[n].guard
		if g.on && n != side {
			continue // its numbers are known
		}
		if g.span = max(g.span, maxSpan); n == side {
			g.seq, g.span = seq, 0
		}
		g.on, g.epoch = true, negotiating
	}
	d.half[side].guard.epoch = t.epoch
}

// guess12 finds the master secret of a connection of TLS up to 1.2 by one of its
// records, where the ClientHello was not captured.
func (d *Decoder) guess12(side int, r *record) (found bool) {
	s := &d.shake
	if s.suite == nil {
		return false
	}
	all, ok := d.mayGuess(side)
	if !ok {
		return false
	}
	number := 0
	if side != s.client {
		number = 1
	}
	numbers := d.half[side].guard.numbers(early)
	numbers.span = min(numbers.span, mostTries)
	all.All("CLIENT_RANDOM", mostSecrets, func(random *[32]byte, master []byte, from string) bool {
		if len(master) != masterLen {
			return true
		}
		o := keyBlock(s.suite, d.info.Version, master, random[:], s.server.Random[:], number, s.server.EncryptThenMAC)
		if o == nil {
			return false
		}
		if _, _, _, found = o.open(r, numbers); found {
			s.hello.Random, s.master = *random, slices.Clone(master)
			d.info.Guessed, d.info.ClientRandom, d.info.Keys = true, *random, from
		}
		return !found
	})
	return found
}
