package tui

import (
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
)

// What can be selected in the details: an attribute, a run of base64, a field.
// It is marked in every tab that shows it in any form, and its note stands at
// the foot of the pane.

// allParts are the parts of the event, made when somebody first asks.
func (d *detail) allParts() []stretch {
	if d.parts == nil && d.event != nil {
		in := d.input()
		x := explain.Event(explain.As(d.event, d.u.cap.profile(d.event.Conn)))
		d.parts = partsOf(d.event, in.links, &x)
	}
	return d.parts
}

// tabParts are those that a tab shows: XML has no fields of logins, SASL nothing
// else.
func (d *detail) tabParts() []stretch {
	var all []stretch
	for _, s := range d.allParts() {
		login := s.in == lint.InLogin || s.in == lint.InBase64
		switch d.tab {
		case tabXML:
			if s.in != lint.InText || !hasXML(d.event) {
				continue
			}
		case tabSASL:
			if !login {
				continue
			}
		case tabBytes:
		default:
			return nil
		}
		all = append(all, s)
	}
	return all
}

// selectNext selects the next part of the tab, or with -1 the one before. It is
// false where the tab shows nothing that can be selected.
func (d *detail) selectNext(n int) bool {
	all := d.tabParts()
	if len(all) == 0 {
		return false
	}
	at := -1
	for i := range all {
		if all[i] == d.mark {
			at = i
		}
	}
	switch {
	case at >= 0:
		at += n
	case d.mark.end > 0: // near what is marked
		at = d.nearest(all, n)
	case n < 0:
		at = len(all) - 1
	default:
		at = d.firstFrom(all)
	}
	if at < 0 || at >= len(all) {
		d.u.say(noteInfo, pick(n > 0, "this is the last part", "this is the first part")+" of what the tab shows")
		return true
	}
	d.markAll(all[at])
	return true
}

// nearest is the part behind or before what is marked, which is none of them.
func (d *detail) nearest(all []stretch, n int) int {
	for i := range all {
		m, ok := d.input().links.find(d.mark, all[i].in)
		if ok && all[i].start >= m.start {
			return i - pickInt(n < 0, 1, 0)
		}
	}
	return pickInt(n < 0, len(all)-1, 0)
}

// firstFrom is the first part on the row of the cursor or below it.
func (d *detail) firstFrom(all []stretch) int {
	p, row := d.page(), d.cursors[d.tab]
	if s, ok := p.(scroller); ok {
		for i := range all {
			if s.rowAt(all[i]) >= row {
				return i
			}
		}
	}
	return 0
}

// scroller is a page that can tell where bytes are shown.
type scroller interface {
	// rowAt is the row on which a stretch begins, -1 where it is not shown.
	rowAt(s stretch) int
}

// enterRow selects the first part on a row; where it is selected already, it
// goes on to the bytes.
func (d *detail) enterRow(row int) bool {
	if d.mark.name != "" && d.page().marked() == row && d.tab != tabBytes {
		d.point(tabBytes, d.mark)
		return true
	}
	s, ok := d.page().(scroller)
	if !ok {
		return false
	}
	for _, part := range d.tabParts() {
		if s.rowAt(part) == row {
			d.markAll(part)
			return true
		}
	}
	return false
}

// named gives bytes the name and note of the part that they are.
func (d *detail) named(s stretch) stretch {
	for _, p := range d.allParts() {
		if p.start == s.start && p.end == s.end && p.in == s.in {
			return p
		}
	}
	return s
}

// unselect forgets what is selected. It tells whether there was something.
func (d *detail) unselect() bool {
	if d.mark.name == "" {
		return false
	}
	d.markAll(stretch{})
	d.seek = false
	if o := d.u.beside(d); o != nil {
		o.seek = false
	}
	return true
}

// maxNoteLines is how high the note of what is selected is at most.
const maxNoteLines = 4

// noteLines is how many lines the note takes from the page.
func (d *detail) noteLines(c canvas) int {
	if d.mark.name == "" || c.h < 6 {
		return 0
	}
	return min(maxNoteLines, 1+len(d.noteRows(c.w-3)), c.h/3)
}

func (d *detail) noteRows(w int) []row {
	l := line{spans: []span{{capped(d.mark.note, 400), d.u.th.base}}}
	if d.mark.note == "" {
		return nil
	}
	return wrap(nil, &l, 0, w)
}

// drawNote says at the foot of the pane what is selected, where it stands, and
// what is known about it.
func (d *detail) drawNote(c canvas) {
	if d.mark.name == "" || c.h <= 0 {
		return
	}
	th := d.u.th
	c.fill(0, 0, c.w, "─", th.dim)
	where := extent(d.mark) + partWords(d.mark.in)
	x := c.text(1, 0, c.w-2, " "+capped(d.mark.name, 60)+" ", th.strong)
	c.text(x, 0, c.w-x-1, "· "+where+" ", th.dim)
	rows := d.noteRows(c.w - 3)
	for y := 1; y < c.h && y-1 < len(rows); y++ {
		c.spans(2, y, c.w-3, rows[y-1].spans)
	}
}

// partWords says what the numbers of bytes count in.
func partWords(in lint.Part) string {
	switch in {
	case lint.InBase64:
		return " of the base64"
	case lint.InLogin:
		return " of the decoded data"
	case inWire:
		return " of the wire"
	}
	return ""
}

func pickInt(first bool, a, b int) int {
	if first {
		return a
	}
	return b
}
