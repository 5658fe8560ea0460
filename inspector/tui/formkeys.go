package tui

import (
	"slices"

	"github.com/gdamore/tcell/v2"
)

func (w *form) key(ev *tcell.EventKey) bool {
	name := keyName(ev)
	if w.stop != nil { // it is beginning
		switch name {
		case "Esc":
			w.halt()
		case "Ctrl-C", "Ctrl-L":
			return false
		}
		return true
	}
	switch name {
	case "Ctrl-C", "Ctrl-L":
		return false
	case "Esc":
		w.u.close()
	case "Enter", "Ctrl-S":
		w.start()
	case "Ctrl-Y":
		w.u.copyText(w.line(), "the command line")
	case "Up", "Shift-Tab":
		w.move(-1)
	case "Down":
		w.move(1)
	case "PgUp":
		w.move(-w.body.h)
	case "PgDn":
		w.move(w.body.h)
	case "Tab":
		if !w.complete() {
			w.move(1)
		}
	default:
		w.change(ev, name)
	}
	return true
}

// change hands a key to the field that has the keys.
func (w *form) change(ev *tcell.EventKey, name string) {
	r, ok := w.at()
	if !ok {
		if name == "y" {
			w.u.copyText(w.line(), "the command line")
		}
		return
	}
	d, e := &w.f.Fields[r.field], w.texts[r.field][r.nth]
	before := e.text
	switch d.Kind {
	case FieldSwitch:
		if name == "Space" || name == "Left" || name == "Right" {
			e.set(pick(e.text == "", "true", ""))
		}
	case FieldChoice:
		switch name {
		case "Space", "Right":
			e.set(turned(d, e.text, 1))
		case "Left":
			e.set(turned(d, e.text, -1))
		}
	default:
		e.key(ev)
	}
	if e.text != before {
		w.changed()
	}
}

// turned is the choice that is n on from one.
func turned(d *FormField, now string, n int) string {
	all := d.Choices
	if len(d.Default) == 0 {
		all = append([]string{""}, all...)
	}
	i := slices.Index(all, now)
	return all[(i+n+len(all))%len(all)]
}

func (w *form) changed() {
	w.wrong = nil
	w.grow()
}

// complete makes a name or an expression longer where that is possible.
func (w *form) complete() bool {
	r, _ := w.at()
	e := w.typing()
	if e == nil || e.text == "" {
		return false
	}
	before := e.text
	switch w.f.Fields[r.field].Kind {
	case FieldFile:
		e.set(completePath(e.text))
	case FieldFilter, FieldBreak:
		e.set(completeField(e.text, e.at))
	}
	if e.text == before {
		return false
	}
	w.changed()
	return true
}

func (w *form) move(n int) {
	w.on = max(0, min(w.on+n, len(w.lines())))
	at, ok := w.at()
	w.grow()
	if ok { // lines may have gone
		w.on = max(0, slices.IndexFunc(w.lines(), func(r formRow) bool { return r.field == at.field }))
		w.on = min(w.on+at.nth, len(w.lines())-1)
		return
	}
	w.on = len(w.lines())
}

func (w *form) paste(text string) {
	if e := w.typing(); e != nil && w.stop == nil {
		e.insert(text)
		w.changed()
	}
}
