package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/sasl"
	"xmppscope/inspector/live"
)

// loginForm edits what a login says, decoded: a line for each field. The base64
// is made of them again, and nothing else of the unit changes. Below stands how
// it compares with the password, where one is known, and what the rules say.
type loginForm struct {
	c      *composer // which sends, and edits the same as XML
	login  *live.Login
	typed  []editor // of its fields
	on     int
	top    int
	scroll int
	failed string
	rows   canvas
	of     []int // the field that stands in each of them
	notes  canvas
	button canvas
	places []canvas // of the buttons
}

// newLoginForm takes the login data in an editor apart; nil where there are
// none, and why.
func (u *ui) newLoginForm(c *composer) (f *loginForm, why string) {
	l, why := live.TakeApart(c.text(), c.advice.original, c.advice.exchange, c.advice.within())
	if l == nil {
		return nil, why
	}
	f = &loginForm{c: c, login: l, typed: make([]editor, len(l.Fields))}
	for i := range l.Fields {
		f.typed[i].set(l.Fields[i].Now)
		if d := &l.Fields[i]; d.Secret || d.Base64 && !l.Fields[f.on].Secret {
			f.on = i // what people come here for: the password, the proof
		}
	}
	return f, ""
}

// take takes over into the editor what the fields make; false where one of them
// has no value.
func (f *loginForm) take() bool {
	for i := range f.typed {
		f.login.Fields[i].Now = f.typed[i].text
	}
	if f.failed = f.login.Fault(); f.failed != "" {
		return false
	}
	if b, text := f.c.box, f.login.Text(); text != b.text {
		b.replace(0, len(b.text), text, false)
	}
	return true
}

func (f *loginForm) draw(all canvas) {
	th := f.c.u.th
	fields := f.login.Fields
	body := all.sub(0, 0, all.w, all.h-1)
	in := window(body, th, f.c.title, min(all.w, 110), min(body.h, max(20, 2*len(fields)+16)))
	in.text(0, 0, in.w, f.login.What+pick(f.login.Base64, "; base64 is made of the fields again", ""), th.dim)
	below := max(4, min(in.h/2, in.h-2-2*len(fields)))
	f.rows = in.sub(0, 2, in.w, max(2, in.h-2-below))
	shown := max(1, f.rows.h/2)
	f.top = max(0, min(f.top, f.on))
	if f.on >= f.top+shown {
		f.top = f.on - shown + 1
	}
	w := 0
	for i := range fields {
		w = max(w, min(20, width(wire(fields[i].Name))))
	}
	spare := f.rows.h - 2*len(fields) // for what is said of a field to take a second line
	f.of = f.of[:0]
	for i := f.top; i < len(fields) && len(f.of)+2 <= f.rows.h; i++ {
		h := 2
		if spare > 0 && f.noteRows(i, f.rows.w-2-w-2) > 1 {
			h, spare = 3, spare-1
		}
		f.drawField(f.rows.sub(0, len(f.of), f.rows.w, h), i, w)
		for range h {
			f.of = append(f.of, i)
		}
	}
	if f.top+shown < len(fields) {
		f.rows.text(f.rows.w-1, f.rows.h-1, 1, "↓", th.strong)
	}
	f.drawBelow(in.sub(0, in.h-below, in.w, below))
}

// drawBelow shows what the fields make and what comes of it.
func (f *loginForm) drawBelow(c canvas) {
	th := f.c.u.th
	c.fill(0, 0, c.w, "─", th.dim)
	y := 1
	if data, ok := live.Payload(f.c.text(), f.c.advice.within()); ok && f.login.Base64 && f.failed == "" {
		x := c.text(0, 1, c.w, "base64  ", th.key)
		c.text(x, 1, c.w-x, wire(data), th.dim)
		y++
	}
	f.button = c.sub(0, c.h-1, c.w, 1)
	x := 0
	f.places = f.places[:0]
	for _, b := range f.buttons() {
		text := "[ " + b.does + "  " + b.key + " ]"
		f.places = append(f.places, f.button.sub(x, 0, width(text), 1))
		x = f.button.text(x, 0, c.w-x, text, th.key) + 2
	}
	f.notes = c.sub(0, y, c.w, c.h-1-y)
	var rows []row
	for i, s := range f.lines() {
		l := line{spans: []span{{wire(s.text), s.style}}, hang: 2}
		rows = wrap(rows, &l, i, c.w)
	}
	f.scroll = max(0, min(f.scroll, len(rows)-f.notes.h))
	for y := 0; y < f.notes.h && f.scroll+y < len(rows); y++ {
		r := rows[f.scroll+y]
		x := pickNumber(r.first, 0, 2)
		f.notes.spans(x, y, c.w-x, r.spans)
	}
	if more := len(rows) - f.scroll - f.notes.h; more > 0 && f.notes.h > 0 {
		text := " " + plural(more, "more line") + ": Ctrl-N "
		f.notes.text(c.w-width(text), f.notes.h-1, width(text), text, th.key)
	}
}

