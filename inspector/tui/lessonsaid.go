package tui

import (
	"strconv"
	"strings"

	"xmppscope/lessons/course"
)

// setHelp are the hints that were given, and the solution.
func (n *lesson) setHelp(t *typesetter) {
	s, th, g := n.walk.Step(), n.u.th, n.answer()
	for i := range min(n.walk.Progress().Hints, len(s.Hints)) {
		if i == 0 {
			t.blank()
		}
		rows := t.labelled("Hint "+strconv.Itoa(i+1)+" of "+strconv.Itoa(len(s.Hints))+":", th.key, wire(s.Hints[i]))
		mark(rows, g.told == tellHint && i == n.walk.Progress().Hints-1)
	}
	if !g.solved {
		return
	}
	t.blank()
	if deeds := course.Deeds(s.Task); len(deeds) > 0 {
		from := len(t.rows)
		t.say("The solution, played on the stage:", th.key, 0)
		for i := range deeds {
			t.put(line{spans: []span{{strconv.Itoa(i+1) + ". ", th.key}, {capped(deeds[i].Words(), 2000), th.base}}, hang: 3})
		}
		for _, p := range n.played {
			t.say("▸ "+capped(p, 400), th.dim, 2)
		}
		mark(t.rows[from:], g.told == tellSolution)
		return
	}
	mark(t.say(pick(s.Kind == "explain", "This is what the lesson would say.", "This is the solution; try to say why it is right."), th.dim, 0), g.told == tellSolution)
}

func mark(rows []lessonRow, due bool) {
	for i := range rows {
		rows[i].due = rows[i].due || due
	}
}

// setVerdict says how it went.
func (n *lesson) setVerdict(t *typesetter) {
	th, g, s := n.u.th, n.answer(), n.walk.Step()
	v := g.verdict
	if s.Task == nil {
		return
	}
	from := len(t.rows)
	t.blank()
	switch {
	case n.walk.Done() && (v.Done || !g.asked):
		text := pick(g.asked, "Right.", "You have done this step.")
		if s.Kind == "explain" && g.asked {
			text = "Compare it with this answer:"
		}
		if s.Live() != nil {
			text = "Done."
		}
		t.say("✓ "+text, th.good, 2)
		if s.Kind == "explain" && v.Said != "" && t.room() >= besideRoom {
			n.setBeside(t, v.Said)
		} else {
			n.setSaid(t, v.Said)
		}
		for _, m := range v.Missing { // of an answer in one's own words
			t.say("· "+wire(m), th.base, 2)
		}
	case g.asked || v.Said != "":
		t.say(pick(len(v.Missing) > 0 && v.Said == "", "✗ Something is missing still:", "✗ Not yet."), th.bad, 2)
		n.setSaid(t, v.Said)
		for _, m := range v.Missing {
			t.say("· "+wire(m), th.base, 2)
		}
	}
	mark(t.rows[from:], g.told == tellVerdict)
	if n.walk.Done() && len(s.After) > 0 {
		t.blocks(s.After)
	}
}

// besideRoom is the width from which on two answers stand beside each other.
const besideRoom = 50

// setBeside puts an answer in one's own words beside the one to compare with.
func (n *lesson) setBeside(t *typesetter, model string) {
	cell := func(s string) []course.Run { return []course.Run{{Text: s}} }
	row := func(a, b string) course.Block {
		return course.Block{Kind: course.Row, Cells: [][]course.Run{cell(a), cell(b)}}
	}
	t.table([]course.Block{row("Your words", "The lesson's"), row(n.answer().as().Text, strings.TrimPrefix(model, "Compare: "))})
}

func (n *lesson) setSaid(t *typesetter, said string) {
	if said = strings.TrimPrefix(said, "Compare: "); said != "" {
		t.put(line{spans: []span{{wire(said), n.u.th.base}}, hang: 0})
	}
}

// setNext says how it goes on.
func (n *lesson) setNext(t *typesetter) {
	th, s := n.u.th, n.walk.Step()
	if s.Task != nil && !n.walk.Done() {
		return
	}
	t.blank()
	next := n.nextWords()
	rows := t.put(line{spans: []span{{"Enter", th.key}, {" or ", th.base}, {n.keyOf("lesson-next"), th.key}, {": " + next, th.base}}, hang: 2})
	mark(rows, n.answer().told == tellVerdict)
}

// nextWords says what the next step is.
func (n *lesson) nextWords() string {
	if i := n.walk.At() + 1; i < len(n.walk.Lesson.Steps) {
		return "next step, " + wire(n.walk.Lesson.Steps[i].Title)
	}
	done, of := n.t.Progress.Count(n.walk.Lesson)
	if n.walk.Step().Task == nil && !n.walk.Done() {
		done++ // it is with this key
	}
	text := "the end of this lesson, " + strconv.Itoa(done) + " of " + plural(of, "step") + " done"
	if l := n.following(); l != nil {
		return text + "; next lesson: " + wire(l.Title)
	}
	return text
}
