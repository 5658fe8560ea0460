package tui

import (
	"github.com/gdamore/tcell/v2"
)

// textKey is a key of the editor and what it does. page is how many rows are
// seen, on whether the other end of a selection stays.
type textKey struct {
	keys []tcell.Key
	do   func(b *textBox, page int, on bool)
}

// textKeys is the table of keys that move in a textBox, with Shift to select,
// or change it.
func textKeys() []textKey {
	to := func(f func(*textBox) int) func(*textBox, int, bool) {
		return func(b *textBox, _ int, on bool) { b.moveTo(f(b), on) }
	}
	rows := func(n int) func(*textBox, int, bool) {
		return func(b *textBox, _ int, on bool) { b.upDown(n, on) }
	}
	return []textKey{
		{[]tcell.Key{tcell.KeyLeft, tcell.KeyCtrlB}, func(b *textBox, _ int, on bool) {
			if s, e := b.selection(); s < e && !on {
				b.moveTo(s, false)
				return
			}
			b.moveTo(b.before(b.at), on)
		}},
		{[]tcell.Key{tcell.KeyRight, tcell.KeyCtrlF}, func(b *textBox, _ int, on bool) {
			if s, e := b.selection(); s < e && !on {
				b.moveTo(e, false)
				return
			}
			b.moveTo(b.after(b.at), on)
		}},
		{[]tcell.Key{tcell.KeyUp}, rows(-1)},
		{[]tcell.Key{tcell.KeyDown}, rows(1)},
		{[]tcell.Key{tcell.KeyPgUp}, func(b *textBox, page int, on bool) { b.upDown(-max(1, page-1), on) }},
		{[]tcell.Key{tcell.KeyPgDn}, func(b *textBox, page int, on bool) { b.upDown(max(1, page-1), on) }},
		{[]tcell.Key{tcell.KeyHome}, to(func(b *textBox) int { return b.rows[b.rowOf(b.at)].start })},
		{[]tcell.Key{tcell.KeyEnd, tcell.KeyCtrlE}, to((*textBox).rowEnd)},
		{[]tcell.Key{tcell.KeyCtrlA}, func(b *textBox, _ int, _ bool) {
			b.moveTo(0, false)
			b.moveTo(len(b.text), true)
		}},
		{[]tcell.Key{tcell.KeyBackspace, tcell.KeyBackspace2}, func(b *textBox, _ int, _ bool) {
			b.erase(b.before(b.at), b.at)
		}},
		{[]tcell.Key{tcell.KeyDelete, tcell.KeyCtrlD}, func(b *textBox, _ int, _ bool) {
			b.erase(b.at, b.after(b.at))
		}},
		{[]tcell.Key{tcell.KeyCtrlW}, func(b *textBox, _ int, _ bool) { b.erase(b.word(-1), b.at) }},
		{[]tcell.Key{tcell.KeyCtrlU}, func(b *textBox, _ int, _ bool) { b.erase(b.rows[b.rowOf(b.at)].start, b.at) }},
		{[]tcell.Key{tcell.KeyCtrlK}, func(b *textBox, _ int, _ bool) { b.erase(b.at, max(b.at, b.rows[b.rowOf(b.at)].end)) }},
		{[]tcell.Key{tcell.KeyEnter}, func(b *textBox, _ int, _ bool) { b.insert("\n", true) }},
		{[]tcell.Key{tcell.KeyCtrlZ}, func(b *textBox, _ int, _ bool) { b.undo() }},
		{[]tcell.Key{tcell.KeyCtrlY}, func(b *textBox, _ int, _ bool) { b.redo() }},
	}
}

// rowEnd is the end of the row of the cursor.
func (b *textBox) rowEnd() int {
	i := b.rowOf(b.at)
	r := b.rows[i]
	if i+1 < len(b.rows) && b.rows[i+1].start == r.end && r.end > r.start {
		return b.before(r.end)
	}
	return r.end
}

// erase takes out what is selected, or else a stretch.
func (b *textBox) erase(start, end int) {
	if s, e := b.selection(); s < e {
		start, end = s, e
	}
	b.replace(start, end, "", false)
}

// key handles an editing key; it reports whether it was one.
func (b *textBox) key(ev *tcell.EventKey, page int) bool {
	b.layOut()
	mods := ev.Modifiers()
	shift := mods&tcell.ModShift != 0
	if ev.Key() == tcell.KeyRune {
		if mods&(tcell.ModAlt|tcell.ModCtrl|tcell.ModMeta) != 0 {
			return b.altKey(ev.Rune())
		}
		b.insert(string(ev.Rune()), true)
		return true
	}
	if mods&(tcell.ModCtrl|tcell.ModAlt) != 0 {
		switch ev.Key() {
		case tcell.KeyLeft:
			b.moveTo(b.word(-1), shift)
			return true
		case tcell.KeyRight:
			b.moveTo(b.word(1), shift)
			return true
		case tcell.KeyHome:
			b.moveTo(0, shift)
			return true
		case tcell.KeyEnd:
			b.moveTo(len(b.text), shift)
			return true
		case tcell.KeyBackspace, tcell.KeyBackspace2:
			b.erase(b.word(-1), b.at)
			return true
		case tcell.KeyDelete:
			b.erase(b.at, b.word(1))
			return true
		}
	}
	for _, k := range textKeys() {
		for _, have := range k.keys {
			if have == ev.Key() {
				k.do(b, page, shift)
				return true
			}
		}
	}
	return false
}

// altKey handles letters with Alt, which every terminal can send.
func (b *textBox) altKey(r rune) bool {
	switch r {
	case 'b':
		b.moveTo(b.word(-1), false)
	case 'f':
		b.moveTo(b.word(1), false)
	case 'd':
		b.erase(b.at, b.word(1))
	case '<':
		b.moveTo(0, false)
	case '>':
		b.moveTo(len(b.text), false)
	case 'z':
		b.nowrap = !b.nowrap
		b.laid, b.moved = 0, true
	default:
		return false
	}
	return true
}
