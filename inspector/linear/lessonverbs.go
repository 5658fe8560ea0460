package linear

import (
	"bytes"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/lessons/course"
)

// lessonText says the step again.
func (t *talk) lessonText(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	return t.stepText()
}

// onward goes to the next step. One that is not done is left out only when that
// is asked for twice.
func (t *talk) onward(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	n := t.taken
	if n.walk.Step().Task != nil && !n.walk.Done() {
		if !n.sure {
			n.sure = true
			t.say("This step is not done yet. onward once more, or skip, leaves it out; hint helps.")
			return nil
		}
		return t.skip("")
	}
	last := n.walk.At()+1 == len(n.walk.Lesson.Steps)
	n.walk.Next()
	return t.goOnFrom(last)
}

// skip leaves the step out.
func (t *talk) skip(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	last := t.taken.walk.At()+1 == len(t.taken.walk.Lesson.Steps)
	t.taken.walk.Skip()
	return t.goOnFrom(last)
}

func (t *talk) goOnFrom(last bool) error {
	t.kept()
	if !last {
		return t.enterStep()
	}
	l := t.taken.walk.Lesson
	done, of := t.o.Teach.Progress.Count(l)
	t.say("The end of the lesson: %d of %s done.", done, counted(of, "step"))
	for i, x := range t.o.Teach.Lessons {
		if x == l && i+1 < len(t.o.Teach.Lessons) {
			next := t.o.Teach.Lessons[i+1]
			t.say("lesson %s begins the next one: %s", next.ID, sentence(next.Title))
		}
	}
	return nil
}

// backward goes to the step before.
func (t *talk) backward(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	if !t.taken.walk.Back() {
		return no("this is the first step", "")
	}
	return t.enterStep()
}

// hint gives the next hint.
func (t *talk) hint(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	text, i := t.taken.walk.Hint()
	if text == "" {
		return no("this step has no hints", "there is nothing to answer")
	}
	t.say("Hint %d of %d: %s", i, len(t.taken.walk.Step().Hints), sentence(text))
	return nil
}

// again begins the step again, with its scene.
func (t *talk) again(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	n := t.taken
	n.verdict, n.asked = course.Verdict{}, false
	if n.walk.Step().Live() != nil {
		t.say("The scene begins again.")
		return t.raise()
	}
	return t.enterStep()
}

// reset begins the lesson again.
func (t *talk) reset(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	if !t.yes("Forget what was done of this lesson, and begin again?") {
		return nil
	}
	t.taken.walk.Reset()
	t.taken.stageOf = -1
	return t.enterStep()
}

// solution says an answer that is right; that of a live step is played.
func (t *talk) solution(string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	n := t.taken
	s := n.walk.Step()
	if s.Task == nil {
		return no("there is nothing to solve in this step", "onward goes on")
	}
	if s.Live() != nil {
		return t.playSolution()
	}
	at := &course.Place{Row: -1}
	if t.src != nil {
		at.Store = t.src.Store
	}
	a := n.walk.Solve(at)
	t.sayAnswer(a)
	t.judge(a)
	return nil
}

// sayAnswer says an answer of the lesson's own.
func (t *talk) sayAnswer(a course.Answer) {
	s := t.taken.walk.Step()
	items := course.Choices(s.Task)
	switch {
	case a.Choice > 0 && a.Choice <= len(items):
		t.say("The answer is %d: %s", a.Choice, items[a.Choice-1])
	case len(a.Order) > 0:
		for i, k := range a.Order {
			t.say("%d: %s", i+1, items[k-1])
		}
	case len(a.Fields) > 0:
		for _, name := range course.FieldNames(s.Task) {
			t.say("%s: %s", name, pick(a.Fields[name] == "", "nothing", a.Fields[name]))
		}
	case a.Seq > 0:
		if row, ok := t.src.Store.Find(a.Seq); ok {
			t.session.Select(row)
			t.say("It is %s", t.brief(row))
			if e, err := t.event(row); err == nil && a.End > 0 && a.End <= len(e.Wire) {
				t.say("The bytes are %d to %d: %s", a.Start, a.End-1, capped(string(e.Wire[a.Start:a.End]), maxSaid))
			}
		}
	case s.Kind != "explain":
		t.say("The answer is: %s", a.Text)
	}
}

