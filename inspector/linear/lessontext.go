package linear

import (
	"strconv"
	"strings"

	"xmppscope/lessons/course"
)

// stepText says where the lesson stands, and the step.
func (t *talk) stepText() error {
	n := t.taken
	l, s := n.walk.Lesson, n.walk.Step()
	if n.walk.At() == 0 {
		for _, p := range [][2]string{{"Goal", l.Goal}, {"Often believed", l.Wrong}} {
			if p[1] != "" {
				t.say("%s: %s", p[0], sentence(p[1]))
			}
		}
		t.sayBlocks(l.Intro)
	}
	done, of := t.o.Teach.Progress.Count(l)
	t.say("Step %d of %d, %d of %d done: %s", n.walk.At()+1, len(l.Steps), done, of, sentence(s.Title))
	t.sayBlocks(s.Text)
	t.sayTask()
	for i := range min(n.walk.Progress().Hints, len(s.Hints)) {
		t.say("Hint %d of %d: %s", i+1, len(s.Hints), sentence(s.Hints[i]))
	}
	if s.Task == nil || n.walk.Done() {
		if s.Task != nil {
			t.say("You have done this step.")
		}
		t.sayOnward()
	}
	return nil
}

// sayOnward says how it goes on.
func (t *talk) sayOnward() {
	n := t.taken
	if i := n.walk.At() + 1; i < len(n.walk.Lesson.Steps) {
		t.say("onward (>) goes to the next step: %s", sentence(n.walk.Lesson.Steps[i].Title))
		return
	}
	t.say("onward (>) ends the lesson.")
}

// sayTask says what is to be done, and how to answer.
func (t *talk) sayTask() {
	s := t.taken.walk.Step()
	if s.Task == nil {
		return
	}
	if s.Question != "" {
		t.say("Question: %s", sentence(s.Question))
	}
	if given := course.Given(s.Task); given != "" {
		t.say("Given: %s", given)
	}
	items := course.Choices(s.Task)
	for i, c := range items {
		t.say("%d: %s", i+1, c)
	}
	names := course.FieldNames(s.Task)
	switch {
	case s.Live() != nil:
		for i, w := range course.Wants(s.Task) {
			t.say("To do, %d: %s", i+1, sentence(w))
		}
		t.say("Do it with the verbs for open connections: held, edit, drop, forward, inject. It is checked as it happens. again begins the scene again.")
	case s.Kind == "find":
		t.say("Go to the event, then: answer. %s", pick(course.Spans(s.Task), "Behind answer stands the text of the bytes in it that you mean.", "Or: answer, and its number."))
	case s.Kind == "order":
		t.say("To answer: answer, and the numbers in their order, such as answer %s", sentence(strings.Join(countUp(len(items)), " ")))
	case course.AsksXML(s.Task):
		t.say("To answer: answer, and the XML on the same line; or answer alone, then lines of XML, then a line with a full stop alone.")
	case len(items) > 0:
		t.say("To answer: answer, and the number.")
	case len(names) > 0:
		t.say("Fields are %s. To answer: answer %s=VALUE, for one field after the other.", strings.Join(names, ", "), names[0])
	default:
		t.say("To answer: answer, and the text.")
	}
}

func countUp(n int) (all []string) {
	for i := range n {
		all = append(all, strconv.Itoa(n-i))
	}
	return all
}

// sayBlocks says Markdown, a thought a line.
func (t *talk) sayBlocks(all []course.Block) {
	for i := range all {
		t.sayBlock(&all[i], "")
	}
}

func (t *talk) sayBlock(b *course.Block, lead string) {
	text := runsText(b.Text)
	switch b.Kind {
	case course.Heading:
		t.say("%s%s:", lead, text)
	case course.Code:
		for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
			t.say("Code: %s", line)
		}
	case course.List:
		for i := range b.Inside {
			sign := "- "
			if b.Ordered {
				sign = strconv.Itoa(i+1) + ". "
			}
			for k := range b.Inside[i].Inside {
				t.sayBlock(&b.Inside[i].Inside[k], lead+pick(k == 0, sign, ""))
			}
		}
	case course.Table:
		t.sayTable(b.Inside)
	case course.Rule:
	default:
		if text != "" {
			t.say("%s%s", lead, text)
		}
		for i := range b.Inside {
			t.sayBlock(&b.Inside[i], lead)
		}
	}
}

// sayTable says each row with the names of the columns.
func (t *talk) sayTable(rows []course.Block) {
	for i := 1; i < len(rows); i++ {
		var parts []string
		for k, c := range rows[i].Cells {
			text := runsText(c)
			if k < len(rows[0].Cells) {
				text = runsText(rows[0].Cells[k]) + ": " + text
			}
			parts = append(parts, text)
		}
		t.say("%s", sentence(strings.Join(parts, "; ")))
	}
}

// runsText is text without styles; of links the address is said too.
func runsText(all []course.Run) string {
	var b strings.Builder
	for i, r := range all {
		b.WriteString(r.Text)
		if last := i+1 == len(all) || all[i+1].Link != r.Link; r.Link != "" && last && strings.HasPrefix(r.Link, "https://") {
			b.WriteString(" (" + r.Link + ")")
		}
	}
	return b.String()
}
