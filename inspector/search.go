package inspector

import (
	"bytes"
	"strings"
	"time"
	"unsafe"

	"xmppscope/decode"
	"xmppscope/decode/explain"
)

// Search looks for a text through the rows of a view, around its end and back
// to where it began, a slice of work at a time. What it compares is what a
// person sees: the disarmed text, whatever carries it, and the title. Without a
// capital letter in the text it does not regard capitals.
type Search struct {
	store *Store
	view  *View
	text  string
	fold  bool
	step  int // +1 or -1
	line  int // the line looked at last
	left  int // lines still to be looked at

	event decode.Event
	found int
	wraps bool
}

// NewSearch begins a search behind (or, backward, before) a row of the view's
// store; -1 begins at an end. It looks at the lines the view has now.
func NewSearch(v *View, text string, row int, backward bool) *Search {
	s := &Search{store: v.store, view: v, text: text, fold: !hasUpper(text), step: 1, found: -1, left: v.Len()}
	line, exact := v.Find(row)
	switch {
	case backward:
		s.step, s.line = -1, line
		if row < 0 {
			s.line = 0 // from the end on, by way of the wrap
		}
	case exact:
		s.line = line
	default:
		s.line = line - 1
	}
	if text == "" {
		s.left = 0
	}
	return s
}

// Run searches for about as long as budget, or to the end where budget is 0
// or less. It tells whether the search goes on.
func (s *Search) Run(budget time.Duration) (more bool) {
	if budget <= 0 {
		return s.RunUntil(nil)
	}
	deadline := time.Now().Add(budget)
	return s.RunUntil(func() bool { return !time.Now().Before(deadline) })
}

// RunUntil is Run until stop, which is asked every few rows, says so.
func (s *Search) RunUntil(stop func() bool) (more bool) {
	for looked := 1; s.left > 0; looked++ {
		s.left--
		if s.line += s.step; s.line < 0 || s.line >= s.view.Len() {
			s.line, s.wraps = s.line-s.step*s.view.Len(), true
		}
		if row := s.view.RowAt(s.line); s.holds(row) {
			s.found, s.left = row, 0
			return false
		}
		if looked%clockEvery == 0 && stop != nil && stop() {
			break
		}
	}
	return s.left > 0
}

// Found is the row where the text stands; false where it was not found. wraps
// tells that the search went around the end.
func (s *Search) Found() (row int, wraps, ok bool) { return s.found, s.wraps, s.found >= 0 }

// Left is how many lines are still to be looked at.
func (s *Search) Left() int { return s.left }

func (s *Search) holds(row int) bool {
	login, err := s.store.record(row, &s.event)
	if err != nil {
		return false
	}
	wire := textView(legible(&s.event))
	if s.contains(wire) || Harmful(wire) && s.contains(Disarm(wire)) {
		return true
	}
	if s.store.share(row, &s.event, login) != nil {
		return false
	}
	return s.contains(Disarm(explain.Title(&s.event)))
}

// legible is the part of an event's bytes that people read: the XML inside
// frames, the head of what carries something else, nothing of what could not be
// decrypted.
func legible(e *decode.Event) []byte {
	switch {
	case e.XML != nil:
		return e.XML
	case e.Kind == decode.KindTLS && e.Name.Local == "":
		return nil
	case e.Kind == decode.KindHTTP:
		head, _, _ := bytes.Cut(e.Wire, []byte("\r\n\r\n"))
		return head
	}
	return e.Wire
}

func (s *Search) contains(text string) bool {
	return strings.Contains(text, s.text) || s.fold && indexFold(text, s.text) >= 0
}

// textView looks at bytes as text without a copy. Wire bytes never change.
func textView(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
