package tui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// Whatever bytes a capture holds, every tab of every event is drawn without a
// panic, and no cell acts or hides.
func FuzzScreens(f *testing.F) {
	for _, name := range []string{"plain", "scram", "hostile"} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(unescape(string(text))), []byte{})
	}
	f.Add([]byte("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><a b='&lt;\x1b'><!-- c --><d/>\xff</a>"), []byte("<?xml version='1.0'?> \n"))
	f.Fuzz(func(t *testing.T, initiator, receiver []byte) {
		if len(initiator)+len(receiver) > 6<<10 {
			return
		}
		store := inspector.NewStore(inspector.StoreOptions{})
		defer store.Close()
		c := decode.NewConn(1, decode.Options{})
		keep := func(events []decode.Event) {
			for i := range events {
				store.Append(&events[i])
			}
		}
		for d, p := range [][]byte{initiator, receiver} {
			for len(p) > 0 {
				events, n := c.Feed(decode.Dir(d), time.Time{}, p)
				keep(events)
				if n == 0 {
					break
				}
				p = p[n:]
			}
		}
		keep(c.Finish(time.Time{}))
		store.SetConversation(c.Summary())
		th := perform(t, Options{Source: &Source{Title: string(initiator[:min(len(initiator), 40)]), Store: store}}, 50, 14)
		th.u.focusOn(paneDetail)
		for row := range min(store.Len(), 8) {
			th.u.goTo(row)
			for i := range tabCount {
				th.u.detail.turn(i)
				th.u.list.ladder = i&1 == 1
				th.draw()
				th.u.detail.follow()
				th.u.toEnd(1)
			}
		}
		th.draw()
		cells, _, _ := th.sim.GetContents()
		for i := range cells {
			if s := string(cells[i].Runes); inspector.Harmful(s) {
				t.Fatalf("%q is on the screen", s)
			}
		}
	})
}
