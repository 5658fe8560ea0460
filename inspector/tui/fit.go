package tui

import (
	"github.com/gdamore/tcell/v2"
)

// Unfit says in a few words why a terminal of a kind, the value of TERM, cannot
// show the interface: it is not known, or it cannot move the cursor. It is empty
// where nothing is in the way.
func Unfit(term string) string {
	if term == "" {
		return "TERM is not set"
	}
	ti, err := tcell.LookupTerminfo(term)
	switch {
	case term == "dumb":
		return "TERM is dumb, which cannot move the cursor"
	case err != nil:
		return "TERM is " + wire(term) + ", which is not known here"
	case ti.SetCursor == "":
		return "TERM is " + wire(term) + ", which cannot move the cursor"
	}
	return ""
}
