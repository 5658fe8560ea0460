package handout

import (
	"fmt"
	"html/template"
	"sort"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/lessons/course"
)

// page is what the templates show.
type page struct {
	Title   string
	Style   template.CSS
	Answers bool
	Lessons []lessonView
	Blocks  []course.Block
}

type lessonView struct {
	*course.Lesson
	Number int
	Steps  []stepView
}

type stepView struct {
	*course.Step
	Number int
	// Before, Mark and Behind are the bytes that the step looks at, and those
	// around them in their event; Shows is the headline of the event.
	Before, Mark, Behind, Shows string
	// Events are those to choose from.
	Events    []eventView
	Bytes     bool // bytes of one are to be found, too
	Choices   []string
	Order     bool
	Given     string
	Fields    []string
	Wants     []string
	Lines     int // blank lines to write on
	Solutions []string
}

type eventView struct {
	Seq       decode.Seq
	Way, Text string
	Wire      string // what bytes are to be found in
}

// Bounds of what is printed of a recording.
const (
	mostEvents  = 80
	roundEvents = 40
	mostWire    = 4 << 10 // bytes of one event
	// Where bytes are to be found, this many events are printed with theirs, and
	// so much of each.
	printedEvents = 5
	mostExcerpt   = 1200
	mostDump      = 256
	dumpLine      = 16
)

func viewOf(l Lesson, answers bool) lessonView {
	v := lessonView{Lesson: l.Lesson}
	for i := range l.Lesson.Steps {
		s := &l.Lesson.Steps[i]
		at := &course.Place{Store: l.Stores[s.Capture], Row: -1}
		if at.Store != nil {
			at.Row, at.Start, at.End = s.Locate(at.Store)
		}
		x := stepView{Step: s, Number: i + 1, Choices: course.Choices(s.Task), Given: course.Given(s.Task), Fields: course.FieldNames(s.Task), Wants: course.Wants(s.Task)}
		if s.Kind != "find" || answers {
			x.show(at)
		}
		switch {
		case s.Kind == "find" && at.Store != nil:
			x.Events, x.Bytes = events(s, at), course.Spans(s.Task)
		case s.Kind == "order":
			x.Order = true
		case s.Kind == "explain" || s.Live() != nil || course.AsksXML(s.Task):
			x.Lines = 4
		case s.Kind == "decode" && len(x.Fields) == 0:
			x.Lines = 1
		}
		if s.Task != nil && s.Live() == nil && !answers && x.Before+x.Mark+x.Behind != "" && tells(x.Shows, s.Task.Solution(at)) {
			x.Shows = "" // it is to be read out of the bytes
		}
		if answers && s.Task != nil {
			x.Solutions = solutions(s, at)
		}
		v.Steps = append(v.Steps, x)
	}
	return v
}

// tells whether a headline has what is to be found out in it.
func tells(headline string, a course.Answer) bool {
	headline = strings.ToLower(headline)
	for _, value := range a.Fields {
		if len(value) > 1 && strings.Contains(headline, strings.ToLower(value)) {
			return true
		}
	}
	return len(a.Text) > 1 && strings.Contains(headline, strings.ToLower(a.Text))
}

// show takes the bytes of the event in focus.
func (x *stepView) show(at *course.Place) {
	if at.Store == nil || at.Row < 0 {
		return
	}
	e, err := at.Store.Event(at.Row)
	if err != nil {
		return
	}
	x.Shows = fmt.Sprintf("%d  %s  %s", e.Seq, way(e.Dir), explain.Headline(e))
	wire := e.Wire
	if len(wire) > mostWire || !printable(wire) {
		return
	}
	start, end := min(at.Start, len(wire)), min(at.End, len(wire))
	x.Before, x.Mark, x.Behind = string(wire[:start]), string(wire[start:max(start, end)]), string(wire[max(start, end):])
}

