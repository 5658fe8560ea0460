package tui

import (
	"slices"

	"xmppscope/decode"
)

// Phases fold in the list: of one that is folded only its first event is shown.

// fold names a phase of a conversation by its first row.
type fold struct {
	conn  decode.ConnID
	first int
}

// hides tells whether a row is left out because its phase is folded.
func (c *capture) hides(row int) bool {
	r := c.store.Row(row)
	f, ok := c.foldOf(r.Conn(), row)
	return ok && f.first != row && c.folds[f]
}

// foldOf is the phase that a row lies in.
func (c *capture) foldOf(conn decode.ConnID, row int) (f fold, ok bool) {
	t := c.tracks.of(conn)
	if i := t.at(row); i >= 0 {
		return fold{conn, t.stages[i].first}, true
	}
	return f, false
}

// refold shows what is folded and what is not, with the cursor on its event or on
// the first one of its phase.
func (c *capture) refold(row int) {
	if len(c.folds) == 0 {
		c.session.SetFold(nil)
	} else {
		c.session.SetFold(c.hides)
	}
	c.session.Select(row)
	c.update()
}

// unfoldTo opens the phase of a row that is to be shown.
func (c *capture) unfoldTo(row int) {
	if len(c.folds) == 0 || row < 0 || row >= c.store.Len() || !c.hides(row) {
		return
	}
	if f, ok := c.foldOf(c.store.Row(row).Conn(), row); ok {
		delete(c.folds, f)
		c.refold(row)
	}
}

// toggleFold folds the phase that the cursor is in, or opens it.
func (u *ui) toggleFold() {
	c := u.cap
	row := c.row()
	if row < 0 {
		u.say(noteInfo, "nothing is selected")
		return
	}
	if u.unfoldHere() {
		return
	}
	f, ok := c.foldOf(c.store.Row(row).Conn(), row)
	if !ok {
		u.say(noteInfo, "this event is in no phase yet")
		return
	}
	if s := c.tracks.of(f.conn).stages; !slices.ContainsFunc(s, func(s stage) bool { return s.first == f.first && s.last > s.first }) {
		u.say(noteInfo, "this phase has one event, so there is nothing to fold; V folds every phase")
		return
	}
	if c.folds == nil {
		c.folds = map[fold]bool{}
	}
	c.follow = false
	c.folds[f] = true
	c.refold(f.first)
	u.say(noteInfo, "the phase is folded; v or Enter opens it, V opens all")
}

// unfoldHere opens the phase whose first event is selected, if it is folded.
func (u *ui) unfoldHere() bool {
	c := u.cap
	row := c.row()
	if row < 0 {
		return false
	}
	f, ok := c.foldOf(c.store.Row(row).Conn(), row)
	if !ok || !c.folds[f] {
		return false
	}
	delete(c.folds, f)
	c.refold(row)
	u.say(noteInfo, "the phase is open again; v folds it")
	return true
}

// foldAll folds every phase of the conversations shown, or opens all where one is
// folded.
func (u *ui) foldAll() {
	c := u.cap
	row := c.row()
	if row < 0 {
		u.say(noteInfo, "nothing is selected")
		return
	}
	if len(c.folds) > 0 {
		c.folds = nil
		c.refold(row)
		u.say(noteInfo, "all phases are open again")
		return
	}
	c.folds = map[fold]bool{}
	for conn, t := range c.tracks.byConn {
		if c.conn != 0 && conn != c.conn {
			continue
		}
		for i := range t.stages {
			if s := &t.stages[i]; s.last > s.first {
				c.folds[fold{conn, s.first}] = true
			}
		}
	}
	if f, ok := c.foldOf(c.store.Row(row).Conn(), row); ok {
		row = f.first
	}
	c.follow = false
	c.refold(row)
	u.say(noteInfo, "every phase is folded to its first event; Enter opens one, V all")
}

// folded marks the first row of a folded phase, with how many events it stands
// for.
func (l *list) folded(t rowText, row int) rowText {
	c := l.u.cap
	if len(c.folds) == 0 {
		return t
	}
	tr := c.tracks.of(c.store.Row(row).Conn())
	i := tr.at(row)
	if i < 0 || tr.stages[i].first != row || !c.folds[fold{c.store.Row(row).Conn(), row}] {
		return t
	}
	s := &tr.stages[i]
	t.below = "▸ " + l.u.bar.text(s) + pick(s.count == 1, "", " · "+plural(s.count, "event"))
	return t
}
