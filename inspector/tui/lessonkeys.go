package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/lessons/course"
)

// maxTypedAnswer bounds what is typed into a box, in bytes; the engine has a
// bound of its own.
const maxTypedAnswer = 64 << 10

// key handles a key while the pane of the lesson has the focus; false for those
// that mean what they mean everywhere.
func (n *lesson) key(ev *tcell.EventKey) bool {
	if n.typing {
		return n.typeKey(ev)
	}
	g, s := n.answer(), n.walk.Step()
	switch name := keyName(ev); {
	case name == "Space" && s.Kind == "order" && g.choice > 0:
		g.taken = !g.taken
	case len(name) == 1 && name[0] >= '1' && name[0] <= '9' && s.Kind == "predict" && int(name[0]-'0') <= len(course.Choices(s.Task)):
		n.choose(int(name[0] - '0'))
	default:
		return false
	}
	return true
}

// typeKey handles a key while something is typed.
func (n *lesson) typeKey(ev *tcell.EventKey) bool {
	g := n.answer()
	b := g.boxes[g.field]
	switch name := keyName(ev); name {
	case "Enter", "Up", "Down", "PgUp", "PgDn":
		if down := name == "Enter" || name == "Down"; n.readsOn() && (down || name == "Up") {
			n.top += pickInt(name == "Enter", max(1, n.body.h-1), pickInt(down, 1, -1))
			return true
		}
	}
	g.told, n.due = tellTyping, true
	switch name := keyName(ev); name {
	case "Esc":
		n.typing = false
	case "Enter":
		if g.field+1 < len(g.boxes) && !g.asked {
			g.field++
			return true
		}
		n.check(n.toWrong)
	case "Up", "Down":
		if len(g.boxes) == 1 {
			b.key(ev, 1)
			return true
		}
		step := pickInt(name == "Up", -1, 1)
		g.field = max(0, min(g.field+step, len(g.boxes)-1))
	case "PgUp", "PgDn", "Tab", "Shift-Tab", "Ctrl-C", "Ctrl-L":
		n.due = false
		return false
	default:
		if strings.HasPrefix(name, "F") && len(name) > 1 || b.text == "" && (name == ">" || name == "<") {
			n.due = false
			return false
		}
		if len(b.text) >= maxTypedAnswer && ev.Key() == tcell.KeyRune {
			n.u.say(noteInfo, "an answer has at most "+size(maxTypedAnswer))
			return true
		}
		b.key(ev, 1)
	}
	return true
}

// toWrong puts the cursor into the first box that is not right.
func (n *lesson) toWrong() {
	g := n.answer()
	if !n.typing || len(g.names) == 0 {
		return
	}
	for i, name := range g.names {
		for _, m := range g.verdict.Missing {
			if m == name || strings.HasPrefix(m, name+":") {
				g.field = i
				return
			}
		}
	}
}

// paste puts text into the box that is typed in.
func (n *lesson) paste(text string) bool {
	if !n.typing {
		return false
	}
	g := n.answer()
	b := g.boxes[g.field]
	if len(b.text)+len(text) > maxTypedAnswer {
		n.u.say(noteBad, "what was pasted, "+size(int64(len(text)))+", is too much: an answer has at most "+size(maxTypedAnswer))
		return true
	}
	b.layOut()
	b.insert(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), false)
	g.told, n.due = tellTyping, true
	return true
}

// enterKey is Enter in the pane: it answers, or goes on where that was done.
func (n *lesson) enterKey() {
	g, s := n.answer(), n.walk.Step()
	switch {
	case n.linked >= 0 && n.linked < len(n.links):
		n.followLink(n.links[n.linked].target)
	case n.readsOn():
		n.top += max(1, n.body.h-1)
	case s.Task == nil || n.walk.Done():
		n.next()
	case s.Live() != nil:
		n.u.focusOn(pickPane(len(n.u.queue.units) > 0, paneHeld, paneList))
	case s.Kind == "find":
		n.u.focusOn(paneList)
	case course.AsksXML(s.Task):
		n.writeXML()
	case s.Kind == "order":
		g.taken = false
		n.check(nothing)
	case len(g.boxes) > 0:
		n.typing = true
		g.told, n.due = tellTyping, true
	case g.choice > 0:
		n.choose(g.choice)
	default:
		n.toItems()
		n.u.say(noteInfo, "choose: 1 to "+thousands(len(course.Choices(s.Task)))+", or ↑ ↓ and Enter")
	}
}

// readsOn tells whether there is more of the text to read than is seen, and what
// Enter would answer is not in sight: Enter then scrolls.
func (n *lesson) readsOn() bool {
	if n.top+n.body.h >= len(n.rows) {
		return false
	}
	g, s := n.answer(), n.walk.Step()
	switch {
	case s.Task == nil || n.walk.Done():
	case len(g.boxes) > 0:
		return !n.shows(func(r *lessonRow) bool { return r.field == g.field+1 })
	case s.Kind == "order":
		return !n.itemsShow(0)
	case s.Kind == "predict" && g.choice > 0:
		return false
	}
	return true
}

// shows tells whether a row of some sort is in sight.
func (n *lesson) shows(is func(*lessonRow) bool) bool {
	for y := range n.body.h {
		if i := n.top + y; i >= 0 && i < len(n.rows) && is(&n.rows[i]) {
			return true
		}
	}
	return false
}