// buttons are what can be pressed below the fields, each with its key.
func (f *loginForm) buttons() []hint {
	all := []hint{{"Ctrl-S", "Send"}, {"Ctrl-T", "as XML"}}
	if d := &f.login.Fields[f.on]; d.Base64 || d.Hex {
		all = append(all, hint{"Ctrl-G", "flip a bit"})
	}
	return all
}

// lines are what there is to say, the gravest first.
func (f *loginForm) lines() (all []span) {
	th := f.c.u.th
	if f.failed != "" {
		all = append(all, span{"✗ " + f.failed, th.bad})
	}
	if f.c.failed != "" {
		all = append(all, span{"✗ " + f.c.failed, th.bad})
	}
	said := f.c.advice.of(f.c.text())
	if said == nil || said.text != f.c.text() {
		return append(all, span{"… being checked", th.dim})
	}
	all = append(all, chainLines(th, said)...)
	return append(all, f.c.u.adviceLines(said, f.c.text(), f.c.advice.original != "")...)
}

// chainLines say how a login compares with what is known of the account: which
// value of the calculation is not what stands on the wire.
func chainLines(th *theme, said *advice) (all []span) {
	v := &said.verdict
	switch {
	case !said.checked:
		return nil
	case v.Known && v.Verified:
		all = append(all, span{"✓ fits what is known of the account", th.good})
	case v.Known:
		all = append(all, span{"✗ does not fit what is known of the account: " + capped(v.Why, 200), th.bad})
	case v.Why != "":
		all = append(all, span{"? not compared: " + capped(v.Why, 200), th.dim})
	}
	for i := range v.Chain {
		s := &v.Chain[i]
		switch {
		case s.Result == sasl.Different && s.Wire != "":
			all = append(all, span{"✗ " + s.Name + " does not agree: computed " + shortValue(s), th.bad}, span{"  on the wire " + capped(s.Wire, 200), th.base})
		case s.Result == sasl.Different:
			all = append(all, span{"✗ " + s.Name + " does not agree", th.bad})
		case s.Result == sasl.Equal:
			all = append(all, span{"✓ " + s.Name + " agrees", th.dim})
		}
	}
	return all
}

// shortValue is the value of a step, unless whoever has it could log in with it.
func shortValue(s *sasl.Step) string {
	if s.Secret {
		return "(secret)"
	}
	return capped(s.Value, 200)
}

func (f *loginForm) drawField(c canvas, i, w int) {
	th, d := f.c.u.th, &f.login.Fields[i]
	mark, style := "  ", th.base
	if i == f.on {
		mark, style = "▶ ", th.strong
	}
	x := c.text(0, 0, 2, mark, th.strong)
	c.text(x, 0, w, wire(d.Name), th.variable)
	x += w + 2
	if i == f.on {
		f.typed[i].draw(c, x, 0, style, -1)
	} else {
		c.text(x, 0, c.w-x, pick(f.typed[i].text == "", "(empty)", wire(f.typed[i].text)), style)
	}
	f.noteOf(i, c.w-x, func(y int, spans []span) { c.spans(x, 1+y, c.w-x, spans) }, c.h-1)
}

// noteRows is how many lines what is said of a field takes in w columns.
func (f *loginForm) noteRows(i, w int) int { return f.noteOf(i, w, nil, 0) }

