package tui

// border stands between two panes and can be moved.
type border struct {
	grip canvas // where the mouse takes it
	// upright is one between columns. at is where it stands, a column or a line.
	upright bool
	at      int
	// move puts it at a place; what is chosen is kept as a share.
	move func(u *ui, to int)
}

// How far a key moves a border.
const (
	stepColumns = 4
	stepLines   = 1
)

// borders are those of a layout that can be moved, the uppermost for the mouse
// first.
func (l *layout) borders() map[borderName]border {
	all := map[borderName]border{}
	if l.lessonRule.w > 0 {
		whole := l.lesson.w + l.lessonRule.w + l.bar.w
		all[besideLesson] = border{l.lessonRule, true, l.lessonRule.x, func(u *ui, to int) { u.sizes.Lesson = shareOf(to-l.lesson.x, whole) }}
	} else if l.lesson.h > 0 && l.bar.w > 0 {
		whole := l.lesson.y + l.lesson.h - l.header.y - 1
		all[besideLesson] = border{l.lesson.sub(0, 0, l.lesson.w, 1), false, l.lesson.y, func(u *ui, to int) {
			u.sizes.LessonFold = shareOf(l.lesson.y+l.lesson.h-to, whole)
		}}
	}
	switch {
	case l.right.h == 0: // one pane has it all
		return all
	case l.wide:
		whole := l.left.w + l.rule.w + l.right.w
		all[betweenSides] = border{l.rule, true, l.rule.x, func(u *ui, to int) {
			s := &u.sizes.Split
			if l.detail2.w > 0 {
				s = &u.sizes.Third
			}
			*s = shareOf(to-l.left.x, whole)
		}}
		if l.detail2.w > 0 {
			all[betweenDetails] = border{l.rule2, true, l.rule2.x, func(u *ui, to int) {
				u.sizes.Pair = shareOf(l.right.x+l.right.w-to-1, l.right.w)
			}}
		}
	default:
		all[betweenSides] = border{l.right.sub(0, 0, l.right.w, 1), false, l.right.y, func(u *ui, to int) {
			u.sizes.Fold = shareOf(l.right.y+l.right.h-to, l.left.h+l.right.h)
		}}
	}
	if l.held.h > 0 {
		all[overHeld] = border{l.held.sub(0, 0, l.held.w, 1), false, l.held.y, func(u *ui, to int) {
			u.sizes.Held = shareOf(l.held.y+l.held.h-to, l.list.h+l.held.h)
		}}
	}
	if l.convs.h > 0 && l.wide {
		all[underConvs] = border{l.list.sub(0, 0, l.list.w, 1), false, l.list.y, func(u *ui, to int) {
			u.sizes.Convs = shareOf(to-l.convs.y, l.left.h)
		}}
	}
	return all
}

// borderName names a border.
type borderName uint8

const (
	betweenSides borderName = iota
	betweenDetails
	overHeld
	underConvs
	besideLesson
)

// grow gives the pane that has the focus more room, or less: its border moves by
// so many steps.
func (u *ui) grow(steps int) {
	if u.zoom {
		u.say(noteInfo, "one pane has the whole screen; z shows the others")
		return
	}
	all := u.root.area.borders()
	which, way := betweenSides, 1
	switch u.focus {
	case paneDetail:
		if way = -1; u.facing() == u.second {
			which = betweenDetails
		}
	case paneHeld:
		which, way = overHeld, -1
	case paneLesson:
		if which = besideLesson; u.root.area.lessonRule.w == 0 {
			way = -1
		}
	case paneConvs:
		if which = underConvs; !u.root.area.wide {
			u.say(noteInfo, "the conversations take what they need while they have the focus")
			return
		}
	}
	b, ok := all[which]
	if !ok {
		return
	}
	if b.upright {
		steps *= stepColumns
	} else {
		steps *= stepLines
	}
	b.move(u, b.at+way*steps)
	u.keep()
}

// evenOut gives all panes their usual sizes again.
func (u *ui) evenOut() {
	u.sizes = sizes{}
	u.keep()
	u.say(noteInfo, "all panes have their usual sizes; + and - change that of the one that has the focus")
}

// press takes a border at a place; the mouse drags it until release.
func (u *ui) press(x, y int) {
	u.dragged, u.drags = 0, false
	if u.over != nil || u.cap == nil {
		return
	}
	for name, b := range u.root.area.borders() {
		if b.grip.contains(x, y) {
			u.dragged, u.drags = name, true
		}
	}
}

// drag moves the border that was taken. It tells whether there is one.
func (u *ui) drag(x, y int) bool {
	b, ok := u.root.area.borders()[u.dragged]
	if !u.drags || !ok {
		return false
	}
	if to := along(b.upright, x, y); to != b.at {
		b.move(u, to)
		u.moved = true
	}
	return true
}

// release lets the border go.
func (u *ui) release() {
	if u.moved {
		u.keep()
	}
	u.drags, u.moved = false, false
}

func along(first bool, a, b int) int {
	if first {
		return a
	}
	return b
}
