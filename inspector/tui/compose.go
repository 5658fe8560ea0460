package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// maxEdited is the longest text in bytes that is edited here; $EDITOR takes more.
const maxEdited = 200_000

// composer edits what is sent: exact bytes, judged while they are typed. Below
// the text stands what it would cause, then a row of switches and buttons.
type composer struct {
	u        *ui
	title    string
	box      *textBox
	paint    colouring
	advice   *adviser
	pop      popup
	controls []control
	on       int // the control that has the keys; -1 the text
	sure     bool
	failed   string // why the last try to send failed
	scroll   int    // of what there is to say
	notes    canvas
	body     canvas
	row      canvas
	places   []canvas // of the controls
	// send sends; force where it is malformed and that is wanted.
	send func(text string, force bool) error
	// leave is told the text when the editor is left without sending.
	leave func(text string)
}

// control is one button or switch below the text.
type control struct {
	text func() string
	do   func()
}

// canEdit says why a text cannot be edited on the screen; empty where it can.
func canEdit(text string) string {
	if len(text) > maxEdited {
		return size(int64(len(text))) + " is too much to be edited here"
	}
	return ""
}

// newComposer opens an editor with a text that goes in a direction of a
// conversation.
func (u *ui) newComposer(title, text, button string, conn decode.ConnID, dir decode.Dir) *composer {
	c := &composer{u: u, title: title, box: newTextBox(text), on: -1}
	c.advice = &adviser{u: u, conn: conn, dir: dir, kind: decode.KindStanza}
	c.controls = []control{{func() string { return button + "  Ctrl-S" }, c.trySend}}
	return c
}

// replaces says what the text takes the place of, to compare with.
func (c *composer) replaces(e *decode.Event) {
	a := c.advice
	a.original, a.scope, a.kind, a.seq, a.exchange = string(e.Text()), e.Scope, e.Kind, e.Seq, e.SASL
}

// toggle adds a switch.
func (c *composer) toggle(text func() string, do func()) {
	c.controls = append(c.controls, control{text, func() {
		do()
		c.advice.redo()
	}})
}

func (c *composer) text() string { return c.box.text }

// fault is why the text is not well-formed, nil where it is.
func (c *composer) fault() *xmlstream.SyntaxError {
	said := c.advice.of(c.box.text)
	if said != nil && said.text == c.box.text {
		return said.fault
	}
	return gate.Fault([]byte(c.box.text), c.advice.plan().scope)
}

// Rows of the window that are not the text: what there is to say takes a third.
const composeNotes = 3

func (c *composer) draw(all canvas) {
	th := c.u.th
	said := c.advice.of(c.box.text)
	body := all.sub(0, 0, all.w, all.h-1)
	h := min(body.h, max(22, body.h*4/5))
	in := window(body, th, c.title, min(all.w, 120), h)
	rows := c.place(in)
	notes := max(1, min(max(composeNotes, in.h/3), in.h-3-rows))
	c.body = in.sub(0, 0, in.w, in.h-notes-1-rows)
	c.paint.of(c.box)
	fault := -1
	if said != nil && said.fault != nil && said.text == c.box.text {
		fault = said.fault.Pos
	}
	c.box.draw(c.body, th, c.paint.styles(th, fault), c.on < 0 && !c.sure)
	in.fill(0, c.body.h, in.w, "─", th.dim)
	text := c.whereText()
	in.text(in.w-width(text)-1, c.body.h, width(text), text, th.dim)
	c.notes = in.sub(0, c.body.h+1, in.w, notes)
	c.drawNotes(c.verdict(said))
	c.drawControls()
	c.pop.draw(all, c.body, c.box, th)
}

// whereText is the place of the cursor.
func (c *composer) whereText() string {
	line, column := c.box.line(c.box.at)
	text := " line " + thousands(line) + ":" + thousands(column) + " · byte " + thousands(c.box.at) + " of " + thousands(len(c.box.text)) + " "
	if s, e := c.box.selection(); e > s {
		text = " " + plural(e-s, "byte") + " selected ·" + text
	}
	return text
}

