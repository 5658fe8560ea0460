package workshop

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	"xmppscope/lessons/course"
)

// Seat is a student's place in a class, with all that can be seen from there. It
// implements [course.Seat].
type Seat struct {
	c *Client

	mu      sync.Mutex
	state   State
	step    StepView
	lost    string
	over    string
	films   map[string]*film
	stage   *farStage
	now     *course.Standing
	changed func()
	poked   chan struct{} // there may be more to be told of recordings
}

// Sit takes a seat: how things are is known when it returns.
func Sit(ctx context.Context, c *Client) (*Seat, error) {
	s := &Seat{c: c, films: map[string]*film{}, poked: make(chan struct{}, 1), changed: func() {}}
	v, err := c.Step(ctx)
	if err != nil {
		return nil, err
	}
	v.bound()
	s.step = v
	s.state = State{Lesson: v.Lesson, Title: v.LessonTitle, You: Own{Name: c.Name, Step: v.Step}, Teacher: Mirror{Step: v.Step, Cursor: Span{Row: -1}}}
	s.stand()
	return s, nil
}

// Attend follows what happens in the class until ctx ends or the class does.
func (s *Seat) Attend(ctx context.Context) error {
	var filling sync.WaitGroup
	defer filling.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	filling.Go(func() { s.fill(ctx) })
	err := s.c.Live(ctx, func(st State) { s.told(ctx, st) }, s.noteLost)
	s.change(func() {
		switch {
		case s.over != "":
		case err != nil && ctx.Err() == nil:
			s.over = upper(err.Error()) + "."
		default:
			s.over = "This place is taken elsewhere now."
		}
	})
	return err
}

// Now implements [course.Seat], like the methods below.
func (s *Seat) Now() *course.Standing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Watch implements [course.Seat].
func (s *Seat) Watch(changed func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = changed
}

// change changes something, and tells of it.
func (s *Seat) change(what func()) {
	s.mu.Lock()
	what()
	s.stand()
	changed := s.changed
	s.mu.Unlock()
	changed()
}

func (s *Seat) noteLost(why string) {
	s.mu.Lock()
	same := s.lost == why
	s.mu.Unlock()
	if !same {
		s.change(func() { s.lost = why })
	}
}

// told takes over how things are.
func (s *Seat) told(ctx context.Context, st State) {
	s.mu.Lock()
	before := s.state
	stale := s.step.Lesson != st.Lesson || s.step.Step != st.You.Step || before.You.Marks != st.You.Marks
	s.mu.Unlock()
	var v *StepView
	if stale && st.Over == "" {
		if next, err := s.c.Step(ctx); err == nil {
			next.bound()
			v = &next
		}
	}
	s.change(func() {
		s.state, s.over = st, st.Over
		if v != nil && v.View >= s.step.View {
			s.step = *v
		}
		if before.Secrets != st.Secrets {
			clear(s.films) // what was hidden is shown now, or the other way
		}
	})
	poke(s.poked)
}

// does asks something of the class of which a step comes back.
func (s *Seat) does(v StepView, err error) error {
	if err != nil {
		return err
	}
	v.bound()
	s.change(func() {
		if v.View < s.step.View {
			return // what came meanwhile is newer
		}
		if s.step.Step != v.Step {
			s.state.Teacher.Len = 0 // how much of it may be seen at this step is told presently
		}
		s.step = v
		s.state.You.Step = v.Step
	})
	poke(s.poked)
	return nil
}

// Answer implements [course.Seat].
func (s *Seat) Answer(ctx context.Context, a course.Answer) error { return s.does(s.c.Answer(ctx, a)) }

// Hint implements [course.Seat].
func (s *Seat) Hint(ctx context.Context) error { return s.does(s.c.Hint(ctx)) }

// Go implements [course.Seat].
func (s *Seat) Go(ctx context.Context, to string, n int) error { return s.does(s.c.Go(ctx, to, n)) }

// Solve implements [course.Seat].
func (s *Seat) Solve(ctx context.Context) (course.Answer, error) { return s.c.Solve(ctx) }

