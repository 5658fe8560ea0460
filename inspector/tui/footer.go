package tui

import "github.com/gdamore/tcell/v2"

// hintPlace is a hint in the last line, for the mouse.
type hintPlace struct {
	from, to int // columns
	key      string
}

// clickHint does what the hint at a column stands for, as if its key were
// pressed. Hints that name several keys do nothing.
func (u *ui) clickHint(x int) {
	for _, p := range u.places {
		if x < p.from || x >= p.to {
			continue
		}
		if ev := keyNamed(p.key); ev != nil {
			u.key(ev)
		}
		return
	}
}

// keyNamed is the key that keyName writes so; nil where there is none.
func keyNamed(name string) *tcell.EventKey {
	if rs := []rune(name); len(rs) == 1 {
		return tcell.NewEventKey(tcell.KeyRune, rs[0], tcell.ModNone)
	}
	if name == "Space" {
		return tcell.NewEventKey(tcell.KeyRune, ' ', tcell.ModNone)
	}
	for key := range tcell.KeyNames {
		if ev := tcell.NewEventKey(key, 0, tcell.ModNone); keyName(ev) == name {
			return ev
		}
	}
	return nil
}
