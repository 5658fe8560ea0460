package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"
)

// How a textBox is laid out in rows and drawn.

// signOf is what stands on the screen for one step of the cursor.
func signOf(cluster string) string {
	if len(cluster) == 1 && isPlain(cluster[0]) {
		return cluster
	}
	return wire(cluster)
}

func glyphWidth(cluster string) int {
	if len(cluster) == 1 && isPlain(cluster[0]) {
		return 1
	}
	return width(wire(cluster))
}

// textWidth is the width of a text as it is shown in a textBox.
func textWidth(s string) int {
	w := 0
	for s != "" {
		n := clusterLen(s)
		w += glyphWidth(s[:n])
		s = s[n:]
	}
	return w
}

// layOut cuts the text into rows, where that is due.
func (b *textBox) layOut() {
	if b.laid == b.version && len(b.rows) > 0 {
		return
	}
	b.laid, b.rows = b.version, b.rows[:0]
	for start := 0; ; {
		end := strings.IndexByte(b.text[start:], '\n')
		if end < 0 {
			b.wrap(start, len(b.text))
			return
		}
		b.wrap(start, start+end)
		start += end + 1
	}
}

// wrap adds the rows of one line. It is broken behind a > or a blank where
// there is one not too far away. The line feed, or the cursor at the end of the
// text, needs a column too.
func (b *textBox) wrap(start, end int) {
	room := max(4, b.width) - 1
	if b.nowrap {
		b.rows = append(b.rows, textRow{start, end})
		return
	}
	x, good, goodX := 0, start, 0
	for at := start; at < end; {
		n := clusterLen(b.text[at:])
		w := glyphWidth(b.text[at : at+n])
		if x+w > room && at > start {
			if goodX < room/2 {
				good, goodX = at, x
			}
			b.rows = append(b.rows, textRow{start, good})
			start, x = good, x-goodX
			goodX = 0
		}
		at, x = at+n, x+w
		if c := b.text[at-1]; c == ' ' || c == '>' {
			good, goodX = at, x
		}
	}
	b.rows = append(b.rows, textRow{start, end})
}

// fit prepares the text for an area and scrolls so that the cursor is inside,
// where it was moved.
func (b *textBox) fit(w, h int) {
	if w != b.width {
		b.width, b.laid = w, 0
	}
	b.layOut()
	if b.moved {
		b.moved = false
		row := b.rowOf(b.at)
		b.top = max(row-h+1, min(b.top, row))
		if x := b.column(b.at); b.nowrap {
			b.left = max(x-w+2, min(b.left, max(0, x-8)))
		}
	}
	if !b.nowrap {
		b.left = 0
	}
	b.top = max(0, min(b.top, len(b.rows)-1))
}

// draw shows the rows. style gives the style of a place; it is asked for places
// in order. The cursor is shown where that is wanted.
func (b *textBox) draw(c canvas, th *theme, style func(at int) tcell.Style, cursor bool) {
	b.fit(c.w, c.h)
	for y := 0; y < c.h && b.top+y < len(b.rows); y++ {
		b.drawRow(c, y, b.top+y, th, style, cursor)
	}
	if b.top+c.h < len(b.rows) {
		c.text(c.w-1, c.h-1, 1, "↓", th.strong)
	}
	if b.top > 0 {
		c.text(c.w-1, 0, 1, "↑", th.strong)
	}
}

// drawRow draws row i in line y.
func (b *textBox) drawRow(c canvas, y, i int, th *theme, style func(at int) tcell.Style, cursor bool) {
	from, to := b.selection()
	r := b.rows[i]
	x := -b.left
	for at := r.start; at < r.end && x < c.w; {
		n := clusterLen(b.text[at:])
		if cursor && at == b.at {
			c.cursor(x, y)
		}
		s := style(at)
		g := signOf(b.text[at : at+n])
		if g != b.text[at:at+n] {
			s = s.Reverse(true)
		}
		if at >= from && at < to {
			s = reversed(s).Underline(true)
		}
		x = c.glyph(x, y, g, s)
		at += n
	}
	feed := r.end < len(b.text) && b.text[r.end] == '\n'
	if last := i+1 == len(b.rows); cursor && b.at == r.end && (feed || last) {
		c.cursor(x, y)
	}
	if feed {
		s := th.dim
		if r.end >= from && r.end < to {
			s = reversed(s)
		}
		c.glyph(x, y, wire("\n"), s)
	}
}

// glyph draws a few signs from x on, which may lie left of the canvas, and
// returns the column behind them.
func (c canvas) glyph(x, y int, s string, style tcell.Style) int {
	for s != "" {
		rest, w := advance(s)
		if x >= 0 && x+w <= c.w && y < c.h {
			c.scr.Put(c.x+x, c.y+y, s, style)
		}
		x, s = x+w, rest
	}
	return x
}

func (c canvas) cursor(x, y int) {
	if x >= 0 && x < c.w && y < c.h {
		c.scr.ShowCursor(c.x+x, c.y+y)
	}
}

// click puts the cursor at a place of what was drawn; x and y count from its
// corner.
func (b *textBox) click(x, y int) {
	b.layOut()
	if row := b.top + y; row < len(b.rows) {
		b.moveTo(b.placeAt(row, x+b.left), false)
	} else {
		b.moveTo(len(b.text), false)
	}
}

func pickNumber(first bool, a, b int) int {
	if first {
		return a
	}
	return b
}
