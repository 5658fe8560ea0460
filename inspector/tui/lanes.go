package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// lanes are the upright lines of a ladder with more than two who take part: one
// for each actor that there is room for.
type lanes struct {
	first, n  int // the actors that have a line
	left, gap int // where the first line stands, and how far apart they are
	title     int // left edge of what an event does; 0 where there is no room
}

// The least distance of two lines, the most, and the least room for both lines
// and titles.
const leastGap, mostGap, lanesAndTitles = 14, 26, 56

// manyLanes tells whether the ladder shows the actors of several conversations.
func (l *list) manyLanes() bool { return l.ladder && l.u.cap.mixed() }

// layLanes finds the lines for a width, those of the selected event among them.
func (l *list) layLanes(cols columnSet) {
	p := l.u.cap.cast()
	room := cols.flags - cols.arrow - 3
	titles := 0
	if room >= lanesAndTitles {
		titles = max(18, room/3)
	}
	s := &l.lanes
	s.left = cols.arrow + 2
	s.n = max(1, min(len(p.actors), (room-titles)/leastGap+1))
	s.gap = min(mostGap, (room-titles)/max(1, s.n-1))
	s.title = 0
	if titles > 0 {
		s.title = s.left + (s.n-1)*s.gap + 3
	}
	if row := l.u.cap.row(); row >= 0 {
		if two, ok := p.of[l.u.cap.store.Row(row).Conn()]; ok {
			s.show(min(two[0], two[1]), max(two[0], two[1]))
		}
	}
	s.first = max(0, min(s.first, len(p.actors)-s.n))
}

// show moves the lines so that two actors are among them, the first at least.
func (s *lanes) show(low, high int) {
	if high >= s.first+s.n {
		s.first = high - s.n + 1
	}
	if low < s.first {
		s.first = low
	}
}

// at is the column of an actor's line; of one that has none, a column beyond
// the lines at its side.
func (s *lanes) at(actor int) int {
	switch {
	case actor < s.first:
		return s.left - 2
	case actor >= s.first+s.n:
		return s.left + (s.n-1)*s.gap + 2
	}
	return s.left + (actor-s.first)*s.gap
}

// nameLanes writes over the lines whose they are, and how many have none.
func (l *list) nameLanes(c canvas) {
	th, s, p := l.u.th, &l.lanes, l.u.cap.cast()
	free := s.left - 2 // from here on no name stands yet
	for k := range s.n {
		room := s.gap - 2
		if k == 0 || k == s.n-1 {
			room = max(room, 10)
		}
		text := p.actors[s.first+k].label(room)
		if left := c.w - 1 - free; width(text) > left {
			text = p.actors[s.first+k].label(left)
		}
		x := max(free, min(s.left+k*s.gap-width(text)/2, c.w-width(text)-1))
		c.text(x, 0, width(text), text, th.strong)
		free = x + width(text) + 1
	}
	hidden := ""
	if s.first > 0 {
		hidden += "← " + thousands(s.first) + " "
	}
	if rest := len(p.actors) - s.first - s.n; rest > 0 {
		hidden += thousands(rest) + " more → "
	}
	if hidden != "" {
		c.text(2, 0, max(0, s.left-12), hidden, th.dim)
	}
}

// drawAcross draws an event as an arrow from the line of who sent it to the
// line of who gets it.
func (l *list) drawAcross(y int, cols columnSet, r inspector.Row, t rowText, style, dim tcell.Style) {
	b, s := l.body, &l.lanes
	for k := range s.n {
		b.text(s.left+k*s.gap, y, 1, "│", dim)
	}
	two, ok := l.u.cap.cast().of[r.Conn()]
	if !ok {
		return
	}
	from, to := s.at(two[0]), s.at(two[1])
	if r.Dir() == decode.FromReceiver {
		from, to = to, from
	}
	line := pick(onWire(r.Kind()), "─", "·")
	head := pick(onWire(r.Kind()), "▶", "·")
	left, right := from+1, to
	tip := to - 1
	if from > to {
		head = pick(onWire(r.Kind()), "◀", "·")
		left, right, tip = to+1, from, to+1
	}
	if r.Origin() == decode.OriginDropped {
		head = "✗" // it does not arrive
	}
	if n := right - left; n > 0 {
		b.fill(left, y, n, line, style)
		b.text(tip, y, 1, head, style)
		text := " " + t.element + " "
		if w := width(text); w <= n-3 {
			b.text(left+(n-w)/2, y, w, text, style)
		} else if n > 8 {
			b.text(left+2, y, n-4, cut(text, n-4), style)
		}
	}
	if s.title > 0 {
		b.text(s.title, y, cols.flags-s.title-1, t.title, style)
	}
}
