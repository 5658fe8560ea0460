package tui

// The second pane of details stands beside the first where the screen is wide
// enough. It has a tab of its own; both show the same event, and what is marked
// in one is marked in the other.

// facing is the pane of details that keys are for; nil where another pane has
// the focus.
func (u *ui) facing() *detail {
	switch {
	case u.focus != paneDetail:
		return nil
	case u.onSecond && u.paired():
		return u.second
	}
	return u.detail
}

// front is the pane of details that a tab is turned in: the one with the focus,
// else the first.
func (u *ui) front() *detail {
	if d := u.facing(); d != nil {
		return d
	}
	return u.detail
}

// paired tells whether both panes are on the screen.
func (u *ui) paired() bool { return u.root.area.detail2.h > 0 }

// beside is the other pane, nil where there is none.
func (u *ui) beside(d *detail) *detail {
	switch {
	case !u.paired():
		return nil
	case d == u.second:
		return u.detail
	}
	return u.second
}

// drawSecond draws the second pane and the rule before it.
func (u *ui) drawSecond(a *layout) {
	if a.detail2.h <= 0 {
		return
	}
	u.second.draw(a.detail2)
	for y := range a.rule2.h {
		a.rule2.text(0, y, 1, "│", u.th.dim)
	}
}

// showPair lets the second pane show what the first one does.
func (u *ui) showPair() {
	for _, d := range []*detail{u.detail, u.second} {
		if h := u.heldUnit(); h != nil {
			d.showHeld(h)
		} else {
			d.show(u.cap.row())
		}
	}
}

// togglePair shows one pane of details or two.
func (u *ui) togglePair() {
	u.pair = !u.pair
	switch {
	case u.root.whole.w < pairFrom:
		u.say(noteInfo, pick(u.pair, "two", "one")+" detail "+pick(u.pair, "panes", "pane")+" from a width of "+thousands(pairFrom)+" columns on; this screen has "+thousands(u.root.whole.w))
	case u.pair:
		u.say(noteInfo, "two detail panes; Tab goes from one to the other, 1–7 choose the tab of each")
	default:
		u.say(noteInfo, "one detail pane")
	}
}

// renew makes pages again when more is known.
func (u *ui) renew(tabs ...tab) {
	for _, t := range tabs {
		u.detail.renew(t)
		u.second.renew(t)
	}
}

// clickDetail handles the mouse in either pane.
func (u *ui) clickDetail(a layout, x, y, wheel int) {
	d, c := u.detail, a.detail
	if a.detail2.contains(x, y) {
		d, c = u.second, a.detail2
	}
	if wheel != 0 {
		d.scroll(3 * wheel)
		return
	}
	d.click(c, x, y)
	u.onSecond = d == u.second
	u.focusOn(paneDetail)
}

// cycleDetails goes from one pane of details to the other. It is false where the
// focus leaves both, or is elsewhere.
func (u *ui) cycleDetails(n int) bool {
	d := u.facing()
	if d == nil || !u.paired() || (d == u.second) == (n > 0) {
		return false
	}
	u.onSecond = n > 0
	return true
}

func (u *ui) showTab(t tab) { u.front().turn(t) }

// toggleTab shows a tab, or the one before it where it is shown already.
func (u *ui) toggleTab(t tab) {
	d := u.front()
	if d.tab == t {
		t = d.last
	}
	d.turn(t)
}

func (u *ui) turnTab(n int) {
	d := u.front()
	d.turn(tab((int(d.tab) + n + int(tabCount)) % int(tabCount)))
}

// sideways selects the next part of what the details show, where they have the
// focus and show any; else it turns to the next tab.
func (u *ui) sideways(n int) {
	if u.focus == paneLesson {
		u.lesson.sideways(n)
		return
	}
	if d := u.facing(); d == nil || !d.selectNext(n) {
		u.turnTab(n)
	}
}

// foldOn works on what the explanation and the state tab are waiting for. It
// tells whether that needs more time.
func (u *ui) foldOn() (more bool) {
	m := &u.cap.memory
	for _, d := range [...]*detail{u.detail, u.second} {
		if m.target < 0 || len(m.legs) == 0 || d.row != m.target || d.tab != tabState && d.tab != tabExplain || d == u.second && !u.paired() {
			continue
		}
		k, _, _ := u.cap.known(m.target, slice)
		if d.tab == tabState || k != nil {
			u.renew(d.tab)
		}
		more = more || k == nil
	}
	return more
}
