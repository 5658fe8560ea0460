package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// testSeat is a place in a class that knows one lesson with a recording.
type testSeat struct {
	l     *course.Lesson
	walk  *course.Walk
	store *inspector.Store
	now   *course.Standing
	wake  func()
	fails error
}

// seatIn takes a seat in a class with the lesson that has every kind of step.
func seatIn(t *testing.T, w, h int) (*theatre, *testSeat) {
	t.Helper()
	tg := teaching(t, "")
	l := tg.Lessons[0]
	src := transcripts(t, "plain")
	s := &testSeat{l: l, walk: course.Begin(l, &course.Progress{Lessons: map[string]*course.LessonProgress{}}), store: src.Store, wake: func() {}}
	_ = src.Load // a transcript is there whole
	s.stand(func(n *course.Standing) { n.Teacher = s.at(5) })
	return perform(t, Options{Seat: s, NoColor: true}, w, h), s
}

func (s *testSeat) at(seq decode.Seq) course.Shown {
	x := course.Shown{ID: "r1", Title: "login", Store: s.store, Len: s.store.Len(), Row: -1}
	if row, ok := s.store.Find(seq); ok {
		x.Row = row
	}
	return x
}

// stand makes a new standing, of the last one and what is otherwise.
func (s *testSeat) stand(change func(*course.Standing)) {
	n := course.Standing{Name: "Yorick", Own: course.Shown{Row: -1}, Teacher: course.Shown{Row: -1}}
	if s.now != nil {
		n = *s.now
	}
	l := *s.l
	n.Lesson, n.At, n.Progress = &l, s.walk.At(), &course.LessonProgress{Steps: map[string]*course.StepProgress{}}
	for i := range l.Steps {
		p := *s.walk.Of(i)
		n.Progress.Steps[l.Steps[i].ID] = &p
	}
	if n.Own = (course.Shown{Row: -1}); s.walk.Step().Capture != "" {
		n.Own = s.at(0)
		if s.walk.Step().Kind != "find" {
			n.Own.Row, n.Own.Start, n.Own.End = s.walk.Step().Locate(s.store)
		}
	}
	n.Verdict, n.Answered = s.walk.Last, true
	if change != nil {
		change(&n)
	}
	s.now = &n
	s.wake()
}

func (s *testSeat) Now() *course.Standing { return s.now }
func (s *testSeat) Watch(f func())        { s.wake = f }
func (s *testSeat) done(ok bool, why string) error {
	if s.fails != nil {
		return s.fails
	}
	if s.stand(nil); !ok {
		return errors.New(why)
	}
	return nil
}

func (s *testSeat) Answer(_ context.Context, a course.Answer) error {
	if s.fails == nil {
		s.walk.Answer(a, &course.Place{Store: s.store, Row: -1})
	}
	return s.done(true, "")
}

func (s *testSeat) Hint(context.Context) error { s.walk.Hint(); return s.done(true, "") }

func (s *testSeat) Solve(context.Context) (course.Answer, error) {
	return s.walk.Solve(&course.Place{Store: s.store, Row: -1}), s.done(true, "")
}

func (s *testSeat) Go(_ context.Context, to string, n int) error {
	switch to {
	case "next":
		return s.done(s.walk.Next(), "do this step first")
	case "skip":
		return s.done(s.walk.Skip(), "this is the last step")
	case "back":
		return s.done(s.walk.Back(), "this is the first step")
	}
	return s.done(s.walk.Goto(n-1), "there is no such step")
}

func (s *testSeat) Begin(context.Context) error { return s.done(false, "nothing is played here") }

// A class looks as a lesson does, follows the teacher until told otherwise, and
// tells of a connection that is lost where the eye is.
func TestSeat(t *testing.T) {
	th, s := seatIn(t, 160, 50)
	th.has("Following the teacher, at step 1, #5 in login").has("A test of every kind").has("Yorick 0/9").has("▶    5")
	th.golden("seat-160x50")
	th.press("Enter").has("2. What comes next").has("✓▶○○")
	th.press("2").has("That answers <starttls/>").press("1").has("And so it was").has("✓ Right.")
	s.stand(func(n *course.Standing) { n.Teacher, n.TeacherAt = s.at(2), 2 })
	th.tick()
	th.has("at step 3, #2 in login · ^ goes there").has("▶    2")
	th.press("@").has("On your own; the teacher is at step 3 · @ follows")
	s.stand(func(n *course.Standing) { n.Teacher = s.at(6) })
	th.tick()
	th.lacks("▶    6").press("@").has("▶    6").press("^").has("3. Write the request")
	s.stand(func(n *course.Standing) { n.Teacher.Row, n.Teacher.Cut = 1<<20, true })
	th.tick()
	th.has("in login behind the " + plural(s.store.Len(), "event") + " that are kept here")
	s.stand(func(n *course.Standing) { n.Teacher = s.at(6) })
	th.tick()
	s.stand(func(n *course.Standing) { n.Lost = "The connection to the class was lost; trying again." })
	th.tick()
	th.has("✗ Connection lost; trying again. Your work is kept")
	s.fails = errors.New("the class does not answer")
	th.press("I").has("the class does not answer")
	s.fails = nil
	s.stand(func(n *course.Standing) { n.Lost = "" })
	th.tick()
	th.has("back in the class").has("Following the teacher")
	s.walk.Goto(5)
	s.stand(nil)
	th.tick()
	th.has("everybody is at this step now").has("6. Find it")
	th.press(":").write("lesson-leave").press("Enter").has("q leaves the class").press("Esc Esc C").has("there are no lessons here")
	s.stand(func(n *course.Standing) { n.Over = "The class is over." })
	th.tick()
	th.has("✗ The class is over. q leaves")
}

// What comes next is hidden until it was said, and an answer is not taken from
// what the teacher shows of another recording.
func TestSeatHides(t *testing.T) {
	th, s := seatIn(t, 80, 24)
	th.golden("seat-80x24")
	s.walk.Goto(1)
	s.stand(func(n *course.Standing) { n.Teacher = course.Shown{Row: -1} })
	th.tick()
	th.press("Tab")
	last := s.now.Own.Row
	if n := th.u.cap.view.Len(); n != last+1 || n == s.store.Len() {
		t.Errorf("%d rows are shown, of %d, asked about %d", n, s.store.Len(), last)
	}
	s.walk.Goto(5)
	other := transcripts(t, "session")
	s.stand(func(n *course.Standing) {
		n.Teacher = course.Shown{ID: "r2", Title: "another\x1b[31m\u202e", Store: other.Store, Len: other.Store.Len(), Row: 3}
	})
	th.tick()
	th.has("#4 in another").press("Tab .").has("yours is another recording").press("@ .").has("look further")
	if strings.ContainsAny(th.screen(), "\x1b\u202e") {
		t.Error("a title is on the screen as it was told")
	}
}
