package tui

import (
	"time"

	"xmppscope/inspector"
)

// search is what a person looks for: a text as it is seen on the screen, or an
// expression of the filter language. It works in slices between keys.
type search struct {
	text   string
	filter *inspector.Filter // nil for plain text
	run    seeker            // while it goes on
	total  int
}

// seeker looks through the lines of a view once around. inspector.Search is
// one; exprSearch the other.
type seeker interface {
	// Run works for about as long as budget and tells whether it goes on.
	Run(budget time.Duration) (more bool)
	// Found is the row; wraps tells that it lies around the end.
	Found() (row int, wraps, ok bool)
	// Left is how many lines are still to be looked at.
	Left() int
}

func (s *search) left() int {
	if s.run == nil {
		return -1
	}
	return s.run.Left()
}

// understand tells an expression from plain text: an expression has more than
// one word and compiles.
func understand(text string) *inspector.Filter {
	for i := range len(text) {
		if !isWord(text[i]) {
			f, err := inspector.Compile(text)
			if err != nil {
				return nil
			}
			return f
		}
	}
	return nil
}

func (u *ui) askSearch() {
	p := &prompt{th: u.th, label: "search", keys: []hint{
		{"Enter", "next hit"}, {"↑ ↓", "previous, next hit"}, {"Esc", "close"}}}
	p.typed.set(u.search.text)
	p.note = func(text string) (string, int, noteKind) {
		if s := &u.search; s.run != nil {
			return "searching … " + thousands(s.total-s.run.Left()) + " of " + plural(s.total, "event"), -1, noteInfo
		}
		if u.message.text != "" {
			return u.message.text, -1, u.message.kind
		}
		return searchNote(text)
	}
	p.change = func(string) { u.search.run = nil }
	p.enter = func(text string) { u.searchFor(text, 1) }
	p.down = func() { u.searchFor(p.typed.text, 1) }
	p.up = func() { u.searchFor(p.typed.text, -1) }
	p.quit = func() {
		u.search.run = nil
		u.close()
	}
	u.over = p
}

func searchNote(text string) (string, int, noteKind) {
	switch {
	case text == "":
		return `any text on the wire or in a title, or an expression: error == "not-authorized"`, -1, noteInfo
	case understand(text) != nil:
		return "looks for events for which this expression holds", -1, noteInfo
	}
	return "looks for this text on the wire and in the titles", -1, noteInfo
}

// searchFor starts looking from the cursor, forward (1) or backward (-1).
func (u *ui) searchFor(text string, dir int) {
	if text == "" {
		return
	}
	s, c := &u.search, u.cap
	s.text, s.filter, s.total = text, understand(text), c.view.Len()
	if s.filter != nil {
		s.run = newExprSearch(c.view, c.store, s.filter, c.line(), dir)
	} else {
		s.run = inspector.NewSearch(c.view, text, c.row(), dir < 0)
	}
	u.lookOn()
	if s.run != nil {
		u.busy.Store(true)
		u.alive.Store(true)
		u.pump.wake()
	}
}

func (u *ui) searchAgain(dir int) {
	if u.search.text == "" {
		u.say(noteInfo, "/ searches; there is no search yet")
		return
	}
	u.searchFor(u.search.text, dir)
}

// lookOn searches for one slice of time and goes to what was found.
func (u *ui) lookOn() {
	s := &u.search
	if s.run != nil && u.cap.view.Len() < s.total {
		// Another filter or conversation was chosen: its lines are not these.
		s.run = nil
	}
	if s.run == nil || s.run.Run(slice) {
		return
	}
	row, wraps, ok := s.run.Found()
	s.run = nil
	if !ok {
		u.say(noteBad, "“"+wire(cut(s.text, 40))+"” is nowhere in "+plural(s.total, "event"))
		return
	}
	u.cap.follow = false
	u.cap.session.Select(row)
	text := "found in " + number(u.cap.store.Row(row).Seq())
	if wraps {
		text += " (around the end)"
	}
	u.say(noteGood, text)
}

// exprSearch is a search for an expression.
type exprSearch struct {
	view   *inspector.View
	store  *inspector.Store
	filter *inspector.Filter
	step   int
	line   int
	left   int
	row    int
	wraps  bool
}

func newExprSearch(v *inspector.View, s *inspector.Store, f *inspector.Filter, line, step int) *exprSearch {
	return &exprSearch{view: v, store: s, filter: f, step: step, line: line, left: v.Len(), row: -1}
}

func (s *exprSearch) Run(budget time.Duration) (more bool) {
	deadline := time.Now().Add(budget)
	for n := 1; s.left > 0; n++ {
		s.left--
		s.line += s.step
		if s.line < 0 || s.line >= s.view.Len() {
			s.line, s.wraps = s.line-s.step*s.view.Len(), true
		}
		if row := s.view.RowAt(s.line); s.filter.MatchRow(s.store, row) {
			s.row, s.left = row, 0
			return false
		}
		if n%16 == 0 && time.Now().After(deadline) {
			break
		}
	}
	return s.left > 0
}

func (s *exprSearch) Found() (row int, wraps, ok bool) { return s.row, s.wraps, s.row >= 0 }

func (s *exprSearch) Left() int { return s.left }
