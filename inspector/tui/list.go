package tui

import (
	"strconv"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
)

// list shows the events of the view, one a row, however many there are: it
// looks only at those on the screen.
type list struct {
	*tview.Box
	u      *ui
	top    int // first line shown, of the view
	cursor int // the line selected
	body   canvas
	texts  rowTexts
	ladder bool
	lanes  lanes // of the ladder of several conversations
	times  timeMode
	buf    []byte
}

func newList(u *ui) *list { return &list{Box: tview.NewBox(), u: u} }

// forget drops what was kept of another capture.
func (l *list) forget() { l.top, l.texts = 0, rowTexts{} }

func (l *list) draw(c canvas) {
	l.drawTitle(c)
	l.body = c.sub(0, 1, c.w, c.h-1)
	cap := l.u.cap
	n := cap.view.Len()
	if n == 0 {
		l.drawEmpty()
		return
	}
	l.cursor = cap.line()
	cols := l.columns(c.w)
	if l.manyLanes() && l.body.h > 1 {
		l.layLanes(cols)
		l.nameLanes(c.sub(0, 1, c.w, 1))
		l.body = c.sub(0, 2, c.w, c.h-2)
	}
	l.keepInSight(l.cursor, n)
	base := l.base()
	for y := 0; y < l.body.h && l.top+y < n; y++ {
		i := l.top + y
		row := cap.store.Row(cap.view.RowAt(i))
		if l.times == timeDelta {
			base = l.before(i)
		}
		l.drawRow(y, i, row, cols, base)
	}
}

// drawTitle is the rule over the list: what is shown, of how much, and how.
func (l *list) drawTitle(c canvas) {
	th, cap := l.u.th, l.u.cap
	rule, style, name := "─", th.dim, th.base
	if l.u.focus == paneList {
		rule, style, name = "━", th.strong, th.barStrong
	}
	c.fill(0, 0, c.w, rule, style)
	text := " " + plural(cap.view.Len(), "event") + " "
	if cap.view.Len() != cap.store.Len() {
		text = " " + thousands(cap.view.Len()) + " of " + plural(cap.store.Len(), "event") + " "
	}
	x := c.text(1, 0, c.w-1, text, name)
	if cap.waiting {
		done, total := cap.view.Progress()
		x = c.text(x+1, 0, c.w-x-1, " looking: "+thousands(100*done/max(total, 1))+" % ", th.strong)
	}
	if f := cap.filterText; f != "" {
		x = c.text(x+1, 0, c.w-x-30, " filter: "+inspector.Disarm(f)+" ", th.warn)
	}
	if l.ladder && !l.manyLanes() {
		x = max(x, l.nameSides(c, x))
	}
	text = " time " + l.times.String() + " "
	if at := c.w - width(text) - 1; at > x {
		c.text(at, 0, width(text), text, th.dim)
	}
}

func (l *list) drawEmpty() {
	cap := l.u.cap
	text := "No events yet."
	switch {
	case l.u.isLive() && cap.store.Len() == 0:
		text = "Nobody has connected yet. Let a client connect"
		if all := l.u.queue.status.Listening; len(all) > 0 {
			text += " to " + inspector.Disarm(strings.Join(all, " or "))
		}
		text += "; what it and the server say appears here. It has to trust our certificate: xmppscope ca tells how. " + pick(l.u.queue.status.Mode == gate.Running, "p holds everything from its first step on; b sets a breakpoint.", "The first step is held, for you to look at.")
	case cap.waiting:
		text = "Looking for events that the filter lets through …"
	case cap.filterText != "" && cap.store.Len() > 0:
		text = "No event matches the filter. f changes it; an empty filter shows all."
	case cap.load.done() && cap.load.err != nil:
		text = "Nothing could be read: " + wire(cap.load.err.Error()) + ". o opens another capture."
	case cap.load.done() && cap.aside() > 0:
		text = "No XMPP can be seen in this capture, but " + plural(cap.aside(), "connection") + " inside TLS may hold some. K gives the key log of a program that took part; o opens another capture."
	case cap.load.done():
		text = "No XMPP was found in this capture. o opens another one."
	case cap.load.running():
		text = "Reading … the first events appear here as soon as they are found."
	}
	drawProse(l.body.sub(2, 1, l.body.w-4, l.body.h-1), text, l.u.th.base)
}

// keepInSight moves the window so that row cursor is in it.
func (l *list) keepInSight(cursor, n int) {
	h := l.body.h
	margin := 0
	if h > 6 {
		margin = 1
	}
	if cursor < l.top+margin {
		l.top = cursor - margin
	}
	if cursor >= l.top+h-margin {
		l.top = cursor - h + 1 + margin
	}
	l.top = max(0, min(l.top, n-h))
}

// columnSet is where the columns stand for a width.
type columnSet struct {
	seq, time, conn, arrow, element, title, flags int // left edges
	elementWidth                                  int
}

func (l *list) columns(w int) columnSet {
	digits := max(4, len(strconv.Itoa(l.u.cap.store.Len())))
	var c columnSet
	c.seq = 2
	c.time = c.seq + digits + 1
	c.arrow = c.time + l.times.columns() + 1
	if l.u.cap.mixed() {
		c.conn = c.arrow
		c.arrow += 5
	}
	c.element = c.arrow + 7
	c.flags = w - 4
	room := c.flags - c.element
	c.elementWidth = max(12, min(26, room/3))
	c.title = c.element + c.elementWidth + 1
	return c
}

