package tui

import (
	"github.com/rivo/tview"

	"xmppscope/decode"
)

// detail shows one event in tabs. Its cursor is a row of the page; the line
// there may lead somewhere. Where the screen is wide there are two of them, which
// show the same event and mark the same bytes.
type detail struct {
	*tview.Box
	u       *ui
	defs    [tabCount]tabDef
	tab     tab
	last    tab // to go back to from hex and state
	pages   [tabCount]page
	tops    [tabCount]int
	cursors [tabCount]int
	row     int // of the event shown; -1 for none
	event   *decode.Event
	hold    *Held  // the unit that it is, where it is held
	fault   string // why there is no event
	mark    stretch
	parts   []stretch       // all that can be selected, once somebody asked
	links   *links          // of the event, once somebody asked
	folds   map[string]bool // what was opened or closed against its custom
	seek    bool            // put the cursor on what is marked
	body    canvas
	flag    *[tabCount]tabFlag
	tabX    [tabCount + 1]int // columns of the tab names, for the mouse
	headEnd int               // column behind all that stands in their row
}

func newDetail(u *ui) *detail {
	return &detail{Box: tview.NewBox(), u: u, defs: tabDefs(), folds: map[string]bool{}, row: -1}
}

// show changes the event. Every tab starts at its top again.
func (d *detail) show(row int) {
	if d.row == row {
		return
	}
	d.forget()
	d.row = row
	if row < 0 {
		return
	}
	e, err := d.u.cap.store.Event(row)
	if err != nil {
		d.fault = err.Error()
		return
	}
	d.event = e
}

// forget drops what is shown, so that it is made anew.
func (d *detail) forget() {
	d.pages = [tabCount]page{}
	d.tops, d.cursors = [tabCount]int{}, [tabCount]int{}
	d.hold, d.parts, d.links, d.flag = nil, nil, nil, nil
	d.row, d.event, d.fault, d.mark, d.seek = -1, nil, "", stretch{}, false
}

// page makes the page of the tab in front when it is first looked at.
func (d *detail) page() page {
	if p := d.pages[d.tab]; p != nil {
		return p
	}
	p := d.defs[d.tab].build(d.input())
	d.pages[d.tab] = p
	return p
}

// input is what pages of the event are made of.
func (d *detail) input() *tabInput {
	if d.links == nil {
		d.links = linksOf(d.event)
	}
	return &tabInput{th: d.u.th, event: d.event, row: d.row, hold: d.hold, ctx: d.u.cap, mark: d.mark, folds: d.folds, links: d.links}
}

func (d *detail) draw(c canvas) {
	focused := d.u.facing() == d
	d.drawTabs(c, focused)
	d.body = c.sub(0, 1, c.w, c.h-1-d.noteLines(c))
	if d.body.h <= 0 {
		return
	}
	d.drawNote(c.sub(0, 1+d.body.h, c.w, c.h-1-d.body.h))
	if d.event == nil {
		text := "Nothing is selected."
		if d.fault != "" {
			text = "✗ This event cannot be read back: " + d.fault
		}
		d.body.text(1, 0, d.body.w-1, text, d.u.th.dim)
		return
	}
	p := d.page()
	in := d.body.sub(2, 0, d.body.w-3, d.body.h)
	n := p.fit(in.w)
	if row := p.marked(); d.seek && row >= 0 {
		d.cursors[d.tab], d.tops[d.tab] = row, 0
		if row > in.h-2 {
			d.tops[d.tab] = row - 1
		}
	}
	d.seek = false
	d.clamp(n, in.h)
	top, cursor := d.tops[d.tab], d.cursors[d.tab]
	for y := 0; y < in.h && top+y < n; y++ {
		p.draw(in, y, top+y)
		l := p.at(top + y)
		switch {
		case focused && top+y == cursor:
			d.body.text(0, y, 1, "▶", d.u.th.strong)
			in.restyle(0, y, in.w, reversed)
		case l != nil && l.acts() && l.fold == "" && (top+y == 0 || p.at(top+y-1) != l):
			d.body.text(0, y, 1, "›", d.u.th.key)
		}
	}
	d.drawBar(c, n, in.h, top)
}

