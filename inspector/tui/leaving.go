package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector/live"
)

// question asks before something is lost. Its answers are keys.
type question struct {
	u       *ui
	title   string
	text    string
	answers []answer
}

// answer is a key and what it does; one without words is another key for what
// is offered already.
type answer struct {
	key, does string
	do        func()
}

func (q *question) draw(c canvas) {
	body := c.sub(0, 0, c.w, c.h-1)
	all := q.hints()
	in := window(body, q.u.th, q.title, min(c.w, 70), min(body.h, 5+len(all)))
	y := drawProse(in, q.text, q.u.th.base) + 1
	for i, a := range all {
		x := in.text(2, y+i, 6, a.key, q.u.th.key)
		in.text(max(x+1, 7), y+i, in.w-7, a.does, q.u.th.base)
	}
}

func (q *question) key(ev *tcell.EventKey) bool {
	name := keyName(ev)
	if name == "Ctrl-L" {
		return false
	}
	for _, a := range q.answers {
		if a.key == name {
			q.u.close()
			a.do()
			return true
		}
	}
	if name == "Ctrl-C" { // who presses it wants to get out, whatever is asked
		q.key(keyNamed("Esc"))
		return false
	}
	return true
}

func (q *question) paste(string)        {}
func (q *question) mouse(int, int, int) {}

func (q *question) hints() []hint {
	var all []hint
	for _, a := range q.answers {
		if a.does != "" {
			all = append(all, hint{a.key, a.does})
		}
	}
	return all
}

// quit leaves. Where something would be lost by that it asks before: what is
// held, and what was written and not saved.
func (u *ui) quit() {
	switch {
	case u.cap == nil:
		u.pump.stop()
		return
	case u.isLive() && len(u.queue.units) > 0:
	case u.cap.saving != nil || u.cap.unsaved() > 0:
		u.askUnsaved()
		return
	default:
		u.pump.stop()
		return
	}
	n := len(u.queue.units)
	u.over = &question{u: u, title: "Quit?", text: plural(n, "unit") + pick(n == 1, " is", " are") + " held and would be lost; " +
		plural(u.queue.status.Open, "open connection") + " would end.", answers: []answer{
		{"c", "let everything go on, and stay", func() { u.act(live.Act{Do: "continue"}, "everything goes on; q quits") }},
		{"q", "quit all the same", u.pump.stop},
		{"y", "", u.pump.stop},
		{"Ctrl-C", "", u.pump.stop},
		{"Esc", "stay", func() {}},
	}}
}

// askUnsaved asks before marks and notes are lost.
func (u *ui) askUnsaved() {
	text := pick(u.cap.saving != nil, "What you save is not written yet.", "What you marked, noted and named in "+plural(u.cap.unsaved(), "place")+" would be lost.")
	u.over = &question{u: u, title: "Quit?", text: text, answers: []answer{
		{"W", "save first", u.askWrite},
		{"q", "quit all the same", u.pump.stop},
		{"y", "", u.pump.stop},
		{"Ctrl-C", "", u.pump.stop},
		{"Esc", "stay", func() {}},
	}}
}
