package tui

import (
	"fmt"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// manyEvents is a source of n stanzas in one conversation, decoded from bytes.
func manyEvents(tb testing.TB, n int) *Source {
	tb.Helper()
	store := inspector.NewStore(inspector.StoreOptions{})
	tb.Cleanup(func() { store.Close() })
	c := decode.NewConn(1, decode.Options{})
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	feed := func(dir decode.Dir, s string) {
		events, _ := c.Feed(dir, at, []byte(s))
		for i := range events {
			store.Append(&events[i])
		}
	}
	feed(decode.FromInitiator, "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	feed(decode.FromReceiver, "<stream:stream id='s1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
	for i := 0; store.Len() < n; i++ {
		at = at.Add(time.Millisecond)
		feed(decode.Dir(i&1), fmt.Sprintf("<message to='juliet@localhost' id='m%d'><body>number %d</body></message>", i, i))
	}
	return &Source{Title: "many.pcap", Store: store}
}

// mute is a terminal that takes cells and shows nothing: tcell's simulation
// allocates for each cell that it shows, a terminal does not.
type mute struct{ tcell.SimulationScreen }

func (mute) Show() {}

// BenchmarkDraw draws the whole screen of 200x60 with a million events
// (PERFORMANCE U3: aim 2 ms and 100 allocations).
func BenchmarkDraw(b *testing.B) {
	th := perform(b, Options{Source: manyEvents(b, 1_000_000)}, 200, 60)
	th.u.surface.Screen = mute{th.sim}
	n := th.u.cap.view.Len()
	for _, bm := range []struct {
		name string
		step func(i int)
	}{
		{"same", func(int) {}},
		{"next-line", func(int) { th.u.move(1) }},
		{"page-down", func(int) { th.u.page(1) }},
		{"random", func(i int) { th.u.pick(i * 7919 % n) }},
		{"first-last", func(i int) { th.u.pick((i & 1) * (n - 1)) }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			th.u.pick(n / 2)
			th.draw()
			b.ReportAllocs()
			for i := range b.N {
				bm.step(i)
				th.draw()
			}
		})
	}
}

// BenchmarkKey is a key and the redraw it causes, as a person waits for it.
func BenchmarkKey(b *testing.B) {
	th := perform(b, Options{Source: manyEvents(b, 100_000)}, 80, 24)
	th.u.surface.Screen = mute{th.sim}
	ev := tcell.NewEventKey(tcell.KeyRune, 's', tcell.ModNone)
	b.ReportAllocs()
	for i := range b.N {
		if i%90_000 == 0 {
			th.u.pick(0)
		}
		th.u.key(ev)
		th.draw()
	}
}
