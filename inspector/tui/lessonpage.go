package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"
)

// lessonPage is the pane of a lesson as it was drawn last.
type lessonPage struct {
	rows   []lessonRow
	links  []pageLink
	linked int // the link that is selected, -1 for none
	top    int
	body   canvas
	due    bool // what was just said has to be in sight
	folded bool // it has a few lines only, while another pane has the focus
}

// forgetPage begins a page at its top.
func (p *lessonPage) forgetPage() { p.top, p.linked, p.due = 0, -1, false }

// place is where the lesson stands among all, from 1, and how many there are.
func (n *lesson) place() (at, of int) {
	for i, l := range n.t.Lessons {
		if l.ID == n.walk.Lesson.ID {
			at = i + 1
		}
	}
	return at, len(n.t.Lessons)
}

// track is the progress bar: a sign for each step.
func (n *lesson) track(room int) string {
	var b strings.Builder
	steps := n.walk.Lesson.Steps
	done := 0
	for i := range steps {
		p := n.walk.Of(i)
		sign := "○"
		switch {
		case i == n.walk.At():
			sign = "▶"
		case p.Done:
			sign = "✓"
		case p.Skipped:
			sign = "–"
		}
		if p.Done {
			done++
		}
		b.WriteString(sign)
	}
	if len(steps) > room {
		return progressBar(100*done/len(steps), max(4, room))
	}
	return b.String()
}

// headLines is how many lines the head takes.
func headLines(w int) int { return pickInt(w >= 76, 1, 2) }

// drawHead is the first line of the pane, or two: which lesson, which step, and
// the progress bar.
func (n *lesson) drawHead(c canvas) {
	th := n.u.th
	rule, style, name := "─", th.dim, th.title
	if n.u.focus == paneLesson {
		rule, style, name = "━", th.strong, th.barStrong
	}
	c.fill(0, 0, c.w, rule, style)
	at, of := n.place()
	text := " Lesson "
	if at > 0 {
		text += strconv.Itoa(at) + " of " + strconv.Itoa(of) + ": "
	}
	text += wire(n.walk.Lesson.Title) + " "
	step := " step " + strconv.Itoa(n.walk.At()+1) + " of " + strconv.Itoa(len(n.walk.Lesson.Steps)) + " "
	if c.h > 1 && headLines(c.w) == 2 {
		c.text(1, 0, c.w-2, text, name)
		x := c.text(1, 1, c.w-1, n.track(c.w-width(step)-3), th.good)
		c.text(x+1, 1, c.w-x-1, step, th.base)
		return
	}
	bar := " " + n.track(24) + step
	x := c.text(1, 0, c.w-width(bar)-4, text, name)
	x = max(x+1, c.w-width(bar)-1)
	x = c.text(x, 0, c.w-x, " "+n.track(24)+" ", th.good)
	c.text(x, 0, c.w-x, strings.TrimPrefix(step, " "), th.base)
}

// draw draws the pane.
func (n *lesson) draw(c canvas) {
	n.drawHead(c)
	head := min(headLines(c.w), c.h)
	n.body = c.sub(1, head, c.w-2, c.h-head)
	if n.folded {
		n.drawFolded(n.body)
		return
	}
	if n.body.h <= 0 {
		return
	}
	n.set(min(n.body.w-1, 100))
	n.scrollTo(n.body)
	for y := 0; y < n.body.h && n.top+y < len(n.rows); y++ {
		r := &n.rows[n.top+y]
		if r.field > 0 {
			n.drawField(n.body.sub(spansWidth(r.spans), y, n.body.w, 1), r)
		}
		n.body.spans(0, y, n.body.w, r.spans)
	}
	if n.top+n.body.h < len(n.rows) {
		c.text(c.w-1, c.h-1, 1, "↓", n.u.th.strong)
	}
	if n.top > 0 {
		c.text(c.w-1, head, 1, "↑", n.u.th.strong)
	}
}

