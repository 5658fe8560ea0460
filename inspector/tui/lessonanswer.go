package tui

import (
	"xmppscope/lessons/course"
)

// given is what a learner has answered in a step, as far as they are.
type given struct {
	// choice is the line that is marked, of choices or of things to order, from
	// 1; picked the choice that was judged.
	choice, picked int
	order          []int // of what is shown, from 1
	taken          bool  // the marked one is carried
	names          []string
	boxes          []*textBox
	field          int // the box that is typed in
	xml            string
	verdict        course.Verdict
	asked          bool // an answer was judged
	solved         bool // the solution was shown
	heard          bool // what the lesson says to the answer was led to
	told           telling
}

// telling is what was said last, and has to be in sight.
type telling uint8

const (
	tellNothing telling = iota
	tellVerdict
	tellHint
	tellSolution
	tellTyping
)

// answer is what was answered in the step at hand.
func (n *lesson) answer() *given {
	at := n.walk.At()
	if g := n.given[at]; g != nil {
		return g
	}
	g, s := &given{}, n.walk.Step()
	n.given[at] = g
	switch {
	case s.Task == nil || s.Live() != nil || s.Kind == "find" || course.AsksXML(s.Task):
	case s.Kind == "order":
		for i := range course.Choices(s.Task) {
			g.order = append(g.order, i+1)
		}
		g.choice = 1
	case len(course.Choices(s.Task)) > 0:
	default:
		g.names = course.FieldNames(s.Task)
		for range max(1, len(g.names)) {
			g.boxes = append(g.boxes, newTextBox(""))
		}
	}
	return g
}

// typesInto tells whether letters go to a box.
func (n *lesson) typesInto(box int) bool {
	return n.typing && n.u.focus == paneLesson && n.u.over == nil && n.answer().field == box
}

// beginTyping lets letters go to the boxes, where there are some and they are
// not filled in right.
func (n *lesson) beginTyping() {
	n.typing = len(n.answer().boxes) > 0 && !n.walk.Done()
}

// place is what the task looks at.
func (n *lesson) placeOf() *course.Place {
	at := &course.Place{Row: -1}
	if n.u.cap != nil && n.seat == nil {
		at.Store = n.u.cap.store
		at.Row, at.Start, at.End = n.walk.Step().Locate(at.Store)
	}
	return at
}

// given is the answer as the engine takes it.
func (g *given) as() course.Answer {
	a := course.Answer{Choice: g.picked, Text: g.xml, Order: g.order}
	if len(g.names) == 0 && len(g.boxes) == 1 {
		a.Text = g.boxes[0].text
	}
	for i, name := range g.names {
		if a.Fields == nil {
			a.Fields = map[string]string{}
		}
		a.Fields[name] = g.boxes[i].text
	}
	return a
}

// judge judges what was answered; then is called when that is done.
func (n *lesson) judge(a course.Answer, then func()) {
	before := n.walk.Done()
	if n.seat != nil {
		n.askJudge(a, func() { n.verdictIs(n.stood.Verdict, before); then() })
		return
	}
	n.verdictIs(n.walk.Answer(a, n.placeOf()), before)
	then()
}

// verdictIs takes over what was said about an answer.
func (n *lesson) verdictIs(v course.Verdict, before bool) {
	g := n.answer()
	g.verdict, g.asked, g.told = v, true, tellVerdict
	n.due = true
	if n.walk.Done() && !before {
		n.lift()
		n.typing = false
	}
	if n.walk.Step().Kind == "explain" && g.verdict.Done {
		n.typing = false
	}
	n.kept()
}

// kept says, once, that progress cannot be kept.
func (n *lesson) kept() {
	if err := n.t.Progress.Failed; err != nil && !n.complained {
		n.complained = true
		n.u.say(noteBad, "your progress cannot be kept: "+wire(err.Error()))
	}
}

// choose takes a choice.
func (n *lesson) choose(i int) {
	g := n.answer()
	g.choice, g.picked = i, i
	n.judge(g.as(), nothing)
}

// check judges what was typed, ordered or written.
func (n *lesson) check(then func()) { n.judge(n.answer().as(), then) }

func nothing() {}

