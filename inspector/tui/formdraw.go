package tui

import "strings"

// The column of values, and the lines below the fields: a rule, three lines of
// help, and the command line.
const (
	formNames = 16
	formTexts = 2 + formNames + 1
	formFoot  = 4
)

func (w *form) draw(all canvas) {
	th := w.u.th
	body := all.sub(0, 0, all.w, all.h-1)
	in := window(body, th, w.f.Title, min(all.w, 110), body.h)
	y := 0
	if w.f.Intro != "" {
		y = drawProse(in.sub(0, 0, in.w, 3), w.f.Intro, th.dim) + 1
	}
	command := w.commandRows(in.w, max(1, min(4, in.h/5)))
	foot := formFoot + len(command)
	w.body = in.sub(0, y, in.w, max(1, in.h-y-foot))
	w.drawFields()
	w.drawFoot(in.sub(0, in.h-foot, in.w, foot), command)
}

// layout is all rows with what is wrong below the one that it is about, and
// which of them has the keys.
func (w *form) layout() (rows []formRow, at int) {
	lines := w.lines()
	at = -1
	for i, r := range lines {
		if i == w.on {
			at = len(rows)
		}
		rows = append(rows, r)
		d := &w.f.Fields[r.field]
		if last := r.nth == len(w.texts[r.field])-1; !last {
			continue
		}
		if x := w.wrong; x != nil && x.Field == d.Name {
			rows = w.wrongRows(rows, r, "✗ "+wire(x.Text))
			if x.Hint != "" {
				rows = w.wrongRows(rows, r, "  "+wire(x.Hint))
			}
		}
	}
	return rows, at
}

// wrongRows adds a text about a field in as many lines as it takes.
func (w *form) wrongRows(rows []formRow, at formRow, text string) []formRow {
	l := line{spans: []span{{text, w.u.th.bad}}}
	for i, r := range wrap(nil, &l, 0, w.body.w-2-formTexts-2) {
		rows = append(rows, formRow{at.field, at.nth, pick(i > 0, "  ", "") + restOf([]row{r})})
	}
	return rows
}

func (w *form) drawFields() {
	c, th := w.body, w.u.th
	rows, at := w.layout()
	w.rows = rows
	if at >= 0 {
		last := at
		for last+1 < len(rows) && rows[last+1].wrong != "" {
			last++
		}
		w.top = max(0, min(w.top, at))
		if last >= w.top+c.h {
			w.top = last - c.h + 1
		}
	} else {
		w.top = max(0, len(rows)-c.h)
	}
	w.top = max(0, min(w.top, len(rows)-c.h))
	w.rows = rows[w.top:]
	for y := 0; y < c.h && w.top+y < len(rows); y++ {
		w.drawRow(c.sub(0, y, c.w-2, 1), rows[w.top+y], w.top+y == at)
	}
	if w.top > 0 {
		c.text(c.w-1, 0, 1, "↑", th.strong)
	}
	if w.top+c.h < len(rows) {
		c.text(c.w-1, c.h-1, 1, "↓", th.strong)
	}
}

func (w *form) drawRow(c canvas, r formRow, on bool) {
	th, d := w.u.th, &w.f.Fields[r.field]
	x := formTexts
	if r.wrong != "" {
		c.text(x, 0, c.w-x, r.wrong, th.bad)
		return
	}
	if on {
		c.text(0, 0, 2, "▶ ", th.strong)
	}
	if r.nth == 0 {
		c.text(2, 0, formNames, d.Name, th.variable)
	}
	e, style := w.texts[r.field][r.nth], th.base
	if on {
		style = th.strong
	}
	switch {
	case d.Kind == FieldSwitch:
		c.text(x, 0, c.w-x, pick(e.text != "", "[x] yes", "[ ] no"), style)
	case d.Kind == FieldChoice:
		c.text(x, 0, c.w-x, "‹ "+pick(e.text == "", "as it comes", wire(e.text))+" ›", style)
	case on && d.Kind == FieldSecret:
		hidden := editor{text: secretText(e.text)}
		hidden.at = len(hidden.text)
		if !strings.Contains(e.text, "=") {
			hidden.at = e.at
		}
		hidden.draw(c, x, 0, style, -1)
		w.holder(c, d, e, x)
	case on:
		e.draw(c, x, 0, style, -1)
		w.holder(c, d, e, x)
	case e.text == "" && r.nth > 0:
		c.text(x, 0, c.w-x, "… one more", th.dim)
	case e.text == "":
		c.text(x, 0, c.w-x, d.Holder, th.dim)
	case d.Kind == FieldSecret:
		c.text(x, 0, c.w-x, wire(secretText(e.text)), style)
	default:
		c.text(x, 0, c.w-x, wire(e.text), style)
	}
}

// holder says in an empty field what it takes.
func (w *form) holder(c canvas, d *FormField, e *editor, x int) {
	if e.text == "" {
		c.text(x+2, 0, c.w-x-2, "("+d.Holder+")", w.u.th.dim)
	}
}

// commandRows is the command line, wrapped.
func (w *form) commandRows(width, most int) []row {
	_, typing := w.at()
	l := line{spans: []span{{pick(typing, "$ ", "▶ "), w.u.th.key}, {wire(w.line()), w.u.th.base}}, hang: 2, code: true, words: true}
	rows := wrap(nil, &l, 0, width-2)
	if len(rows) > most {
		rows = rows[len(rows)-most:] // its end is what is typed
	}
	return rows
}

func (w *form) drawFoot(c canvas, command []row) {
	th := w.u.th
	c.fill(0, 0, c.w, "─", th.dim)
	help := "This is the command line that does the same. y copies it."
	r, ok := w.at()
	if ok {
		help = w.f.Fields[r.field].Help
		if e := w.typing(); e != nil {
			if text := w.note(&w.f.Fields[r.field], e.text); text != "" {
				help = "✗ " + text
			}
		}
	}
	style := th.base
	switch {
	case w.stop != nil:
		help, style = "Working … Esc gives up.", th.strong
	case w.wrong != nil && w.wrong.Field == "":
		help, style = "✗ "+wire(w.wrong.Text), th.bad
		if w.wrong.Hint != "" {
			help += "; " + wire(w.wrong.Hint)
		}
	case strings.HasPrefix(help, "✗"):
		style = th.bad
	}
	drawProse(c.sub(0, 1, c.w, formFoot-1), help, style)
	for i, row := range command {
		c.spans(pickWidth(row.first, 0, 2), formFoot+i, c.w-2, row.spans)
	}
}
