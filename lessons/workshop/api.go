package workshop

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// joinRequest is what somebody says at the door.
type joinRequest struct {
	Name  string `json:"name"`
	Token string `json:"token"`
	// Code is that of a student who comes back, given when they joined.
	Code string `json:"code,omitempty"`
}

// Joined is what a student gets at the door.
type Joined struct {
	Name string `json:"name"`
	// Code lets the student in again, under the same name and with what was done.
	Code string `json:"code"`
}

func (c *Class) apiJoin(r *http.Request) (any, error) {
	if !c.joins.take(addrOf(r), time.Now()) {
		return nil, errSlowly
	}
	var q joinRequest
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if !sameToken(q.Token, c.o.Token) {
		return nil, errToken
	}
	s, code, err := c.join(q.Name, q.Code, addrOf(r))
	if err != nil {
		return nil, err
	}
	return cookied{Joined{s.name, code}, cookie(c.studentKey(), code)}, nil
}

// mirrored is what the teacher shows, as a student may see it: where the student
// is to say what comes next in the same recording, nothing of that, unless the
// teacher points there.
func (c *Class) mirrored(s *student, r *recording) seen {
	c.mu.Lock()
	v := seen{r, -1, c.secrets}
	pointed := -1
	if c.pointed && c.shown == r {
		pointed = c.cursor.Row
	}
	c.mu.Unlock()
	if own, rows := c.own(s); own == r && rows >= 0 {
		v.rows = max(rows, pointed+1)
	}
	return v
}

// own is the recording of a student's step, and how many rows of it may be seen:
// up to what the step looks at where what comes next is asked for; -1 for all.
func (c *Class) own(s *student) (*recording, int) {
	s.mu.Lock()
	l, step, done := s.walk.Lesson, s.walk.Step(), s.walk.Done()
	s.mu.Unlock()
	r, err := c.recordingOf(l, step)
	if err != nil || r == nil {
		return nil, -1
	}
	if step.Kind != "predict" || done {
		return r, -1
	}
	if row, _, _ := step.Locate(r.store); row >= 0 {
		return r, row + 1
	}
	return r, -1
}

// looked is what a request asks to see: of=teacher (default), own or stage.
func (c *Class) looked(s *student, r *http.Request) (seen, error) {
	switch of := r.URL.Query().Get("of"); of {
	case "", "teacher":
		c.mu.Lock()
		shown := c.shown
		c.mu.Unlock()
		if shown != nil {
			return c.mirrored(s, shown), nil
		}
	case "own":
		if own, rows := c.own(s); own != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			return seen{own, rows, c.secrets}, nil
		}
	case "stage":
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.stage != nil {
			return seen{s.stage.rec, -1, true}, nil
		}
	}
	return seen{}, refuse(http.StatusNotFound, "there is nothing to see at the moment")
}

func number(r *http.Request, name string, def int) int {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil {
		return n
	}
	return def
}

func (c *Class) apiRows(s *student, r *http.Request) (any, error) {
	v, err := c.looked(s, r)
	if err != nil {
		return nil, err
	}
	return v.lines(number(r, "from", 0), number(r, "n", maxRows)), nil
}

func (c *Class) apiEvent(s *student, r *http.Request) (any, error) {
	v, err := c.looked(s, r)
	if err != nil {
		return nil, err
	}
	d, ok := v.detail(number(r, "row", -1))
	if !ok {
		return nil, refuse(http.StatusNotFound, "there is no such event to see")
	}
	return d, nil
}

func (c *Class) apiStep(s *student, _ *http.Request) (any, error) { return c.step(s), nil }

