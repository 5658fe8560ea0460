package tui

import (
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
	asks     string // a question that stands above the text
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
	a.original, a.scope, a.kind, a.seq, a.exchange, a.instead = string(e.Text()), e.Scope, e.Kind, e.Seq, e.SASL, e
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
	return gate.Fault([]byte(c.box.text), c.advice.within())
}

// Rows of the window that are not the text: what there is to say takes a third.
const composeNotes = 3

func (c *composer) draw(all canvas) {
	th := c.u.th
	said := c.advice.of(c.box.text)
	body := all.sub(0, 0, all.w, all.h-1)
	h := min(body.h, max(22, body.h*4/5))
	in := window(body, th, c.title, min(all.w, 120), h)
	if c.asks != "" {
		n := min(drawProse(in.sub(0, 0, in.w, 4), c.asks, th.strong), 4)
		in.fill(0, n, in.w, "─", th.dim)
		in = in.sub(0, n+1, in.w, in.h-n-1)
	}
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
		c.sure, c.scroll, c.pop = true, 0, popup{}
		return
	}
	force := c.sure
	c.sure = false
	if err := c.send(c.box.text, force); err != nil {
		c.failed = err.Error()
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
	all := []hint{{"Ctrl-S", "send"}}
	if c.on >= 0 {
		all = append(all, hint{"Enter", "press the button"}, hint{"Tab", "next"})
	}
	if c.hasFields() {
		all = append(all, hint{"Ctrl-T", "as fields"})
	}
	if c.on < 0 {
		all = append(all, hint{"Tab", "buttons"})
	}
	// The last two have a claim to room.
	return append(all, hint{"Ctrl-Z", "undo"}, hint{"Ctrl-O", "$EDITOR"}, hint{"Ctrl-Y", "redo"}, hint{"Ctrl-A", "all"},
		hint{"Alt-z", pick(c.box.nowrap, "wrap lines", "no wrap")}, hint{"F1", "keys"}, leave)
}

// hasFields tells whether the text is of the sort that can be edited as fields.
func (c *composer) hasFields() bool {
	_, ok := live.Payload(c.box.text, c.advice.within())
	return ok
}
