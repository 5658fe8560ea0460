package tui

import (
	"strconv"

	"xmppscope/lessons/course"
)

// teachOn is what a lesson does at every tick: it finds what the step looks at,
// looks at what passes on the stage, and plays a solution. It tells whether
// anything may look different.
func (u *ui) teachOn() (changed bool) {
	n := u.lesson
	if n == nil || u.cap == nil {
		return false
	}
	changed = n.attend()
	changed = n.seek() || changed
	if n.stage == nil || n.stageOf != n.walk.At() || n.walk.Step().Live() == nil || u.cap.store != n.stage.Store() {
		return changed
	}
	changed = n.playOn() || changed
	return n.follow() || changed
}

// follow judges what has passed on the stage, where something has.
func (n *lesson) follow() bool {
	rows := n.u.cap.store.Len()
	over := false
	select {
	case <-n.stage.Over():
		over = !n.over
	default:
	}
	if rows == n.judged && !over {
		return false
	}
	n.judged, n.over = rows, n.over || over
	g, before := n.answer(), n.walk.Done()
	missing, said := len(g.verdict.Missing), g.verdict.Said
	v := n.watched()
	fresh := !g.verdict.Done && v.Done || v.Said != said
	g.verdict = v
	if v.Done {
		g.asked = true
	}
	switch {
	case fresh && v.Done:
		g.told, n.due = tellVerdict, true
		n.u.say(noteGood, "done"+pick(before, " again", "")+pick(v.Seq == 0, "", " with "+number(v.Seq))+": all of it has passed")
		n.u.message.keys = []hint{{n.keyOf("lesson-next"), "next step"}}
		n.kept()
	case fresh && v.Said != "":
		g.told, n.due = tellVerdict, true
		n.u.say(noteBad, wire(v.Said))
		n.u.message.keys = []hint{{n.keyOf("lesson-again"), "begin again"}}
	case over && !v.Done && v.Said == "":
		g.told, n.due = tellVerdict, true
		n.u.say(noteBad, "the scene is over too early")
		if told := n.stage.Told(); len(told) > 0 {
			n.u.message.more = ": " + capped(told[len(told)-1], 200)
		}
		n.u.message.keys = []hint{{n.keyOf("lesson-again"), "begin again"}}
	case missing > len(v.Missing) && len(v.Missing) > 0:
		n.u.say(noteGood, strconv.Itoa(len(course.Wants(n.walk.Step().Task))-len(v.Missing))+" of "+plural(len(course.Wants(n.walk.Step().Task)), "thing")+" done") // the pane has what is missing
		if n.u.focus != paneLesson {
			n.u.message.keys = []hint{{n.keyOf("lesson-pane"), "what is missing"}}
		}
	}
	n.lead()
	return true
}

// lead puts the cursor on the event with which the step was done, or went wrong,
// once the scene is over: it has run on to its end meanwhile. A learner who looks
// at something else is left there.
func (n *lesson) lead() {
	u, v := n.u, n.answer().verdict
	if n.led || !n.over || v.Seq == 0 || !u.cap.follow || len(u.queue.units) > 0 {
		return
	}
	if row, ok := u.cap.store.Find(v.Seq); ok {
		n.led = true
		u.cap.unfoldTo(row)
		u.cap.update()
		u.cap.session.Select(row)
		u.cap.follow, u.onHeld = false, false
	}
}

// The solution is played so that an eye can follow: it acts once in so many
// ticks, of which there are thirty a second.
const playPace = 20

// playOn does what comes next of a solution that is being played.
func (n *lesson) playOn() bool {
	if n.plays && !n.builds && n.player == nil {
		n.player = course.NewPlayer(n.stage, n.walk.Step().Task)
		n.plays = false
	}
	if n.player == nil {
		return false
	}
	if n.pace++; n.pace < n.slowness() {
		return false
	}
	n.pace = 0
	said, err := n.player.Act()
	switch {
	case err != nil:
		n.played, n.player = append(n.played, "it went wrong: "+err.Error()), nil
	case said == "":
		return false
	default:
		n.played = append(n.played, said)
	}
	if len(n.played) > maxPlayed {
		n.played = n.played[1:]
	}
	n.answer().told, n.due = tellSolution, true
	return true
}

// maxPlayed bounds what is listed of what a solution has done.
const maxPlayed = 12

func (n *lesson) slowness() int { return pickInt(n.u.clock != nil, 1, playPace) }
