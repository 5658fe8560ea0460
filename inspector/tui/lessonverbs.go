package tui

import (
	"errors"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/lessons/course"
)

// How much of the screen the pane of a lesson has where nobody chose otherwise.
const (
	lessonBeside = 120 // columns from which on it stands beside the others
	lessonMost   = 76  // columns that are read well
	lessonTall   = 36  // lines from which on it need not fold
	foldedLines  = 3   // of the pane while another has the focus on a small screen
)

// besideLesson takes room for the pane of a lesson, and gives the rest.
func (l *layout) besideLesson(c canvas, u *ui) (rest canvas) {
	n := u.lesson
	if n == nil {
		return c
	}
	n.folded = false
	if n.alone() || u.zoom && u.focus == paneLesson {
		l.lesson = c
		return canvas{}
	}
	if u.zoom {
		return c
	}
	if c.w >= lessonBeside {
		w := u.sizes.Lesson.of(c.w, min(c.w*3/8, lessonMost), leastColumns, minWidth)
		l.lesson, l.lessonRule = c.sub(0, 0, w, c.h), c.sub(w, 0, 1, c.h)
		return c.sub(w+1, 0, c.w-w-1, c.h)
	}
	h := u.sizes.LessonFold.of(c.h, c.h*11/20, leastLines+2, 3*leastLines)
	if c.h < lessonTall && u.focus != paneLesson {
		h, n.folded = foldedLines, true
	}
	l.lesson = c.sub(0, c.h-h, c.w, h)
	return c.sub(0, 0, c.w, c.h-h)
}

// alone tells whether there is nothing to look at besides the text.
func (n *lesson) alone() bool { return n.shown == "" && n.stage == nil && !n.builds }

// lessonKey handles a key of the pane; false for those of the table.
func (u *ui) lessonKey(name string, ev *tcell.EventKey) bool {
	n := u.lesson
	if n == nil {
		return false
	}
	if a := u.keys.byKey[name]; a == nil || a.name != "lesson-next" {
		n.sure = false
	}
	return u.focus == paneLesson && n.key(ev)
}

// taught does something in the lesson that is being taken.
func (u *ui) taught(do func(*lesson)) {
	if u.lesson == nil {
		u.say(noteInfo, "no lesson is being taken")
		u.message.keys = u.named("lessons")
		return
	}
	do(u.lesson)
}

func (u *ui) lessonNext()     { u.taught((*lesson).next) }
func (u *ui) lessonBack()     { u.taught((*lesson).back) }
func (u *ui) lessonThis()     { u.taught((*lesson).thisIsIt) }
func (u *ui) lessonHint()     { u.taught((*lesson).hint) }
func (u *ui) lessonSolution() { u.taught((*lesson).solve) }
func (u *ui) lessonAgain()    { u.taught((*lesson).again) }
func (u *ui) lessonCode()     { u.taught((*lesson).copyCode) }

// lessonPane goes to the text of the lesson, or back to the events.
func (u *ui) lessonPane() {
	u.taught(func(n *lesson) {
		if u.focus != paneLesson {
			n.toPane()
			return
		}
		u.focusOn(pickPane(len(u.queue.units) > 0, paneHeld, paneList))
	})
}

// next goes on. A step that is not done is left out only when that is asked for
// twice.
func (n *lesson) next() {
	s := n.walk.Step()
	undone := s.Task != nil && !n.walk.Done()
	if undone && !n.sure {
		n.sure = true
		n.u.say(noteInfo, "this step is not done yet: "+n.keyOf("lesson-next")+" once more leaves it out")
		n.u.message.keys = n.u.named("lesson-hint", "lesson-solution")
		return
	}
	if n.unheard() {
		n.answer().heard = true
		n.answer().told, n.due = tellVerdict, true
		n.toPane()
		n.u.say(noteGood, "done: read what the lesson says to it; then "+n.keyOf("lesson-next")+" or Enter goes on")
		return
	}
	last := n.walk.At()+1 == len(n.walk.Lesson.Steps)
	if n.seat != nil {
		n.sure = false
		n.askGo(pick(undone, "skip", "next"), 0, last)
		return
	}
	switch {
	case undone:
		n.walk.Skip()
	default:
		n.walk.Next()
	}
	n.sure = false
	n.kept()
	if last {
		n.finish()
		return
	}
	n.enter()
	n.toPane()
}

// unheard tells whether a step was done just now in another pane, and what the
// lesson says to it was not in sight.
func (n *lesson) unheard() bool {
	g := n.answer()
	if n.u.focus == paneLesson || g.heard || !g.asked || !n.walk.Done() || len(n.walk.Step().After) == 0 && g.verdict.Said == "" {
		return false
	}
	return n.folded || n.body.h <= 0 || n.top+n.body.h < len(n.rows)
}

