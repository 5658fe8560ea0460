package course

import (
	"context"
	"time"
)

// Teaching is what it takes to give lessons. S is what is looked at where they are
// given.
type Teaching[S any] struct {
	// Lessons are all that there are, in their order.
	Lessons []*Lesson
	// Progress is the learner's.
	Progress *Progress
	// Begin is the name of the lesson to begin with; empty for a list of them.
	Begin string
	// Capture makes a source of a recording of a lesson. It must not read it.
	Capture func(l *Lesson, c *Capture) (S, error)
	// Stage builds the stage of a live step; it may take a moment. Its source ends
	// it when it is closed.
	Stage func(ctx context.Context, scene Scene) (Viewed[S], error)
}

// Viewed is a stage that can be looked at.
type Viewed[S any] interface {
	Stage
	Source() S
}

// UpNext is the lesson to take next: the one that was left off last, or else the
// first that was not finished behind it. -1 where all are finished.
func (t *Teaching[S]) UpNext() int {
	last, when := -1, time.Time{}
	for i, l := range t.Lessons {
		p := t.Progress.Lessons[l.ID]
		if p == nil {
			continue
		}
		for _, s := range p.Steps {
			if s.When.After(when) {
				last, when = i, s.When
			}
		}
	}
	for k := range t.Lessons {
		i := (max(last, 0) + k) % len(t.Lessons)
		if !t.Finished(t.Lessons[i]) {
			return i
		}
	}
	return -1
}

// Finished tells whether every step of a lesson is done or was left out.
func (t *Teaching[S]) Finished(l *Lesson) bool {
	p := t.Progress.Lessons[l.ID]
	if p == nil {
		return false
	}
	for i := range l.Steps {
		if s := p.Steps[l.Steps[i].ID]; s == nil || !s.Done && !s.Skipped {
			return false
		}
	}
	return true
}
