package tui

import (
	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/decode/lint"
)

// tab is one view of the selected event.
type tab uint8

const (
	tabExplain tab = iota
	tabXML
	tabSASL
	tabBytes
	tabState
	tabCount
)

// tabDef makes the page of a tab. A new tab is one file and one line here.
type tabDef struct {
	name string
	// build makes the page; never nil.
	build func(b *tabInput) page
	// flag is a sign behind the name when there is something to see.
	flag func(e *decode.Event) string
}

func tabDefs() [tabCount]tabDef {
	return [tabCount]tabDef{
		tabExplain: {"Explain", explainPage, nil},
		tabXML:     {"XML", xmlPage, faultFlag},
		tabSASL:    {"SASL", saslPage, saslFlag},
		tabBytes:   {"Bytes", bytesPage, nil},
		tabState:   {"State", statePage, stateFlag},
	}
}

// tabInput is what a page is made of.
type tabInput struct {
	th    *theme
	event *decode.Event
	row   int   // of the event in the store; below 0 for what is held
	hold  *Held // what is held; nil for an event of the store
	ctx   *capture
	folds map[string]bool // see detail
	mark  stretch         // what was followed in another tab
}

// stretch is a range of the event's wire, or of what in says; empty if end is
// 0.
type stretch struct {
	start, end int
	in         lint.Part
	// rule and text are those of the finding that it belongs to, if it is one's.
	rule, text string
}

// covers tells whether the stretch and a range of the same bytes overlap.
func (s stretch) covers(in lint.Part, start, end int) bool {
	return s.end > 0 && s.in == in && start < s.end && s.start < end
}

// detail shows one event in tabs. Its cursor is a row of the page; the line
// there may lead somewhere.
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
	folds   map[string]bool // what was opened or closed against its custom
	seek    bool            // put the cursor on what is marked
	body    canvas
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
	d.hold = nil
	d.row, d.event, d.fault, d.mark, d.seek = -1, nil, "", stretch{}, false
}

// page makes the page of the tab in front when it is first looked at.
func (d *detail) page() page {
	if p := d.pages[d.tab]; p != nil {
		return p
	}
	in := &tabInput{th: d.u.th, event: d.event, row: d.row, hold: d.hold, ctx: d.u.cap, mark: d.mark, folds: d.folds}
	p := d.defs[d.tab].build(in)
	d.pages[d.tab] = p
	return p
}

func (d *detail) draw(c canvas) {
	focused := d.u.focus == paneDetail
	d.drawTabs(c, focused)
	d.body = c.sub(0, 1, c.w, c.h-1)
	if d.body.h <= 0 {
		return
	}
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

// drawTabs writes the names of the tabs; the one in front stands in brackets.
func (d *detail) drawTabs(c canvas, focused bool) {
	th := d.u.th
	rule, style := "─", th.dim
	if focused {
		rule, style = "━", th.strong
	}
	c.fill(0, 0, c.w, rule, style)
	x := 1
	for i := range d.defs {
		name := " " + string(rune('1'+i)) + " " + d.defs[i].name
		if d.event != nil && d.defs[i].flag != nil {
			name += d.defs[i].flag(d.event)
		}
		name += " "
		st := th.base
		if tab(i) == d.tab {
			name = "[" + name[1:len(name)-1] + "]"
			st = th.strong
			if focused {
				st = th.barStrong
			}
		}
		d.tabX[i] = x
		x = c.text(x, 0, c.w-x, name, st)
	}
	d.tabX[tabCount] = x
	d.headEnd = x
	if d.hold != nil {
		d.headEnd = c.text(x, 0, c.w-x, " HELD ", th.warn.Reverse(true))
	}
	if d.event != nil && originSign(d.event.Origin) != "" {
		d.headEnd = c.text(x, 0, c.w-x, " "+originSign(d.event.Origin)+" "+d.event.Origin.String()+" ", th.warn)
	}
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
	if d.u.focus == paneDetail {
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
	l := d.page().at(d.cursors[d.tab])
	switch {
	case l == nil || !l.acts():
		d.u.say(noteInfo, "nothing to follow here; › marks lines that lead somewhere")
	case l.fold != "":
		d.folds[l.fold] = !d.folds[l.fold]
		d.renew(d.tab)
	case l.found != nil:
		d.point(tabOf(l.found, d.event), markOf(l.found))
	case l.jump != 0:
		d.u.jump(l.jump)
	default:
		d.point(tabBytes, stretch{start: l.start, end: l.end})
	}
}

// point turns to a tab and marks something there.
func (d *detail) point(t tab, s stretch) {
	d.mark, d.seek = s, true
	d.pages = [tabCount]page{}
	d.turn(t)
}

// note marks something in the tabs without turning to one.
func (d *detail) note(s stretch) {
	d.mark, d.seek = s, true
	d.pages = [tabCount]page{}
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
	if row == d.cursors[d.tab] && d.u.focus == paneDetail {
		d.follow()
		return
	}
	d.cursors[d.tab] = row
}

func faultFlag(e *decode.Event) string {
	if len(e.Errs) > 0 {
		return " ✗"
	}
	return ""
}

func saslFlag(e *decode.Event) string {
	if e.SASL != nil {
		return " *"
	}
	return ""
}

func stateFlag(e *decode.Event) string {
	if e.State != e.After && len(decode.Changes(e.State, e.After)) > 0 {
		return " +"
	}
	return ""
}

// renew makes a page again when more is known.
func (d *detail) renew(t tab) { d.pages[t] = nil }
