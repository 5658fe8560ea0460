package tui

import (
	"context"
	"errors"

	"xmppscope/decode"
	"xmppscope/lessons/course"
)

// This file takes a lesson in a class that is held elsewhere: what the teacher
// shows is mirrored, answers are judged there.

// seated is what a lesson has of a class; nothing of it is used where there is
// none.
type seated struct {
	seat  course.Seat
	stood *course.Standing // as it was last looked at
	// onOwn is set where the screen does not follow the teacher.
	onOwn  bool
	sits   bool          // what there is to be seen was looked at
	busy   bool          // that is being done
	asking bool          // something is asked of the class
	aim    *course.Shown // where to look as soon as that is there
}

// sit takes a seat.
func (u *ui) sit(seat course.Seat) {
	n := &lesson{u: u, t: &Teaching{}, stageOf: -1}
	n.seat, u.lesson = seat, n
	seat.Watch(u.pump.wake)
	n.stand(seat.Now())
	n.lookAt(n.nothing())
	u.focus = paneLesson
	n.attend()
	u.alive.Store(true)
	u.pump.wake()
}

// boundToSeat says why a lesson cannot be left.
func (u *ui) boundToSeat() error {
	if u.lesson != nil && u.lesson.seat != nil {
		return errors.New("the class has this lesson, and keeps what you have done; q leaves the class")
	}
	return nil
}

// stand takes over how things are, as far as the pages need it.
func (n *lesson) stand(now *course.Standing) {
	if n.stood == nil || n.stood.Lesson.ID != now.Lesson.ID {
		n.given, n.places = map[int]*given{}, map[string]decode.Seq{}
	}
	n.stood = now
	n.t.Progress = &course.Progress{Lessons: map[string]*course.LessonProgress{now.Lesson.ID: now.Progress}}
	n.walk = course.Begin(now.Lesson, n.t.Progress)
	n.walk.Goto(now.At)
}

// attend takes over what is new in the class. It tells whether there was anything.
func (n *lesson) attend() bool {
	if n.seat == nil || n.busy {
		return false
	}
	n.busy = true // a recording that is shown looks around, too
	defer func() { n.busy = false }()
	now, was := n.seat.Now(), n.stood
	if now == was && n.sits {
		return false
	}
	n.stand(now)
	n.news(was, now)
	moved := !n.sits || was.Lesson.ID != now.Lesson.ID || was.At != now.At
	if moved {
		n.forgetPage()
		n.fault, n.sure = "", false
		n.beginTyping()
	}
	if n.builds && (now.Stage != nil || n.walk.Step().Live() == nil) {
		n.builds = false
	}
	if n.showSeat() || moved {
		n.seeking = true
		n.aim = nil
	}
	if t := now.Teacher; n.followed() && t.Row >= 0 && (n.aim != nil || moved && now.At == now.TeacherAt || !samePlace(t, was.Teacher)) {
		n.aim = &t
	}
	n.takeAim()
	n.limit(-1)
	n.sits = true
	return true
}

func samePlace(a, b course.Shown) bool {
	return a.ID == b.ID && a.Row == b.Row && a.Start == b.Start && a.End == b.End
}

// followed tells whether the screen shows what the teacher does, and follows.
func (n *lesson) followed() bool {
	return !n.onOwn && n.stage == nil && n.shown != "" && n.shown == n.stood.Teacher.ID
}

// takeAim looks where the teacher does, once that was told.
func (n *lesson) takeAim() {
	if n.aim == nil || n.u.cap == nil || n.aim.Row >= n.u.cap.store.Len() {
		return
	}
	at := *n.aim
	n.aim, n.seeking = nil, false
	n.limit(at.Row)
	n.pointAt(at.Row, at.Start, at.End)
}

// lastShown is the last row that is to be seen; -1 for all.
func (n *lesson) lastShown() int {
	s := n.stood
	last := s.Own.Row
	if s.Teacher.ID == s.Own.ID {
		last = max(last, s.Teacher.Len-1)
	}
	if s.Own.Row < 0 || n.shown != s.Own.ID || last >= n.u.cap.store.Len() {
		return -1
	}
	return last
}

// filled tells whether what the step looks at was told by now.
func (n *lesson) filled() bool {
	if n.seat == nil {
		return true
	}
	own := n.stood.Own
	return n.shown == own.ID && own.Row < n.u.cap.store.Len()
}

