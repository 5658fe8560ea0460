package tui

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// form is a Form that is being filled in: its fields, below them what the marked
// one is for, and the command line that all of them stand for.
type form struct {
	u     *ui
	f     *Form
	texts [][]*editor // of each field, one for each of its values
	on    int         // row that has the keys; behind the last is the command line
	top   int
	wrong *FormError // of the last try
	stop  context.CancelFunc
	run   int // which try it is: what came of an older one is given up
	body  canvas
	rows  []formRow // as drawn
}

// formRow is a line of the form: a value of a field, or what is wrong with it.
type formRow struct {
	field, nth int
	wrong      string
}

// fillIn shows a form, with some values in place of its own.
func (u *ui) fillIn(f *Form) *form {
	w := &form{u: u, f: f}
	for i := range f.Fields {
		d := &f.Fields[i]
		values, given := f.Values[d.Name]
		if !given {
			values = d.Default
		}
		var all []*editor
		for _, v := range values {
			all = append(all, &editor{text: v, at: len(v)})
		}
		if len(all) == 0 {
			all = append(all, &editor{})
		}
		w.texts = append(w.texts, all)
	}
	w.grow()
	if u.left == nil {
		u.left = map[string]*form{}
	}
	if f.Values == nil {
		u.left[f.Name] = w
	}
	u.over = w
	return w
}

// begin shows a form, as it was left where it was shown before, or begins at once
// what needs no asking.
func (u *ui) begin(f *Form) {
	if w := u.left[f.Name]; w != nil && !f.Direct {
		w.f, w.wrong, w.on = f, nil, 0
		u.over = w
		return
	}
	if w := u.fillIn(f); f.Direct {
		w.start()
	}
}

// grow keeps one empty line behind the values of every field that takes several.
func (w *form) grow() {
	for i := range w.f.Fields {
		if !w.f.Fields[i].Many {
			continue
		}
		all := slices.DeleteFunc(w.texts[i], func(e *editor) bool { return e.text == "" && e != w.typing() })
		if len(all) == 0 || all[len(all)-1].text != "" {
			all = append(all, &editor{})
		}
		w.texts[i] = all
	}
}

// lines are the rows of all fields.
func (w *form) lines() (all []formRow) {
	for i := range w.texts {
		for k := range w.texts[i] {
			all = append(all, formRow{field: i, nth: k})
		}
	}
	return all
}

// at is the row that has the keys; false on the command line.
func (w *form) at() (formRow, bool) {
	all := w.lines()
	if w.on >= len(all) {
		return formRow{}, false
	}
	return all[w.on], true
}

// typing is the line of text that has the keys; nil where that is no text.
func (w *form) typing() *editor {
	if r, ok := w.at(); ok {
		if k := w.f.Fields[r.field].Kind; k != FieldSwitch && k != FieldChoice {
			return w.texts[r.field][r.nth]
		}
	}
	return nil
}

// values are what is filled in and is not the default.
func (w *form) values() map[string][]string {
	all := map[string][]string{}
	for i := range w.f.Fields {
		d := &w.f.Fields[i]
		var values []string
		for _, e := range w.texts[i] {
			if e.text != "" {
				values = append(values, e.text)
			}
		}
		if slices.Equal(values, d.Default) {
			continue
		}
		if values == nil {
			values = []string{}
		}
		all[d.Name] = values
	}
	return all
}

func (w *form) line() string {
	if w.f.Line == nil {
		return ""
	}
	return w.f.Line(w.values())
}

// start begins what the form is for, unless the screen can tell already that
// something is wrong.
func (w *form) start() {
	if w.stop != nil {
		return
	}
	if w.wrong = w.judge(); w.wrong != nil {
		w.seek()
		return
	}
	if w.u.lesson != nil {
		w.begin() // it may be a text to be read: whether the lesson is left is asked when it has come
		return
	}
	w.u.leavingLive("what is live now", w.begin)
}

