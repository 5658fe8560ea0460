package tui

import (
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/lessons/course"
)

// setTask is what is to be done in the step.
func (n *lesson) setTask(t *typesetter) {
	s, th := n.walk.Step(), n.u.th
	if s.Task == nil {
		return
	}
	t.blank()
	if q := n.question(); q != "" {
		t.say(q, th.strong, 0)
		t.blank()
	}
	switch {
	case s.Live() != nil:
		n.setDo(t)
	case s.Kind == "find":
		n.setFind(t)
	case s.Kind == "order":
		n.setOrder(t)
	case course.AsksXML(s.Task):
		n.setXML(t)
	case len(course.Choices(s.Task)) > 0:
		n.setChoices(t)
	default:
		n.setFields(t)
	}
}

// question is what the step asks; where the author has put none, what its kind
// asks for.
func (n *lesson) question() string {
	s := n.walk.Step()
	if s.Question != "" {
		return wire(s.Question)
	}
	switch {
	case s.Live() != nil:
		return "Your task, on the live stream:"
	case s.Kind == "find":
		return "Find it in the recording."
	case s.Kind == "order":
		return "Put these in their order."
	case course.AsksXML(s.Task):
		return "Write the XML."
	case s.Kind == "explain":
		return "Say it in your own words."
	}
	return ""
}

// setChoices are the choices, with what became of the one that was taken.
func (n *lesson) setChoices(t *typesetter) {
	g, th := n.answer(), n.u.th
	for i, c := range course.Choices(n.walk.Step().Task) {
		sign, style := " ", th.base
		switch {
		case g.picked == i+1 && g.asked && g.verdict.Done:
			sign, style = "✓", th.good
		case g.picked == i+1 && g.asked:
			sign, style = "✗", th.bad
		}
		at := "  "
		if g.choice == i+1 {
			at = "▶ "
		}
		from := len(t.rows)
		text := span{wire(c), th.base}
		if g.choice == i+1 && n.u.focus == paneLesson {
			text.style = reversed(th.base)
		}
		t.put(line{spans: []span{{at, th.strong}, {sign + " ", style}, {strconv.Itoa(i + 1), th.key}, {"  ", th.base}, text}, hang: 7})
		own(t.rows[from:], i+1)
	}
}

func own(rows []lessonRow, item int) {
	for i := range rows {
		rows[i].item = item
	}
}

// setOrder are the things to be ordered, as they stand now.
func (n *lesson) setOrder(t *typesetter) {
	g, th := n.answer(), n.u.th
	shown := course.Choices(n.walk.Step().Task)
	for i, k := range g.order {
		at, style := "  ", th.base
		if g.choice == i+1 {
			at = pick(g.taken, "◆ ", "▶ ")
			if n.u.focus == paneLesson {
				style = reversed(th.base)
			}
		}
		from := len(t.rows)
		t.put(line{spans: []span{{at, th.strong}, {strconv.Itoa(i+1) + "  ", th.key}, {wire(shown[k-1]), style}}, hang: 5})
		own(t.rows[from:], i+1)
	}
	t.say(pick(g.taken, "◆ is taken up: ↑ ↓ carry it, Space puts it down.", "Space takes the marked one up, ↑ ↓ then carry it, Enter says that the order is right."), th.dim, 0)
}

// setFields are boxes to type in.
func (n *lesson) setFields(t *typesetter) {
	s, g, th := n.walk.Step(), n.answer(), n.u.th
	if given := course.Given(s.Task); given != "" {
		t.put(line{spans: []span{{"Given: ", th.key}, {wire(given), th.variable}}, hang: 7, code: true})
		t.blank()
	}
	label := 0
	for _, name := range g.names {
		label = max(label, width(wire(name))+2)
	}
	label = min(label, t.room()/2)
	for i, b := range g.boxes {
		b.fit(min(max(10, t.room()-label-2), 72), 1000)
		least := pickInt(s.Kind == "explain", 3, 1)
		for y := range max(len(b.rows), least) {
			name := span{strings.Repeat(" ", label), th.base}
			if y == 0 && i < len(g.names) {
				name = span{pad(wire(g.names[i]), label), th.key}
			}
			lead := span{"  ", th.base}
			if y == 0 && g.field == i && n.u.focus == paneLesson {
				lead = span{"▶ ", th.strong}
			}
			r := lessonRow{spans: append(append([]span(nil), t.lead...), lead, name), due: g.told == tellTyping && n.typesInto(i)}
			if y < len(b.rows) {
				r.field, r.at = i+1, y
			}
			t.rows = append(t.rows, r)
		}
	}
	if !n.walk.Done() {
		t.say(pick(n.typing, "Type, then Enter.", "Enter to type."), th.dim, 0)
	}
}