// showSeat shows what is to be looked at now: the stage of a live step, what the
// teacher shows, or what the step looks at. It tells whether that is another
// recording than before.
func (n *lesson) showSeat() bool {
	s := n.stood
	live := n.walk.Step().Live() != nil
	if g := s.Stage; g != nil && live {
		st, ok := n.stage.(*seatStage)
		if ok && st.id == g.ID && st.Store() == g.Store {
			st.now(g)
			return false
		}
		n.keepPlace()
		st = newSeatStage(g)
		n.mount(st, n.walk.At())
		return true
	}
	want := s.Own
	if s.Teacher.ID != "" && (!n.onOwn || want.ID == "") {
		want = s.Teacher
	}
	if want.ID == "" {
		if n.stage != nil {
			n.stage, n.stageOf = nil, -1
			n.lookAt(n.nothing())
		}
		n.shown = ""
		return false
	}
	if n.stage == nil && n.shown == want.ID && n.u.cap.store == want.Store {
		return false
	}
	n.keepPlace()
	n.lookAt(&Source{Title: wire(want.Title), Store: want.Store})
	n.shown, n.stage, n.stageOf, n.limited = want.ID, nil, -1, ""
	return true
}

// news says what has changed in the class.
func (n *lesson) news(was, now *course.Standing) {
	u := n.u
	switch {
	case now.Over != was.Over && now.Over != "":
		u.say(noteBad, wire(now.Over))
	case now.Lost != "" && was.Lost == "":
		u.say(noteBad, wire(now.Lost))
	case now.Lost == "" && was.Lost != "":
		u.say(noteGood, "back in the class; what you have done was kept")
	case now.Lesson.ID != was.Lesson.ID:
		u.say(noteInfo, "the teacher has gone to another lesson: "+wire(now.Lesson.Title))
	case now.At != was.At && !n.asking:
		u.say(noteInfo, "everybody is at this step now")
	}
}

// ask asks something of the class, and does what is left when that is done.
func (n *lesson) ask(do func(context.Context) error, then func()) {
	u := n.u
	if n.asking {
		u.say(noteInfo, "the class has not answered yet")
		return
	}
	n.asking = true
	u.away(u.ctx, func(ctx context.Context) (taken, lost func()) {
		err := do(ctx)
		return func() {
			if u.lesson != n {
				return
			}
			n.attend()
			n.asking = false
			if err != nil {
				u.say(noteBad, wire(err.Error()))
				return
			}
			then()
		}, func() {}
	})
}

func (n *lesson) askJudge(a course.Answer, then func()) {
	n.ask(func(ctx context.Context) error { return n.seat.Answer(ctx, a) }, then)
}

func (n *lesson) askHint() {
	n.ask(n.seat.Hint, func() {
		n.answer().told, n.due = tellHint, true
		n.toPane()
	})
}

func (n *lesson) askSolution() {
	var a course.Answer
	n.ask(func(ctx context.Context) (err error) { a, err = n.seat.Solve(ctx); return err }, func() {
		n.showSolution(a)
		n.answer().told, n.due = tellSolution, true
		n.toPane()
	})
}

// askGo goes to another step; last tells that there is none behind.
func (n *lesson) askGo(to string, step int, last bool) {
	n.ask(func(ctx context.Context) error { return n.seat.Go(ctx, to, step) }, func() {
		if last {
			n.finish()
			return
		}
		n.toPane()
	})
}

func (n *lesson) askStage() {
	n.ask(n.seat.Begin, func() { n.builds = n.stood.Stage == nil })
}

// mayFind tells whether what is selected can be an answer: it has to be in the
// recording of the step.
func (n *lesson) mayFind() bool {
	if n.seat == nil || n.shown == n.stood.Own.ID {
		return true
	}
	n.u.say(noteInfo, "this is what the teacher shows; yours is another recording")
	n.u.message.keys = []hint{{n.keyOf("class-follow"), "look at your own"}}
	return false
}

// classFollow follows the teacher, or does so no more.
func (u *ui) classFollow() {
	u.taught(func(n *lesson) {
		if n.seat == nil {
			u.say(noteInfo, "this is no class")
			return
		}
		n.onOwn = !n.onOwn
		n.showSeat()
		n.showSeat()
		if t := n.stood.Teacher; n.followed() && t.Row >= 0 {
			n.aim = &t
			n.takeAim()
		} else {
			n.seeking = true
		}
		u.say(noteInfo, pick(n.onOwn, "you look for yourself now", "you look where the teacher looks now"))
	})
}

// classStep goes to the step of the teacher.
func (u *ui) classStep() {
	u.taught(func(n *lesson) {
		switch {
		case n.seat == nil:
			u.say(noteInfo, "this is no class")
		case n.stood.At == n.stood.TeacherAt:
			u.say(noteInfo, "the teacher is at this step, too")
		default:
			n.askGo("step", n.stood.TeacherAt+1, false)
		}
	})
}
