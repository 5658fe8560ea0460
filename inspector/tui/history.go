package tui

import (
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// history is what happened so far in a conversation, for rules that are asked
// about what may come next. Of a long conversation its beginning and its end are
// kept: what lies between counts as lost, so that nothing is held against what
// cannot be seen.
type history struct {
	conn   decode.ConnID
	next   int // row
	first  []*decode.Event
	recent []*decode.Event
	left   bool // something lies between
}

// Bounds of a history, in events.
const (
	maxFirst  = 400
	maxRecent = 1600
)

// read takes in what is new.
func (h *history) read(store *inspector.Store, id decode.ConnID) {
	if h.conn != id {
		*h = history{conn: id}
	}
	n := store.Len()
	if h.next == 0 && n > maxLookBack {
		h.next, h.left = n-maxLookBack, true
	}
	for ; h.next < n; h.next++ {
		if store.Row(h.next).Conn() != id {
			continue
		}
		e, err := store.Event(h.next)
		if err != nil {
			h.left = true
			continue
		}
		if len(h.first) < maxFirst && !h.left {
			h.first = append(h.first, e)
			continue
		}
		if len(h.recent) == 2*maxRecent {
			h.recent, h.left = append(h.recent[:0], h.recent[maxRecent:]...), true
		}
		h.recent = append(h.recent, e)
	}
}

// judge asks all rules about some events as if they came now, at the time of the
// last one that did.
func (h *history) judge(look *looking, events []*decode.Event) (found []lint.Finding) {
	engine := lint.New(lint.Options{Verify: look.verify})
	var last *decode.Event
	tell := func(all []*decode.Event) {
		for _, e := range all {
			engine.Event(e)
			last = e
		}
	}
	tell(h.first)
	if h.left {
		gap := decode.Event{Conn: h.conn, Kind: decode.KindGap}
		if last != nil {
			gap.Seq, gap.Time, gap.State, gap.After = last.Seq, last.Time, last.After, last.After
		}
		engine.Event(&gap)
	}
	tell(h.recent)
	seq := decode.Seq(0)
	for _, e := range events {
		e.Conn = h.conn
		if last != nil {
			seq = max(seq, last.Seq)
			e.Time = last.Time
		}
		seq++
		e.Seq = seq
		if e.After == nil {
			e.After = e.State
		}
		found = append(found, engine.Event(e)...)
	}
	return found
}
