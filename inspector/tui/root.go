package tui

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// root is the only primitive that tview knows: it lays the panes out, draws
// them and hands keys and clicks on.
type root struct {
	*tview.Box
	u     *ui
	area  layout
	whole canvas
}

func newRoot(u *ui) *root {
	return &root{Box: tview.NewBox(), u: u}
}

// Draw implements tview.Primitive.
func (r *root) Draw(screen tcell.Screen) {
	u := r.u
	x, y, w, h := r.GetRect()
	c := canvas{screen, x, y, w, h}
	r.whole = c
	screen.HideCursor()
	c.clear(u.th.base)
	if w < minWidth || h < minHeight {
		drawProse(c, "The terminal is too small: at least "+thousands(minWidth)+" columns and "+
			thousands(minHeight)+" lines are needed. q quits.", u.th.base)
		return
	}
	body := c.sub(0, 0, w, h-1)
	switch {
	case u.cap == nil:
		u.drawStart(body)
	default:
		r.drawPanes(body)
	}
	if u.over != nil {
		u.over.draw(c)
	}
	u.drawFooter(c.sub(0, h-1, w, 1))
	u.mirror()
}

func (r *root) drawPanes(c canvas) {
	u := r.u
	u.showPair()
	r.area = u.layout(c)
	r.area.detail, r.area.card, r.area.says = u.splitCard(r.area.detail)
	u.drawHeader(r.area.header)
	if r.area.class.h > 0 && u.lesson != nil {
		u.lesson.drawClass(r.area.class)
	}
	if u.lesson != nil && r.area.lesson.h > 0 {
		u.lesson.draw(r.area.lesson)
		for y := range r.area.lessonRule.h {
			r.area.lessonRule.text(0, y, 1, "│", u.th.dim)
		}
	}
	if r.area.bar.h == 0 {
		return
	}
	if r.area.live.h > 0 {
		u.drawLive(r.area.live)
	}
	u.bar.draw(r.area.bar)
	if r.area.convs.h > 0 {
		u.convs.draw(r.area.convs)
	}
	if r.area.list.h > 0 {
		u.list.draw(r.area.list)
	}
	if r.area.held.h > 0 {
		u.held.draw(r.area.held)
	}
	if r.area.detail.h > 0 {
		u.detail.draw(r.area.detail)
	}
	if r.area.card.h > 0 {
		u.drawCard(r.area.card, &r.area.says)
	}
	u.drawSecond(&r.area)
	if r.area.rule.w > 0 {
		for y := range r.area.rule.h {
			r.area.rule.text(0, y, 1, "│", u.th.dim)
		}
	}
}

// InputHandler implements tview.Primitive.
func (r *root) InputHandler() func(*tcell.EventKey, func(tview.Primitive)) {
	return func(ev *tcell.EventKey, _ func(tview.Primitive)) { r.u.key(ev) }
}

// PasteHandler implements tview.Primitive.
func (r *root) PasteHandler() func(string, func(tview.Primitive)) {
	return func(text string, _ func(tview.Primitive)) {
		switch u := r.u; {
		case u.over != nil:
			u.over.paste(text)
		case u.cap == nil:
			u.start.paste(text)
		case u.focus == paneLesson && u.lesson.paste(text):
		default:
			u.say(noteInfo, "pasted text goes into a prompt: / f o or : first")
		}
	}
}

// MouseHandler implements tview.Primitive.
func (r *root) MouseHandler() func(tview.MouseAction, *tcell.EventMouse, func(tview.Primitive)) (bool, tview.Primitive) {
	return func(action tview.MouseAction, ev *tcell.EventMouse, _ func(tview.Primitive)) (bool, tview.Primitive) {
		x, y := ev.Position()
		switch action {
		case tview.MouseLeftDown:
			r.u.press(x, y)
			return false, nil
		case tview.MouseMove:
			return r.u.drag(x, y), nil
		case tview.MouseLeftUp:
			r.u.release()
			return false, nil
		case tview.MouseLeftClick, tview.MouseLeftDoubleClick:
			r.u.mouse(x, y, 0)
		case tview.MouseScrollUp:
			r.u.mouse(x, y, -1)
		case tview.MouseScrollDown:
			r.u.mouse(x, y, 1)
		default:
			return false, nil
		}
		return true, nil
	}
}

// key hands a key to what lies on top, else to the table of keys.
func (u *ui) key(ev *tcell.EventKey) {
	name := keyName(ev)
	u.hushed(name)
	u.noteKey(name)
	switch {
	case name == glossaryKey && u.openGlossary():
		return
	case u.over != nil && u.over.key(ev):
		return
	case u.over == nil && u.cap == nil && u.start.key(ev):
		return
	case u.over == nil && u.lessonKey(name, ev):
		return
	}
	a := u.keys.byKey[name]
	switch {
	case a == nil:
		if name != "" {
			u.say(noteInfo, wire(name)+" does nothing here; ? shows all keys")
		}
	case u.over != nil || u.cap == nil:
		// Over the panes only leaving and repainting work.
		if a.name == "quit" || a.name == "repaint" || a.name == "suspend" {
			a.do(u)
		}
	default:
		u.perform(a)
	}
}

// mouse handles a click (wheel 0) or a turn of the wheel.
func (u *ui) mouse(x, y, wheel int) {
	u.message = message{}
	a, whole := u.root.area, u.root.whole
	switch {
	case wheel == 0 && y == whole.y+whole.h-1 && whole.h >= minHeight:
		u.clickHint(x)
	case u.over != nil:
		u.over.mouse(x, y, wheel)
	case u.cap == nil:
		u.start.mouse(x, y, wheel)
	case a.bar.contains(x, y) && wheel == 0:
		u.bar.click(a.bar, x)
	case a.bar.contains(x, y) && wheel > 0:
		u.phaseForward()
	case a.bar.contains(x, y):
		u.previousPhase()
	case a.convs.contains(x, y):
		u.focusOn(paneConvs)
		u.convs.click(x, y, wheel)
	case a.lesson.contains(x, y) && u.lesson != nil:
		u.focusOn(paneLesson)
		u.lesson.click(x, y, wheel)
	case a.held.contains(x, y):
		u.focusOn(paneHeld)
		u.held.click(x, y, wheel)
	case a.list.contains(x, y):
		u.focusOn(paneList)
		if wheel != 0 {
			u.move(3 * wheel)
			return
		}
		u.list.click(x, y)
	case a.detail.contains(x, y), a.detail2.contains(x, y):
		u.clickDetail(a, x, y, wheel)
	}
}
