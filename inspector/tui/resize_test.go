package tui

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/rivo/tview"

	"xmppscope/decode"
)

// overlays are keys that bring something over the panes, or change how they
// stand, each followed by what a person may do in it.
func overlays() []string {
	return []string{
		"? PgDn PgUp", ": q u Down Up Tab", "/ a Enter Up Down", "f n a Tab Backspace", "o a Down Tab", "b Tab Down",
		"B j Space", "F j g e /", "w i q Enter Tab j", "K / t Tab", "T T", "l j", "z Tab z", "1 Tab j Enter", "2 j j", "3 End", "4 PgDn Home",
		"5 j Enter Backspace", "e Down Up Tab a", "e Ctrl-T Right Delete Ctrl-S", "i Down Enter Tab a b", "r Tab a", "X j", "Z j", "L j", "q",
		"Ctrl-Z", "+ + -", "Tab + Tab + Tab -", "=", "m j m M j", "; a Enter", "W Tab", "H", "S", "!", "$", "a", "x",
	}
}

// resized changes the size of the terminal, as a person who drags its corner does.
func (th *theatre) resized(w, h int) {
	th.sim.SetSize(w, h)
	th.draw()
	cells, cw, ch := th.sim.GetContents()
	if cw != w || ch != h || len(cells) != w*h {
		th.t.Fatalf("the screen is %d by %d, not %d by %d", cw, ch, w, h)
	}
}

// The terminal gets another size between any two keys, wherever a person is:
// nothing breaks, and at the end it looks as if it had always had that size.
func TestResizeAtEveryMoment(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	size := func() (int, int) {
		switch rnd.IntN(4) {
		case 0:
			return 1 + rnd.IntN(45), 1 + rnd.IntN(12)
		case 1:
			return 80, 24
		}
		return 1 + rnd.IntN(250), 1 + rnd.IntN(80)
	}
	open := func(name string) (*Source, error) { return readTranscripts(name) }
	stages := map[string]func(w, h int) *theatre{
		"recorded": func(w, h int) *theatre {
			return perform(t, Options{Source: transcripts(t, "plain", "scram"), Choices: testChoices(), Open: open}, w, h)
		},
		"live": func(w, h int) *theatre {
			th, p := onAir(t, w, h)
			p.hold(decode.FromInitiator, authText)
			p.hold(decode.FromInitiator, pingText)
			th.tick()
			return th
		},
		"start": func(w, h int) *theatre { return perform(t, Options{Choices: testChoices(), Open: open}, w, h) },
	}
	for name, stage := range stages {
		for _, keys := range overlays() {
			th := stage(80, 24)
			th.u.suspend = func(func()) bool { return true }
			for _, k := range strings.Fields(keys) {
				th.resized(size())
				th.u.key(keyEvent(t, k))
				th.tick()
				w, h := size()
				th.resized(w, h)
				x, y := rnd.IntN(w), rnd.IntN(h)
				th.does(tview.MouseLeftDown, x, y).does(tview.MouseMove, rnd.IntN(250), rnd.IntN(80)).does(tview.MouseLeftUp, x, y)
				if rnd.IntN(3) == 0 {
					th.does(tview.MouseScrollDown, x, y)
				}
			}
			th.resized(100, 30)
			if got := th.screen(); strings.Contains(got, "too small") {
				t.Errorf("%s, %q: it still thinks that it is too small:\n%s", name, keys, got)
			}
		}
	}
}

// What is pasted where no text is asked for does nothing but say so, however many
// keys it would be; where text is asked for it becomes text, line by line.
func TestPasteRunsNothing(t *testing.T) {
	const pasted = "q\nd\nX\n:quit\n"
	for _, keys := range []string{"", "F", "B", "?", "Z", "X", "q", "Tab", "3"} {
		th, p := onAir(t, 80, 24)
		p.hold(decode.FromInitiator, authText)
		th.tick()
		th.press(keys)
		acts := len(p.acts)
		th.u.root.PasteHandler()(pasted, nil)
		th.tick()
		select {
		case <-th.u.pump.quit:
			t.Errorf("%q: pasted text has ended the program", keys)
		default:
		}
		if len(p.acts) != acts || len(p.held) != 1 {
			t.Errorf("%q: pasted text has done %v", keys, p.acts)
		}
	}
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, pingText)
	th.tick()
	th.press("e Ctrl-T")
	if _, asks := th.u.over.(*question); asks || th.u.over == nil {
		th.press("Esc e")
	}
	th.u.root.PasteHandler()("<!--1-->\n<!--2-->\n<!--3-->\n", nil)
	th.tick()
	th.has("<!--1-->").has("<!--2-->").has("<!--3-->")
}