// drawBar tells how much there is above and below.
func (d *detail) drawBar(c canvas, n, h, top int) {
	if n <= h {
		return
	}
	percent := 100 * (top + h) / n
	text := " " + plural(n, "line") + " · " + thousands(percent) + "% "
	if x := c.w - width(text) - 1; x > d.headEnd {
		c.text(x, 0, width(text), text, d.u.th.dim)
	}
	if top+h < n {
		c.text(c.w-1, c.h-1, 1, "↓", d.u.th.strong)
	}
	if top > 0 {
		c.text(c.w-1, 1, 1, "↑", d.u.th.strong)
	}
}

func (d *detail) clamp(n, h int) {
	cur := max(0, min(d.cursors[d.tab], n-1))
	top := d.tops[d.tab]
	if d.u.facing() == d {
		if cur < top {
			top = cur
		}
		if cur >= top+h {
			top = cur - h + 1
		}
	}
	d.cursors[d.tab], d.tops[d.tab] = cur, max(0, min(top, n-h))
}

// move moves the cursor by rows.
func (d *detail) move(n int) { d.cursors[d.tab] += n }

// scroll moves the window and keeps the cursor in it.
func (d *detail) scroll(n int) {
	d.tops[d.tab] = max(0, d.tops[d.tab]+n)
	cur := &d.cursors[d.tab]
	*cur = max(d.tops[d.tab], min(*cur, d.tops[d.tab]+d.body.h-1))
}

// turn brings a tab to the front.
func (d *detail) turn(t tab) {
	if t != d.tab {
		d.last, d.tab = d.tab, t
		d.seek = d.seek || d.pages[t] == nil && d.mark.end > 0
	}
}

// follow does what the line under the cursor is good for: it goes to an
// event, or shows the bytes that the line is about.
func (d *detail) follow() {
	if d.event == nil {
		return
	}
	row := d.cursors[d.tab]
	l := d.page().at(row)
	switch {
	case l != nil && l.fold != "":
		d.folds[l.fold] = !d.folds[l.fold]
		d.renew(d.tab)
	case l != nil && l.found != nil:
		d.point(tabOf(l.found, d.event), markOf(l.found))
	case l != nil && l.jump != 0:
		d.u.jump(l.jump)
	case l != nil && l.end > 0:
		d.point(tabBytes, d.named(stretch{start: l.start, end: l.end, in: l.in}))
	case d.enterRow(row):
	default:
		d.u.say(noteInfo, "nothing to follow here; › marks lines that lead somewhere")
	}
}

// point turns to a tab and marks something there, in both panes where there are
// two. A pane that shows the tab already need not turn.
func (d *detail) point(t tab, s stretch) {
	d.markAll(s)
	if o := d.u.beside(d); o == nil || o.tab != t {
		d.turn(t)
	}
}

// note marks something in the tabs without turning to one.
func (d *detail) note(s stretch) { d.markAll(s) }

// markAll marks bytes in every tab of every pane.
func (d *detail) markAll(s stretch) {
	for _, x := range []*detail{d, d.u.beside(d)} {
		if x != nil {
			x.mark, x.seek, x.pages = s, true, [tabCount]page{}
		}
	}
}

// click handles the mouse: a tab name, or a line of the page.
func (d *detail) click(c canvas, x, y int) {
	if y == c.y {
		for i := range d.defs {
			if x-c.x >= d.tabX[i] && x-c.x < d.tabX[i+1] {
				d.turn(tab(i))
			}
		}
		return
	}
	row := d.tops[d.tab] + y - d.body.y
	if row == d.cursors[d.tab] && d.u.facing() == d {
		d.follow()
		return
	}
	d.cursors[d.tab] = row
}

// renew makes a page again when more is known.
func (d *detail) renew(t tab) { d.pages[t], d.flag = nil, nil }
