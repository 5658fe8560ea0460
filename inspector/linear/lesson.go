package linear

import (
	"strconv"
	"strings"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// Teaching is what the prompt needs to give lessons, Stage a stage that it can look
// at.
type (
	Teaching = course.Teaching[*Source]
	Stage    = course.Viewed[*Source]
)

// lesson is a lesson that is being taken.
type lesson struct {
	walk    *course.Walk
	shown   string // the recording that is looked at; empty for none of the lesson
	stage   Stage  // that is looked at
	stageOf int
	verdict course.Verdict
	asked   bool // an answer was judged
	sure    bool // it was said that the step is not done
	judged  int  // events that the last check has seen
	limited bool // what comes next is hidden
	// fields are those given by now in the step fieldsOf.
	fields   map[string]string
	fieldsOf int
}

// needLesson refuses verbs that are about a lesson where none is taken.
func (t *talk) needLesson() error {
	if t.taken == nil {
		return no("no lesson is being taken", "lessons says which there are, lesson and a number begins one")
	}
	return nil
}

// lessons says which lessons there are, and what was done of them.
func (t *talk) lessons(string) error {
	l := t.o.Teach
	if l == nil || len(l.Lessons) == 0 {
		return no("there are no lessons here", "")
	}
	for _, x := range l.Lessons {
		done, of := l.Progress.Count(x)
		text := x.ID + ": " + x.Title + ", about " + counted(x.Minutes, "minute")
		switch {
		case done == of:
			text += ", done"
		case l.Progress.Lessons[x.ID] != nil:
			text += ", " + strconv.Itoa(done) + " of " + counted(of, "step") + " done"
		}
		t.say("%s", sentence(text))
	}
	if next := l.UpNext(); next >= 0 {
		t.say("lesson %s begins the next one.", l.Lessons[next].ID)
	}
	return nil
}

// lesson begins a lesson where the learner left it.
func (t *talk) lesson(arg string) error {
	if arg == "" && t.taken != nil {
		return t.lessonText("")
	}
	if arg == "" || t.o.Teach == nil {
		return t.lessons("")
	}
	for _, l := range t.o.Teach.Lessons {
		head, _, _ := strings.Cut(l.ID, "-")
		if l.ID == arg || strings.TrimLeft(head, "0") == strings.TrimLeft(arg, "0") {
			t.taken = &lesson{walk: course.Begin(l, t.o.Teach.Progress), stageOf: -1}
			t.say("Lesson %s: %s", l.ID, sentence(l.Title))
			return t.enterStep()
		}
	}
	return no("there is no lesson "+capped(arg, 60), "lessons says which there are")
}

// enterStep shows what the step looks at, and says the step.
func (t *talk) enterStep() error {
	n := t.taken
	n.verdict, n.asked, n.sure, n.judged = course.Verdict{}, false, false, -1
	s := n.walk.Step()
	t.lift()
	if err := t.stepText(); err != nil {
		return err
	}
	switch {
	case s.Live() != nil:
		if n.stage == nil || n.stageOf != n.walk.At() {
			return t.raise()
		}
	case s.Capture != "" && n.shown != s.Capture:
		if err := t.lessonCapture(s.Capture); err != nil {
			return err
		}
	}
	t.focusStep()
	return nil
}

// lessonCapture looks at a recording of the lesson.
func (t *talk) lessonCapture(name string) error {
	n := t.taken
	for i := range n.walk.Lesson.Captures {
		c := &n.walk.Lesson.Captures[i]
		if c.Name != name {
			continue
		}
		src, err := t.o.Teach.Capture(n.walk.Lesson, c)
		if err != nil {
			return err
		}
		t.look(src)
		n.shown, n.stage, n.stageOf = name, nil, -1
		return nil
	}
	return no("the lesson has no recording "+capped(name, 60), "")
}

// raise builds the stage of the step, and looks at it.
func (t *talk) raise() error {
	n := t.taken
	if t.o.Teach.Stage == nil {
		return no("live steps cannot be played here", "")
	}
	st, err := t.o.Teach.Stage(t.ctx, *n.walk.Step().Live())
	if err != nil {
		return err
	}
	n.shown, n.stage, n.stageOf, n.judged = "", st, n.walk.At(), -1
	t.look(st.Source())
	if !t.o.Typed && !t.hurried {
		_ = t.wait("") // a script would be faster than the stage
	}
	t.lessonOn()
	return nil
}

// focusStep goes to what the step looks at, and hides what comes behind it where
// that is to be predicted.
func (t *talk) focusStep() {
	n := t.taken
	s := n.walk.Step()
	if t.src == nil || s.Capture == "" || s.Kind == "find" {
		return
	}
	row, start, end := s.Locate(t.src.Store)
	if row < 0 {
		return
	}
	if s.Kind == "predict" && !n.walk.Done() {
		if f, err := inspector.Compile("seq <= " + strconv.FormatUint(uint64(t.src.Store.Row(row).Seq()), 10)); err == nil {
			t.session.SetFilter(f)
			n.limited = true
			t.say("What comes behind this event is hidden until you have answered.")
		}
	}
	t.session.Update(0)
	t.session.Select(row)
	t.say("You are at %s", t.brief(row))
	if e, err := t.event(row); err == nil && end > 0 && end <= len(e.Wire) {
		t.say("Look at these bytes of it, %d to %d: %s", start, end-1, capped(string(e.Wire[start:end]), maxSaid))
	}
}

// lift shows again what was hidden.
func (t *talk) lift() {
	if n := t.taken; n.limited && t.src != nil {
		n.limited = false
		t.session.SetFilter(nil)
		t.session.Update(0)
	}
}

// lessonOn judges what has passed on the stage of the step, where something has.
func (t *talk) lessonOn() {
	n := t.taken
	if n == nil || n.stage == nil || n.stageOf != n.walk.At() || t.src == nil || t.src.Store != n.stage.Store() || n.walk.Step().Live() == nil {
		return
	}
	if rows := t.src.Store.Len(); rows != n.judged {
		n.judged = rows
	} else {
		return
	}
	old := n.verdict
	n.verdict = n.walk.Watch(&course.Place{Store: t.src.Store, Row: -1})
	v := &n.verdict
	switch {
	case v.Done && !old.Done:
		t.say("Done: all of it has passed.")
		t.lessonAfter()
	case v.Said != "" && v.Said != old.Said:
		t.say("%s again begins the scene again.", sentence(v.Said))
	case len(v.Missing) < len(old.Missing) && len(v.Missing) > 0:
		t.say("One thing is done. Missing still: %s", sentence(strings.Join(v.Missing, "; ")))
	}
}

// judge judges an answer, and says what came out.
func (t *talk) judge(a course.Answer) {
	n := t.taken
	at := &course.Place{Row: -1}
	if t.src != nil {
		at.Store = t.src.Store
		at.Row, at.Start, at.End = n.walk.Step().Locate(at.Store)
	}
	n.verdict, n.asked = n.walk.Answer(a, at), true
	v := &n.verdict
	explains := n.walk.Step().Kind == "explain"
	switch {
	case v.Done && explains:
	case v.Done:
		t.say("Right.")
	case v.Said == "" && len(v.Missing) > 0:
		t.say("Something is missing still.")
	default:
		t.say("Not yet.")
	}
	if v.Said != "" {
		t.say("%s", upperFirst(sentence(v.Said)))
	}
	for _, m := range v.Missing {
		t.say("%s%s", pick(explains && v.Done, "", "Missing: "), sentence(upperFirst(m)))
	}
	if v.Done {
		t.lift()
		t.lessonAfter()
	}
	t.kept()
}

// kept says that progress cannot be kept, where that is so.
func (t *talk) kept() {
	if err := t.o.Teach.Progress.Failed; err != nil {
		t.say("Your progress cannot be kept: %s", sentence(err.Error()))
	}
}

// lessonAfter says what stands behind the task, and how it goes on.
func (t *talk) lessonAfter() {
	s := t.taken.walk.Step()
	t.sayBlocks(s.After)
	t.sayOnward()
}