func pickPane(first bool, a, b pane) pane {
	if first {
		return a
	}
	return b
}

// writeXML opens the editor for an answer in XML.
func (n *lesson) writeXML() {
	u, g := n.u, n.answer()
	c := u.newComposer("Your answer", g.xml, "Check it", 0, 0)
	c.asks = n.question()
	c.send = func(text string, _ bool) error {
		g.xml = text
		u.close()
		n.check(nothing)
		return nil
	}
	c.leave = func(text string) { g.xml = text }
	u.over = c
}

// move moves what is marked, or the text where that is not in sight.
func (n *lesson) move(by int) {
	g := n.answer()
	items := len(g.order)
	if n.walk.Step().Kind == "predict" {
		items = len(course.Choices(n.walk.Step().Task))
	}
	if items == 0 || !n.itemsShow(by) {
		n.top += by
		return
	}
	to := max(1, min(g.choice+by, items))
	switch {
	case g.choice == to && by < 0 || g.choice == 0 && by < 0:
		n.top += by
	case g.choice == to:
		n.top += by
	case g.taken:
		g.order[g.choice-1], g.order[to-1] = g.order[to-1], g.order[g.choice-1]
		g.choice = to
	default:
		g.choice = to
	}
}

// itemsShow tells whether the line that would be marked next is in sight.
func (n *lesson) itemsShow(by int) bool {
	next := max(1, n.answer().choice+by)
	return n.shows(func(r *lessonRow) bool { return r.item == next })
}

// toItems scrolls to what is to be chosen from.
func (n *lesson) toItems() {
	for i := range n.rows {
		n.rows[i].due = n.rows[i].item > 0
	}
	for i := range n.rows {
		if n.rows[i].item > 0 {
			n.top = max(0, min(i-1, len(n.rows)-n.body.h))
			return
		}
	}
}

// sideways selects the next link of the text, or with -1 the one before.
func (n *lesson) sideways(by int) {
	if len(n.links) == 0 {
		n.u.say(noteInfo, "there are no links in this step")
		return
	}
	if n.linked += by; n.linked >= len(n.links) || n.linked < -1 {
		n.linked = pickInt(by > 0, -1, len(n.links)-1)
	}
	if n.linked >= 0 {
		if row := n.links[n.linked].row; row < n.top || row >= n.top+n.body.h {
			n.top = max(0, row-1)
		}
	}
}

// click handles the mouse in the pane.
func (n *lesson) click(x, y, wheel int) {
	if wheel != 0 {
		n.top += 3 * wheel
		return
	}
	i := n.top + y - n.body.y
	if n.folded || !n.body.contains(x, y) || i < 0 || i >= len(n.rows) {
		return
	}
	g := n.answer()
	switch r := &n.rows[i]; {
	case r.item > 0 && n.walk.Step().Kind == "predict":
		n.choose(r.item)
	case r.item > 0:
		g.choice = r.item
	case r.field > 0:
		g.field, n.typing = r.field-1, true
		b := g.boxes[g.field]
		b.moveTo(b.placeAt(r.at, x-n.body.x-spansWidth(r.spans)), false)
	}
}

// hints are the keys that matter in the pane now.
func (n *lesson) hints() []hint {
	u, s, g := n.u, n.walk.Step(), n.answer()
	next := hint{n.keyOf("lesson-next"), "next step"}
	var all []hint
	switch {
	case n.typing:
		return append([]hint{{"Enter", pick(n.readsOn(), "read on", pick(g.field+1 < len(g.boxes) && !g.asked, "next field", "check"))}, {"F2", "hint"}, {"F3", "solution"}, {"Tab", "next pane"}, {"F8", "next step"}, {"F4", "glossary"}, {"Esc", "stop typing"}}, u.named("keys", "quit")...)
	case s.Task == nil || n.walk.Done():
		all = []hint{{"Enter", pick(n.readsOn(), "read on", "next step")}, {"↑ ↓", "read"}, next}
	case s.Live() != nil:
		all = append([]hint{{"Tab", "to the stream"}, {"↑ ↓", "read"}}, u.named("lesson-hint", "lesson-solution", "lesson-again")...)
	case s.Kind == "find":
		all = append([]hint{{"Tab", "to the events"}}, u.named("lesson-this", "lesson-hint", "lesson-solution")...)
	case s.Kind == "order":
		all = append([]hint{{"↑ ↓", "move"}, {"Space", "take up"}, {"Enter", "check"}}, u.named("lesson-hint", "lesson-solution")...)
	case course.AsksXML(s.Task):
		all = append([]hint{{"Enter", "write"}}, u.named("lesson-hint", "lesson-solution")...)
	case len(g.boxes) > 0:
		all = append([]hint{{"Enter", "type"}}, u.named("lesson-hint", "lesson-solution")...)
	default:
		all = append([]hint{{"1–" + thousands(len(course.Choices(s.Task))), "choose"}, {"↑ ↓ Enter", ""}}, u.named("lesson-hint", "lesson-solution")...)
		all[1] = hint{"↑ ↓", "mark"}
	}
	if len(n.links) > 0 {
		all = append(all, hint{"← →", "links"})
	}
	if s.Task != nil && !n.walk.Done() {
		all = append(all, next)
	}
	return append(append(all, hint{"Tab", "next pane"}), u.named("glossary", "lesson-back", "lessons", "keys", "quit")...)
}