// base is the time that the column counts from: the first event of what is
// chosen, whether the filter shows it or not.
func (l *list) base() time.Time {
	cap := l.u.cap
	first := 0
	if cap.conn != 0 {
		if t := cap.tracks.of(cap.conn); len(t.stages) > 0 {
			first = t.stages[0].first
		}
	}
	return cap.store.Row(first).Time()
}

func (l *list) before(i int) time.Time {
	cap := l.u.cap
	if i == 0 {
		return time.Time{}
	}
	return cap.store.Row(cap.view.RowAt(i - 1)).Time()
}

func (l *list) drawRow(y, i int, r inspector.Row, cols columnSet, base time.Time) {
	th, b := l.u.th, l.body
	style := th.receiver
	if r.Dir() == decode.FromInitiator {
		style = th.initiator
	}
	dim, marked := th.dim, false
	if i == l.cursor {
		b.text(0, y, 1, "▶", th.strong)
		style = style.Bold(true)
		if l.u.focus == paneList {
			style, dim, marked = reversed(style), reversed(th.base), true
			b.fill(1, y, b.w-1, " ", reversed(th.base))
		}
	}
	if sign := originSign(r.Origin()); sign != "" {
		b.text(1, y, 1, sign, pickStyle(marked, dim, th.warn))
	}
	l.number(y, cols.seq, cols.time-1, int64(r.Seq()), dim)
	l.buf = l.times.append(l.buf[:0], r.Time(), base)
	l.right(y, cols.time, cols.time+l.times.columns(), dim)
	if cols.conn > 0 {
		l.buf = strconv.AppendUint(append(l.buf[:0], '#'), uint64(r.Conn()), 10)
		l.left(y, cols.conn, 5, dim)
	}
	t := l.folded(l.texts.get(l.u.cap.store, l.u.cap.view.RowAt(i)), l.u.cap.view.RowAt(i))
	if t.carries && i != l.cursor {
		style = dim
	}
	switch {
	case l.manyLanes():
		l.drawAcross(y, cols, r, t, style, dim)
	case l.ladder:
		l.drawRung(y, cols, r, t, style, dim)
	default:
		b.text(cols.arrow, y, 5, arrow(l.profile(r.Conn(), t), r.Dir()), style)
		if t.below != "" {
			b.text(cols.element, y, cols.flags-cols.element-1, t.below, style)
		} else {
			b.text(cols.element, y, cols.elementWidth, t.element, style)
			b.text(cols.title, y, cols.flags-cols.title-1, t.title, style)
		}
	}
	if sign := remarkSign(l.u.cap.store.Remarks().Of(r.Seq())); sign != "" {
		b.text(b.w-4, y, 1, sign, pickStyle(marked, dim, th.strong))
	}
	x := b.w - 3
	if sign, style := l.mark(r); sign != "" {
		if marked {
			style = reversed(style)
		}
		b.text(x, y, 1, sign, style)
	}
	if r.Has(inspector.HasSASL) {
		b.text(x+1, y, 1, "*", dim)
	}
	if r.IsOpen() {
		b.text(x+2, y, 1, "?", dim)
	}
}

func pickStyle(first bool, a, b tcell.Style) tcell.Style {
	if first {
		return a
	}
	return b
}

// mark is the sign of the gravest thing about an event: a failure, or a finding.
func (l *list) mark(r inspector.Row) (sign string, style tcell.Style) {
	level := l.u.cap.store.Found().Level(r.Seq())
	switch {
	case failed(r) || level == inspector.LevelNone && r.Has(inspector.HasErr):
		return levelSign(l.u.th, inspector.LevelError)
	case level == inspector.LevelNone:
		return "", style
	}
	return levelSign(l.u.th, level)
}

// profile is that of the whole conversation as far as it is known: its first
// events cannot tell yet.
func (l *list) profile(id decode.ConnID, t rowText) decode.Profile {
	if p := l.u.cap.profile(id); p != decode.ProfileUnknown {
		return p
	}
	return t.profile
}

// number, left and right draw what l.buf or a number holds without making a
// string of it.
func (l *list) number(y, from, to int, n int64, style tcell.Style) {
	l.buf = strconv.AppendInt(l.buf[:0], n, 10)
	l.right(y, from, to, style)
}

func (l *list) right(y, from, to int, style tcell.Style) {
	l.left(y, max(from, to-len(l.buf)), len(l.buf), style)
}

func (l *list) left(y, x, w int, style tcell.Style) {
	for i := 0; i < len(l.buf) && i < w && x+i < l.body.w; i++ {
		l.body.scr.Put(l.body.x+x+i, l.body.y+y, asciiString(rune(l.buf[i])), style)
	}
}

// click selects the row under the mouse.
func (l *list) click(x, y int) {
	if i := l.top + y - l.body.y; l.body.contains(x, y) && i < l.u.cap.view.Len() {
		l.u.pick(i)
	}
}
