package course

import (
	"time"
)

// Walk is a learner's way through one lesson. It belongs to one goroutine.
type Walk struct {
	Lesson *Lesson
	at     int
	all    *Progress
	of     *LessonProgress
	// Last is what was said about the last answer of this step.
	Last Verdict
	now  func() time.Time
}

// Begin goes on with a lesson where the learner left it. Progress that cannot be
// kept is no reason to stop: it says why in Failed.
func Begin(l *Lesson, p *Progress) *Walk {
	w := &Walk{Lesson: l, all: p, of: p.Of(l.ID), now: time.Now}
	w.at = max(0, l.Step(w.of.At))
	return w
}

// At is the number of the step, from 0.
func (w *Walk) At() int { return w.at }

// Step is the one at hand.
func (w *Walk) Step() *Step { return &w.Lesson.Steps[w.at] }

// Progress is that of the step at hand.
func (w *Walk) Progress() *StepProgress { return w.of.Step(w.Step().ID) }

// Done tells whether the step at hand is done; one without a task is when it was
// left.
func (w *Walk) Done() bool { return w.Progress().Done }

// Goto goes to a step. It tells whether there is one.
func (w *Walk) Goto(i int) bool {
	if i < 0 || i >= len(w.Lesson.Steps) {
		return false
	}
	w.at, w.Last = i, Verdict{}
	w.of.At = w.Step().ID
	w.save()
	return true
}

// Next goes on. A step with a task that is not done has to be skipped; the last
// step has nothing behind it.
func (w *Walk) Next() bool {
	if w.Step().Task == nil {
		w.done()
	}
	if !w.Done() && !w.Progress().Skipped {
		return false
	}
	return w.Goto(w.at + 1)
}

// Back goes to the step before.
func (w *Walk) Back() bool { return w.Goto(w.at - 1) }

// Skip leaves a task undone and goes on.
func (w *Walk) Skip() bool {
	if !w.Done() {
		w.Progress().Skipped = true
	}
	w.save()
	return w.Goto(w.at + 1)
}

// Answer judges an answer and remembers how it went.
func (w *Walk) Answer(a Answer, at *Place) Verdict {
	w.Progress().Tries++
	w.look(a, at)
	w.save()
	return w.Last
}

// Watch judges what has passed on a stage; it counts no try.
func (w *Walk) Watch(at *Place) Verdict {
	w.look(Answer{}, at)
	return w.Last
}

func (w *Walk) look(a Answer, at *Place) {
	if w.Step().Task == nil {
		w.Last = Verdict{Done: true}
		return
	}
	w.Last = w.Step().Task.Check(a, at)
	if w.Last.Done && !w.Done() {
		w.done()
	}
}

func (w *Walk) done() {
	p := w.Progress()
	if p.Done {
		return
	}
	p.Done, p.Skipped, p.When = true, false, w.now()
	w.save()
}

// Hint gives the next hint, and the number of those given by now; the last one
// comes again and again. Empty where there are none.
func (w *Walk) Hint() (text string, n int) {
	hints := w.Step().Hints
	if len(hints) == 0 {
		return "", 0
	}
	p := w.Progress()
	p.Hints = min(p.Hints+1, len(hints))
	w.save()
	return hints[p.Hints-1], p.Hints
}

// Solve gives an answer that is right, and remembers that it was shown. That of
// a live step is in its deeds.
func (w *Walk) Solve(at *Place) Answer {
	if w.Step().Task == nil {
		return Answer{}
	}
	w.Progress().Shown = true
	w.save()
	return w.Step().Task.Solution(at)
}

// Reset begins the lesson anew.
func (w *Walk) Reset() {
	w.all.Reset(w.Lesson.ID)
	w.of = w.all.Of(w.Lesson.ID)
	w.at, w.Last = 0, Verdict{}
	w.save()
}

// Finished tells whether every step is done or was skipped.
func (w *Walk) Finished() bool {
	for i := range w.Lesson.Steps {
		if p := w.of.Step(w.Lesson.Steps[i].ID); !p.Done && !p.Skipped {
			return false
		}
	}
	return true
}

// save keeps progress; that it cannot is told by Progress.Failed.
func (w *Walk) save() { _ = w.all.Save() }

// Of is the progress in a step of the lesson, by its number from 0.
func (w *Walk) Of(i int) *StepProgress { return w.of.Step(w.Lesson.Steps[i].ID) }
