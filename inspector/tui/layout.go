package tui

// The smallest terminal that is drawn in, and the width from which on list and
// details stand side by side.
const (
	minWidth  = 40
	minHeight = 10
	wideFrom  = 120
)

// layout is where everything stands. An area of no height is not drawn.
type layout struct {
	header, live, bar, convs, list, held, rule, detail canvas
	wide                                               bool
}

func (u *ui) layout(c canvas) layout {
	l := layout{wide: c.w >= wideFrom}
	l.header = c.sub(0, 0, c.w, 1)
	top := 1
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
	if l.wide {
		w := rest.w / 2
		l.rule = rest.sub(w, 0, 1, rest.h)
		l.detail = rest.sub(w+1, 0, rest.w-w-1, rest.h)
		rest = rest.sub(0, 0, w, rest.h)
	} else {
		// The share of the details does not depend on the focus: nothing jumps.
		h := (rest.h + 1) / 2
		l.detail = rest.sub(0, rest.h-h, rest.w, h)
		rest = rest.sub(0, 0, rest.w, rest.h-h)
	}
	if n := len(u.cap.convs); n > 1 {
		h := min(n+2, rest.h/3)
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
		l.held = rest.sub(0, rest.h-h, rest.w, h)
		rest = rest.sub(0, 0, rest.w, rest.h-h)
	}
	l.list = rest
	return l
}
