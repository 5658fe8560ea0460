package tui

import (
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/gdamore/tcell/v2"
)

// Our own colours can be read on white and on black: a program does not know
// which one the terminal has. (WCAG asks for 3 with large text, 4.5 with small;
// no colour has much more than 4.5 on both.)
func TestOwnColoursOnBlackAndWhite(t *testing.T) {
	style := ownStyle()
	for _, tt := range style.Types() {
		c := style.Get(tt).Colour
		if !c.IsSet() || tt == chroma.Background {
			continue
		}
		l := luminance(c)
		if white, black := 1.05/(l+0.05), (l+0.05)/0.05; white < 3.5 || black < 3.5 {
			t.Errorf("%s %s: contrast %.1f on white, %.1f on black", tt, c, white, black)
		}
	}
}

// Without colours nothing sets one.
func TestMonoHasNoColour(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain", "scram", "hostile"), NoColor: true}, 160, 50)
	for _, keys := range []string{"", "s s s s 2", "3", "4", "5", "Tab", "Tab", "l", "?", "x", "f ("} {
		th.press(keys)
		cells, _, _ := th.sim.GetContents()
		for i := range cells {
			if fg, bg, _ := cells[i].Style.Decompose(); fg != tcell.ColorDefault || bg != tcell.ColorDefault {
				t.Fatalf("after %q a cell has a colour", keys)
			}
		}
	}
}

// Every style of chroma gives a theme.
func TestStyles(t *testing.T) {
	for _, name := range Styles() {
		if th := newTheme(name, false); th.syntax(chroma.NameTag) == (tcell.Style{}) {
			t.Errorf("%s has no colour for tags", name)
		}
	}
}
