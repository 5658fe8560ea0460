package inspector

import (
	"context"
	"time"

	"xmppscope/decode"
)

// Session is the debugger over a recorded or growing input: a view, a cursor
// and verbs. Stepping back is stepping forward with another sign, for the past
// is never lost. It belongs to one goroutine; the store may be filled by
// another.
type Session struct {
	// Store is what is looked at.
	Store *Store

	view *View
	row  int // where the cursor wants to be; the view decides where it is
}

// NewSession begins at the first event.
func NewSession(s *Store) *Session { return &Session{Store: s, view: NewView(s)} }

// View is what is shown. Change it through the session's SetFilter, SetConn
// and Update, so that the cursor stays where it was.
func (s *Session) View() *View { return s.view }

// Update takes in new rows, see View.Update. Until all are taken in, the
// cursor may stand before its place.
func (s *Session) Update(budget time.Duration) (more bool) { return s.view.Update(budget) }

// SetFilter shows the events for which f holds. The cursor stays on its event,
// or goes to the next one shown.
func (s *Session) SetFilter(f *Filter) { s.settle(); s.view.SetFilter(f) }

// SetConn shows one conversation, 0 for all.
func (s *Session) SetConn(id decode.ConnID) { s.settle(); s.view.SetConn(id) }

// SetFold leaves out the rows for which folded holds, nil for none.
func (s *Session) SetFold(folded func(row int) bool) { s.settle(); s.view.SetFold(folded) }

// settle makes the place of the cursor the one it wants.
func (s *Session) settle() {
	if row := s.Row(); row >= 0 && s.view.next >= s.Store.Len() {
		s.row = row
	}
}

// Line is the line of the view that the cursor stands on, -1 where nothing is
// shown.
func (s *Session) Line() int {
	line, _ := s.view.Find(s.row)
	return min(line, s.view.Len()-1)
}

// Row is the row of the store that the cursor stands on, -1 where nothing is
// shown.
func (s *Session) Row() int {
	if line := s.Line(); line >= 0 {
		return s.view.RowAt(line)
	}
	return -1
}

// Event is the event that the cursor stands on, nil where nothing is shown.
func (s *Session) Event() (*decode.Event, error) {
	if row := s.Row(); row >= 0 {
		return s.Store.Event(row)
	}
	return nil, nil
}

// Select puts the cursor on a row of the store; it tells whether it is shown.
// If not, the cursor stands on the next row that is.
func (s *Session) Select(row int) bool {
	s.row = row
	_, exact := s.view.Find(row)
	return exact
}

// Move goes n lines on, or back where n is negative, as far as there are
// lines. It tells whether the cursor moved.
func (s *Session) Move(n int) bool {
	from := s.Line()
	to := max(0, min(from+n, s.view.Len()-1))
	if from < 0 || to == from {
		return false
	}
	s.row = s.view.RowAt(to)
	return true
}

// Step goes to the next event.
func (s *Session) Step() bool { return s.Move(1) }

// Back goes to the event before.
func (s *Session) Back() bool { return s.Move(-1) }

// First goes to the first event shown.
func (s *Session) First() bool { return s.Move(-s.view.Len()) }

// Last goes to the last event shown.
func (s *Session) Last() bool { return s.Move(s.view.Len()) }

// Goto goes to an event by its number. It is false, and the cursor stays,
// where there is none or it is not shown.
func (s *Session) Goto(seq decode.Seq) bool {
	row, ok := s.Store.Find(seq)
	if !ok {
		return false
	}
	if _, shown := s.view.Find(row); !shown {
		return false
	}
	s.row = row
	return true
}

// NextPhase goes to the first event of the next phase of the conversation that
// the cursor is in; false where there is none.
func (s *Session) NextPhase() bool {
	at := s.Row()
	if at < 0 {
		return false
	}
	now := s.Store.Row(at)
	for i := s.Line() + 1; i < s.view.Len(); i++ {
		if row := s.view.RowAt(i); s.otherPhase(row, now) {
			s.row = row
			return true
		}
	}
	return false
}

// PrevPhase goes to the first event of the phase that the cursor is in, or,
// where it stands there, of the phase before.
func (s *Session) PrevPhase() bool {
	at := s.Row()
	if at < 0 {
		return false
	}
	if first := s.phaseStart(at); first != at {
		s.row = first
		return true
	}
	now := s.Store.Row(at)
	for i := s.Line() - 1; i >= 0; i-- {
		if row := s.view.RowAt(i); s.otherPhase(row, now) {
			s.row = s.phaseStart(row)
			return true
		}
	}
	return false
}

// otherPhase tells whether a row belongs to the same conversation and to
// another phase.
func (s *Session) otherPhase(row int, now Row) bool {
	r := s.Store.Row(row)
	return r.conn == now.conn && r.Stage() != now.Stage() && r.Phase() != decode.PhaseNone && !r.Carries()
}

// phaseStart is the first shown row of the phase that a shown row is in.
func (s *Session) phaseStart(row int) int {
	now := s.Store.Row(row)
	line, _ := s.view.Find(row)
	for i := line - 1; i >= 0; i-- {
		before := s.view.RowAt(i)
		r := s.Store.Row(before)
		if r.conn != now.conn || r.Phase() == decode.PhaseNone || r.Carries() {
			continue
		}
		if r.Stage() != now.Stage() {
			break
		}
		row = before
	}
	return row
}

// SearchNext goes to the next event shown that has a text in its wire bytes or
// title, around the end if need be. It is false, and the cursor stays, where
// there is none or ctx is done.
func (s *Session) SearchNext(ctx context.Context, text string) (wraps, ok bool) {
	return s.search(ctx, text, false)
}

// SearchPrev is SearchNext backward.
func (s *Session) SearchPrev(ctx context.Context, text string) (wraps, ok bool) {
	return s.search(ctx, text, true)
}

func (s *Session) search(ctx context.Context, text string, backward bool) (wraps, ok bool) {
	q := NewSearch(s.view, text, s.Row(), backward)
	q.RunUntil(func() bool { return ctx.Err() != nil })
	row, wraps, ok := q.Found()
	if ok {
		s.row = row
	}
	return wraps, ok
}

// WhoSet is the event that gave a state variable the value it has at the
// cursor, see Store.WhoSet.
func (s *Session) WhoSet(variable string) (decode.Seq, bool) {
	at := s.Row()
	if at < 0 {
		return 0, false
	}
	row, ok := s.Store.WhoSet(at, variable)
	if !ok {
		return 0, false
	}
	return s.Store.Row(row).Seq(), true
}
