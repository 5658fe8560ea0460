package tui

import (
	"errors"
	"slices"
	"strings"
	"time"

	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// runTo goes on to the next event of a recording that a breakpoint is about.
func (u *ui) runTo() {
	u.cap.follow = false
	if u.breaksOn() == 0 {
		u.toEnd(1)
		u.say(noteInfo, "this is the last event"+u.stillReading()+"; b sets a breakpoint to stop at")
		return
	}
	u.seekRow(func(row int) string {
		why, once := "", 0
		for i := range u.cap.breaks {
			b := &u.cap.breaks[i]
			if b.Off {
				continue
			}
			now, counts := b.When.MatchRowCounted(u.cap.store, row, b.Hits)
			if counts {
				b.Hits++
			}
			if now && why == "" {
				why = "breakpoint " + b.Text()
				once = pickWidth(b.Once, b.ID, 0)
			}
		}
		if once != 0 {
			u.cap.breaks = slices.DeleteFunc(u.cap.breaks, func(b gate.Break) bool { return b.ID == once })
		}
		return why
	}, "a breakpoint fits no further event")
}

// seekRow goes to the next line for which stops gives a reason. It works for a
// second at most, and says where it stopped then.
func (u *ui) seekRow(stops func(row int) (why string), nowhere string) {
	deadline := time.Now().Add(time.Second)
	for i := u.cap.line() + 1; i < u.cap.view.Len(); i++ {
		if why := stops(u.cap.view.RowAt(i)); why != "" {
			u.cap.moveTo(i)
			u.stopped(why)
			return
		}
		if i%256 == 0 && time.Now().After(deadline) {
			u.cap.moveTo(i)
			u.say(noteInfo, "nothing fitted so far; the key again goes on from here")
			return
		}
	}
	u.toEnd(1)
	u.say(noteInfo, nowhere+u.stillReading()+"; Backspace goes back")
}

// runToHere goes on until something comes that is like what is looked at.
func (u *ui) runToHere() {
	e := u.detail.event
	if e == nil {
		u.say(noteInfo, "nothing is selected that something could be like")
		return
	}
	if err := u.runToText(gate.Like(e)); err != nil {
		u.say(noteBad, wire(err.Error()))
	}
}

// runToText goes on until a condition holds: on open connections by a breakpoint
// that holds once.
func (u *ui) runToText(arg string) error {
	if arg == "" {
		return errors.New("run to what? for example :run-to step == \"sasl-auth\"")
	}
	b, err := gate.ParseBreak(arg)
	if err != nil {
		return err
	}
	u.close()
	if u.isLive() {
		b.Once = true
		if err := u.cap.src.Live.Do(live.Act{Do: "break", Expr: b.Text()}); err != nil {
			return err
		}
		u.continueOn()
		u.runs = b.Text()
		if u.message.kind != noteBad {
			u.say(noteGood, "everything goes on until this comes: "+wire(b.When.Text()))
			u.message.runs = true
		}
		return nil
	}
	u.cap.remember(u.cap.row())
	u.cap.follow = false
	u.seekRow(func(row int) string {
		if b.When.MatchRow(u.cap.store, row) {
			return "run to " + b.When.Text()
		}
		return ""
	}, "nothing like that comes any more")
	return nil
}

// arrived ends a run to a condition: what fits is held by its breakpoint, and
// from here on everything else is.
func (u *ui) arrived() {
	if u.runs == "" {
		return
	}
	for i := range u.queue.units {
		if strings.Contains(u.queue.units[i].Why, "breakpoint "+u.runs) {
			u.runs = ""
			if err := u.cap.src.Live.Do(live.Act{Do: "pause"}); err != nil {
				u.say(noteBad, wire(err.Error()))
			}
			return
		}
	}
}

// stepBack goes to the event before, with all that was true then. What went on
// the wire stays there.
func (u *ui) stepBack() {
	held := u.heldUnit() != nil
	u.onHeld = false
	if u.focus == paneHeld {
		u.focus = paneList
	}
	u.cap.follow = false
	switch {
	case held:
		u.toEnd(1)
		u.cap.follow = false
		u.say(noteInfo, "this was said last; it cannot be taken back. "+u.keyToHeld()+" goes to what is held")
	case !u.cap.session.Back():
		u.say(noteInfo, "this is the first event"+u.hiddenBefore())
	case u.isLive():
		u.say(noteInfo, "looking back at then: nothing is taken back. End follows again")
	default:
		u.stopped("one step back, as it was then")
	}
}

func (u *ui) hiddenBefore() string {
	if u.cap.filterText != "" || u.cap.conn != 0 {
		return " that is shown"
	}
	return ""
}
