package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
)

// editor is one line of text that a person types: a search, a filter, a file
// name. It moves by graphemes.
type editor struct {
	text string
	at   int // byte offset of the cursor
}

// maxTyped is the longest text in bytes, so that a pasted file does no harm.
const maxTyped = 4096

func (e *editor) set(s string) { e.text, e.at = s, len(s) }

// insert puts text at the cursor; line breaks become blanks.
func (e *editor) insert(s string) {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\t':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(e.text)+len(s) > maxTyped {
		return
	}
	e.text = e.text[:e.at] + s + e.text[e.at:]
	e.at += len(s)
}

// key handles an editing key; it reports whether it was one.
func (e *editor) key(ev *tcell.EventKey) bool {
	switch ev.Key() {
	case tcell.KeyRune:
		if ev.Modifiers()&(tcell.ModAlt|tcell.ModCtrl|tcell.ModMeta) != 0 {
			return false
		}
		e.insert(string(ev.Rune()))
	case tcell.KeyBackspace, tcell.KeyBackspace2:
		n := lastCluster(e.text[:e.at])
		e.text = e.text[:e.at-n] + e.text[e.at:]
		e.at -= n
	case tcell.KeyDelete, tcell.KeyCtrlD:
		e.text = e.text[:e.at] + e.text[e.after():]
	case tcell.KeyLeft, tcell.KeyCtrlB:
		e.at -= lastCluster(e.text[:e.at])
	case tcell.KeyRight, tcell.KeyCtrlF:
		e.at = e.after()
	case tcell.KeyHome, tcell.KeyCtrlA:
		e.at = 0
	case tcell.KeyEnd, tcell.KeyCtrlE:
		e.at = len(e.text)
	case tcell.KeyCtrlU:
		e.text, e.at = e.text[e.at:], 0
	case tcell.KeyCtrlK:
		e.text = e.text[:e.at]
	case tcell.KeyCtrlW:
		from := strings.LastIndexByte(strings.TrimRight(e.text[:e.at], " "), ' ') + 1
		e.text, e.at = e.text[:from]+e.text[e.at:], from
	default:
		return false
	}
	return true
}

func (e *editor) after() int {
	if e.at >= len(e.text) {
		return e.at
	}
	rest, _ := advance(e.text[e.at:])
	return len(e.text) - len(rest)
}

// draw shows the text so that the cursor is inside and returns the column of
// byte offset mark, or -1 where it is not on the screen.
func (e *editor) draw(c canvas, x, y int, style tcell.Style, mark int) int {
	room := c.w - x - 1
	if room < 1 {
		return -1
	}
	from := 0
	for width(e.text[from:e.at]) > room {
		rest, _ := advance(e.text[from:])
		from = len(e.text) - len(rest)
	}
	found := -1
	col, rest := x, e.text[from:]
	for {
		off := len(e.text) - len(rest)
		if off == mark {
			found = col
		}
		if off == e.at {
			c.scr.ShowCursor(c.x+col, c.y+y)
		}
		if rest == "" {
			break
		}
		next, w := advance(rest)
		if col+w > x+room+1 {
			break
		}
		c.scr.Put(c.x+col, c.y+y, rest, style)
		col, rest = col+w, next
	}
	return found
}
