package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/gdamore/tcell/v2/terminfo"
)

// Unfit says in a few words why a terminal of a kind, the value of TERM, cannot
// show the interface: it is not known, or it cannot move the cursor. It is empty
// where nothing is in the way.
func Unfit(term string) string {
	if term == "" {
		return "TERM is not set"
	}
	ti, err := describe(term)
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

// families are terminals whose kin understand them: what calls itself
// xterm-something is one, on a machine too that has never heard of it.
var families = [...]string{"xterm", "screen", "tmux", "rxvt"}

// describe finds the description of a terminal by the value of TERM, else that of
// its family, with sixteen colours where the name says so.
func describe(term string) (*terminfo.Terminfo, error) {
	ti, err := tcell.LookupTerminfo(term)
	if err == nil {
		return ti, nil
	}
	base, sixteen := strings.CutSuffix(term, "-16color")
	for _, f := range families {
		if base != f && !strings.HasPrefix(base, f+"-") && !strings.HasPrefix(base, f+".") {
			continue
		}
		kin, failed := tcell.LookupTerminfo(f)
		if failed != nil {
			break
		}
		own := *kin
		if sixteen {
			own.Colors = 16
			own.SetFg = "\x1b[%?%p1%{8}%<%t3%p1%d%e9%p1%{8}%-%d%;m"
			own.SetBg = "\x1b[%?%p1%{8}%<%t4%p1%d%e10%p1%{8}%-%d%;m"
			own.SetFgBg = "" // one after the other
		}
		return &own, nil
	}
	return nil, err
}