// Begin implements [course.Seat].
func (s *Seat) Begin(ctx context.Context) error { return s.c.Begin(ctx) }

// stand makes how things are anew. The caller holds mu.
func (s *Seat) stand() {
	v, st := &s.step, &s.state
	now := &course.Standing{Name: s.c.Name, Lesson: lessonIn(v, st), At: max(0, min(v.Step, maxSteps)-1), Lost: s.lost, Over: s.over}
	now.Progress = progressIn(v, st, now.Lesson)
	now.TeacherAt = max(0, min(st.Teacher.Step, len(now.Lesson.Steps))-1)
	if v.Last != nil {
		now.Answered, now.Verdict = true, course.Verdict{Done: v.Last.Done, Said: v.Last.Said, Missing: v.Last.Missing}
	}
	now.Own, now.Teacher = course.Shown{Row: -1}, course.Shown{Row: -1}
	if v.Recording != "" {
		now.Own = s.shown(v.Recording, "", v.Focus)
	}
	if t := &st.Teacher; t.Recording != "" {
		now.Teacher = s.shown(t.Recording, t.Title, &t.Cursor)
		now.Teacher.Len = t.Len
	}
	if g := st.You.Stage; g != nil {
		now.Stage = s.stageNow(g)
	} else {
		s.stage = nil
	}
	s.now = now
}

// maxFilms is how many recordings are kept.
const maxFilms = 12

// shown is a recording by what the class calls it. The caller holds mu.
func (s *Seat) shown(id, title string, at *Span) course.Shown {
	f := s.films[id]
	if f == nil {
		for len(s.films) >= maxFilms { // any but those in use, which come again
			for other := range maps.Keys(s.films) {
				delete(s.films, other)
				break
			}
		}
		f = newFilm(id, title)
		s.films[id] = f
	}
	if title != "" {
		f.title = title
	}
	x := course.Shown{ID: id, Title: f.title, Store: f.store, Len: f.store.Len(), Cut: f.full, Row: -1}
	if at != nil {
		x.Row, x.Start, x.End = at.Row, at.Start, at.End
	}
	return x
}

// fill fetches what there is to be seen, until ctx ends.
func (s *Seat) fill(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.poked:
		}
		for _, of := range []string{"teacher", "own", "stage"} {
			s.fetch(ctx, of)
		}
		s.fetchHeld(ctx)
	}
}

// fetchAgain is how long after a failure there is another try.
const fetchAgain = time.Second

// fetch fetches what is new of one of the three recordings.
func (s *Seat) fetch(ctx context.Context, of string) {
	for ctx.Err() == nil {
		s.mu.Lock()
		f, most := s.wanted(of)
		full := f != nil && f.full
		s.mu.Unlock()
		if f == nil || full || most >= 0 && f.store.Len() >= most {
			return
		}
		r, err := s.c.Reel(ctx, of, f.store.Len())
		if err != nil && ctx.Err() == nil {
			time.AfterFunc(fetchAgain, func() { poke(s.poked) })
		}
		if err != nil || r.Recording != f.id { // another is shown by now: that is told, too
			return
		}
		more, full := f.add(&r)
		if more || full {
			s.change(func() {
				if f.full = full; f.title == "" {
					f.title = r.Title
				}
			})
		}
		if !more || f.store.Len() >= r.Len {
			return
		}
	}
}

// wanted is a recording that is to be seen, and how much of it there is, -1 where
// that is not known. The caller holds mu.
func (s *Seat) wanted(of string) (*film, int) {
	switch {
	case of == "teacher" && s.state.Teacher.Recording != "":
		return s.films[s.state.Teacher.Recording], s.state.Teacher.Len
	case of == "own" && s.step.Recording != "" && s.step.Recording != s.state.Teacher.Recording:
		return s.films[s.step.Recording], -1
	case of == "stage" && s.state.You.Stage != nil:
		return s.films[s.state.You.Stage.Recording], s.state.You.Stage.Len
	}
	return nil, 0
}

// maxSteps bounds how many steps a lesson has.
const maxSteps = 500

