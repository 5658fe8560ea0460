package tui

import (
	"github.com/gdamore/tcell/v2"
)

// prompt asks for one line of text at the foot of the screen. Two rows above
// the hints belong to it: the text, and below it what there is to say about
// it, such as where an expression is wrong. It lies over the panes and moves
// nothing.
type prompt struct {
	th    *theme
	label string
	typed editor
	// note looks at the text while it is typed; column is the byte offset
	// that a caret is to stand under, -1 for none.
	note func(text string) (message string, column int, kind noteKind)
	// enter is called with the text; the prompt stays until ui.close.
	enter func(text string)
	// change, where set, is called after every change of the text.
	change func(text string)
	// up and down, where set, handle these keys.
	up, down func()
	// tab completes the text.
	tab  func(text string, at int) string
	quit func()
	keys []hint
}

// noteKind says how grave a message is; each has its sign.
type noteKind uint8

const (
	noteInfo noteKind = iota
	noteGood
	noteBad
)

func (k noteKind) sign() string { return [...]string{"", "✓ ", "✗ "}[k] }

func (k noteKind) style(th *theme) tcell.Style {
	switch k {
	case noteGood:
		return th.good
	case noteBad:
		return th.bad
	}
	return th.base
}

func (p *prompt) key(ev *tcell.EventKey) bool {
	switch ev.Key() {
	case tcell.KeyEnter:
		p.enter(p.typed.text)
	case tcell.KeyEscape:
		p.quit()
	case tcell.KeyUp:
		if p.up != nil {
			p.up()
		}
	case tcell.KeyDown:
		if p.down != nil {
			p.down()
		}
	case tcell.KeyTab:
		if p.tab != nil {
			before := p.typed.text
			if s := p.tab(before, p.typed.at); s != before {
				p.typed.set(s)
				p.changed()
			}
		}
	default:
		before := p.typed.text
		if !p.typed.key(ev) {
			return false
		}
		if p.typed.text != before {
			p.changed()
		}
	}
	return true
}

func (p *prompt) changed() {
	if p.change != nil {
		p.change(p.typed.text)
	}
}

func (p *prompt) paste(text string) {
	p.typed.insert(text)
	p.changed()
}

func (p *prompt) mouse(int, int, int) {}

func (p *prompt) hints() []hint { return p.keys }

func (p *prompt) draw(c canvas) {
	area := c.sub(0, c.h-4, c.w, 3)
	area.clear(p.th.base)
	area.fill(0, 0, area.w, "━", p.th.strong)
	x := area.text(0, 1, area.w, " "+p.label+" ", p.th.barStrong) + 1
	message, column, kind := p.note(p.typed.text)
	at := p.typed.draw(area, x, 1, p.th.base, column)
	text := kind.sign() + message
	y := 2
	switch {
	case at < 0:
		area.text(x, y, area.w-x, text, kind.style(p.th))
	case at+2+width(text) > area.w && at-x > width(text):
		// The message stands before the caret where there is no room behind it.
		area.text(at-width(text)-1, y, width(text), text, kind.style(p.th))
		area.text(at, y, 1, "^", p.th.bad)
	default:
		area.text(at, y, 1, "^", p.th.bad)
		area.text(at+2, y, area.w-at-2, text, kind.style(p.th))
	}
}
