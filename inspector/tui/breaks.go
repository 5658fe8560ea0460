package tui

import (
	"slices"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// breaks lists the breakpoints: those of open connections hold what fits, those
// of a recording are where c goes to.
func (u *ui) breaks() []gate.Break {
	if u.isLive() {
		return u.cap.src.Live.Breaks()
	}
	return u.cap.breaks
}

// breaksOn counts the breakpoints that are on.
func (u *ui) breaksOn() int {
	n := 0
	for _, b := range u.breaks() {
		if !b.Off {
			n++
		}
	}
	return n
}

func (u *ui) addBreak(text string) error {
	if u.isLive() {
		return u.cap.src.Live.Do(live.Act{Do: "break", Expr: text})
	}
	b, err := gate.ParseBreak(text)
	if err != nil {
		return err
	}
	b.ID = 1
	for _, have := range u.cap.breaks {
		b.ID = max(b.ID, have.ID+1)
	}
	u.cap.breaks = append(u.cap.breaks, b)
	return nil
}

func (u *ui) removeBreak(id int) error {
	if u.isLive() {
		return u.cap.src.Live.Do(live.Act{Do: "unbreak", ID: id})
	}
	u.cap.breaks = slices.DeleteFunc(u.cap.breaks, func(b gate.Break) bool { return b.ID == id })
	return nil
}

func (u *ui) switchBreak(id int, off bool) {
	if u.isLive() {
		u.cap.src.Live.Switch(id, off)
		return
	}
	for i := range u.cap.breaks {
		if u.cap.breaks[i].ID == id {
			u.cap.breaks[i].Off = off
		}
	}
}

// askBreak asks for the condition of a breakpoint; the event that is looked at
// makes the first proposal.
func (u *ui) askBreak() {
	text := ""
	if e := u.detail.event; e != nil {
		text = gate.Like(e)
	}
	u.editBreak(text, 0)
}

// editBreak asks for a condition, in place of that of breakpoint id where it is
// not 0.
func (u *ui) editBreak(text string, id int) {
	p := &prompt{th: u.th, label: "break when", keys: []hint{
		{"Enter", pick(id == 0, "set it", "change it")}, {"Tab", "complete"}, {"Ctrl-U", "clear"}, {"Esc", "cancel"}}}
	p.typed.set(text)
	p.note = u.noted(u.breakNote)
	p.tab = completeField
	u.proposing(p, proposal{"once ", "once", "stop only once"})
	p.quit = u.close
	p.enter = func(text string) {
		if _, err := gate.ParseBreak(text); err != nil || strings.TrimSpace(text) == "" {
			return // the prompt says why
		}
		u.close()
		if err := u.placeBreak(text, id); err != nil {
			u.say(noteBad, wire(err.Error()))
		}
	}
	u.over = p
}

// placeBreak sets a breakpoint in place of that of id, where that is not 0, and
// says what it does. u takes it back.
func (u *ui) placeBreak(text string, id int) error {
	before := ""
	for _, b := range u.breaks() {
		if b.ID == id {
			before = b.Text()
		}
	}
	if err := u.addBreak(text); err != nil {
		return err
	}
	if id != 0 {
		if err := u.removeBreak(id); err != nil {
			return err
		}
	}
	set := u.breaks()
	new := set[len(set)-1].ID
	u.undoable("the breakpoint", func() {
		_ = u.removeBreak(new) // it may have gone by itself
		if before != "" {
			_ = u.addBreak(before) // it was good before
		}
	})
	if u.isLive() {
		u.say(noteGood, "what fits is held from now on; B lists the breakpoints")
	} else {
		u.say(noteGood, "c goes to the next event that fits; B lists the breakpoints")
	}
	return nil
}

// breakNote judges a condition, and counts what it would have stopped.
func (u *ui) breakNote(text string) (string, int, noteKind) {
	if strings.TrimSpace(text) == "" {
		return `for example: step == "sasl-auth"  ·  once name == "iq" and type == "set"`, -1, noteInfo
	}
	b, err := gate.ParseBreak(text)
	if err != nil {
		skipped := len(text) - len(strings.TrimPrefix(strings.TrimSpace(text), "once "))
		column, message := faultOf(text[skipped:], err)
		if column >= 0 {
			column = min(len(text), skipped+column)
		}
		return message, column, noteBad
	}
	return u.countFits(b.When), -1, noteGood
}

// countFits tells how many of the newest events fit, as many as can be looked
// at while a key waits, and which is the first of them.
func (u *ui) countFits(f *inspector.Filter) string {
	n, fits, first := u.cap.store.Len(), 0, -1
	deadline := time.Now().Add(slice)
	looked, hits := 0, f.UsesHits()
	for row := n - 1; row >= 0; row-- {
		holds := false
		if hits {
			_, holds = f.MatchRowCounted(u.cap.store, row, 0)
		} else {
			holds = f.MatchRow(u.cap.store, row)
		}
		if holds {
			fits++
			first = row
		}
		if looked++; looked%64 == 0 && time.Now().After(deadline) {
			break
		}
	}
	text := "fits " + thousands(fits) + " of the " + plural(n, "event") + " so far"
	if looked < n {
		text = "fits " + thousands(fits) + " of the newest " + plural(looked, "event")
	}
	if hits {
		text += ", hits not counted"
	}
	if first < 0 {
		return text
	}
	text += pick(fits == 1, ": ", ", the first is ") + number(u.cap.store.Row(first).Seq())
	if e, err := u.cap.store.Event(first); err == nil {
		text += " " + wire(elementText(e))
	}
	return text
}

// breakList lists the breakpoints, to be switched, changed and removed.
type breakList struct {
	u      *ui
	cursor int
	top    int
	body   canvas
}

func (u *ui) showBreaks() { u.over = &breakList{u: u} }

func (l *breakList) draw(c canvas) {
	th, all := l.u.th, l.u.breaks()
	body := c.sub(0, 0, c.w, c.h-1)
	in := window(body, th, "Breakpoints", min(c.w, 90), min(body.h, max(9, len(all)+5)))
	if len(all) == 0 {
		drawProse(in, "There are no breakpoints. a sets one; b in the list of events sets one that fits the event you stand on.", th.base)
		return
	}
	l.cursor = max(0, min(l.cursor, len(all)-1))
	in.text(0, 0, in.w, "      hits  holds when", th.dim)
	l.body = in.sub(0, 1, in.w, in.h-1)
	l.top = max(0, min(l.top, l.cursor))
	if l.cursor >= l.top+l.body.h {
		l.top = l.cursor - l.body.h + 1
	}
	for y := 0; y < l.body.h && l.top+y < len(all); y++ {
		b, style := &all[l.top+y], th.base
		if l.top+y == l.cursor {
			style = reversed(th.base)
			l.body.fill(0, y, l.body.w, " ", style)
			l.body.text(0, y, 1, "▶", style)
		}
		x := l.body.text(2, y, 3, pick(b.Off, "off", "on"), style)
		l.body.text(max(x, 6), y, 5, pad(thousands(b.Hits), 4), style)
		l.body.text(12, y, l.body.w-12, wire(b.Text()), style)
	}
}

func (l *breakList) key(ev *tcell.EventKey) bool {
	all := l.u.breaks()
	at := func() *gate.Break {
		if l.cursor < len(all) {
			return &all[l.cursor]
		}
		return nil
	}
	switch b := at(); keyName(ev) {
	case "j", "Down":
		l.cursor++
	case "k", "Up":
		l.cursor = max(0, l.cursor-1)
	case "Space":
		if b != nil {
			l.u.switchBreak(b.ID, !b.Off)
		}
	case "d", "x", "Delete":
		if b != nil {
			text := b.Text()
			if err := l.u.removeBreak(b.ID); err != nil {
				l.u.say(noteBad, wire(err.Error()))
			} else {
				l.u.undoable("the removal of the breakpoint", func() { _ = l.u.addBreak(text) })
			}
		}
	case "e", "Enter":
		if b != nil {
			l.u.editBreak(b.Text(), b.ID)
		}
	case "a", "b":
		l.u.askBreak()
	case "u":
		l.u.takeBack()
	case "Esc", "q", "B":
		l.u.close()
	case "Ctrl-C", "Ctrl-L":
		return false
	}
	return true
}

func (l *breakList) paste(string) {}

func (l *breakList) mouse(x, y, wheel int) {
	if wheel != 0 {
		l.cursor = max(0, l.cursor+wheel)
	} else if l.body.contains(x, y) {
		l.cursor = l.top + y - l.body.y
	}
}

func (l *breakList) hints() []hint {
	if len(l.u.breaks()) == 0 {
		return []hint{{"a", "add"}, {"Esc", "back"}}
	}
	return []hint{{"↑ ↓", "move"}, {"Space", "on or off"}, {"Enter", "change"}, {"d", "remove"}, {"a", "add"}, {"u", "undo"}, {"Esc", "back"}}
}
