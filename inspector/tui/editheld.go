package tui

import (
	"os"
	"os/exec"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// editHeld edits the selected held unit. A login is edited by its fields first,
// as its XML tells a person nothing.
func (u *ui) editHeld() {
	h := u.toEdit()
	if h == nil {
		return
	}
	text, changed := u.queue.drafts[h.Seq]
	if !changed {
		text = string(h.Event.Text())
	}
	c := u.heldComposer(h, text)
	if f, _ := u.newLoginForm(c); f != nil {
		u.over = f
		return
	}
	u.openEditor(c)
}

// toEdit is the held unit that is to be edited. To open it loses nothing, so it
// need not be in front before.
func (u *ui) toEdit() *Held {
	if u.isLive() && len(u.queue.units) > 0 && u.heldUnit() == nil {
		u.focusOn(paneHeld)
	}
	return u.toHeld("edit")
}

// openEditor shows an editor, unless its text is too much for one.
func (u *ui) openEditor(c *composer) {
	if why := canEdit(c.text()); why != "" {
		u.say(noteBad, why+": E opens it in $EDITOR")
		return
	}
	u.over = c
}

// heldComposer is an editor of the bytes of a held unit.
func (u *ui) heldComposer(h *Held, text string) *composer {
	seq := h.Seq
	c := u.newComposer("Edit "+u.unitName(h), text, "Send", h.Conn, h.Dir)
	c.replaces(h.Event)
	c.send = func(text string, force bool) error { return u.sendEdited(seq, text, force) }
	c.leave = func(text string) { u.keepDraft(seq, text) }
	return c
}

// unitName says in a title what a held unit is.
func (u *ui) unitName(h *Held) string {
	return number(h.Seq) + " from the " + sideName(u.heldProfile(h), h.Dir) + ": " + wire(elementText(h.Event))
}

// sendEdited lets a held unit go, changed.
func (u *ui) sendEdited(seq decode.Seq, text string, force bool) error {
	h := u.queue.at(seq)
	a := live.Act{Do: "edit", Seq: seq, XML: &text, Force: force}
	as := "changed"
	if h != nil && text == string(h.Event.Text()) {
		a, as = live.Act{Do: "forward", Seq: seq}, "as it came"
	}
	if err := u.cap.src.Live.Do(a); err != nil {
		return err
	}
	delete(u.queue.drafts, seq)
	u.close()
	u.cap.follow = true
	u.watch()
	u.say(noteGood, number(seq)+" goes on "+as)
	return nil
}

// keepDraft keeps a change that was not sent.
func (u *ui) keepDraft(seq decode.Seq, text string) {
	h := u.queue.at(seq)
	switch {
	case h == nil:
		u.say(noteInfo, number(seq)+" is not held any more")
	case text == string(h.Event.Text()):
		delete(u.queue.drafts, seq)
		u.say(noteInfo, number(seq)+" is still held")
	default:
		if u.queue.drafts == nil {
			u.queue.drafts = map[decode.Seq]string{}
		}
		u.queue.drafts[seq] = text
		u.say(noteInfo, number(seq)+" is still held; the change is not sent: e goes on, u forgets it")
	}
}

// editOutside edits the held unit in the person's own editor, and then shows
// what came of it before it is sent.
func (u *ui) editOutside() {
	h := u.toEdit()
	if h == nil {
		return
	}
	text, changed := u.queue.drafts[h.Seq]
	if !changed {
		text = string(h.Event.Text())
	}
	edited, err := u.inEditor(text)
	if err != nil {
		u.say(noteBad, wire(err.Error()))
		return
	}
	u.watch()
	if h = u.queue.at(h.Seq); h == nil {
		u.say(noteInfo, "it is not held any more")
		return
	}
	if edited == text {
		u.say(noteInfo, "nothing was changed in "+wire(live.Editor())+"; "+number(h.Seq)+" is still held")
		return
	}
	u.keepDraft(h.Seq, edited)
	u.message = message{} // the editor that opens says the same
	if canEdit(edited) == "" {
		u.over = u.heldComposer(h, edited)
		return
	}
	seq := h.Seq
	u.over = &question{u: u, title: "Send it?", text: size(int64(len(edited))) + ", too much or too strange to be shown in the editor here.", answers: []answer{
		{"y", "send it as it is", func() {
			if err := u.sendEdited(seq, edited, true); err != nil {
				u.say(noteBad, wire(err.Error()))
			}
		}},
		{"Esc", "leave it held", func() {}},
	}}
}

// inEditor runs $VISUAL or $EDITOR on a text.
func (u *ui) inEditor(text string) (string, error) {
	return live.EditOutside(u.ctx, text, func(c *exec.Cmd) (err error) {
		c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
		u.lend(func() { err = c.Run() })
		return err
	})
}
