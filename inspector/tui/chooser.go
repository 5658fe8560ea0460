package tui

import (
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/sahilm/fuzzy"

	"xmppscope/inspector"
)

// item is one line of a chooser.
type item struct {
	group string // heading that it stands under, before anything is typed
	key   string // what stands at its left: a key or a short name
	text  string
	about string // shown while it is marked
	match string // what typed letters are compared with
	also  string // text in which they are looked for as they stand
}

// chooser is a list to pick from by typing some letters of an item. It is the
// start screen, the list of captures to open and the command palette.
type chooser struct {
	th     *theme
	intro  string // some lines above the list
	label  string // before the typed text
	items  []item
	typed  editor
	order  []int // the items that match, best first
	cursor int   // in order
	top    int
	rows   []int // by screen row of the last draw: place in order, or -1
	area   canvas
	// free is what typed text that picks no item is good for, "" for nothing.
	free string

	pick    func(index int, typed string) // index -1: the text as typed
	quit    func()                        // Esc
	leaving string                        // what Esc does, "" for going back
}

func newChooser(th *theme, label string, items []item) *chooser {
	c := &chooser{th: th, label: label, items: items}
	c.refilter()
	return c
}

// refilter finds the items for what is typed.
func (c *chooser) refilter() {
	c.order, c.cursor, c.top = c.order[:0], 0, 0
	if c.typed.text == "" {
		for i := range c.items {
			c.order = append(c.order, i)
		}
		return
	}
	for _, m := range fuzzy.FindFrom(c.typed.text, matchSource(c.items)) {
		c.order = append(c.order, m.Index)
	}
	word := strings.ToLower(c.typed.text)
	for i := range c.items {
		if strings.Contains(strings.ToLower(c.items[i].also), word) && !slices.Contains(c.order, i) {
			c.order = append(c.order, i)
		}
	}
}

type matchSource []item

func (s matchSource) String(i int) string { return s[i].match }
func (s matchSource) Len() int            { return len(s) }

func (c *chooser) key(ev *tcell.EventKey) bool {
	switch ev.Key() {
	case tcell.KeyTab:
		c.complete()
	case tcell.KeyDown, tcell.KeyCtrlN:
		c.move(1)
	case tcell.KeyUp, tcell.KeyCtrlP, tcell.KeyBacktab:
		c.move(-1)
	case tcell.KeyPgDn:
		c.move(10)
	case tcell.KeyPgUp:
		c.move(-10)
	case tcell.KeyEnter:
		c.choose()
	case tcell.KeyEscape:
		c.quit()
	default:
		before := c.typed.text
		if !c.typed.key(ev) {
			return false
		}
		if c.typed.text != before {
			c.refilter()
		}
	}
	return true
}

// complete makes a typed file name longer; elsewhere Tab moves on.
func (c *chooser) complete() {
	if c.free == "" || c.typed.text == "" {
		c.move(1)
		return
	}
	c.typed.set(completePath(c.typed.text))
	c.refilter()
}

func (c *chooser) paste(text string) {
	c.typed.insert(text)
	c.refilter()
}

func (c *chooser) move(n int) {
	c.cursor = max(0, min(c.cursor+n, len(c.order)-1))
}

func (c *chooser) choose() {
	switch {
	case c.cursor < len(c.order) && !(c.free != "" && looksLikePath(c.typed.text)):
		c.pick(c.order[c.cursor], c.typed.text)
	case c.free != "" && c.typed.text != "":
		c.pick(-1, c.typed.text)
	}
}

// looksLikePath tells a file name from letters that pick an item.
func looksLikePath(s string) bool {
	for i := range len(s) {
		if s[i] == '/' || s[i] == '\\' || s[i] == '.' {
			return true
		}
	}
	return false
}

func (c *chooser) mouse(x, y, wheel int) {
	if wheel != 0 {
		c.move(wheel)
		return
	}
	if !c.area.contains(x, y) {
		return
	}
	if i := y - c.area.y; i < len(c.rows) && c.rows[i] >= 0 {
		if c.cursor == c.rows[i] {
			c.choose()
			return
		}
		c.cursor = c.rows[i]
	}
}

func (c *chooser) hints() []hint {
	all := []hint{{"↑ ↓", "move"}, {"type", "to find"}}
	if c.free != "" {
		all = append(all, hint{"Tab", "complete a file name"})
	}
	leaving := c.leaving
	if leaving == "" {
		leaving = "back"
	}
	return append(all, hint{"Enter", "choose"}, hint{"Esc", leaving})
}

