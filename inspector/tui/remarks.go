package tui

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// The signs of a mark and of a note in the list.
const markSign, noteSign = "◆", ";"

// remarkSign is the sign of what a person wrote at an event, "" for nothing.
func remarkSign(m inspector.Remark) string {
	switch {
	case m.Marked:
		return markSign
	case m.Note != "":
		return noteSign
	}
	return ""
}

// here is the number of the selected event; 0, and a word about it, where there
// is none.
func (u *ui) here() decode.Seq {
	row := u.cap.row()
	if row < 0 {
		u.say(noteInfo, "no event is selected")
		return 0
	}
	return u.cap.store.Row(row).Seq()
}

// mark puts a mark on the selected event, or takes it away.
func (u *ui) mark() {
	seq := u.here()
	if seq == 0 {
		return
	}
	m := u.cap.store.Remarks().Of(seq)
	m.Marked = !m.Marked
	u.cap.store.Remarks().Set(seq, m)
	u.renewRemarks()
	if !m.Marked {
		u.say(noteInfo, number(seq)+" is no longer marked")
		return
	}
	u.cap.marked = seq
	u.say(noteGood, number(seq)+" is marked; x at another event compares the two")
	u.message.keys = u.named("compare", "marks", "write")
}

// renewRemarks shows what was written.
func (u *ui) renewRemarks() {
	u.detail.renew(tabExplain)
}

// maxNote bounds a note, in bytes.
const maxNote = 4 << 10

// askNote takes a note on the selected event.
func (u *ui) askNote() {
	seq := u.here()
	if seq == 0 {
		return
	}
	had := u.cap.store.Remarks().Of(seq)
	p := &prompt{th: u.th, label: "Note on " + number(seq) + ":", quit: u.close,
		keys: []hint{{"Enter", pick(had.Note == "", "keep it", "keep it, or remove it where it is empty")}, {"Esc", "leave it as it was"}}}
	p.typed.set(had.Note)
	p.note = func(text string) (string, int, noteKind) {
		if len(text) > maxNote {
			return "a note has room for " + thousands(maxNote) + " bytes", -1, noteBad
		}
		return "shown with the event; W saves it in a capture for others too", -1, noteInfo
	}
	p.enter = func(text string) {
		if len(text) > maxNote {
			return
		}
		u.close()
		u.putNote(seq, text)
	}
	u.over = p
}

// unsaved counts the marks, notes and names that are nowhere but here.
func (c *capture) unsaved() (n int) {
	if c.store.Remarks().Edits() != c.savedAt {
		n += len(c.store.Remarks().All())
	}
	if c.store.Actors().Edits() != c.namedAt {
		n += len(c.store.Actors().All())
	}
	return n
}

// remark shows what was written at the event.
func (b *builder) remark(in *tabInput) {
	if in.hold != nil {
		return
	}
	m := in.ctx.store.Remarks().Of(in.event.Seq)
	switch {
	case m.Note != "":
		b.labelled(pick(m.Marked, markSign+" Noted", "Noted"), capped(m.Note, maxNote), b.th.strong)
	case m.Marked:
		b.labelled(markSign, "marked; x at another event compares the two", b.th.dim)
	}
}

// putNote writes a note on an event; an empty one takes it away.
func (u *ui) putNote(seq decode.Seq, text string) {
	m := u.cap.store.Remarks().Of(seq)
	m.Note = strings.TrimSpace(text)
	u.cap.store.Remarks().Set(seq, m)
	u.renewRemarks()
	u.say(noteGood, pick(m.Note == "", number(seq)+" has no note", number(seq)+" has a note; W saves it"))
}

// showMarks lists what is marked and noted, to go there.
func (u *ui) showMarks() {
	var items []item
	all := u.cap.store.Remarks().All()
	for _, seq := range all {
		m := u.cap.store.Remarks().Of(seq)
		text, row, ok := "", 0, false
		if row, ok = u.cap.store.Find(seq); ok {
			t := u.list.texts.get(u.cap.store, row)
			text = t.element + "  " + t.title
		}
		if m.Note != "" {
			text = capped(m.Note, 200) + "  — " + text
		}
		items = append(items, item{key: pick(m.Marked, markSign, " ") + number(seq), text: text, match: number(seq) + " " + text})
	}
	if len(items) == 0 {
		u.say(noteInfo, "nothing is marked or noted: m marks an event, ; writes a note")
		return
	}
	c := newChooser(u.th, "Marks and notes", items)
	c.quit = u.close
	c.pick = func(i int, _ string) {
		u.close()
		u.jump(all[i])
	}
	u.over = c
}
