package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"xmppscope/lessons/course"
)

// robot takes a lesson as a person does, through the screen. What is right it has
// from the lesson.
type robot struct {
	*liveTerminal
	e *env
	l *course.Lesson
}

// A robot takes lessons to their end: it reads, chooses, types, goes to what is
// to be found, carries things into their order, and has live steps played.
func TestRobotTakesLessons(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: it takes minutes")
	}
	all, err := allLessons("")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"1", "7", "9", "14"} {
		l, err := lessonNamed(all, name)
		if err != nil {
			t.Errorf("lesson %s: %v", name, err)
			continue
		}
		size := [][2]int{{80, 24}, {160, 50}}[i%2]
		t.Run(l.ID, func(t *testing.T) {
			e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
			r := &robot{inTerminal(t, size[0], size[1], "learn "+name), e, l}
			r.take()
		})
	}
}

func (r *robot) take() {
	r.t.Helper()
	for i := range r.l.Steps {
		s := &r.l.Steps[i]
		r.sees(fmt.Sprintf("step %d of %d", i+1, len(r.l.Steps)))
		if s.Task != nil {
			r.step(s)
			r.progress(i, s)
		}
		r.press("F8")
	}
	r.sees("The end of: " + r.l.Title[:min(len(r.l.Title), 30)])
	r.sees(fmt.Sprintf("You have done %d of %d steps.", len(r.l.Steps), len(r.l.Steps)))
	r.press("Escape")
	r.press("q")
}

// step answers a step.
func (r *robot) step(s *course.Step) {
	at := &course.Place{Row: -1}
	if s.Capture != "" {
		for k := range r.l.Captures {
			if r.l.Captures[k].Name == s.Capture {
				store, err := r.e.lessonCapture(r.l, &r.l.Captures[k])
				if err != nil {
					r.t.Fatal(err)
				}
				defer store.Close()
				at.Store = store
				at.Row, at.Start, at.End = s.Locate(store)
			}
		}
	}
	a := s.Task.Solution(at)
	switch {
	case s.Live() != nil:
		r.press("A")
	case s.Kind == "find" && !course.Spans(s.Task):
		r.find(a)
	case s.Kind == "find":
		r.press("A")
	case s.Kind == "order":
		r.order(s, a)
	case course.AsksXML(s.Task):
		r.toEnd()
		r.press("Enter")
		r.sees("Your answer")
		r.run("send-keys", "-l", a.Text)
		r.press("C-s")
	case len(course.Choices(s.Task)) > 0:
		r.press(strconv.Itoa(a.Choice))
	default:
		texts := []string{a.Text}
		if names := course.FieldNames(s.Task); len(names) > 0 {
			texts = nil
			for _, n := range names {
				texts = append(texts, a.Fields[n])
			}
		}
		for k, text := range texts {
			r.text(text)
			if k+1 < len(texts) {
				r.press("Down")
			}
		}
		r.press("Enter")
	}
}

// text types into a field; on its way it reads to where that is.
func (r *robot) text(text string) {
	if text != "" {
		r.run("send-keys", "-l", "--", text)
	} else {
		r.press("C-u")
	}
}

// toEnd reads a text to its end.
func (r *robot) toEnd() {
	for range 8 {
		r.press("PageDown")
	}
}

// find goes to an event by its number and says that it is this one.
func (r *robot) find(a course.Answer) {
	r.press(":")
	r.sees("Commands")
	r.run("send-keys", "-l", fmt.Sprint(a.Seq))
	r.sees(fmt.Sprintf("Enter goes to event #%d", a.Seq))
	// While the recording is still being read the event may not be there yet.
	for deadline := time.Now().Add(patient); strings.Contains(r.run("capture-pane", "-p"), "Commands"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("#%d is never there", a.Seq)
		}
		r.press("Enter")
	}
	r.press(".")
}

// order carries each thing to its place.
func (r *robot) order(s *course.Step, a course.Answer) {
	r.toEnd()
	now := make([]int, len(a.Order))
	for i := range now {
		now[i] = i + 1
	}
	at := 0
	for to, want := range a.Order {
		from := to
		for now[from] != want {
			from++
		}
		for ; at < from; at++ {
			r.press("Down")
		}
		for ; at > from; at-- {
			r.press("Up")
		}
		if from > to {
			r.press("Space")
			for ; at > to; at-- {
				r.press("Up")
				now[at], now[at-1] = now[at-1], now[at]
			}
			r.press("Space")
		}
	}
	r.press("Enter")
}

// progress waits until the file of progress says that a step is done.
func (r *robot) progress(i int, s *course.Step) {
	r.t.Helper()
	for deadline := time.Now().Add(patient); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if p := course.LoadProgress(r.state + "/xmppscope/lessons.json").Lessons[r.l.ID]; p != nil && p.Steps[s.ID] != nil && p.Steps[s.ID].Done {
			return
		}
	}
	r.t.Fatalf("step %d, %s (%s), is not done:\n%s", i+1, s.Title, s.Kind, r.run("capture-pane", "-p"))
}

// A live step is done by hand: from the text to what is held, its password
// changed, and let go. A scene that is begun again, and misbehaviour from the
// palette, are told.
func TestLiveStepByHandInTmux(t *testing.T) {
	m := inTerminal(t, 80, 24, "learn 7")
	m.sees("step 1 of 14")
	for range 60 {
		if strings.Contains(m.answers("F8"), "step 8 of") {
			break
		}
	}
	m.play([]keyed{
		{"", "1 unit held"},
		{"Tab", "Missing: <auth/> goes on with"},
		{"e", "passwd   window"},
		{"Down Down C-u", "came as window"},
		{"text:mirror", "passwd   mirror"},
		{"C-s", "✓ Done. >: next step"},
		{"R", "the scene begins again"},
		{"", "1 unit held"},
		{":", "Commands"},
		{"text:misbehave", "let the practice server do something wrong"},
		{"Enter", "What the practice server does wrong"},
		{"text:sasl-", "found as"},
		{"Enter", "✓ on"},
		{"Escape", "? keys"},
		{">", "step 9 of 14"},
		{"F4", "Glossary"},
		{"text:base64", "It hides nothing"},
		{"F4", "step 9 of 14"},
	})
	m.press("q")
}