// noteOf writes what is said of a field in most lines at most, the last of which
// is cut; it tells how many it would take.
func (f *loginForm) noteOf(i, w int, write func(y int, spans []span), most int) int {
	l := line{spans: []span{{f.note(i), f.c.u.th.dim}}}
	rows := wrap(nil, &l, 0, w)
	for y := range min(most, len(rows)) {
		if y == most-1 && len(rows) > most {
			write(y, []span{{restOf(rows[y:]), f.c.u.th.dim}})
			break
		}
		write(y, rows[y].spans)
	}
	return len(rows)
}

// note is what is said of a field.
func (f *loginForm) note(i int) string {
	d := &f.login.Fields[i]
	note := d.Meaning
	if d.Secret {
		note = "secret: " + note
	}
	switch {
	case d.Hex:
		note = "hexadecimal; " + note
	case d.Base64:
		note = "base64 inside; " + note
	}
	if d.Changed() {
		note = "came as " + pick(d.Came == "", "nothing", wire(d.Came)) + "; " + note
	}
	return note
}

func (f *loginForm) key(ev *tcell.EventKey) bool {
	d := &f.login.Fields[f.on]
	f.c.failed = ""
	switch name := keyName(ev); name {
	case "Ctrl-C":
		return false
	case "Esc":
		f.take()
		f.c.u.close()
		if f.c.leave != nil {
			f.c.leave(f.c.text())
		}
	case "Ctrl-S":
		f.send()
	case "Ctrl-T":
		if f.take() {
			f.c.u.over = f.c
		}
	case "Ctrl-N":
		f.scroll += max(1, f.notes.h-1)
	case "Ctrl-P":
		f.scroll -= max(1, f.notes.h-1)
	case "Ctrl-X":
		if !f.turn(func() bool { return d.TurnHex() }) {
			f.failed = d.Name + " cannot be shown otherwise: " + pick(d.Hex, "its bytes are no text", "it is no base64")
		}
	case "Ctrl-G":
		if !f.turn(func() bool { return d.Flip(f.typed[f.on].at) }) {
			f.failed = "no bit of " + d.Name + " can be flipped as it is written: Ctrl-X shows its bytes"
		}
	case "Down", "Tab":
		f.on = min(f.on+1, len(f.login.Fields)-1)
	case "Up", "Shift-Tab":
		f.on = max(f.on-1, 0)
	case "Enter":
		if f.on++; f.on == len(f.login.Fields) {
			f.on--
			f.send()
		}
	default:
		f.typed[f.on].key(ev)
		f.take()
	}
	return true
}

// turn does something to the field that has the keys; the cursor stays.
func (f *loginForm) turn(do func() bool) bool {
	f.take()
	at := f.typed[f.on].at
	if !do() {
		return false
	}
	f.typed[f.on].set(f.login.Fields[f.on].Now)
	f.typed[f.on].at = min(at, len(f.typed[f.on].text))
	f.take()
	return true
}

func (f *loginForm) send() {
	if !f.take() {
		return
	}
	if fault := f.c.fault(); fault != nil {
		f.c.failed = "not well-formed: " + fault.Text + "; Ctrl-T and then Ctrl-S sends it anyway"
		return
	}
	if err := f.c.send(f.c.text(), false); err != nil {
		f.c.failed = err.Error()
	}
}

func (f *loginForm) paste(text string) {
	f.typed[f.on].insert(text)
	f.take()
}

func (f *loginForm) mouse(x, y, wheel int) {
	switch {
	case wheel != 0:
		f.scroll += wheel
	case f.rows.contains(x, y):
		if row := y - f.rows.y; row < len(f.of) {
			f.on = f.of[row]
		}
	default:
		for i, b := range f.buttons() {
			if i < len(f.places) && f.places[i].contains(x, y) {
				f.key(keyNamed(b.key))
			}
		}
	}
}

func (f *loginForm) hints() []hint {
	all := []hint{{"Ctrl-S", "send"}}
	d := &f.login.Fields[f.on]
	if d.Base64 || d.Hex {
		all = append(all, hint{"Ctrl-G", "flip a bit"})
	}
	all = append(all, hint{"Ctrl-T", "as XML"}, hint{"Ctrl-X", pick(d.Hex, "as text", "as hex")}, hint{"Ctrl-U", "clear before"})
	return append(all, hint{"↑ ↓ Enter", "field"}, hint{"Esc", pick(f.c.leave != nil, "leave it held", "cancel")})
}