// setXML is the XML that was written by now.
func (n *lesson) setXML(t *typesetter) {
	g, th := n.answer(), n.u.th
	if g.xml == "" {
		t.put(line{spans: []span{{"Enter", th.key}, {" opens the editor.", th.base}}})
		return
	}
	t.say("You wrote (Enter goes on writing):", th.dim, 0)
	t.code(&course.Block{Lang: "xml", Text: []course.Run{{Text: g.xml}}})
}

// setFind says what would be said now.
func (n *lesson) setFind(t *typesetter) {
	th := n.u.th
	how := "Tab leads to the events; go there with ↑ ↓"
	if course.Spans(n.walk.Step().Task) {
		how += ", then Tab to the details, and ← → to its bytes"
	}
	t.put(line{spans: []span{{how + ". Then press ", th.dim}, {n.keyOf("lesson-this"), th.key}, {" for: this is it.", th.dim}}})
	t.put(line{spans: []span{{"You are at ", th.base}, {n.whatIsHere(), th.strong}}, hang: 4})
}

// whatIsHere names what is selected: an event, and bytes of it.
func (n *lesson) whatIsHere() string {
	u := n.u
	if u.cap == nil || u.cap.row() < 0 {
		return "no event"
	}
	row := u.cap.row()
	text := number(u.cap.store.Row(row).Seq()) + " " + u.list.texts.get(u.cap.store, row).element
	if !course.Spans(n.walk.Step().Task) {
		return text
	}
	if s, ok := n.selected(); ok && u.detail.event != nil {
		in := partOfWire(u.detail.event)
		b := u.detail.input().links.of(stretch{start: s.start, end: s.end, in: in})
		return text + ", " + capped(string(b), 60)
	}
	return text + ", all of it"
}

// selected are the bytes of the wire that are selected in the details.
func (n *lesson) selected() (stretch, bool) {
	d := n.u.detail
	if d.event == nil || d.mark.end == 0 {
		return stretch{}, false
	}
	return d.input().links.find(d.mark, partOfWire(d.event))
}

// setDo is what is to pass on the stage, ticked as far as it has passed.
func (n *lesson) setDo(t *typesetter) {
	g, th, s := n.answer(), n.u.th, n.walk.Step()
	wants := course.Wants(s.Task)
	passed := len(wants) - len(g.verdict.Missing)
	if n.judged < 0 || len(g.verdict.Missing) == 0 && !g.verdict.Done {
		passed = 0
	}
	if n.walk.Done() && n.judged < 0 { // before
		passed = len(wants)
	}
	spoilt := g.verdict.Said != "" && !g.verdict.Done
	for i, w := range wants {
		sign, style := "○ ", th.base
		switch {
		case spoilt:
			sign = "– "
		case i < passed:
			sign, style = "✓ ", th.good
		}
		t.put(line{spans: []span{{sign, style}, {wire(w), th.base}}, hang: 2})
	}
	if spoilt {
		at := pick(g.verdict.Seq == 0, "", " with "+number(g.verdict.Seq))
		t.say("– None of this counts any more: it went wrong"+at+", as said below. "+n.keyOf("lesson-again")+" begins the scene again.", th.warn, 2)
	}
	t.blank()
	text, style := n.stageWords()
	t.say(text, style, 0)
	if n.stage == nil {
		return
	}
	for _, told := range n.stage.Told() {
		t.say("· "+capped(told, 400), th.dim, 2)
	}
}

// stageWords says how it stands with the stage.
func (n *lesson) stageWords() (string, tcell.Style) {
	th, again := n.u.th, n.keyOf("lesson-again")+" begins the scene again."
	switch {
	case n.builds:
		return "The stage is being built …", th.dim
	case n.seat != nil && n.stage == nil:
		return n.keyOf("lesson-again") + " plays the scene, for you alone, on the teacher's computer.", th.strong
	case n.stage == nil || n.stageOf != n.walk.At():
		return "There is no stage. " + again, th.dim
	case n.player != nil && !n.player.Done():
		return "The solution is being played; look at the events.", th.strong
	case len(n.u.queue.units) > 0:
		h := &n.u.queue.units[0]
		return plural(len(n.u.queue.units), "unit") + pick(len(n.u.queue.units) == 1, " is", " are") + " held, first " + number(h.Seq) + " " + wire(elementText(h.Event)) +
			". Tab leads there; e changes it, d drops it, s lets it go. " + again, th.base
	}
	select {
	case <-n.stage.Over():
		return "The scene is over. " + again, th.strong
	default:
		return "The scene is being played: nothing is held. " + again, th.dim
	}
}
