package tui

// The smallest terminal that is drawn in, the width from which on list and
// details stand side by side, and the one from which on there is room for two
// panes of details.
const (
	minWidth  = 40
	minHeight = 10
	wideFrom  = 120
	// wideBeside is wideFrom beside the pane of a lesson: there its lines are read
	// together with others.
	wideBeside = 150
	pairFrom   = 200
)

// What every pane keeps, however its borders are moved: columns and lines.
const (
	leastColumns = 30
	leastLines   = 3
)

// layout is where everything stands. An area of no height is not drawn.
type layout struct {
	header, class, live, bar, convs, list, held, rule, detail canvas
	// lesson is the pane of a lesson, lessonRule what parts it from the others
	// where it stands beside them.
	lesson, lessonRule canvas
	// rule2 and detail2 are the second pane of details and what parts it from
	// the first. They are empty unless ui.pair asks for two and there is room.
	rule2, detail2 canvas
	// card is the foot of the details, where a stop is explained, says what.
	card canvas
	says cardText
	// left and right are what the rule parts, one over the other where the
	// screen is narrow.
	left, right canvas
	wide        bool
}

// layout parts the screen by u.sizes. It depends neither on what the panes hold
// nor, but for the list of conversations and for the details on a small screen,
// on which has the focus: nothing jumps.
func (u *ui) layout(c canvas) layout {
	l := layout{header: c.sub(0, 0, c.w, 1)}
	c = c.sub(0, 1, c.w, c.h-1)
	if u.o.Seat != nil {
		l.class = c.sub(0, 0, c.w, 1)
		c = c.sub(0, 1, c.w, c.h-1)
	}
	if c = l.besideLesson(c, u); c.h == 0 {
		return l
	}
	l.wide = c.w >= pickInt(u.lesson == nil, wideFrom, wideBeside)
	top := 0
	if u.cap.src.Live != nil {
		l.live = c.sub(0, top, c.w, 1)
		top++
	}
	l.bar = c.sub(0, top, c.w, 1)
	rest := c.sub(0, top+1, c.w, c.h-top-1)
	if u.zoom {
		switch u.focus {
		case paneList:
			l.list = rest
		case paneHeld:
			l.held = rest
		case paneConvs:
			l.convs = rest
		default:
			l.detail = rest
		}
		return l
	}
	l.halves(rest, u)
	l.stack(u)
	return l
}

// halves parts list and details, side by side or one over the other.
func (l *layout) halves(c canvas, u *ui) {
	s, pair := &u.sizes, u.pair
	if !l.wide {
		h := u.foldedHeight(c.h)
		l.left, l.right = c.sub(0, 0, c.w, c.h-h), c.sub(0, c.h-h, c.w, h)
		l.detail = l.right
		return
	}
	pair = pair && c.w >= pairFrom
	w := s.Split.of(c.w, c.w/2, leastColumns, leastColumns)
	if pair {
		w = s.Third.of(c.w, c.w*2/5, leastColumns, 2*leastColumns+2)
	}
	l.left, l.rule = c.sub(0, 0, w, c.h), c.sub(w, 0, 1, c.h)
	l.right = c.sub(w+1, 0, c.w-w-1, c.h)
	l.detail = l.right
	if pair {
		w = l.right.w - s.Pair.of(l.right.w, l.right.w/2, leastColumns, leastColumns)
		l.detail, l.rule2 = l.right.sub(0, 0, w, c.h), l.right.sub(w, 0, 1, c.h)
		l.detail2 = l.right.sub(w+1, 0, l.right.w-w-1, c.h)
	}
}

// foldedHeight is how many of some lines the details take below the list. Events
// are always seen: where there is no room for both, the details wait until they
// have the focus.
func (u *ui) foldedHeight(lines int) int {
	keeps := leastLines
	if len(u.cap.convs) > 1 {
		keeps++
	}
	if len(u.queue.units) > 0 {
		keeps += heldRule + 1
	}
	h := min(u.sizes.Fold.of(lines, (lines+1)/2, leastLines, keeps), lines-keeps)
	switch {
	case h >= leastLines:
		return h
	case u.focus == paneDetail:
		return (lines + 1) / 2
	}
	return 0
}

// stack parts what stands on the left: conversations, events, what is held.
func (l *layout) stack(u *ui) {
	rest := l.left
	if n := len(u.cap.convs); n > 1 {
		h := u.sizes.Convs.of(rest.h, min(n+2, rest.h/3), 2, 2*leastLines)
		if !l.wide {
			// Where lines are few, the conversations open only while they have
			// the focus; the list gives way.
			h = 1
			if u.focus == paneConvs {
				h = min(n+2, max(4, rest.h-4))
			}
		}
		l.convs = rest.sub(0, 0, rest.w, h)
		rest = rest.sub(0, h, rest.w, rest.h-h)
	}
	if h := u.held.lines(rest.h); h > 0 {
		h = u.sizes.Held.of(rest.h, h, 2, leastLines)
		l.held = rest.sub(0, rest.h-h, rest.w, h)
		rest = rest.sub(0, 0, rest.w, rest.h-h)
	}
	l.list = rest
}
