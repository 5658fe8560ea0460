package tui

import "github.com/gdamore/tcell/v2"

// overlay is something that lies over the panes and takes the keys: a prompt,
// a chooser, the key sheet. It is removed with ui.close.
type overlay interface {
	// draw gets the whole screen; the last row is where hints stand.
	draw(c canvas)
	// key handles a key; false lets the few keys through that always work.
	key(ev *tcell.EventKey) bool
	// paste takes pasted text.
	paste(text string)
	// mouse is a click (wheel 0) or a turn of the wheel (-1 up, 1 down).
	mouse(x, y, wheel int)
	// hints are the keys that matter now, for the last row.
	hints() []hint
}

// hint is a key and what it does, for the footer.
type hint struct{ key, does string }

// window draws a frame with a title in the middle of c and gives its inside.
func window(c canvas, th *theme, title string, w, h int) canvas {
	w, h = min(w, c.w), min(h, c.h)
	out := c.sub((c.w-w)/2, (c.h-h)/2, w, h)
	out.clear(th.base)
	out.fill(0, 0, w, "─", th.dim)
	out.fill(0, h-1, w, "─", th.dim)
	for y := 1; y < h-1; y++ {
		out.text(0, y, 1, "│", th.dim)
		out.text(w-1, y, 1, "│", th.dim)
	}
	for _, corner := range []struct {
		x, y int
		sign string
	}{{0, 0, "┌"}, {w - 1, 0, "┐"}, {0, h - 1, "└"}, {w - 1, h - 1, "┘"}} {
		out.text(corner.x, corner.y, 1, corner.sign, th.dim)
	}
	out.text(2, 0, w-4, " "+title+" ", th.title)
	return out.sub(2, 1, w-4, h-2)
}