// begin runs what the form is for with what stands in its fields now.
func (w *form) begin() {
	u := w.u
	u.over = w
	ctx, stop := context.WithCancel(u.ctx)
	w.stop = stop
	w.run++
	run, values := w.run, w.values()
	u.away(ctx, func(ctx context.Context) (taken, lost func()) {
		src, text, err := w.f.Run(ctx, values)
		lost = func() {
			stop()
			if src != nil && src.Close != nil {
				src.Close()
			}
		}
		return func() {
			if w.run != run || u.over != overlay(w) {
				lost()
				return
			}
			w.stop = nil
			w.took(src, text, err)
		}, lost
	})
}

// ownDoor tells whether what is wrong is about an address at which what is live
// now takes clients itself: that is left first, then.
func (w *form) ownDoor(wrong *FormError) bool {
	return w.u.cap != nil && w.u.isLive() && slices.ContainsFunc(w.u.queue.status.Listening, func(door string) bool {
		at := door[strings.LastIndexByte(door, ' ')+1:]
		return at != "" && strings.Contains(wrong.Text+" ", at+":")
	})
}

// judge is what is wrong with expressions, which the screen can tell itself.
func (w *form) judge() *FormError {
	for i := range w.f.Fields {
		d := &w.f.Fields[i]
		for _, e := range w.texts[i] {
			if text := w.note(d, e.text); text != "" {
				return &FormError{Field: d.Name, Text: text}
			}
		}
	}
	return nil
}

// note says what is wrong with a value; empty for nothing.
func (w *form) note(d *FormField, text string) string {
	if text == "" || d.Kind != FieldFilter && d.Kind != FieldBreak {
		return ""
	}
	column, message := exprFault(text, d.Kind == FieldBreak)
	if message == "" {
		return ""
	}
	return "column " + thousands(column) + ": " + message
}

// halt gives up what is beginning.
func (w *form) halt() {
	w.stop()
	w.stop = nil
	w.run++
	w.u.say(noteInfo, "given up")
}

// took takes over what has come of it.
func (w *form) took(src *Source, text string, err error) {
	var at *FormError
	switch {
	case errors.As(err, &at) && w.ownDoor(at):
		w.u.shut()
		w.begin()
	case errors.As(err, &at):
		w.wrong = at
		w.seek()
	case err != nil:
		w.wrong = &FormError{Text: err.Error()}
	case src != nil && w.u.lesson != nil:
		w.u.leavingLesson(func() { w.u.look(src) }, func() {
			if src.Close != nil {
				src.Close()
			}
		})
	case src != nil:
		w.u.look(src)
	default:
		w.u.close()
		w.u.readText(w.f.Title, text, w)
	}
}

// seek gives the keys to the field where something is wrong.
func (w *form) seek() {
	for i, r := range w.lines() {
		if w.f.Fields[r.field].Name == w.wrong.Field {
			w.on = i
			return
		}
	}
}

func (w *form) mouse(x, y, wheel int) {
	switch i := y - w.body.y; {
	case wheel != 0:
		w.move(wheel)
	case w.body.contains(x, y) && i < len(w.rows):
		for k, r := range w.lines() {
			if r.field == w.rows[i].field && r.nth == w.rows[i].nth {
				w.on = k
			}
		}
	}
}

func (w *form) hints() []hint {
	if w.stop != nil {
		return []hint{{"Esc", "give up"}}
	}
	all := []hint{{"Enter", w.word()}, {"↑ ↓", "field"}}
	if r, ok := w.at(); ok {
		switch w.f.Fields[r.field].Kind {
		case FieldSwitch, FieldChoice:
			all = append(all, hint{"Space", "change"})
		case FieldFile, FieldFilter, FieldBreak:
			all = append(all, hint{"Tab", "complete"})
		}
	}
	return append(all, hint{"Ctrl-Y", "copy the command"}, hint{"Esc", "back"})
}

func (w *form) word() string {
	if w.f.Start != "" {
		return w.f.Start
	}
	return "start"
}

// secretText is a secret as it may be shown: what stands before its first = is
// none.
func secretText(s string) string {
	who, secret, ok := strings.Cut(s, "=")
	if !ok {
		return who
	}
	return who + "=" + strings.Repeat("•", min(8, len(secret)))
}