// lessonIn is the lesson at hand, as far as it is known: its titles, and the step
// that the student is at.
func lessonIn(v *StepView, st *State) *course.Lesson {
	l := &course.Lesson{ID: v.Lesson, Title: v.LessonTitle, Goal: v.Goal, Intro: blocksOf(v.Intro, 0), Steps: make([]course.Step, max(1, min(v.Steps, maxSteps)))}
	for i := range l.Steps {
		s := &l.Steps[i]
		s.ID = strconv.Itoa(i + 1)
		s.Title = "step " + s.ID
		if v.Lesson == st.Lesson && i < len(st.Titles) {
			s.Title = st.Titles[i]
		}
	}
	at := max(0, min(v.Step, len(l.Steps))-1)
	l.Steps[at] = stepIn(v, l.Steps[at].ID)
	return l
}

// stepIn is a step as a student has it.
func stepIn(v *StepView, id string) course.Step {
	s := course.Step{ID: id, Title: v.Title, Kind: v.Kind, Text: blocksOf(v.Text, 0), Capture: v.Recording, Question: v.Question, Hints: v.Hints, After: blocksOf(v.After, 0)}
	for range max(0, min(v.HintsLeft, 3)) {
		s.Hints = append(s.Hints[:len(s.Hints):len(s.Hints)], "") // not given yet
	}
	if v.Ask == AskNothing {
		return s
	}
	a := course.Asked{Choices: v.Choices, Given: v.Given, XML: v.Ask == AskXML, Bytes: v.Ask == AskBytes, Live: v.Ask == AskDeeds, Wants: v.Wants}
	for _, f := range v.Fields {
		a.Fields = append(a.Fields, f.Name)
		if f.Secret {
			a.Secret = append(a.Secret, f.Name)
		}
	}
	s.Task = a.Task()
	return s
}

// progressIn is what the student has done of the lesson.
func progressIn(v *StepView, st *State, l *course.Lesson) *course.LessonProgress {
	p := &course.LessonProgress{At: strconv.Itoa(v.Step)}
	all := &course.Progress{Lessons: map[string]*course.LessonProgress{l.ID: p}}
	of := all.Of(l.ID)
	for i, mark := range []byte(st.You.Marks) {
		if v.Lesson != st.Lesson || i >= len(l.Steps) {
			break
		}
		s := of.Step(l.Steps[i].ID)
		s.Done, s.Skipped = mark == '#', mark == '-'
	}
	if at := v.Step - 1; at >= 0 && at < len(l.Steps) {
		s := of.Step(l.Steps[at].ID)
		s.Done, s.Skipped, s.Tries, s.Hints = v.Done, v.Skipped, v.Tries, len(v.Hints)
	}
	return p
}

// maxDeep bounds how deep blocks stand in each other.
const maxDeep = 8

// blocksOf makes the text of a lesson again of what was told.
func blocksOf(all []Block, deep int) (out []course.Block) {
	if deep == maxDeep {
		return nil
	}
	for _, b := range all {
		o := course.Block{Level: b.Level, Lang: b.Lang, Text: runsOf(b.Text), Inside: blocksOf(b.Inside, deep+1), Ordered: b.Kind == "ol"}
		for kind, name := range blockKinds {
			if name == b.Kind {
				o.Kind = kind
			}
		}
		if o.Ordered {
			o.Kind = course.List
		}
		for _, c := range b.Cells {
			o.Cells = append(o.Cells, runsOf(c))
		}
		out = append(out, o)
	}
	return out
}

func runsOf(all []Run) (out []course.Run) {
	for _, r := range all {
		o := course.Run{Text: r.Text, Link: r.Link}
		for style, name := range runStyles {
			if name == r.Style {
				o.Style = style
			}
		}
		if r.Term != "" {
			o.Link = "term:" + r.Term
		}
		out = append(out, o)
	}
	return out
}

// Reel is a part of a recording from a row on: of teacher, own or stage.
func (c *Client) Reel(ctx context.Context, of string, from int) (v Reel, err error) {
	err = c.call(ctx, fmt.Sprintf("events?of=%s&from=%d", of, from), nil, &v)
	return v, err
}
