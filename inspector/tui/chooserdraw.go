package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector"
)

// draw fills the rectangle it is given: introduction, typed text, list and
// what there is to say about the marked item.
func (c *chooser) draw(area canvas) {
	area.clear(c.th.base)
	y := drawProse(area, c.intro, c.th.base)
	x := area.text(0, y, area.w, c.label+" ", c.th.strong)
	text, column, kind := c.remarks()
	at := c.typed.draw(area, x, y, c.th.base, column)
	if c.typed.text == "" {
		empty := c.empty
		if empty == "" {
			empty = "(type some letters, or move with ↑ ↓)"
		}
		area.text(x+2, y, area.w-x-2, empty, c.th.dim)
	}
	sayBelow(area, c.th, x, y+1, at, kind.sign()+text, kind.style(c.th))
	y += 2
	list, about := c.split(area, y)
	c.drawList(list)
	if about.h > 0 && c.cursor < len(c.order) {
		it := &c.items[c.order[c.cursor]]
		n := drawProse(about, it.text, c.th.strong)
		drawProse(about.sub(0, n, about.w, about.h-n), it.about, c.th.base)
	}
}

// remarks is what there is to say below what is typed.
func (c *chooser) remarks() (text string, column int, kind noteKind) {
	switch {
	case c.remark != nil:
		return c.remark()
	case c.failed != "":
		return c.failed, -1, noteBad
	}
	return "", -1, noteInfo
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
		text := it.text
		if it.off != "" {
			text += "  — " + it.off
			if l.place != c.cursor {
				style = c.th.dim
			}
		}
		area.text(x, y, area.w-x, inspector.Disarm(text), style)
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
