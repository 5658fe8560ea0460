package tui

import (
	"xmppscope/decode"
)

// stepForward goes to the next event of the view, from any pane.
func (u *ui) stepForward() {
	if u.isLive() {
		u.liveStep()
		return
	}
	u.cap.follow = false
	if !u.cap.session.Step() {
		u.say(noteInfo, "this is the last event"+u.stillReading())
		return
	}
	u.stopped("one step")
}

// nextPhase goes on to the next phase: on open connections by letting go what is
// before it.
func (u *ui) nextPhase() {
	if u.isLive() {
		u.liveNext()
		return
	}
	if at := u.cap.row(); at >= 0 {
		if u.phaseForward(); u.cap.row() != at {
			u.stopped("phase " + u.cap.store.Row(u.cap.row()).Phase().String() + " begins")
		}
	}
}

// phaseForward goes to the first event of the next phase of this conversation.
func (u *ui) phaseForward() {
	u.onHeld = false
	if !u.cap.session.NextPhase() {
		u.say(noteInfo, "this is the last phase"+u.stillReading())
	}
	u.cap.follow = false
}

// previousPhase goes to the first event of this phase, then of the one before.
func (u *ui) previousPhase() {
	u.onHeld = false
	if !u.cap.session.PrevPhase() {
		u.say(noteInfo, "this is the first phase")
	}
	u.cap.follow = false
}

// stillReading says behind what a last event or phase is the last one of, where
// that is not all there is.
func (u *ui) stillReading() string {
	switch {
	case u.cap.veil != 0:
		return " that is shown until you have answered"
	case u.cap.load.running():
		return " so far; more is being read"
	case u.cap.filterText != "":
		return " that the filter lets through"
	}
	return ""
}

// pick selects the line of the view nearest to i.
func (u *ui) pick(i int) { u.cap.moveTo(max(0, min(i, u.cap.view.Len()-1))) }

// goTo selects a row of the store and remembers where it came from. It tells
// whether the row is shown.
func (u *ui) goTo(row int) bool {
	u.cap.unfoldTo(row)
	i, shown := u.cap.view.Find(row)
	if !shown {
		return false
	}
	u.goNear(row)
	return u.cap.moveTo(i)
}

// goNear selects a row, or the next one that is shown.
func (u *ui) goNear(row int) {
	if from := u.cap.row(); from >= 0 && from != row {
		u.cap.remember(from)
	}
	u.cap.follow, u.onHeld = false, false
	if u.focus == paneHeld {
		u.focus = paneList
	}
	u.cap.session.Select(row)
}

// jump goes to an event by its number. It tells whether that is possible.
func (u *ui) jump(seq decode.Seq) bool {
	row, ok := u.cap.store.Find(seq)
	switch {
	case !ok:
		u.say(noteBad, number(seq)+" is not in this capture")
		return false
	case u.goTo(row):
		u.say(noteInfo, "Backspace goes back")
	case u.cap.conn != 0 && u.cap.store.Row(row).Conn() != u.cap.conn && u.amongAll(row):
		u.say(noteInfo, "all conversations are shown now: "+number(seq)+" is of another one; Backspace goes back")
	case u.cap.unseen(seq):
		u.say(noteInfo, veiledText)
		return false
	default:
		u.say(noteInfo, number(seq)+" is hidden by the filter; f changes it")
		return false
	}
	return true
}

// amongAll shows all conversations to go to a row of another one. Where a filter
// hides it too, everything stays as it was.
func (u *ui) amongAll(row int) bool {
	if u.cap.filterText != "" {
		if f := u.cap.view.Filter(); !f.MatchRow(u.cap.store, row) {
			return false
		}
	}
	u.cap.remember(u.cap.row())
	u.onHeld = false
	u.cap.setConn(0)
	u.convs.show(0)
	u.cap.follow = false
	u.cap.session.Select(row)
	return true
}

