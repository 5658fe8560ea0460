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
	left, right := cols.sides()
	w := right - left + 1
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
	if r.Origin() == decode.OriginDropped {
		sign = "✗" // it does not arrive
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

// sides are the columns of the two upright lines.
func (c columnSet) sides() (left, right int) {
	w := (c.flags - c.arrow) / 2
	if w < 12 {
		w = max(4, c.flags-c.arrow-1)
	}
	return c.arrow, c.arrow + w - 1
}

// nameSides writes above the two lines whose they are, where there is room
// behind column x, and returns the column after that.
func (l *list) nameSides(c canvas, x int) int {
	cap := l.u.cap
	row := cap.row()
	if row < 0 {
		return x
	}
	r := cap.store.Row(row)
	p := l.profile(r.Conn(), l.texts.get(cap.store, row))
	left, right := l.columns(c.w).sides()
	a, b := " "+sideName(p, decode.FromInitiator)+" ", " "+sideName(p, decode.FromReceiver)+" "
	if left+width(a) > right-width(b) { // those of servers are long
		a, b = " "+sideName(decode.ProfileUnknown, decode.FromInitiator)+" ", " "+sideName(decode.ProfileUnknown, decode.FromReceiver)+" "
	}
	if left-1 < x || left+width(a) > right-width(b) {
		return x
	}
	c.text(left-1, 0, width(a), a, l.u.th.strong)
	return c.text(right-width(b)+2, 0, width(b), b, l.u.th.strong)
}
