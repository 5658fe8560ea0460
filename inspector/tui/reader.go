package tui

import (
	"github.com/gdamore/tcell/v2"
)

// reader is a page of text over the panes. Enter follows the line under its
// cursor to an event.
type reader struct {
	u           *ui
	title       string
	page        *textPage
	cursor, top int
	body        canvas
	// again is what the key with which it was opened does in it.
	again func()
	keys  []hint
}

func (r *reader) draw(c canvas) {
	in := window(c.sub(0, 0, c.w, c.h-1), r.u.th, r.title, c.w, c.h-1)
	r.body = in
	n := r.page.fit(in.w - 3)
	r.cursor = max(0, min(r.cursor, n-1))
	r.top = max(0, min(r.top, r.cursor, n-in.h))
	if r.cursor >= r.top+in.h {
		r.top = r.cursor - in.h + 1
	}
	for y := 0; y < in.h && r.top+y < n; y++ {
		text := in.sub(2, 0, in.w-3, in.h)
		r.page.draw(text, y, r.top+y)
		l := r.page.at(r.top + y)
		switch {
		case r.top+y == r.cursor:
			in.text(0, y, 1, "▶", r.u.th.strong)
			text.restyle(0, y, text.w, reversed)
		case l != nil && l.acts() && r.page.rows[r.top+y].first:
			in.text(0, y, 1, "›", r.u.th.key)
		}
	}
	if r.top+in.h < n {
		in.text(in.w-1, in.h-1, 1, "↓", r.u.th.strong)
	}
	if r.top > 0 {
		in.text(in.w-1, 0, 1, "↑", r.u.th.strong)
	}
}

func (r *reader) key(ev *tcell.EventKey) bool {
	page := max(1, r.body.h-1)
	switch keyName(ev) {
	case "j", "Down":
		r.cursor++
	case "k", "Up":
		r.cursor--
	case "PgDn", "Space", "Ctrl-F":
		r.cursor += page
	case "PgUp", "Ctrl-B":
		r.cursor -= page
	case "Home", "g":
		r.cursor = 0
	case "End", "G":
		r.cursor = len(r.page.rows)
	case "n", "Tab":
		r.seek(1)
	case "N", "Shift-Tab":
		r.seek(-1)
	case "Enter":
		r.follow()
	case "y":
		r.u.copyText(r.page.plain(), "this text")
	case "w":
		r.again()
	case "Esc", "q":
		r.u.close()
	case "Ctrl-C", "Ctrl-L":
		return false
	}
	return true
}

// seek goes to the next line, or with -1 the one before, that leads somewhere.
func (r *reader) seek(dir int) {
	for i := r.cursor + dir; i >= 0 && i < len(r.page.rows); i += dir {
		if l := r.page.at(i); l != nil && l.acts() && r.page.rows[i].first {
			r.cursor = i
			return
		}
	}
}

func (r *reader) follow() {
	l := r.page.at(r.cursor)
	if l == nil || l.jump == 0 {
		r.u.say(noteInfo, "nothing to follow on this line; Tab goes to one that leads somewhere")
		return
	}
	if r.u.jump(l.jump) {
		r.u.close()
		r.u.message.text += ", w asks again"
	}
}

func (r *reader) paste(string) {}

func (r *reader) mouse(x, y, wheel int) {
	switch {
	case wheel != 0:
		r.cursor += 3 * wheel
	case r.body.contains(x, y):
		if i := r.top + y - r.body.y; i == r.cursor {
			r.follow()
		} else {
			r.cursor = i
		}
	}
}

func (r *reader) hints() []hint { return r.keys }
