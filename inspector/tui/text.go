package tui

import "github.com/gdamore/tcell/v2"

// textReader shows a text that something gave, and goes back to where it was
// asked for.
type textReader struct {
	*reader
	back overlay
}

// readText shows a text. Its lines are kept; the wire can be in it.
func (u *ui) readText(title, text string, back overlay) {
	b := newBuilder(u.th)
	for _, s := range splitLines(text) {
		b.line(span{wire(s), u.th.base}).hang = 2
	}
	r := &reader{u: u, title: title, page: &b.p, again: func() {}}
	r.keys = []hint{{"↑ ↓ PgDn", "scroll"}, {"y", "copy"}, {"Esc", "back"}}
	u.over = &textReader{r, back}
}

func (t *textReader) key(ev *tcell.EventKey) bool {
	switch keyName(ev) {
	case "Esc", "q":
		t.u.over = t.back
		return true
	case "w":
		return true
	}
	return t.reader.key(ev)
}
