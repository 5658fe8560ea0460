package main

import (
	"fmt"
	"strings"

	"xmppscope/inspector"
	"xmppscope/inspector/export"
	"xmppscope/lessons/course"
)

// listLessons lists lessons.
func (e *env) listLessons(all []*course.Lesson, asJSON bool) error {
	var rows [][]string
	for _, l := range all {
		if asJSON {
			e.line(struct {
				Lesson  string   `json:"lesson"`
				Title   string   `json:"title"`
				Goal    string   `json:"goal"`
				Minutes int      `json:"minutes"`
				Steps   int      `json:"steps"`
				Live    int      `json:"live"`
				After   []string `json:"after,omitempty"`
				Refs    []string `json:"refs,omitempty"`
			}{l.ID, l.Title, l.Goal, l.Minutes, len(l.Steps), liveSteps(l), l.After, l.Refs})
			continue
		}
		rows = append(rows, []string{l.ID, fmt.Sprintf("%d min", l.Minutes), fmt.Sprintf("%d steps", len(l.Steps)), l.Title})
	}
	if asJSON {
		return nil
	}
	p := e.page(e.out)
	if len(rows) > 0 {
		p.Table(rows)
	}
	return p.Close()
}

// liveSteps is how many steps of a lesson are done on a live stream.
func liveSteps(l *course.Lesson) (n int) {
	for i := range l.Steps {
		if l.Steps[i].Live() != nil {
			n++
		}
	}
	return n
}

// tellLesson writes a lesson as text.
func (e *env) tellLesson(all []*course.Lesson, name string) error {
	l, err := lessonNamed(all, name)
	if err != nil {
		return err
	}
	return e.previewLesson(l)
}

// previewLesson shows how a lesson reads, with its hints and solutions.
func (e *env) previewLesson(l *course.Lesson) error {
	p := e.page(e.out)
	p.Head(l.ID + " · " + l.Title)
	p.Faint(fmt.Sprintf("%d minutes · %d steps, %d of them live", l.Minutes, len(l.Steps), liveSteps(l)))
	p.Text("You will be able to: " + l.Goal)
	p.Text("Commonly believed: " + l.Wrong)
	p.Faint(strings.Join(l.Refs, " · "))
	writeBlocks(p, l.Intro, "")
	for i := range l.Steps {
		s := &l.Steps[i]
		p.Blank()
		p.Head(fmt.Sprintf("%d. %s (%s)", i+1, s.Title, s.Kind))
		writeBlocks(p, s.Text, "")
		e.previewTask(p, s)
		writeBlocks(p, s.After, "")
	}
	p.Blank()
	return p.Close()
}

// previewTask shows what is asked, and what helps.
func (e *env) previewTask(p *export.Page, s *course.Step) {
	if s.Focus.Event != "" {
		p.Faint("looks at " + s.Focus.Event + " in " + s.Capture + spanOf(s))
	}
	if s.Question != "" {
		p.Text(s.Question)
	}
	for i, c := range course.Choices(s.Task) {
		p.Text(fmt.Sprintf("(%d) %s", i+1, c))
	}
	if names := course.FieldNames(s.Task); len(names) > 0 {
		p.Text("fields: " + strings.Join(names, ", "))
	}
	for i, h := range s.Hints {
		p.Faint(fmt.Sprintf("hint %d: %s", i+1, h))
	}
	if s.Task != nil && s.Live() == nil {
		if text := solved(s.Task); text != "" {
			p.Faint("solution: " + text)
		}
	}
	for _, d := range course.Deeds(s.Task) {
		when := "at once"
		if d.Wait != "" {
			when = "at " + d.Wait
		}
		p.Faint("solution: " + d.Do + " " + when)
	}
}

// solved is the answer to a task, where it is one text or a choice. Fields may be
// passwords and are left out; where something is to be found the preview says it
// already.
func solved(t course.Task) string {
	a := t.Solution(&course.Place{Row: -1})
	switch {
	case a.Choice > 0:
		return fmt.Sprintf("(%d)", a.Choice)
	case len(a.Order) > 0:
		return strings.Trim(fmt.Sprint(a.Order), "[]")
	}
	return a.Text
}

func spanOf(s *course.Step) string {
	if s.Focus.Span == "" {
		return ""
	}
	return ", at " + s.Focus.Span
}

// writeBlocks writes text in lines.
func writeBlocks(p *export.Page, blocks []course.Block, indent string) {
	for i := range blocks {
		b := &blocks[i]
		if i > 0 && b.Kind == course.Para && blocks[i-1].Kind != course.Para && blocks[i-1].Kind != course.Heading {
			p.Blank()
		}
		switch b.Kind {
		case course.Heading:
			p.Blank()
			p.Head(plainRuns(b.Text))
		case course.Code:
			p.Code(plainRuns(b.Text))
		case course.List:
			for k, item := range b.Inside {
				sign := "• "
				if b.Ordered {
					sign = fmt.Sprintf("%d. ", k+1)
				}
				p.Text(indent + sign + strings.TrimSpace(course.PlainText(item.Inside)))
			}
		case course.Quote:
			p.Text(indent + "│ " + strings.TrimSpace(course.PlainText(b.Inside)))
		case course.Table:
			p.Table(cellsOf(b))
		case course.Rule:
			p.Blank()
		default:
			p.Text(indent + plainRuns(b.Text))
		}
	}
}

// cellsOf are the rows of a table; none is longer than its heading.
func cellsOf(b *course.Block) (rows [][]string) {
	for _, r := range b.Inside {
		var row []string
		for _, c := range r.Cells {
			row = append(row, inspector.Disarm(plainRuns(c)))
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

func plainRuns(all []course.Run) string {
	var b strings.Builder
	for _, r := range all {
		b.WriteString(r.Text)
	}
	return b.String()
}