// scrollTo keeps the window inside the page, and what was just said inside the
// window.
func (n *lesson) scrollTo(c canvas) {
	if n.due {
		n.due = false
		first, last := -1, -1
		for i := range n.rows {
			if n.rows[i].due {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
		if last >= n.top+c.h {
			n.top = last - c.h + 1
		}
		if first >= 0 && first < n.top {
			n.top = first
		}
	}
	n.top = max(0, min(n.top, len(n.rows)-c.h))
}

// set makes the page anew.
func (n *lesson) set(w int) {
	s, th := n.walk.Step(), n.u.th
	t := &typesetter{th: th, w: w, linked: n.linked}
	if n.walk.At() == 0 {
		n.setIntro(t)
	}
	t.blank()
	t.say(strconv.Itoa(n.walk.At()+1)+". "+wire(s.Title), th.title, 3)
	t.blocks(s.Text)
	if n.fault != "" {
		t.blank()
		t.labelled("✗ There is nothing to look at:", th.bad, n.fault)
	}
	n.setTask(t)
	n.setHelp(t)
	n.setVerdict(t)
	n.setNext(t)
	n.rows, n.links = t.rows, t.links
	n.linked = min(n.linked, len(n.links)-1)
}

// setIntro is what stands before the first step.
func (n *lesson) setIntro(t *typesetter) {
	l, th := n.walk.Lesson, n.u.th
	t.say(wire(l.Title), th.title, 0)
	if l.Goal != "" {
		t.labelled("Goal:", th.key, wire(l.Goal))
	}
	if l.Wrong != "" {
		t.labelled("Often believed:", th.key, wire(l.Wrong))
	}
	if l.Minutes > 0 {
		t.labelled("Time:", th.key, "about "+plural(l.Minutes, "minute")+", "+plural(len(l.Steps), "step")+"; you can stop at any time and go on later")
	}
	t.blocks(l.Intro)
}

// keyOf is the key of an action, as it is shown.
func (n *lesson) keyOf(name string) string {
	if a := n.u.keys.byName[name]; a != nil {
		return a.keys[0]
	}
	return ""
}

// drawFolded is the pane while another has the focus on a small screen: what is
// to be done, and what is missing.
func (n *lesson) drawFolded(c canvas) {
	th, s, g := n.u.th, n.walk.Step(), n.answer()
	title := strconv.Itoa(n.walk.At()+1) + ". " + wire(s.Title)
	lines := []span{}
	switch {
	case s.Task == nil || n.walk.Done():
		sign := pick(s.Task == nil, "", "✓ Done. ")
		lines = append(lines, span{sign + n.keyOf("lesson-next") + ": " + n.nextWords(), pickStyle(s.Task == nil, th.base, th.good)})
	default:
		if g.verdict.Said != "" {
			lines = append(lines, span{"✗ " + wire(g.verdict.Said), th.bad})
		}
		if m := g.verdict.Missing; len(m) > 0 {
			lines = append(lines, span{"Missing: " + wire(m[0]) + pick(len(m) > 1, " (and "+strconv.Itoa(len(m)-1)+" more)", ""), th.strong})
		}
		if s.Kind == "find" {
			lines = append(lines, span{n.keyOf("lesson-this") + " says: it is " + n.whatIsHere(), th.base})
		}
		if q := n.question(); len(lines) == 0 && q != "" {
			lines = append(lines, span{q, th.strong})
		}
		if len(lines) == 0 {
			lines = append(lines, span{n.keyOf("lesson-pane") + " goes back to the lesson, to answer.", th.base})
		}
	}
	t := &typesetter{th: th, w: c.w}
	for _, l := range lines {
		t.say(l.text, l.style, 2)
	}
	rows := t.rows
	if len(rows) < c.h {
		rows = slices.Insert(rows, 0, lessonRow{spans: []span{{title, th.title}}})
	}
	for y := range min(c.h, len(rows)) {
		c.spans(0, y, c.w, rows[y].spans)
	}
}

// drawField draws a row of a box that is typed in.
func (n *lesson) drawField(c canvas, r *lessonRow) {
	b := n.answer().boxes[r.field-1]
	c = c.sub(0, 0, b.width, 1)
	style := n.u.th.base.Underline(true)
	c.fill(0, 0, c.w, " ", style)
	b.drawRow(c, 0, r.at, n.u.th, func(int) tcell.Style { return style }, n.typesInto(r.field-1))
}