func (n *lesson) back() {
	if n.seat != nil {
		n.askGo("back", 0, false)
		return
	}
	if !n.walk.Back() {
		n.u.say(noteInfo, "this is the first step")
		return
	}
	n.enter()
	n.toPane()
}

// copyCode puts what is to be typed elsewhere on the clipboard: in the pane it is
// indented and wrapped.
func (n *lesson) copyCode() {
	code := course.Programs(n.walk.Step().Text)
	if code == "" {
		n.u.say(noteInfo, "there are no commands in the text of this step")
		return
	}
	n.u.copyText(code, "the code of this step")
}

// following is the lesson after this one; nil for none.
func (n *lesson) following() *course.Lesson {
	at, of := n.place()
	if at == 0 || at >= of {
		return nil
	}
	return n.t.Lessons[at]
}

// finish says how the lesson went, and offers the next one.
func (n *lesson) finish() {
	u := n.u
	done, of := n.t.Progress.Count(n.walk.Lesson)
	text := "You have done " + thousands(done) + " of " + plural(of, "step") + "."
	if done < of {
		text += " Those that are left out are marked – above; " + n.keyOf("lesson-back") + " leads back to them."
	}
	q := &question{u: u, title: "The end of: " + wire(n.walk.Lesson.Title), text: text}
	if l := n.following(); l != nil {
		q.answers = append(q.answers, answer{"Enter", "next lesson: " + wire(l.Title), func() { u.learn(l) }}, answer{n.keyOf("lesson-next"), "", func() { u.learn(l) }})
	}
	if n.seat == nil {
		q.answers = append(q.answers, answer{"C", "all lessons", u.showLessons})
	}
	q.answers = append(q.answers, answer{"Esc", "stay here", func() {}}, answer{"q", "quit", u.quit})
	u.over = q
}

// followLink opens what a link of the text leads to.
func (n *lesson) followLink(target string) {
	u := n.u
	if word, ok := strings.CutPrefix(target, "term:"); ok {
		u.showTerm(word)
		return
	}
	if id, ok := strings.CutPrefix(target, "lesson:"); ok {
		l := u.lessonNamed(id)
		if l == nil {
			u.say(noteBad, "there is no lesson "+wire(id)+" here")
			return
		}
		u.over = &question{u: u, title: "Another lesson", text: "Go to: " + wire(l.Title) + "? Your place in this one is kept.", answers: []answer{
			{"Enter", "go there", func() { u.learn(l) }}, {"Esc", "stay", func() {}}}}
		return
	}
	u.copyText(target, "the address "+wire(target))
}

// lessonNamed finds a lesson by its name, the number before it, or its place.
func (u *ui) lessonNamed(name string) *course.Lesson {
	t := u.teach()
	if t == nil {
		return nil
	}
	for _, l := range t.Lessons {
		head, _, _ := strings.Cut(l.ID, "-")
		if l.ID == name || name != "" && strings.TrimLeft(head, "0") == strings.TrimLeft(name, "0") {
			return l
		}
	}
	return nil
}

func (u *ui) lessonText(arg string) error {
	if arg == "" && u.teach() != nil {
		u.close()
		u.showLessons()
		return nil
	}
	l := u.lessonNamed(arg)
	if l == nil {
		return errors.New("there is no lesson " + arg + "; :lessons lists them")
	}
	u.close()
	u.learn(l)
	return nil
}

func (u *ui) lessonSkip(string) error {
	u.close()
	u.taught(func(n *lesson) { n.sure = true; n.next() })
	return nil
}

func (u *ui) lessonReset(string) error {
	if err := u.boundToSeat(); err != nil {
		return err
	}
	u.close()
	u.taught(func(n *lesson) {
		u.over = &question{u: u, title: "Begin this lesson again?", text: "What you have done of it is forgotten.", answers: []answer{
			{"y", "begin again", func() {
				n.walk.Reset()
				n.given, n.stageOf = map[int]*given{}, -1
				n.enter()
				n.toPane()
			}}, {"Esc", "go on", func() {}}}}
	})
	return nil
}

func (u *ui) lessonLeave(string) error {
	if err := u.boundToSeat(); err != nil {
		return err
	}
	u.close()
	u.taught(func(*lesson) { u.endLesson(); u.say(noteInfo, "your place in the lesson is kept; C lists the lessons") })
	return nil
}

// hintsBeside are the keys of the lesson that matter while another pane has the
// focus.
func (n *lesson) hintsBeside() []hint {
	s := n.walk.Step()
	switch {
	case s.Task == nil || n.walk.Done():
		return n.u.named("lesson-next", "lesson-pane")
	case s.Kind == "find":
		return n.u.named("lesson-this", "lesson-pane", "lesson-hint")
	}
	return n.u.named("lesson-pane", "lesson-hint")
}