// drawNotes writes what there is to say, as far as there is room; Ctrl-N shows
// the rest.
func (c *composer) drawNotes(all []span) {
	var rows []row
	for i := range all {
		l := line{spans: []span{{wire(all[i].text), all[i].style}}, hang: 2}
		rows = wrap(rows, &l, i, c.notes.w)
	}
	c.scroll = max(0, min(c.scroll, len(rows)-c.notes.h))
	for y := 0; y < c.notes.h && c.scroll+y < len(rows); y++ {
		r := rows[c.scroll+y]
		x := pickNumber(r.first, 0, 2)
		c.notes.spans(x, y, c.notes.w-x, r.spans)
	}
	if more := len(rows) - c.scroll - c.notes.h; more > 0 {
		text := " " + plural(more, "more line") + ": Ctrl-N "
		c.notes.text(c.notes.w-width(text), c.notes.h-1, width(text), text, c.u.th.key)
	}
}

// place finds room for the controls in the last rows, as many as they need.
func (c *composer) place(in canvas) (rows int) {
	x, y := 0, 0
	at := make([][2]int, len(c.controls))
	for i, k := range c.controls {
		w := width(k.text()) + 4
		if x > 0 && x+w > in.w {
			x, y = 0, y+1
		}
		at[i] = [2]int{x, y}
		x += w + 1
	}
	rows = min(y+1, max(1, in.h-4))
	c.row = in.sub(0, in.h-rows, in.w, rows)
	c.places = c.places[:0]
	for i, k := range c.controls {
		c.places = append(c.places, c.row.sub(at[i][0], at[i][1], width(k.text())+4, 1))
	}
	return rows
}

func (c *composer) drawControls() {
	for i, k := range c.controls {
		style := c.u.th.key
		if i == c.on {
			style = reversed(style)
		}
		c.places[i].text(0, 0, c.places[i].w, "[ "+k.text()+" ]", style)
	}
}

// trySend sends, or asks whether what is malformed is to be sent.
func (c *composer) trySend() {
	if c.box.text == "" {
		return
	}
	if c.fault() != nil && !c.sure {
		c.sure, c.scroll = true, 0
		return
	}
	force := c.sure
	c.sure = false
	if err := c.send(c.box.text, force); err != nil {
		c.failed = err.Error()
	}
}

func (c *composer) key(ev *tcell.EventKey) bool {
	name := keyName(ev)
	if c.sure {
		if name == "y" || name == "Ctrl-S" {
			c.trySend()
		}
		c.sure = false
		return true
	}
	if c.on < 0 && c.pop.key(name, c) {
		return true
	}
	switch name {
	case "Ctrl-C":
		if c.box.selected() == "" {
			return false
		}
		c.toClipboard(false)
	case "Ctrl-X":
		c.toClipboard(true)
	case "Ctrl-V":
		c.paste(c.u.editing.snippet)
	case "Ctrl-S":
		c.trySend()
	case "Ctrl-T":
		c.asFields()
	case "Ctrl-O":
		c.outside()
	case "Ctrl-N":
		c.scroll += max(1, c.notes.h-1)
	case "Ctrl-P":
		c.scroll -= max(1, c.notes.h-1)
	case "Esc":
		c.u.close()
		if c.leave != nil {
			c.leave(c.box.text)
		}
	case "Tab":
		if c.on++; c.on >= len(c.controls) {
			c.on = -1
		}
	case "Shift-Tab":
		if c.on--; c.on < -1 {
			c.on = len(c.controls) - 1
		}
	default:
		if c.on < 0 {
			c.typed(ev)
			return true
		}
		c.controlKey(name)
	}
	return true
}

