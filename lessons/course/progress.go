package course

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Progress is what a learner has done, of all lessons.
type Progress struct {
	path    string
	Lessons map[string]*LessonProgress `json:"lessons"`
	// Failed says why progress cannot be kept; nil where it can.
	Failed error `json:"-"`
}

// LessonProgress is that of one lesson.
type LessonProgress struct {
	// At is the step to go on with.
	At    string                   `json:"at,omitempty"`
	Steps map[string]*StepProgress `json:"steps,omitempty"`
}

// StepProgress is that of one step.
type StepProgress struct {
	Done    bool      `json:"done,omitempty"`
	Skipped bool      `json:"skipped,omitempty"`
	Shown   bool      `json:"shown,omitempty"` // the solution was
	Hints   int       `json:"hints,omitempty"`
	Tries   int       `json:"tries,omitempty"`
	When    time.Time `json:"when,omitzero"`
}

// LoadProgress reads what was kept in a file. Where the file cannot be read as
// what it is, it is put aside under another name, and nothing is lost.
func LoadProgress(path string) *Progress {
	p := &Progress{path: path, Lessons: map[string]*LessonProgress{}}
	raw, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p
	case err != nil:
		p.Failed = err
		return p
	}
	if err := json.Unmarshal(raw, p); err != nil {
		p.Failed = os.Rename(path, path+".unreadable")
	}
	if p.Lessons == nil {
		p.Lessons = map[string]*LessonProgress{}
	}
	return p
}

// Of is the progress in a lesson; never nil.
func (p *Progress) Of(lesson string) *LessonProgress {
	l := p.Lessons[lesson]
	if l == nil {
		l = &LessonProgress{}
		p.Lessons[lesson] = l
	}
	if l.Steps == nil {
		l.Steps = map[string]*StepProgress{}
	}
	return l
}

// Step is the progress in a step; never nil.
func (l *LessonProgress) Step(id string) *StepProgress {
	s := l.Steps[id]
	if s == nil {
		s = &StepProgress{}
		l.Steps[id] = s
	}
	return s
}

// Count is how many steps of a lesson are done, of how many.
func (p *Progress) Count(l *Lesson) (done, total int) {
	at := p.Lessons[l.ID]
	for i := range l.Steps {
		total++
		if at != nil && at.Steps[l.Steps[i].ID] != nil && at.Steps[l.Steps[i].ID].Done {
			done++
		}
	}
	return done, total
}

// Reset forgets a lesson.
func (p *Progress) Reset(lesson string) { delete(p.Lessons, lesson) }

// Save keeps it in its file, which appears whole. Without a file it does nothing.
func (p *Progress) Save() error {
	if p.path == "" {
		return nil
	}
	raw, err := json.MarshalIndent(p, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(p.path), 0o700)
	}
	if err == nil {
		err = WriteWhole(p.path, append(raw, '\n'))
	}
	p.Failed = err
	return err
}

// WriteWhole writes a file of mode 0600 that appears whole, or not at all.
func WriteWhole(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
