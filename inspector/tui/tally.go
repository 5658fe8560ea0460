package tui

import (
	"strconv"

	"xmppscope/inspector"
)

// tally counts findings by their level.
type tally [inspector.LevelError + 1]int

// signs says how many errors and warnings there are, as in 2✗ 1!; notes are not
// worth a place where it is used.
func (t tally) signs() string {
	s := ""
	if n := t[inspector.LevelError]; n > 0 {
		s = strconv.Itoa(n) + "✗"
	}
	if n := t[inspector.LevelWarning]; n > 0 {
		if s != "" {
			s += " "
		}
		s += strconv.Itoa(n) + "!"
	}
	return s
}

// judge counts at most budget new findings to the conversations and phases of
// the events that they are about, which must have been scanned. It tells whether
// it should go on at once.
func (ts *tracks) judge(store *inspector.Store, budget int) (more bool) {
	all := store.Found().From(ts.judged)
	for i := range all[:min(len(all), budget)] {
		f := &all[i]
		row, ok := store.Find(f.Seq)
		switch {
		case ok && row >= ts.scanned || !ok && ts.comes(store, f):
			return false
		case ok:
			ts.count(store.Row(row), row, f.Level)
		}
		ts.judged++
	}
	return len(all) > budget
}

// comes tells whether the event of a finding is about to be published: the
// writer adds the finding first.
func (ts *tracks) comes(store *inspector.Store, f *inspector.Finding) bool {
	n := store.Len()
	return n == 0 || f.Seq > store.Row(n-1).Seq()
}

func (ts *tracks) count(r inspector.Row, row int, l inspector.Level) {
	t := ts.byConn[r.Conn()]
	if t == nil || int(l) >= len(t.found) {
		return
	}
	t.found[l]++
	if l == inspector.LevelError && !failed(r) {
		t.bad++
	}
	if i := t.at(row); i >= 0 {
		t.stages[i].found[l]++
	}
}
