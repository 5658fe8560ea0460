package course

import (
	"bytes"
	"errors"

	"xmppscope/inspector"
)

// find asks for an event, and for bytes of it where the focus names some.
type find struct {
	event string
	nth   int
	span  string
}

func readFind(w *written) (Task, error) {
	if w.Event == "" {
		return nil, errors.New("find needs event, the expression that fits what is to be found")
	}
	return &find{w.Event, w.Nth, w.Span}, nil
}

// Spans tells whether bytes of an event are asked for, too.
func Spans(t Task) bool {
	f, ok := t.(*find)
	return ok && f.span != "" || askedElsewhere(t).Bytes
}

// Check implements [Task].
func (f *find) Check(a Answer, at *Place) Verdict {
	row, start, end := locate(at.Store, Focus{f.event, f.nth, f.span})
	switch {
	case a.Seq == 0:
		return Verdict{Missing: []string{"choose an event"}}
	case row < 0:
		return Verdict{Said: "The lesson is broken: nothing fits what it looks for."}
	}
	want := at.Store.Row(row).Seq()
	switch {
	case a.Seq < want:
		return Verdict{Said: "It is not this one: look further down."}
	case a.Seq > want:
		return Verdict{Said: "It is not this one: look further up."}
	case f.span == "":
		return Verdict{Done: true}
	case a.End == 0:
		return Verdict{Said: "This is the event.", Missing: []string{"choose the bytes in it"}}
	case a.Start < end && start < a.End:
		return Verdict{Done: true}
	}
	return Verdict{Said: "This is the event; the bytes are others."}
}

// Solution implements [Task].
func (f *find) Solution(at *Place) Answer {
	row, start, end := locate(at.Store, Focus{f.event, f.nth, f.span})
	if row < 0 {
		return Answer{}
	}
	return Answer{Seq: at.Store.Row(row).Seq(), Start: start, End: end}
}

// Problems implements [Task].
func (f *find) Problems(at *Place) []string { return Focus{f.event, f.nth, f.span}.problems(at.Store) }

// Locate finds what a step looks at: the row, -1 for none, and bytes of its
// wire.
func (s *Step) Locate(store *inspector.Store) (row, start, end int) { return locate(store, s.Focus) }

func locate(store *inspector.Store, f Focus) (row, start, end int) {
	if f.Event == "" || store == nil {
		return -1, 0, 0
	}
	filter, err := inspector.Compile(f.Event)
	if err != nil {
		return -1, 0, 0
	}
	nth := max(1, f.Nth)
	for i := range store.Len() {
		if !filter.MatchRow(store, i) {
			continue
		}
		if nth--; nth > 0 {
			continue
		}
		if f.Span == "" {
			return i, 0, 0
		}
		if e, err := store.Event(i); err == nil {
			if at := bytes.Index(e.Wire, []byte(f.Span)); at >= 0 {
				return i, at, at + len(f.Span)
			}
		}
		return i, 0, 0
	}
	return -1, 0, 0
}

// problems tells an author what is wrong with a focus.
func (f Focus) problems(store *inspector.Store) []string {
	if f.Event == "" {
		if f.Span != "" {
			return []string{"span without event"}
		}
		return nil
	}
	if _, err := inspector.Compile(f.Event); err != nil {
		return []string{"event: " + err.Error()}
	}
	if store == nil {
		return []string{"event without a capture"}
	}
	row, _, end := locate(store, f)
	switch {
	case row < 0:
		return []string{"no event fits " + f.Event}
	case f.Span != "" && end == 0:
		return []string{"the event has no bytes " + f.Span}
	}
	return nil
}