// printable tells whether bytes are text. A recording of TLS is not.
func printable(p []byte) bool {
	for _, c := range p {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

func way(d decode.Dir) string {
	if d == decode.FromReceiver {
		return "C ← S"
	}
	return "C → S"
}

// events lists the recording of a step that asks for an event; where it is long, a
// part that has the event in it, which begins at a round number.
func events(s *course.Step, at *course.Place) (all []eventView) {
	row, _ := at.Store.Find(s.Task.Solution(at).Seq)
	from := 0
	if row >= mostEvents {
		from = (row/roundEvents - 1) * roundEvents
	}
	for i := from; i < min(at.Store.Len(), from+mostEvents); i++ {
		e, err := at.Store.Event(i)
		if err != nil {
			break
		}
		v := eventView{Seq: e.Seq, Way: way(e.Dir), Text: explain.Headline(e)}
		if course.Spans(s.Task) && (i-from)/printedEvents == (row-from)/printedEvents {
			start, end := 0, 0
			if i == row {
				start, end = at.Start, at.End
			}
			v.Wire = excerpt(e.Wire, start, end)
		}
		all = append(all, v)
	}
	return all
}

// excerpt is the text of an event, or its bytes in hexadecimal, so far as they are
// printed: from the beginning, unless the bytes from start to end stand further
// down.
func excerpt(wire []byte, start, end int) string {
	most := mostExcerpt
	text := printable(wire)
	if !text {
		most = mostDump
	}
	from := 0
	if end > most {
		from = max(0, start-most/4) / dumpLine * dumpLine
	}
	to := min(len(wire), from+most)
	part := wire[from:to]
	if !text {
		return strings.TrimRight(dump(part, from), "\n")
	}
	shown := string(part)
	if from > 0 {
		shown = "… " + shown
	}
	if to < len(wire) {
		shown += " …"
	}
	return shown
}

// dump is bytes in hexadecimal and, where they are letters, as such; each line
// begins with the place of its first byte.
func dump(p []byte, from int) string {
	var b strings.Builder
	for i := 0; i < len(p); i += dumpLine {
		line := p[i:min(i+dumpLine, len(p))]
		var letters strings.Builder
		for _, c := range line {
			if c < ' ' || c > '~' {
				c = '.'
			}
			letters.WriteByte(c)
		}
		fmt.Fprintf(&b, "%04d  %-*s  %s\n", from+i, 3*dumpLine-1, fmt.Sprintf("% x", line), &letters)
	}
	return b.String()
}

// solutions are what is right, in lines.
func solutions(s *course.Step, at *course.Place) (all []string) {
	if s.Live() != nil {
		for _, d := range course.Deeds(s.Task) {
			all = append(all, deed(d))
		}
		return all
	}
	a := s.Task.Solution(at)
	choices := course.Choices(s.Task)
	switch {
	case len(a.Order) > 0:
		for _, n := range a.Order {
			if n >= 1 && n <= len(choices) {
				all = append(all, choices[n-1])
			}
		}
	case a.Choice >= 1 && a.Choice <= len(choices):
		all = append(all, fmt.Sprintf("%c  %s", 'A'+a.Choice-1, choices[a.Choice-1]))
		if v := s.Task.Check(a, at); v.Said != "" {
			all = append(all, v.Said)
		}
	case len(a.Fields) > 0:
		for name, value := range a.Fields {
			all = append(all, name+" = "+value)
		}
		sort.Strings(all)
	case a.Seq > 0:
		all = append(all, fmt.Sprintf("event %d", a.Seq))
		if e, err := at.Store.Event(at.Row); err == nil && course.Spans(s.Task) && a.End <= len(e.Wire) {
			all = append(all, fmt.Sprintf("in it the bytes %d to %d: %s", a.Start, a.End-1, e.Wire[a.Start:a.End]))
		}
	case a.Text != "":
		all = append(all, a.Text)
	}
	return all
}

// deed is what the solution of a live step does, in a line.
func deed(d course.Deed) string {
	var b strings.Builder
	b.WriteString(d.Do)
	if d.Wait != "" {
		b.WriteString(" when " + d.Wait)
	}
	for _, pairs := range [][][]string{d.Replace, d.Set} {
		for _, p := range pairs {
			if len(p) == 2 {
				b.WriteString(": " + p[0] + " becomes " + p[1])
			}
		}
	}
	if d.XML != "" {
		b.WriteString(": " + d.XML)
	}
	return b.String()
}
