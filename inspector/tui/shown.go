package tui

import (
	"xmppscope/decode"
	"xmppscope/inspector"
)

// shown is the part of a store that is listed: one conversation or all, and
// of it the events for which a filter holds.
type shown struct {
	store *inspector.Store
	conn  decode.ConnID
	rows  []int
	at    int
	f     *inspector.Filter
}

func newShown(s *inspector.Store) *shown { return &shown{store: s} }
func (v *shown) SetConn(c decode.ConnID) {
	v.conn, v.rows, v.at = c, nil, 0
	v.Update()
}
func (v *shown) plain() bool { return v.conn == 0 && v.f.All() }
func (v *shown) SetFilter(f *inspector.Filter) {
	v.f, v.rows, v.at = f, nil, 0
	v.Update()
}
func (v *shown) Update() {
	if v.plain() {
		return
	}
	for ; v.at < v.store.Len(); v.at++ {
		if (v.conn == 0 || v.store.Row(v.at).Conn() == v.conn) && v.f.MatchRow(v.store, v.at) {
			v.rows = append(v.rows, v.at)
		}
	}
}
func (v *shown) Len() int {
	if v.plain() {
		return v.store.Len()
	}
	return len(v.rows)
}
func (v *shown) RowAt(i int) int {
	if v.plain() {
		return i
	}
	return v.rows[i]
}
func (v *shown) Find(row int) int {
	if v.plain() {
		return row
	}
	for i, r := range v.rows {
		if r >= row {
			return i
		}
	}
	return -1
}
