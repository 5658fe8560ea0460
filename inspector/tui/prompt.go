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
	// tab completes the text; propose, where set, lists how it may go on in
	// place of what stands between from and at. They are shown above the text,
	// ↑ ↓ mark one, Tab or then Enter takes it.
	tab      func(text string, at int) string
	propose  func(text string, at int) (from int, all []proposal)
	proposed int  // the marked one, from 1; 0 for none
	asked    bool // proposals are shown though nothing is typed

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
		if p.proposed > 0 {
			p.take()
		} else {
			p.enter(p.typed.text)
		}
	case tcell.KeyEscape:
		if p.proposed > 0 {
			p.proposed = 0
		} else {
			p.quit()
		}
	case tcell.KeyUp:
		if p.up != nil {
			p.up()
		}
		p.mark(-1)
	case tcell.KeyDown:
		if p.down != nil {
			p.down()
		}
		p.mark(1)
	case tcell.KeyTab:
		p.complete()
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

// mark goes to another proposal.
func (p *prompt) mark(n int) {
	if p.propose == nil {
		return
	}
	p.asked = true
	_, all := p.propose(p.typed.text, p.typed.at)
	p.proposed = max(0, min(p.proposed+n, len(all)))
}

// complete makes the text longer as far as there is no choice, else by what is
// proposed.
func (p *prompt) complete() {
	if p.tab != nil && p.proposed == 0 && p.typed.at == len(p.typed.text) {
		before := p.typed.text
		if s := p.tab(before, p.typed.at); s != before {
			p.typed.set(s)
			p.changed()
			return
		}
	}
	if p.propose != nil && p.typed.text == "" && !p.asked {
		p.asked = true
		return
	}
	p.take()
}

// take puts the marked proposal, or the first, into the text.
func (p *prompt) take() {
	if p.propose == nil {
		return
	}
	from, all := p.propose(p.typed.text, p.typed.at)
	if len(all) == 0 {
		return
	}
	text, rest := p.typed.text[:from]+all[max(0, p.proposed-1)].insert, p.typed.text[p.typed.at:]
	p.typed.text, p.typed.at = text+rest, len(text)
	p.changed()
}

func (p *prompt) changed() {
	p.proposed = 0
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
	p.drawProposals(c.sub(0, 0, c.w, max(0, c.h-4)))
	area := c.sub(0, c.h-4, c.w, 3)
	area.clear(p.th.base)
	area.fill(0, 0, area.w, "━", p.th.strong)
	x := area.text(0, 1, area.w, " "+p.label+" ", p.th.barStrong) + 1
	message, column, kind := p.note(p.typed.text)
	at := p.typed.draw(area, x, 1, p.th.base, column)
	sayBelow(area, p.th, x, 2, at, kind.sign()+message, kind.style(p.th))
}

// drawProposals lists how the text may go on, at the foot of c.
func (p *prompt) drawProposals(c canvas) {
	if p.propose == nil || p.typed.text == "" && !p.asked {
		return
	}
	_, all := p.propose(p.typed.text, p.typed.at)
	n := min(len(all), maxProposed, c.h-2)
	if n <= 0 {
		return
	}
	top := max(0, p.proposed-n)
	area := c.sub(0, c.h-n-1, c.w, n+1)
	area.clear(p.th.base)
	area.fill(0, 0, area.w, "─", p.th.dim)
	more := ""
	if rest := len(all) - top - n; rest > 0 {
		more = ", " + thousands(rest) + " more below"
	}
	area.text(1, 0, area.w-1, " it may go on with (↑ ↓ mark, Tab takes"+more+") ", p.th.dim)
	for y := range n {
		a, style, mark := all[top+y], p.th.base, "  "
		if top+y == p.proposed-1 {
			style, mark = reversed(style), "▶ "
			area.fill(0, y+1, area.w, " ", style)
		}
		x := area.text(0, y+1, 2, mark, style)
		x = area.text(x, y+1, area.w-x, wire(a.shown), style.Bold(true))
		area.text(max(x+2, 26), y+1, area.w-max(x+2, 26), a.doc, style)
	}
}

// sayBelow writes a message in a row below typed text, beginning at x, with a
// caret in column at where that is not negative.
func sayBelow(area canvas, th *theme, x, y, at int, text string, style tcell.Style) {
	switch {
	case at < 0:
		area.text(x, y, area.w-x, text, style)
	case at+2+width(text) > area.w && at-x > width(text):
		// The message stands before the caret where there is no room behind it.
		area.text(at-width(text)-1, y, width(text), text, style)
		area.text(at, y, 1, "^", th.bad)
	default:
		area.text(at, y, 1, "^", th.bad)
		area.text(at+2, y, area.w-at-2, text, style)
	}
}