// step is the step that a student is at.
func (c *Class) step(s *student) StepView {
	own, _ := c.own(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.walk
	l, step, p := w.Lesson, w.Step(), w.Progress()
	s.views = max(s.views+1, time.Now().UnixMicro()) // a class that goes on goes on counting
	v := StepView{View: s.views, Lesson: l.ID, LessonTitle: l.Title, Goal: l.Goal, Step: w.At() + 1, Steps: len(l.Steps), Title: step.Title, Kind: step.Kind,
		Ask: ask(step), Text: blocks(step.Text), Question: step.Question, Tries: p.Tries, Done: p.Done, Skipped: p.Skipped, Finished: w.Finished(),
		HintsLeft: len(step.Hints) - min(p.Hints, len(step.Hints)), Hints: step.Hints[:min(p.Hints, len(step.Hints))], Keys: keysOf(step)}
	v.Solvable = step.Task != nil && step.Live() == nil && v.HintsLeft == 0
	if w.At() == 0 {
		v.Intro = blocks(l.Intro)
	}
	if step.Task != nil {
		v.Choices, v.Given, v.Wants = course.Choices(step.Task), course.Given(step.Task), course.Wants(step.Task)
		secret := course.SecretFields(step.Task)
		for _, name := range course.FieldNames(step.Task) {
			v.Fields = append(v.Fields, Field{name, slices.Contains(secret, name)})
		}
	}
	if p.Done {
		v.After = blocks(step.After)
	}
	if v.Ask == AskUnknown && v.Choices != nil {
		v.Ask = AskChoice
	}
	if last := w.Last; last.Done || last.Said != "" || last.Missing != nil {
		say := verdictOf(last)
		v.Last = &say
	}
	if own != nil {
		v.Recording = own.id
		if f := focusOf(step, own); f.Row >= 0 {
			v.Focus = &f
		}
	}
	return v
}

// maxAnswer bounds each part of an answer, in bytes.
const maxAnswer = 64 << 10

func (c *Class) apiAnswer(s *student, r *http.Request) (any, error) {
	var a course.Answer
	if err := read(r, &a); err != nil {
		return nil, err
	}
	long := len(a.Text) > maxAnswer || len(a.Fields) > 100 || len(a.Order) > 1000
	for k, v := range a.Fields {
		long = long || len(k)+len(v) > maxAnswer
	}
	if long {
		return nil, refuse(http.StatusRequestEntityTooLarge, "that was too long")
	}
	own, _ := c.own(s)
	if err := c.check(s, a, own); err != nil {
		return nil, err
	}
	s.wake()
	c.wakeTeachers()
	return c.step(s), nil
}

func (c *Class) check(s *student, a course.Answer, own *recording) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.answers.take(answerRate(), time.Now()) {
		return errSlowly
	}
	step := s.walk.Step()
	if step.Live() != nil {
		return refuse(http.StatusConflict, "this step is done on its stage")
	}
	at := &course.Place{Row: -1}
	if own != nil {
		at.Store = own.store
		at.Row, at.Start, at.End = step.Locate(own.store)
	} else if step.Kind == "find" {
		return refuse(http.StatusServiceUnavailable, "the recording of this step cannot be read; tell the teacher")
	}
	s.walk.Answer(a, at)
	s.stand()
	return nil
}

func (c *Class) apiHint(s *student, _ *http.Request) (any, error) {
	s.mu.Lock()
	s.walk.Hint()
	s.stand()
	s.mu.Unlock()
	s.wake()
	c.wakeTeachers()
	return c.step(s), nil
}

// apiSolve shows an answer that is right, once all hints were given.
func (c *Class) apiSolve(s *student, _ *http.Request) (any, error) {
	own, _ := c.own(s)
	c.mu.Lock()
	secrets := c.secrets
	c.mu.Unlock()
	s.mu.Lock()
	defer c.wakeTeachers()
	defer s.mu.Unlock()
	step := s.walk.Step()
	switch {
	case step.Task == nil || step.Live() != nil:
		return nil, refuse(http.StatusConflict, "there is no answer to show here")
	case s.walk.Progress().Hints < len(step.Hints):
		return nil, refuse(http.StatusConflict, "take the hints first; after the last one the answer can be shown")
	case step.Kind == "find" && own == nil:
		return nil, refuse(http.StatusServiceUnavailable, "the recording of this step cannot be read; tell the teacher")
	}
	at := &course.Place{Row: -1}
	if own != nil {
		at.Store = own.store
	}
	a := s.walk.Solve(at)
	s.stand()
	if hide := course.SecretFields(step.Task); !secrets && len(hide) > 0 {
		shown := map[string]string{}
		for k, v := range a.Fields {
			if slices.Contains(hide, k) {
				v = "(a password: not shown in a class)"
			}
			shown[k] = inspector.Disarm(v)
		}
		a.Fields = shown
	}
	return a, nil
}

// goRequest is where a student goes.
type goRequest struct {
	To   string `json:"to"`             // next, back, skip, step
	Step int    `json:"step,omitempty"` // from 1
}

func (c *Class) apiGo(s *student, r *http.Request) (any, error) {
	var q goRequest
	if err := read(r, &q); err != nil {
		return nil, err
	}
	if err := s.move(q); err != nil {
		return nil, err
	}
	s.wake()
	c.wakeTeachers()
	return c.step(s), nil
}

func (s *student) move(q goRequest) error {
	s.mu.Lock()
	before := s.walk.At()
	ok, why := false, ""
	switch q.To {
	case "next":
		ok, why = s.walk.Next(), "do this step first, or skip it"
	case "back":
		ok, why = s.walk.Back(), "this is the first step"
	case "skip":
		ok, why = s.walk.Skip(), "this is the last step"
	case "step":
		ok, why = s.walk.Goto(q.Step-1), "there is no such step"
	default:
		why = "one can go next, back, skip, or to a step"
	}
	last := before == len(s.walk.Lesson.Steps)-1
	if !ok && last && (q.To == "next" && s.walk.Done() || q.To == "skip") {
		ok = true // it is noted, and there is nowhere to go
	}
	moved := s.walk.At() != before
	s.stand()
	s.mu.Unlock()
	if moved {
		s.endStage()
	}
	if !ok {
		return refuse(http.StatusConflict, "%s", why)
	}
	return nil
}