func (u *ui) jumpBack() {
	row, ok := u.cap.recall()
	if !ok {
		u.say(noteInfo, "nowhere to go back to: no jump was made")
		return
	}
	u.cap.follow = false
	if !u.cap.session.Select(row) {
		u.say(noteInfo, "the event you came from is hidden now; this is the next one")
	}
}

// move, page and toEnd work in the pane that has the focus.
func (u *ui) move(n int) {
	switch u.focus {
	case paneList:
		u.pick(u.cap.line() + n)
	case paneDetail:
		u.facing().move(n)
	case paneConvs:
		u.convs.move(n)
	case paneHeld:
		u.held.move(n)
	case paneLesson:
		u.lesson.move(n)
	}
}

func (u *ui) page(n int) {
	switch u.focus {
	case paneList:
		u.move(n * max(1, u.list.body.h-1))
	case paneDetail:
		d := u.facing()
		d.move(n * max(1, d.body.h-1))
	case paneConvs:
		u.move(n * max(1, u.convs.body.h-1))
	case paneHeld:
		u.move(n * max(1, u.held.body.h-1))
	case paneLesson:
		u.lesson.top += n * max(1, u.lesson.body.h-1)
	}
}

func (u *ui) toEnd(n int) {
	const far = 1 << 40
	if u.focus == paneLesson {
		u.lesson.top = pickInt(n < 0, 0, len(u.lesson.rows))
		return
	}
	u.move(n * far)
	if u.focus == paneList && n > 0 && u.cap.load.running() {
		u.cap.follow = true
		u.say(noteInfo, "following the newest event; any move stops that")
	}
}

func (u *ui) enter() {
	switch u.focus {
	case paneDetail:
		u.facing().follow()
	case paneLesson:
		u.lesson.enterKey()
	case paneConvs:
		u.focusOn(paneList)
	case paneList:
		if !u.unfoldHere() {
			u.focusOn(paneDetail)
		}
	default:
		u.focusOn(paneDetail)
	}
}

// cycle gives the focus to the next pane that is there.
func (u *ui) cycle(n int) {
	if u.cycleDetails(n) {
		return
	}
	order := []pane{paneList, paneDetail}
	if len(u.queue.units) > 0 {
		order = []pane{paneList, paneHeld, paneDetail}
	}
	if len(u.cap.convs) > 1 {
		order = append(order, paneConvs)
	}
	if u.lesson != nil {
		if len(u.queue.units) > 0 {
			order[0], order[1] = paneHeld, paneList // the text of a lesson leads to what is held first
		}
		order = append([]pane{paneLesson}, order...)
	}
	at := 0
	for i, p := range order {
		if p == u.focus {
			at = i
		}
	}
	u.focusOn(order[(at+n+len(order))%len(order)])
	u.onSecond = n < 0 // comes from behind
}

// keyToHeld leads from here to what is held.
func (u *ui) keyToHeld() string {
	return pick(u.lesson != nil && u.focus == paneList, "Shift-Tab", "Tab")
}

// focusOn gives a pane the focus. The details go on showing what they show.
func (u *ui) focusOn(p pane) {
	u.focus = p
	if p != paneDetail && p != paneLesson {
		u.onHeld = p == paneHeld
	}
}

func (u *ui) toggleLadder() { u.list.ladder = !u.list.ladder }

func (u *ui) turnTime() {
	u.list.times = (u.list.times + 1) % timeModes
	u.say(noteInfo, "time: "+u.list.times.String())
}

func (u *ui) toggleZoom() { u.zoom = !u.zoom }

func (u *ui) repaint() { u.surface.Sync() }

// leave closes what is open, then goes back to the list, then stays there.
func (u *ui) leave() {
	switch {
	case u.zoom:
		u.zoom = false
	case u.focus == paneDetail && u.facing().unselect():
	case u.focus != paneList:
		u.focusOn(paneList)
	case u.hideCard():
	default:
		u.say(noteInfo, "q quits")
	}
}

func (u *ui) showHelp() { u.over = newSheet(u.th, u.keys, u.close) }
