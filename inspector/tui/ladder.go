package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// drawRung draws an event as an arrow between two upright lines, one for each
// side, with what it does behind.
func (l *list) drawRung(y int, cols columnSet, r inspector.Row, t rowText, style, dim tcell.Style) {
	b := l.body
	left := cols.arrow
	w := (cols.flags - left) / 2
	if w < 12 {
		w = max(4, cols.flags-left-1)
	}
	right := left + w - 1
	b.text(left, y, 1, "│", dim)
	b.text(right, y, 1, "│", dim)
	line, head := "─", right-1
	sign := "▶"
	if r.Dir() == decode.FromReceiver {
		head, sign = left+1, "◀"
	}
	if !onWire(r.Kind()) {
		line, sign = "·", "·"
	}
	b.fill(left+1, y, w-2, line, style)
	b.text(head, y, 1, sign, style)
	text := " " + t.element + " "
	if n := width(text); n < w-6 {
		b.text(left+1+(w-2-n)/2, y, n, text, style)
	} else {
		b.text(left+3, y, w-6, text, style)
	}
	b.text(right+2, y, cols.flags-right-3, t.title, style)
}

// onWire tells whether an event of the kind is something that was sent.
func onWire(k decode.Kind) bool {
	return k != decode.KindGap && k != decode.KindNote && k != decode.KindTCP
}
