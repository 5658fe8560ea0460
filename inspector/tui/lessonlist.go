package tui

import (
	"strconv"
	"strings"

	"xmppscope/lessons/course"
)

// lessonWords says how far a lesson was done; empty where it was not begun.
func lessonWords(t *Teaching, l *course.Lesson) string {
	done, of := t.Progress.Count(l)
	switch p := t.Progress.Lessons[l.ID]; {
	case p == nil || done == 0 && p.At == "":
		return ""
	case done == of:
		return "✓ done"
	case t.Finished(l):
		return "✓ " + strconv.Itoa(done) + " of " + strconv.Itoa(of)
	default:
		return strconv.Itoa(done) + " of " + strconv.Itoa(of)
	}
}

// lessonOffers are what the start screen offers to learn.
func (u *ui) lessonOffers() (all []offer) {
	t := u.teach()
	if t == nil || len(t.Lessons) == 0 {
		return nil
	}
	finished := 0
	for _, l := range t.Lessons {
		if t.Finished(l) {
			finished++
		}
	}
	if i := t.UpNext(); i >= 0 {
		l := t.Lessons[i]
		text := pick(lessonWords(t, l) == "", pick(finished == 0, "Begin here: ", "Next lesson: "), "Go on: ") + wire(l.Title)
		if w := lessonWords(t, l); w != "" {
			text += " · " + w + " done"
		}
		all = append(all, offer{item: item{group: "Lessons", key: "learn", text: text, about: aboutLesson(l), match: "learn", also: l.Title}, do: func() { u.learn(l) }})
	}
	return append(all, offer{item: item{group: "Lessons", key: "lessons", text: "All " + strconv.Itoa(len(t.Lessons)) + " lessons · " + strconv.Itoa(finished) + " done",
		about: "How XMPP works, step by step: small tasks on recordings and on live streams, checked at once.", match: "lessons", also: "course tutorial"}, do: u.showLessons})
}

func aboutLesson(l *course.Lesson) string {
	text := l.Goal
	if l.Minutes > 0 {
		text += " About " + plural(l.Minutes, "minute") + "."
	}
	return strings.TrimSpace(text)
}

// newLessonList is the list of lessons; the next one is marked.
func (u *ui) newLessonList() *chooser {
	t := u.teach()
	items := make([]item, len(t.Lessons))
	widest := 0
	for _, l := range t.Lessons {
		widest = max(widest, width(wire(l.Title)))
	}
	for i, l := range t.Lessons {
		text := wire(l.Title)
		if w := lessonWords(t, l); w != "" {
			text = pad(text, min(widest, 50)) + "  " + w
		}
		items[i] = item{group: "Lessons", key: strconv.Itoa(i + 1), text: text, about: aboutLesson(l), match: l.ID, also: l.Title + " " + strings.Join(l.Refs, " ")}
	}
	c := newChooser(u.th, "Lesson", items)
	c.pick = func(i int, _ string) { u.learn(t.Lessons[i]) }
	if next := t.UpNext(); next >= 0 {
		c.cursor = next
	}
	c.empty = "(Enter begins; type a number or some letters to find another)"
	return c
}

// showLessons lists the lessons over the panes.
func (u *ui) showLessons() {
	if t := u.teach(); t == nil || len(t.Lessons) == 0 {
		u.say(noteInfo, "there are no lessons here")
		return
	}
	over := u.over
	c := u.newLessonList()
	c.quit = func() { u.over = over }
	u.over = &framed{c, u.th, "Lessons", 110}
}

// beginLearning begins with a lesson, or with the list of them.
func (u *ui) beginLearning() {
	t := u.teach()
	if t == nil {
		return
	}
	if l := u.lessonNamed(t.Begin); l != nil {
		u.learn(l)
		return
	}
	u.start = u.newLessonList()
	u.start.intro = " \nSmall tasks on real conversations, checked at once. Your progress is kept; every step has three hints and a solution.\n "
	u.start.quit, u.start.leaving = u.quit, "quit"
}
