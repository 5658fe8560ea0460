package course

import (
	"io/fs"
)

// Lesson is one lesson.
type Lesson struct {
	// ID is the name of its folder, such as 07-plain.
	ID string
	// Title is its name, Goal what a learner can do after it.
	Title, Goal string
	// Wrong is the misconception that it corrects.
	Wrong string
	// Minutes is how long it takes.
	Minutes int
	// Refs are the sections that its claims rest on, as in "RFC 6120 §5.4".
	Refs []string
	// After are lessons to take before.
	After []string
	// Captures are what its steps look at; the first is that of steps that name
	// none.
	Captures []Capture
	// Intro stands before the first step.
	Intro []Block
	Steps []Step
	// Folder holds the lesson and its captures.
	Folder fs.FS
}

// Capture is a recording that a lesson looks at.
type Capture struct {
	Name string
	// File is its name in the folder of the lesson; Sample the name of a recording
	// that comes with the program. One of them is set.
	File, Sample string
}

// Step is one thing to read, answer or do.
type Step struct {
	// ID is made of the title, unique in its lesson.
	ID, Title string
	// Line is where it begins in the file, from 1.
	Line int
	// Kind is one of the table.
	Kind string
	Text []Block
	// Capture is the name of the recording that it looks at, empty in live steps.
	Capture string
	// Focus is what of it is shown.
	Focus Focus
	// Question is asked, where there is one.
	Question string
	// Hints are three, each stronger than the one before.
	Hints []string
	// After is said when it is done.
	After []Block
	// Task is what is to be done; nil where there is only something to read.
	Task Task
}

// Focus is a place in a recording: the first event that fits, and bytes of it.
type Focus struct {
	Event string // a filter expression; empty for none
	Nth   int    // which of those that fit, from 1; 0 is the first
	Span  string // text on the wire of the event; empty for none
}

// Live tells whether the step needs a [Stage].
func (s *Step) Live() *Scene {
	switch t := s.Task.(type) {
	case *do:
		return &t.Scene
	case *asked:
		if t.Asked.Live {
			return &t.scene
		}
	}
	return nil
}

// Step finds a step by its id; -1 for none.
func (l *Lesson) Step(id string) int {
	for i := range l.Steps {
		if l.Steps[i].ID == id {
			return i
		}
	}
	return -1
}
