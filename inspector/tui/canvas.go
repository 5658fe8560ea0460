package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/uniseg"
)

// canvas is a rectangle of the screen to draw in. Nothing drawn through it
// leaves the rectangle. Coordinates count from its upper left corner.
type canvas struct {
	scr        tcell.Screen
	x, y, w, h int
}

// sub is a rectangle inside c, clipped to it.
func (c canvas) sub(x, y, w, h int) canvas {
	x, y = min(max(x, 0), c.w), min(max(y, 0), c.h)
	return canvas{c.scr, c.x + x, c.y + y, min(max(w, 0), c.w-x), min(max(h, 0), c.h-y)}
}

func (c canvas) contains(x, y int) bool {
	return x >= c.x && x < c.x+c.w && y >= c.y && y < c.y+c.h
}

// text draws s at x, y in at most w columns and returns the column after it.
// What does not fit is cut and ends in an ellipsis.
func (c canvas) text(x, y, w int, s string, style tcell.Style) int {
	if y < 0 || y >= c.h || x >= c.w {
		return x
	}
	limit := min(x+w, c.w)
	for s != "" {
		rest, cw := advance(s)
		if x+cw > limit || x+cw == limit && rest != "" {
			if x < limit {
				c.scr.Put(c.x+x, c.y+y, "…", style)
				x++
			}
			return x
		}
		c.scr.Put(c.x+x, c.y+y, s, style)
		x += cw
		s = rest
	}
	return x
}

// spans draws runs of text one after the other, cut like text.
func (c canvas) spans(x, y, w int, all []span) int {
	limit := x + w
	for i := range all {
		if x >= limit {
			break
		}
		x = c.text(x, y, limit-x, all[i].text, all[i].style)
	}
	return x
}

// fill paints one row from x up to x+w with a sign of one column.
func (c canvas) fill(x, y, w int, sign string, style tcell.Style) {
	if y < 0 || y >= c.h {
		return
	}
	for end := min(x+w, c.w); x < end; x++ {
		c.scr.Put(c.x+x, c.y+y, sign, style)
	}
}

// clear blanks the whole rectangle.
func (c canvas) clear(style tcell.Style) {
	for y := range c.h {
		c.fill(0, y, c.w, " ", style)
	}
}

// restyle changes the style of a stretch of cells that are already drawn.
func (c canvas) restyle(x, y, w int, f func(tcell.Style) tcell.Style) {
	for end := min(x+w, c.w); x < end; x++ {
		text, style, width := c.scr.Get(c.x+x, c.y+y)
		if width > 0 {
			c.scr.Put(c.x+x, c.y+y, text, f(style))
		}
	}
}

// advance steps over the first grapheme of s: what follows, and its width.
func advance(s string) (rest string, width int) {
	if isPlain(s[0]) && (len(s) == 1 || s[1] < utf8.RuneSelf) {
		return s[1:], 1
	}
	_, rest, width = firstCluster(s)
	return rest, width
}

// width is the number of columns that s takes.
func width(s string) int {
	n := 0
	for s != "" {
		var w int
		s, w = advance(s)
		n += w
	}
	return n
}

// pad fills s up with blanks to n columns, or cuts it.
func pad(s string, n int) string {
	w := width(s)
	if w <= n {
		return s + strings.Repeat(" ", n-w)
	}
	return cut(s, n)
}

// cut shortens s to n columns, with an ellipsis where something is lost.
func cut(s string, n int) string {
	if width(s) <= n {
		return s
	}
	rest, used := s, 0
	for rest != "" {
		r, w := advance(rest)
		if used+w > n-1 {
			break
		}
		used += w
		rest = r
	}
	if n < 1 {
		return ""
	}
	return s[:len(s)-len(rest)] + "…"
}

// lastCluster is the length in bytes of the last grapheme of s.
func lastCluster(s string) int {
	n, state := 0, -1
	for s != "" {
		var c string
		c, s, _, state = uniseg.FirstGraphemeClusterInString(s, state)
		n = len(c)
	}
	return n
}
