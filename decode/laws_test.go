package decode

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// Law 2.
func TestTiling(t *testing.T) {
	for name, tr := range transcripts(t) {
		t.Run(name, func(t *testing.T) {
			_, events := tr.play(whole)
			checkTiling(t, [2][]byte{tr.input(FromInitiator), tr.input(FromReceiver)}, events)
		})
	}
}

// Law 3: one cut at every offset, byte by byte, and random cuts.
func TestSplitInvariance(t *testing.T) {
	for name, tr := range transcripts(t) {
		t.Run(name, func(t *testing.T) {
			_, events := tr.play(whole)
			want := essence(events)
			check := func(how string, cut func([]byte) [][]byte) {
				_, events := tr.play(cut)
				if got := essence(events); got != want {
					t.Fatalf("cut %s: %s", how, firstDifference(got, want))
				}
			}
			check("byte by byte", byByte)
			longest := 0
			for _, l := range tr.lines {
				longest = max(longest, len(l.data))
			}
			for at := 1; at < longest; at++ {
				check("once", func(p []byte) [][]byte {
					if at >= len(p) {
						return whole(p)
					}
					return [][]byte{p[:at], p[at:]}
				})
			}
			r := rand.New(rand.NewPCG(1, 2))
			for range 50 {
				check("at random", func(p []byte) [][]byte { return randomCuts(r, p) })
			}
		})
	}
}

func randomCuts(r *rand.Rand, p []byte) (all [][]byte) {
	for len(p) > 0 {
		n := 1 + r.IntN(len(p))
		all = append(all, p[:n])
		p = p[n:]
	}
	return all
}

// Law 4: the reader stops at the last byte of proceed and hands back the rest.
func TestSwitchStopsAtTheByte(t *testing.T) {
	c := NewConn(1, Options{})
	at := time.Unix(0, 0)
	feedAll(c, FromInitiator, at, []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>"+
		"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"))
	feedAll(c, FromReceiver, at, []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='x'>"))
	proceed := "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	events, n := c.Feed(FromReceiver, at, []byte(proceed+"\x16\x03\x03\x00\x01"))
	if n != len(proceed) {
		t.Fatalf("took %d bytes, want %d", n, len(proceed))
	}
	if last := events[len(events)-1]; last.Step != StepStartTLSProceed || string(last.Wire) != proceed {
		t.Fatalf("last event is %s %q", last.Step, last.Wire)
	}
	if c.State().Layer != LayerTLS {
		t.Fatal("the layer did not change")
	}
}

// Law 5: an element without end stops being kept at the limit.
func TestCap(t *testing.T) {
	o := Options{}
	o.XML.MaxUnit = 1000
	c := NewConn(1, o)
	at := time.Unix(0, 0)
	header := []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	events := feedAll(c, FromInitiator, at, header)
	input := header
	for range 300 {
		p := bytes.Repeat([]byte("<a>"), 400)
		input = append(input, p...)
		events = append(events, feedAll(c, FromInitiator, at, p)...)
	}
	events = append(events, c.Finish(at)...)
	checkTiling(t, [2][]byte{input, nil}, events)
	for i := range events {
		if len(events[i].Wire) > maxRun {
			t.Fatalf("event %d keeps %d bytes", i, len(events[i].Wire))
		}
	}
	if events[1].Kind != KindBroken || len(events[1].Errs) == 0 {
		t.Fatalf("the limit is not told: %v", events[1])
	}
}

// Law 5: the table of open requests does not grow without bound.
func TestOpenRequestsAreBounded(t *testing.T) {
	var q requests
	for i := range 10 * maxOpen {
		q.add(string(rune('a'+i%26))+string(rune(i)), &request{seq: Seq(i)})
	}
	if len(q.open) > maxOpen || len(q.order) > 2*maxOpen {
		t.Fatalf("%d open, %d in order", len(q.open), len(q.order))
	}
}

// Laws 2, 3 and 6 on anything: no panic, every byte in an event, the same
// events however the bytes are cut.
func FuzzConn(f *testing.F) {
	for _, tr := range transcripts(f) {
		f.Add(tr.input(FromInitiator), tr.input(FromReceiver), tr.midStream, uint64(1))
	}
	f.Fuzz(func(t *testing.T, ini, rec []byte, mid bool, seed uint64) {
		tr := transcript{midStream: mid}
		r := rand.New(rand.NewPCG(seed, 1))
		for len(ini) > 0 || len(rec) > 0 {
			l := line{what: "send"}
			if len(ini) == 0 || len(rec) > 0 && r.IntN(2) == 0 {
				l.dir = FromReceiver
			}
			from := &ini
			if l.dir == FromReceiver {
				from = &rec
			}
			n := 1 + r.IntN(len(*from))
			l.data, *from = (*from)[:n], (*from)[n:]
			tr.lines = append(tr.lines, l)
		}
		_, events := tr.play(whole)
		checkTiling(t, [2][]byte{tr.input(FromInitiator), tr.input(FromReceiver)}, events)
		want := essence(events)
		_, events = tr.play(func(p []byte) [][]byte { return randomCuts(r, p) })
		if got := essence(events); got != want {
			t.Fatal(firstDifference(got, want))
		}
	})
}