// typed takes a key of the text.
func (c *composer) typed(ev *tcell.EventKey) {
	before := c.box.version
	if len(c.box.text) > maxEdited && ev.Key() == tcell.KeyRune {
		c.failed = size(int64(len(c.box.text))) + " is too much to be edited here: Ctrl-O edits in $EDITOR"
		return
	}
	c.box.key(ev, c.body.h)
	if c.box.version != before {
		c.failed = ""
	}
	c.pop.follow(c, c.box.version != before && ev.Key() == tcell.KeyRune)
}

func (c *composer) controlKey(name string) {
	switch name {
	case "Enter", "Space":
		c.controls[c.on].do()
	case "Left":
		c.on = max(0, c.on-1)
	case "Right":
		c.on = min(len(c.controls)-1, c.on+1)
	case "Up":
		c.on = -1
	}
}

// toClipboard copies what is selected, or cuts it out.
func (c *composer) toClipboard(cut bool) {
	text := c.box.selected()
	if text == "" {
		return
	}
	c.u.editing.snippet = text
	c.u.surface.SetClipboard([]byte(text))
	if cut {
		c.box.insert("", false)
	}
}

// outside edits the text in the person's own editor.
func (c *composer) outside() {
	text, err := c.u.inEditor(c.box.text)
	switch {
	case err != nil:
		c.failed = err.Error()
	case text == c.box.text:
		c.failed = "nothing was changed in " + editorName()
	default:
		c.box.replace(0, len(c.box.text), text, false)
		c.failed = ""
	}
}

// asFields goes to the form of the login data in the text.
func (c *composer) asFields() {
	f, why := c.u.newLoginForm(c)
	if f == nil {
		c.failed = "no fields: " + why
		return
	}
	c.u.over = f
}

func (c *composer) paste(text string) {
	switch {
	case c.on >= 0 || c.sure:
	case len(c.box.text)+len(text) > maxEdited:
		c.failed = "what was pasted, " + size(int64(len(text))) + ", is too much to be edited here; Ctrl-O edits in $EDITOR"
	default:
		c.box.insert(strings.ReplaceAll(text, "\r\n", "\n"), false)
		c.failed, c.pop = "", popup{}
	}
}

func (c *composer) mouse(x, y, wheel int) {
	c.pop = popup{}
	switch {
	case wheel != 0 && c.notes.contains(x, y):
		c.scroll += wheel
	case wheel != 0:
		c.box.top = max(0, min(c.box.top+3*wheel, len(c.box.rows)-1))
	case c.row.contains(x, y):
		for i := range c.places {
			if c.places[i].contains(x, y) {
				c.controls[i].do()
				return
			}
		}
	case c.body.contains(x, y):
		c.on = -1
		c.box.click(x-c.body.x, y-c.body.y)
	}
}

func (c *composer) hints() []hint {
	if c.sure {
		return []hint{{"y", "send it anyway"}, {"any other key", "edit on"}}
	}
	if c.on < 0 && c.pop.open() {
		return []hint{{"Tab", "take it"}, {"↑ ↓", "another"}, {"Esc", "none of these"}}
	}
	leave := hint{"Esc", pick(c.leave != nil, "leave it held", "cancel")}
	all := []hint{{"Ctrl-S", "send"}, leave, {"Tab", pick(c.on < 0, "buttons", "next button")}}
	if c.on >= 0 {
		all[2] = hint{"Enter", "press the button"}
		all = append(all, hint{"Tab", "next"})
	}
	if c.hasFields() {
		all = append(all, hint{"Ctrl-T", "as fields"})
	}
	return append(all, hint{"Ctrl-Z", "undo"}, hint{"Ctrl-O", "$EDITOR"}, hint{"Ctrl-Y", "redo"}, hint{"Ctrl-A", "all"}, hint{"Alt-z", pick(c.box.nowrap, "wrap lines", "no wrap")})
}

// hasFields tells whether the text is of the sort that can be edited as fields.
func (c *composer) hasFields() bool {
	_, ok := live.Payload(c.box.text, c.advice.plan().scope)
	return ok
}
