package main

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"

	"xmppscope/inspector/linear"
	"xmppscope/inspector/live"
	"xmppscope/inspector/tui"
	"xmppscope/lessons/course"
	"xmppscope/lessons/sandbox"
)

// This file gives lessons on the screen and at the prompt.

// learning is what learn was asked for.
type learning struct {
	lessons []*course.Lesson
	begin   string // the name of a lesson; empty for the list
	ending  sync.WaitGroup
}

// learn gives a lesson, or offers all of them, where somebody can answer. Else
// it writes what there is.
func (e *env) learn(ctx context.Context, all []*course.Lesson, name string, asJSON bool) error {
	n := &learning{lessons: all}
	if name != "" {
		l, err := lessonNamed(all, name)
		if err != nil {
			return err
		}
		n.begin = l.ID
	}
	ctx, stop, ok := e.seen(ctx)
	defer stop()
	switch {
	case ok && !asJSON:
		e.learning = n
		return e.show(ctx, nil, nil, "")
	case name == "":
		return e.listLessons(all, asJSON)
	}
	return e.tellLesson(all, name)
}

// teach is what the screen and the prompt need to give lessons; nil where they
// cannot be read.
func (n *learning) teach(e *env) *tui.Teaching {
	if n.lessons == nil {
		all, err := allLessons("")
		if err != nil {
			return nil
		}
		n.lessons = all
	}
	return &tui.Teaching{
		Lessons: n.lessons, Begin: n.begin, Progress: course.LoadProgress(filepath.Join(statePath(), "lessons.json")),
		Capture: e.lessonSource,
		Stage: func(ctx context.Context, c course.Scene) (tui.Stage, error) {
			st, err := e.newStage(context.WithoutCancel(ctx), c)
			if err != nil {
				return nil, err
			}
			n.endWith(st)
			return st, nil
		},
	}
}

// endWith ends a stage when its source is closed. That may take a moment, for
// which nobody waits before the end.
func (n *learning) endWith(st *staged) {
	release := st.src.Close
	st.src.Close = func() {
		if release != nil {
			release()
		}
		st.stop()
		n.ending.Go(st.Close)
	}
}

// lessonSource is a capture of a lesson, to be looked at.
func (e *env) lessonSource(l *course.Lesson, c *course.Capture) (*tui.Source, error) {
	if c.Sample != "" {
		r, err := e.open(&captureFlags{}, []string{samplePrefix + c.Sample})
		if err != nil {
			return nil, err
		}
		return r.source(), nil
	}
	r, err := e.lessonReading(l, c)
	if err != nil {
		return nil, err
	}
	src := r.source()
	src.Keylog = nil // it cannot be named on a command line
	return src, nil
}

// linearTeaching is a Teaching for the prompt.
func linearTeaching(t *tui.Teaching) *linear.Teaching {
	if t == nil {
		return nil
	}
	return &linear.Teaching{
		Lessons: t.Lessons, Progress: t.Progress, Begin: t.Begin,
		Capture: func(l *course.Lesson, c *course.Capture) (*linear.Source, error) {
			src, err := t.Capture(l, c)
			return linearSource(src), err
		},
		Stage: func(ctx context.Context, c course.Scene) (linear.Stage, error) {
			st, err := t.Stage(ctx, c)
			if err != nil {
				return nil, err
			}
			return linearStage{st, linearSource(st.Source())}, nil
		},
	}
}

// linearStage is a stage for the prompt.
type linearStage struct {
	course.Stage
	src *linear.Source
}

func (s linearStage) Source() *linear.Source { return s.src }

// Source implements [tui.Stage].
func (st *staged) Source() *tui.Source { return st.src }

// faults are the misbehaviours of the practice server behind a proxy.
type faults struct{ s *sandbox.Server }

// Faults implements [live.Faults], like the method below.
func (f faults) Faults() (all []live.Fault) {
	on := map[string]bool{}
	for _, name := range f.s.Misbehaving() {
		on[name] = true
	}
	for _, m := range sandbox.Misbehaviours() {
		x := live.Fault{Name: m.Name, About: m.About, Number: m.Number, On: on[m.Name]}
		switch {
		case m.Rule != "" && m.Condition != "":
			x.Found = m.Rule + ", " + m.Condition
		default:
			x.Found = m.Rule + m.Condition
		}
		if x.Number > 0 {
			x.About += " (" + strconv.Itoa(x.Number) + ")"
		}
		all = append(all, x)
	}
	return all
}

func (f faults) Switch(name string, on bool) error { return f.s.Misbehave(name, on) }
