package tlswire

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
)

// All makes a key log a source that can be tried.
func (r ring) All(label string, most int, yield func(*[32]byte, []byte, string) bool) {
	r.KeyLog.All(label, most, func(random *[32]byte, secret []byte) bool { return yield(random, secret, "keylog") })
}

// without plays a tape from one of its pieces on, or with one lost.
func (t *tape) without(o Options, from, lost int) (d *Decoder, text [2]string, whys map[Why]int, items []Item) {
	o.Guess = true
	d, whys = NewDecoder(o), map[Why]int{}
	take := func(all []Item) {
		for _, it := range all {
			switch it.Kind {
			case ItemData:
				text[it.Side] += string(it.Bytes)
			case ItemOpaque:
				whys[it.Why]++
			}
			it.Bytes = append([]byte{}, it.Bytes...)
			items = append(items, it)
		}
	}
	for i, s := range t.all[from:] {
		if i+from == lost {
			take(d.Gap(s.side, int64(len(s.bytes))))
			continue
		}
		take(d.Feed(s.side, s.bytes))
	}
	take(d.Flush(0))
	take(d.Flush(1))
	return d, text, whys, items
}

// piece finds the first piece of a side.
func (t *tape) piece(side int) int {
	for i, s := range t.all {
		if s.side == side {
			return i
		}
	}
	return -1
}

// A hello that is missing costs no more than itself, where the secrets of a
// small log can be tried instead.
func TestMissingHellos(t *testing.T) {
	all := strings.Join
	for _, v := range []uint16{tls.VersionTLS13, tls.VersionTLS12} {
		tp, log, lines := recorded(t, v, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)
		for i := range 50 {
			fmt.Fprintf(log, "CLIENT_RANDOM %064x %096x\nSERVER_TRAFFIC_SECRET_0 %064x %064x\n", i, i, i, i)
		}
		for _, c := range []struct {
			name       string
			from, lost int
			read       bool
			why        Why
		}{
			{"the ClientHello", 0, tp.piece(0), true, Readable},
			{"the ServerHello", 0, tp.piece(1), v == tls.VersionTLS13, NoHello},
			{"the beginning", 20, -1, v == tls.VersionTLS13, MidStream},
		} {
			name := fmt.Sprintf("%s without %s", VersionName(v), c.name)
			d, text, whys, items := tp.without(Options{Keys: ring{log}, MidStream: c.from > 0}, c.from, c.lost)
			for side := range text {
				want := all(lines[side], "")
				if c.from > 0 {
					want = want[len(want)-len(text[side]):]
				}
				if c.read && (text[side] != want || len(want) < 1000) {
					t.Errorf("%s: side %d: %d bytes of %d, %v", name, side, len(text[side]), len(all(lines[side], "")), whys)
				}
			}
			if !c.read && (len(whys) != 1 || whys[c.why] == 0) {
				t.Errorf("%s: %v", name, whys)
			}
			if i := d.Info(); i.Guessed != c.read || c.read && (i.Version != v || i.Cipher == 0 || i.ClientRandom == [32]byte{} || i.Keys == "") {
				t.Errorf("%s: %+v", name, i)
			}
			for _, it := range items {
				if len(it.Faults) > 0 || it.Kind == ItemAlert && it.Bytes[1] != 0 {
					t.Errorf("%s: protected bytes are taken for %v %x %v", name, it.Kind, it.Bytes, it.Faults)
				}
			}
			if _, text, whys, _ := tp.without(Options{Keys: ring{&KeyLog{}}, MidStream: c.from > 0}, c.from, c.lost); len(text[0]) > 0 || whys[NoKeys] > 0 && c.lost != tp.piece(1) {
				t.Errorf("%s and keys: %v", name, whys)
			}
		}
	}
}

// Channel-binding data are those of the whole or none, whatever piece of the
// handshake is lost: wrong ones would accuse somebody.
func TestBindingAfterALoss(t *testing.T) {
	for _, v := range []uint16{tls.VersionTLS13, tls.VersionTLS12} {
		tp, log, _ := recorded(t, v, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)
		whole, _, _, _ := tp.without(Options{Keys: ring{log}}, 0, -1)
		found := 0
		for lost := range 14 {
			d, _, _, _ := tp.without(Options{Keys: ring{log}}, 0, lost)
			for i := range bindings {
				typ := bindings[i].name
				want, _ := whole.Binding(typ)
				got, why := d.Binding(typ)
				if got != nil && string(got) != string(want) || (got == nil) == (why == "") {
					t.Errorf("%s without piece %d: %s is %x, want %x %s", VersionName(v), lost, typ, got, want, why)
				}
				if got != nil {
					found++
				}
			}
			if d.Info().Resumed {
				t.Errorf("%s without piece %d: taken for a resumed session", VersionName(v), lost)
			}
		}
		if found == 0 {
			t.Errorf("%s: nothing to compare", VersionName(v))
		}
	}
}

// Guessing is limited: a large log is not tried, and no record for long.
func TestGuessingIsLimited(t *testing.T) {
	tp, log, _ := recorded(t, tls.VersionTLS13, tls.TLS_AES_128_GCM_SHA256)
	for i := range mostSecrets {
		fmt.Fprintf(log, "SERVER_TRAFFIC_SECRET_0 %064x %064x\n", i, i)
	}
	if d, _, whys, _ := tp.without(Options{Keys: ring{log}, MidStream: true}, 20, -1); d.Info().Guessed || whys[MidStream] == 0 {
		t.Errorf("%v", whys)
	}
	// What a record may cost does not grow with its length, nor with the log.
	for _, size := range []int{30, 1 << 10, 1 << 14} {
		for _, trials := range []int{1, 40, 1 << 12} {
			if n := reach(size, trials) * uint64(trials); n > mostOpens || n*uint64(size) > mostBytes {
				t.Errorf("%d bytes, %d trials: opened %d times", size, trials, n)
			}
		}
	}
}

// One record whose bytes were changed is no sign of wrong keys, and secrets
// that lack for one part none either.
func TestWhyOneRecordIsNotRead(t *testing.T) {
	t.Setenv("GODEBUG", "tlsrsakex=1,tls3des=1,tls10server=1")
	for _, p := range protections {
		tp, log, _ := recorded(t, p.version, p.suite)
		last := &tp.all[len(tp.all)-6]
		last.bytes[len(last.bytes)-1] ^= 1
		if _, _, whys, _ := tp.without(Options{Keys: ring{log}}, 0, -1); whys[Altered] == 0 || whys[WrongKeys] > 0 {
			t.Errorf("%s %s: %v", VersionName(p.version), CipherName(p.suite), whys)
		}
	}
	tp, log, lines := recorded(t, tls.VersionTLS13, tls.TLS_AES_128_GCM_SHA256)
	random := tp.play(Options{}, whole).d.Info().ClientRandom
	part := &KeyLog{}
	for line := range strings.Lines(string(log.Lines(&random))) {
		if !strings.Contains(line, "HANDSHAKE") {
			part.Write([]byte(line))
		}
	}
	_, text, whys, _ := tp.without(Options{Keys: ring{part}}, 0, -1)
	if text[0] != strings.Join(lines[0], "") || whys[PartKeys] == 0 || len(whys) != 1 {
		t.Errorf("without the secrets of the handshake: %v", whys)
	}
}
