package course

import (
	"context"

	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// Seat is a learner's place in a class that is held elsewhere. What is done there
// may take as long as a network does: only Now and Watch are quick. Any goroutine
// may use it.
type Seat interface {
	// Now is how things are. It never changes; when things do, there is another one.
	Now() *Standing
	// Watch sets what is called when there is; it must be quick.
	Watch(changed func())
	// Answer has an answer judged, Hint asks for the next hint, Solve for an answer
	// that is right, Go goes next, back, skip, or to a step, from 1. What came of it
	// stands in Now when they return.
	Answer(context.Context, Answer) error
	Hint(context.Context) error
	Solve(context.Context) (Answer, error)
	Go(ctx context.Context, to string, step int) error
	// Begin plays the scene of a live step.
	Begin(context.Context) error
}

// Standing is how things are in a class, for one learner.
type Standing struct {
	// Name is the learner's.
	Name string
	// Lesson is the one at hand, of which only the step At, from 0, says what it
	// asks; Progress is the learner's in it.
	Lesson   *Lesson
	At       int
	Progress *LessonProgress
	// Verdict is what was said of the last answer to the step, Answered whether there
	// was one.
	Verdict  Verdict
	Answered bool
	// Own is what the step looks at, Teacher what the teacher does; TeacherAt is the
	// teacher's step, from 0.
	Own, Teacher Shown
	TeacherAt    int
	// Stage is that of a live step; nil for none.
	Stage *SeatStage
	// Lost says that the connection to the class is lost, Over that the class is over
	// for this learner; empty where that is not so.
	Lost, Over string
}

// Shown is a recording and a place in it.
type Shown struct {
	// ID tells recordings apart; empty for none. The store is filled by and by; Len
	// is how many events of it may be seen now.
	ID, Title string
	Store     *inspector.Store
	Len       int
	// Cut is set where there are more than are kept here.
	Cut bool
	// Row is the event that is looked at, -1 for none; Start and End are bytes of its
	// wire.
	Row, Start, End int
}

// SeatStage is a scene that is played elsewhere for one learner.
type SeatStage struct {
	Shown
	Watch   live.Watch
	Playing bool
	// Said and Missing are what is said of what has passed, Told what the clients
	// said went wrong.
	Said    string
	Missing []string
	Told    []string
}
