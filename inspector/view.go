package inspector

import (
	"time"

	"xmppscope/decode"
)

// View is the part of a store that is looked at: one conversation or all, and
// of it the events for which a filter holds. It changes in Update only, a
// slice of work at a time, so that a screen stays alive while a million
// events are filtered. It belongs to one goroutine.
type View struct {
	store  *Store
	conn   decode.ConnID // 0 for all
	filter *Filter
	folded func(row int) bool // what is not shown besides
	next   int                // rows below are decided
	rows   rowSet             // those shown; unused where every row is
	found  int                // findings below are considered
}

// NewView looks at all of a store.
func NewView(s *Store) *View { return &View{store: s} }

// Conn is the conversation looked at, 0 for all.
func (v *View) Conn() decode.ConnID { return v.conn }

// Filter is the filter in force; nil or one that holds for all shows all.
func (v *View) Filter() *Filter { return v.filter }

// SetConn chooses a conversation, 0 for all. The view is empty until Update.
func (v *View) SetConn(id decode.ConnID) { v.conn = id; v.restart() }

// SetFilter chooses a filter, nil for none. The view is empty until Update.
func (v *View) SetFilter(f *Filter) { v.filter = f; v.restart() }

// SetFold leaves out the rows for which folded holds, nil for none. The view is
// empty until Update.
func (v *View) SetFold(folded func(row int) bool) { v.folded = folded; v.restart() }

func (v *View) restart() {
	v.next, v.rows, v.found = 0, rowSet{}, v.store.found.Len()
	if v.conn == 0 {
		return
	}
	if c := v.store.conv(v.conn); c != nil && c.count.Load() > 0 {
		v.next = int(c.first.Load())
	}
}

// whole tells whether every row is shown.
func (v *View) whole() bool { return v.conn == 0 && v.filter.All() && v.folded == nil }

// clockEvery is after how many filtered rows the clock is asked.
const clockEvery = 32

// Update takes in rows that are new since the last time, for about as long as
// budget, or all of them where budget is 0 or less. It tells whether rows are
// waiting.
func (v *View) Update(budget time.Duration) (more bool) {
	if budget <= 0 {
		return v.UpdateUntil(nil)
	}
	deadline := time.Now().Add(budget)
	return v.UpdateUntil(func() bool { return !time.Now().Before(deadline) })
}

// UpdateUntil is Update until stop, which is asked every few rows, says so.
func (v *View) UpdateUntil(stop func() bool) (more bool) {
	n := v.store.Len()
	if v.whole() {
		v.next = n
		return false
	}
	looked := 0
	for ; v.next < n; v.next++ {
		v.take(v.next)
		if looked++; looked%clockEvery == 0 && stop != nil && stop() {
			v.next++
			break
		}
	}
	if v.filter.UsesFindings() {
		for _, f := range v.store.found.From(v.found) {
			v.found++
			v.reconsider(f.Seq)
		}
	}
	return v.next < n
}

// take decides about one row.
func (v *View) take(i int) {
	if v.filter.UsesReply() {
		v.reconsider(decode.Seq(v.store.rowAt(i).reply))
	}
	if v.conn != 0 && v.store.rowAt(i).conn != uint32(v.conn) {
		return
	}
	if v.filter.matchRow(v.store, i, v.rows.len()) && !v.hides(i) {
		v.rows.put(i, true)
	}
}

func (v *View) hides(row int) bool { return v.folded != nil && v.folded(row) }

// reconsider decides again about an event that was decided: it was answered,
// or something is found wrong with it.
func (v *View) reconsider(seq decode.Seq) {
	if seq == 0 {
		return
	}
	row, ok := v.store.Find(seq)
	if !ok || row >= v.next || v.conn != 0 && v.store.rowAt(row).conn != uint32(v.conn) {
		return
	}
	v.rows.put(row, v.filter.matchRow(v.store, row, v.rows.below(row)) && !v.hides(row))
}

// Progress is how many rows were decided, and how many there are.
func (v *View) Progress() (done, total int) { return v.next, v.store.Len() }

// Len is how many rows are shown.
func (v *View) Len() int {
	if v.whole() {
		return v.next
	}
	return v.rows.len()
}

// RowAt is the store's row that line i shows, 0 <= i < Len.
func (v *View) RowAt(i int) int {
	if v.whole() {
		return i
	}
	return v.rows.at(i)
}

// Find is the line that shows a row. Where none does, it is the line of the
// next row that is shown, Len where there is none.
func (v *View) Find(row int) (line int, exact bool) {
	n := v.Len()
	if v.whole() {
		return max(0, min(row, n)), row >= 0 && row < n
	}
	return v.rows.below(row), v.rows.has(row)
}