// thisIsIt answers with what is selected in the events and the details.
func (n *lesson) thisIsIt() {
	u := n.u
	if n.walk.Step().Kind != "find" {
		u.say(noteInfo, "nothing is to be found in this step")
		return
	}
	row := u.cap.row()
	if row < 0 {
		return
	}
	a := course.Answer{Seq: u.cap.store.Row(row).Seq()}
	if s, ok := n.selected(); ok && course.Spans(n.walk.Step().Task) {
		a.Start, a.End = s.start, s.end
	}
	if !n.mayFind() {
		return
	}
	n.judge(a, n.sayFound)
}

// sayFound says in the last line what was said about what was found.
func (n *lesson) sayFound() {
	u, v := n.u, n.answer().verdict
	switch {
	case v.Done:
		u.say(noteGood, "right: this is it")
		u.message.keys = []hint{{n.keyOf("lesson-next"), "next step"}}
	case len(v.Missing) > 0:
		u.say(noteInfo, wire(v.Said)+pick(v.Said == "", "", " ")+"Missing: "+wire(v.Missing[0]))
		if course.Spans(n.walk.Step().Task) && u.focus != paneDetail {
			u.message.keys = []hint{{"Tab", "details"}}
		}
	default:
		u.say(noteInfo, wire(v.Said))
	}
}

// hint gives the next hint.
func (n *lesson) hint() {
	if n.seat != nil && n.walk.Step().Task != nil {
		n.askHint()
		return
	}
	text, _ := n.walk.Hint()
	if text == "" {
		n.u.say(noteInfo, "this step has no hints: there is nothing to answer")
		return
	}
	n.answer().told, n.due = tellHint, true
	n.toPane()
	n.kept()
}

// solve shows the solution, and judges it. That of a live step is played on a
// new stage.
func (n *lesson) solve() {
	g, s := n.answer(), n.walk.Step()
	switch {
	case s.Task == nil:
		n.u.say(noteInfo, "there is nothing to solve in this step")
		return
	case n.seat != nil:
		n.askSolution()
		return
	case s.Live() != nil:
		n.walk.Solve(nil)
		g.solved, g.told, n.due = true, tellSolution, true
		n.plays = true
		n.toPane()
		n.begin()
		return
	}
	a := n.walk.Solve(n.placeOf())
	n.showSolution(a)
	n.judge(a, nothing)
	n.toPane()
}

// showSolution puts an answer that is right where answers are given.
func (n *lesson) showSolution(a course.Answer) {
	g, s := n.answer(), n.walk.Step()
	g.solved = true
	switch {
	case s.Kind == "find":
		n.showFound(a)
	case s.Kind == "order":
		g.order = a.Order
	case course.AsksXML(s.Task):
		g.xml = a.Text
	case len(g.boxes) > 0:
		for i := range g.boxes {
			text := a.Text
			if i < len(g.names) {
				text = a.Fields[g.names[i]]
			}
			g.boxes[i].replace(0, len(g.boxes[i].text), text, false)
		}
	default:
		g.choice, g.picked = a.Choice, a.Choice
	}
}

// showFound goes to what was to be found.
func (n *lesson) showFound(a course.Answer) {
	u := n.u
	if row, ok := u.cap.store.Find(a.Seq); ok {
		u.goTo(row)
		u.detail.show(row)
		u.second.show(row)
		if a.End > 0 && u.detail.event != nil {
			u.detail.point(tabBytes, u.detail.named(stretch{start: a.Start, end: a.End, in: partOfWire(u.detail.event)}))
		}
	}
}

// toPane gives the pane of the lesson the focus.
func (n *lesson) toPane() { n.u.focusOn(paneLesson) }

// again begins the step anew: its scene, or what was typed.
func (n *lesson) again() {
	at := n.walk.At()
	n.given[at] = nil
	n.forgetPage()
	if n.walk.Step().Live() != nil {
		n.begin()
		n.u.say(noteInfo, "the scene begins again")
		return
	}
	n.seeking = n.walk.Step().Capture != ""
	n.seek()
	n.beginTyping()
	n.typing = len(n.answer().boxes) > 0
	n.u.say(noteInfo, "this step begins again"+pick(n.seat == nil, "; :lesson-reset begins the whole lesson again", ""))
}

// begin builds the stage of the step anew.
func (n *lesson) begin() {
	n.player, n.played, n.judged = nil, nil, -1
	n.answer().verdict = course.Verdict{}
	n.raise()
}