// playSolution plays the solution of a live step on a new stage.
func (t *talk) playSolution() error {
	n := t.taken
	n.walk.Solve(nil)
	deeds := course.Deeds(n.walk.Step().Task)
	for i := range deeds {
		t.say("The solution, %d of %d: %s", i+1, len(deeds), sentence(capped(deeds[i].Words(), maxSaid)))
	}
	t.hurried = true
	err := t.raise()
	t.hurried = false
	if err != nil {
		return err
	}
	p := course.NewPlayer(n.stage, n.walk.Step().Task)
	idle := 0
	for idle < maxIdle && !n.verdict.Done && !t.stopped() {
		said, err := p.Act()
		if err != nil {
			return err
		}
		if said == "" {
			idle++
			t.pauseFor(playPace)
		} else {
			idle = 0
		}
		t.lessonOn()
	}
	t.meanwhile()
	return nil
}

// lessonAnswer answers the step.
func (t *talk) lessonAnswer(arg string) error {
	if err := t.needLesson(); err != nil {
		return err
	}
	s := t.taken.walk.Step()
	switch {
	case s.Task == nil:
		return no("this step asks nothing", "onward goes on")
	case s.Live() != nil:
		return no("this step is answered by what you do", "text says what is to be done, held what waits for you")
	case s.Kind == "find":
		return t.answerFind(arg)
	case s.Kind == "order":
		return t.answerOrder(arg)
	case course.AsksXML(s.Task):
		if arg == "" {
			arg = t.lines()
		}
		t.judge(course.Answer{Text: arg})
	case len(course.Choices(s.Task)) > 0:
		i, err := strconv.Atoi(arg)
		if err != nil || i < 1 || i > len(course.Choices(s.Task)) {
			return no("which one?", "answer 1 is the first of "+strconv.Itoa(len(course.Choices(s.Task))))
		}
		t.judge(course.Answer{Choice: i})
	case len(course.FieldNames(s.Task)) > 0:
		return t.answerFields(arg)
	default:
		t.judge(course.Answer{Text: arg})
	}
	return nil
}

// lines asks for lines until one with a full stop alone.
func (t *talk) lines() string {
	t.say("Type the XML. A line with a full stop alone ends it.")
	var all []string
	for {
		line, ok := t.inside("xml> ")
		if !ok || strings.TrimSpace(line) == stop {
			return strings.Join(all, "\n")
		}
		all = append(all, line)
	}
}

// answerFields takes name=value; what was given before counts on.
func (t *talk) answerFields(arg string) error {
	n := t.taken
	names := course.FieldNames(n.walk.Step().Task)
	name, value, ok := strings.Cut(arg, "=")
	known := false
	for _, x := range names {
		known = known || x == strings.TrimSpace(name)
	}
	if !ok || !known {
		return no("a field is given by its name, =, and the value", "fields are "+strings.Join(names, ", "))
	}
	if n.fields == nil || n.fieldsOf != n.walk.At() {
		n.fields, n.fieldsOf = map[string]string{}, n.walk.At()
	}
	n.fields[strings.TrimSpace(name)] = value
	t.judge(course.Answer{Fields: n.fields})
	return nil
}

func (t *talk) answerOrder(arg string) error {
	var all []int
	for _, w := range fields(arg) {
		i, err := strconv.Atoi(w)
		if err != nil {
			return no(capped(w, 60)+" is no number", "answer, and the numbers in their order")
		}
		all = append(all, i)
	}
	t.judge(course.Answer{Order: all})
	return nil
}

// answerFind takes the event that one is at, or a number; what stands behind it
// is the text of the bytes that are meant.
func (t *talk) answerFind(arg string) error {
	word, rest := takeWord(arg)
	row, err := t.row()
	if isNumber(strings.TrimPrefix(word, "#")) && !course.Spans(t.taken.walk.Step().Task) || strings.HasPrefix(word, "#") {
		seq, _ := strconv.ParseUint(strings.TrimPrefix(word, "#"), 10, 63)
		at, ok := t.src.Store.Find(decode.Seq(seq))
		if !ok {
			return no("there is no event "+capped(word, 60), "")
		}
		row, err, arg = at, nil, rest
	}
	if err != nil {
		return err
	}
	a := course.Answer{Seq: t.src.Store.Row(row).Seq()}
	if text := strings.TrimSpace(arg); text != "" {
		e, err := t.event(row)
		if err != nil {
			return err
		}
		if at := bytes.Index(e.Wire, []byte(text)); at >= 0 {
			a.Start, a.End = at, at+len(text)
		} else {
			return no("these bytes do not stand in "+number(a.Seq), "xml says what does")
		}
	}
	t.judge(a)
	return nil
}
