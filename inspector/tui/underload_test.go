package tui

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// watched is a screen that tells in which row the cursor of the list stands.
type watched struct {
	tcell.SimulationScreen
	row   atomic.Int32
	shown atomic.Int64
}

func (s *watched) Show() {
	_, h := s.Size()
	for y := h - 1; y > 0; y-- { // the list of conversations above it has a cursor too
		if text, _, _ := s.Get(0, y); text == "▶" {
			s.row.Store(int32(y))
			break
		}
	}
	s.shown.Add(1)
}

// torrent is a source into which events of many conversations come, so many a
// second, or as fast as they can be taken for 0. It counts what it gave.
func torrent(tb testing.TB, perSecond int, gave *atomic.Int64) *Source {
	const conns = 50
	store := inspector.NewStore(inspector.StoreOptions{MemLimit: 16 << 20})
	tb.Cleanup(func() { store.Close() })
	return &Source{Title: "torrent", Store: store, Follow: true, Load: func(ctx context.Context, _ func(int64, int64)) error {
		var all [conns]*decode.Conn
		at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		seq := decode.Seq(0)
		feed := func(c int, dir decode.Dir, s string) {
			events, _ := all[c].Feed(dir, at, []byte(s))
			for i := range events {
				seq++
				events[i].Seq, events[i].Conn = seq, decode.ConnID(c+1)
				store.Append(&events[i])
				gave.Add(1)
			}
		}
		for c := range all {
			all[c] = decode.NewConn(decode.ConnID(c+1), decode.Options{})
			feed(c, decode.FromInitiator, "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
		}
		began := time.Now()
		for i := 0; ctx.Err() == nil; i++ {
			at = at.Add(time.Millisecond)
			feed(i%conns, decode.FromInitiator, fmt.Sprintf("<message to='juliet@localhost' id='m%d'><body>number %0100d</body></message>", i, i))
			if perSecond > 0 && i%50 == 0 {
				due := time.Duration(i) * time.Second / time.Duration(perSecond)
				time.Sleep(due - time.Since(began))
			}
		}
		return nil
	}}
}

// BenchmarkKeysUnderLoad is the time from a key to the screen that shows what it
// did, while events come: 5,000 a second, and as fast as they can be taken
// (PERFORMANCE U2: 99 of 100 within 50 ms). None of them is lost.
func BenchmarkKeysUnderLoad(b *testing.B) {
	for _, bm := range []struct {
		name      string
		perSecond int
	}{{"5000-a-second", 5000}, {"flood", 0}} {
		b.Run(bm.name, func(b *testing.B) {
			var gave atomic.Int64
			src := torrent(b, bm.perSecond, &gave)
			sim := &watched{SimulationScreen: tcell.NewSimulationScreen("UTF-8")}
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- Run(ctx, Options{Source: src, Screen: sim}) }()
			for sim.shown.Load() < 10 {
				time.Sleep(time.Millisecond)
			}
			sim.SetSize(200, 60)
			press := func(key rune) { sim.InjectKey(tcell.KeyRune, key, tcell.ModNone) }
			press('g') // stay here while more comes
			time.Sleep(100 * time.Millisecond)
			var waits []time.Duration
			first := gave.Load()
			began := time.Now()
			for i := range b.N {
				before := sim.row.Load()
				key := 'j'
				if i%2 == 1 {
					key = 'k'
				}
				from := time.Now()
				press(key)
				for sim.row.Load() == before && time.Since(from) < 2*time.Second {
					time.Sleep(100 * time.Microsecond)
				}
				waits = append(waits, time.Since(from))
				time.Sleep(5 * time.Millisecond)
			}
			seconds := time.Since(began).Seconds()
			b.ReportMetric(float64(gave.Load()-first)/seconds, "events/s")
			slices.Sort(waits)
			b.ReportMetric(float64(waits[len(waits)*50/100].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "ms-p99")
			cancel()
			if err := <-ended; err != nil {
				b.Fatal(err)
			}
			memory, spilled := src.Store.Bytes()
			b.ReportMetric(float64(memory)/(1<<20), "MiB-kept")
			b.ReportMetric(float64(spilled)/(1<<20), "MiB-in-file")
			if n := src.Store.Len(); int64(n) != gave.Load() {
				b.Errorf("%d events of %d", n, gave.Load())
			}
		})
	}
}