// draw fills the rectangle it is given: introduction, typed text, list and
// what there is to say about the marked item.
func (c *chooser) draw(area canvas) {
	area.clear(c.th.base)
	y := drawProse(area, c.intro, c.th.base)
	x := area.text(0, y, area.w, c.label+" ", c.th.strong)
	c.typed.draw(area, x, y, c.th.base, -1)
	if c.typed.text == "" {
		area.text(x+2, y, area.w-x-2, "(type some letters, or move with ↑ ↓)", c.th.dim)
	}
	y += 2
	list, about := c.split(area, y)
	c.drawList(list)
	if about.h > 0 && c.cursor < len(c.order) {
		it := &c.items[c.order[c.cursor]]
		n := drawProse(about, it.text, c.th.strong)
		drawProse(about.sub(0, n, about.w, about.h-n), it.about, c.th.base)
	}
}

// split gives the list the left part of a wide area, the upper part of a
// narrow one.
func (c *chooser) split(area canvas, y int) (list, about canvas) {
	h := area.h - y
	if !c.hasAbout() {
		return area.sub(0, y, area.w, h), canvas{}
	}
	if area.w >= 110 {
		w := area.w * 11 / 20
		return area.sub(0, y, w-2, h), area.sub(w, y, area.w-w, h)
	}
	const lines = 4
	return area.sub(0, y, area.w, h-lines-1), area.sub(2, area.h-lines, area.w-2, lines)
}

func (c *chooser) hasAbout() bool {
	for i := range c.items {
		if c.items[i].about != "" {
			return true
		}
	}
	return false
}

func (c *chooser) drawList(area canvas) {
	c.area = area
	c.rows = c.rows[:0]
	if len(c.order) == 0 {
		s := "nothing here has these letters"
		if c.free != "" && c.typed.text != "" {
			s = c.free
		}
		area.text(2, 0, area.w-2, s, c.th.dim)
		return
	}
	lines, at := c.layout()
	if at < c.top {
		c.top = max(0, at-1) // the heading comes along
	}
	if at >= c.top+area.h {
		c.top = at - area.h + 1
	}
	if c.top+area.h < len(lines) {
		area.text(area.w-1, area.h-1, 1, "↓", c.th.strong)
	}
	keyWidth := c.keyWidth()
	for y := 0; y < area.h && c.top+y < len(lines); y++ {
		l := lines[c.top+y]
		c.rows = append(c.rows, l.place)
		if l.place < 0 {
			area.text(0, y, area.w, l.heading, c.th.title)
			continue
		}
		it := &c.items[c.order[l.place]]
		style, mark := c.th.base, "  "
		if l.place == c.cursor {
			style, mark = reversed(c.th.base), "▶ "
			area.fill(0, y, area.w, " ", style)
		}
		x := area.text(0, y, area.w, mark, style)
		area := area.sub(0, 0, area.w-2, area.h) // the arrow for more stands beside
		if keyWidth > 0 {
			area.text(x, y, keyWidth, inspector.Disarm(it.key), style.Bold(true))
			x += keyWidth + 2
		}
		area.text(x, y, area.w-x, inspector.Disarm(it.text), style)
	}
}

type chooserLine struct {
	heading string
	place   int // in order; -1 for a heading or a blank line
}

// layout is the list with its headings, and the line of the marked item.
func (c *chooser) layout() (lines []chooserLine, at int) {
	group := ""
	for place, i := range c.order {
		if g := c.items[i].group; c.typed.text == "" && g != group {
			if len(lines) > 0 {
				lines = append(lines, chooserLine{"", -1})
			}
			lines = append(lines, chooserLine{g, -1})
			group = g
		}
		if place == c.cursor {
			at = len(lines)
		}
		lines = append(lines, chooserLine{"", place})
	}
	return lines, at
}

func (c *chooser) keyWidth() int {
	w := 0
	for i := range c.items {
		w = max(w, width(inspector.Disarm(c.items[i].key)))
	}
	return min(w, 28)
}

// drawProse writes wrapped text and returns how many rows it took; line breaks
// in it are kept.
func drawProse(area canvas, text string, style tcell.Style) int {
	if text == "" {
		return 0
	}
	var rows []row
	for i, s := range splitLines(text) {
		l := line{spans: []span{{inspector.Disarm(s), style}}}
		rows = wrap(rows, &l, i, area.w)
	}
	for y := 0; y < area.h && y < len(rows); y++ {
		area.spans(0, y, area.w, rows[y].spans)
	}
	return len(rows)
}
