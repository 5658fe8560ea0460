package tui

import (
	"fmt"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/gate"
)

// maxEdited is the longest text in bytes that is edited here; $EDITOR takes more.
const maxEdited = 200_000

// composer edits what is sent: exact bytes, judged while they are typed. Below
// the text stands what is wrong with it, then a row of switches and buttons.
type composer struct {
	u        *ui
	title    string
	area     *tview.TextArea
	scope    *xmlstream.Scope
	kind     decode.Kind
	original string // to see whether anything was changed
	controls []control
	on       int  // the control that has the keys; -1 the text
	sure     bool // it was asked whether what is malformed is to be sent
	judged   string
	fatal    string // why the text is not well-formed
	faults   []lint.Finding
	failed   string // why the last try to send failed
	body     canvas
	row      canvas
	places   []canvas // of the controls
	// send sends; force where it is malformed and that is wanted.
	send func(text string, force bool) error
	// leave is told the text when the editor is left without sending.
	leave func(text string)
	// switches to another way to edit the same, by Ctrl-T.
	other     func(text string)
	otherName string
}

// control is one button or switch below the text.
type control struct {
	text func() string
	do   func()
}

// canEdit says why a text cannot be edited on the screen; empty where it can.
func canEdit(text string) string {
	if len(text) > maxEdited {
		return "it has " + size(int64(len(text))) + ", more than can be edited here"
	}
	if t := tview.NewTextArea().SetText(text, false); t.GetText() != text {
		return "it holds bytes that a text editor would change"
	}
	return ""
}

// newComposer opens an editor with a text.
func (u *ui) newComposer(title, text, button string) *composer {
	t := tview.NewTextArea()
	t.SetText(text, false)
	t.SetTextStyle(u.th.base)
	t.SetSelectedStyle(reversed(u.th.base))
	_, bg, _ := u.th.base.Decompose()
	t.SetBackgroundColor(bg)
	t.Focus(func(tview.Primitive) {})
	c := &composer{u: u, title: title, area: t, original: text, on: -1, judged: "\x00", kind: decode.KindStanza}
	c.controls = []control{{func() string { return button + "  Ctrl-S" }, c.trySend}}
	return c
}

// toggle adds a switch.
func (c *composer) toggle(text func() string, do func()) {
	c.controls = append(c.controls, control{text, do})
}

// judge looks at the text where it has changed.
func (c *composer) judge() {
	text := c.area.GetText()
	if text == c.judged {
		return
	}
	c.judged, c.failed, c.faults = text, "", nil
	scope := c.scope
	if scope == nil {
		scope = xmlstream.MidStream(xmlstream.NSClient)
	}
	c.fatal = gate.Malformed([]byte(text), scope)
	if c.fatal != "" || text == "" {
		return
	}
	var tree xmlstream.Tree
	e := decode.Event{Kind: c.kind, Wire: []byte(text), Scope: scope}
	if c.kind == decode.KindOpen {
		tree.ParseHeader(e.Wire, xmlstream.Options{})
	} else if c.kind != decode.KindClose && c.kind != decode.KindSpace {
		tree.Parse(e.Wire, scope, xmlstream.Options{})
	}
	e.Errs = tree.Errs
	c.faults = lint.Faults(&e)
}

// verdict is what there is to say about the text, the gravest first.
func (c *composer) verdict() (lines []span) {
	th := c.u.th
	text := c.judged
	switch {
	case c.failed != "":
		lines = append(lines, span{"✗ " + c.failed, th.bad})
	case c.sure:
		lines = append(lines, span{"✗ " + c.fatal, th.bad}, span{"Send it anyway? y or Ctrl-S sends, any other key goes on editing.", th.strong})
	case c.fatal != "":
		lines = append(lines, span{"✗ " + c.fatal, th.bad})
	case text == "":
		lines = append(lines, span{"! nothing: d drops a unit, Esc goes back", th.warn})
	default:
		lines = append(lines, span{"✓ well-formed, " + size(int64(len(text))), th.good})
		if text == c.original {
			lines[0].text += pick(c.leave != nil, ", as it came", "")
		}
	}
	for i := range c.faults {
		sign, style := levelSign(th, c.faults[i].Level)
		name := ""
		if f := &c.faults[i]; f.Rule != "" {
			name = f.Level.String() + " " + f.Rule + ": "
		}
		lines = append(lines, span{fmt.Sprintf("%s %s%s (byte %d; %s)", sign, name, capped(c.faults[i].Text, 300), c.faults[i].Span.Start, c.faults[i].Ref), style})
	}
	return lines
}

// Rows below the text: a rule, what is wrong, the buttons.
const composeNotes = 3

func (c *composer) draw(all canvas) {
	th := c.u.th
	c.judge()
	body := all.sub(0, 0, all.w, all.h-1)
	h := min(body.h, max(16, min(body.h*3/4, 12+2*len(c.original)/max(1, all.w))))
	in := window(body, th, c.title, min(all.w, 120), h)
	rows := c.place(in)
	notes := min(composeNotes, max(1, in.h-3-rows))
	c.body = in.sub(0, 0, in.w, in.h-notes-1-rows)
	c.area.SetRect(c.body.x, c.body.y, c.body.w, c.body.h)
	c.area.Draw(all.scr)
	if c.on >= 0 || c.sure {
		all.scr.HideCursor()
	}
	in.fill(0, c.body.h, in.w, "─", th.dim)
	if _, bytes, total := c.where(); total > 0 {
		text := " byte " + thousands(bytes) + " of " + thousands(total) + " "
		in.text(in.w-width(text)-1, c.body.h, width(text), text, th.dim)
	}
	drawLines(in.sub(0, c.body.h+1, in.w, notes), c.verdict())
	c.drawControls()
}

// where is the line of the cursor and its place in bytes.
func (c *composer) where() (line, at, total int) {
	_, at, _ = c.area.GetSelection()
	return 0, at, c.area.GetTextLength()
}

// drawLines writes lines, each wrapped, as far as there is room.
func drawLines(area canvas, all []span) {
	y := 0
	for i := range all {
		l := line{spans: []span{{wire(all[i].text), all[i].style}}, hang: 2}
		for _, r := range wrap(nil, &l, 0, area.w) {
			x := 0
			if !r.first {
				x = 2
			}
			area.spans(x, y, area.w-x, r.spans)
			y++
		}
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
	c.judge()
	if c.judged == "" {
		return
	}
	if c.fatal != "" && !c.sure {
		c.sure = true
		return
	}
	force := c.sure
	c.sure = false
	if err := c.send(c.judged, force); err != nil {
		c.failed = err.Error()
		return
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
	switch name {
	case "Ctrl-C":
		return false
	case "Ctrl-S":
		c.trySend()
	case "Ctrl-T":
		if c.other != nil {
			c.other(c.area.GetText())
		}
	case "Esc":
		c.u.close()
		if c.leave != nil {
			c.leave(c.area.GetText())
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
			c.area.InputHandler()(ev, func(tview.Primitive) {})
			return true
		}
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
	return true
}

func (c *composer) paste(text string) {
	if c.on < 0 && !c.sure && c.area.GetTextLength()+len(text) <= maxEdited {
		c.area.PasteHandler()(text, func(tview.Primitive) {})
	}
}

func (c *composer) mouse(x, y, wheel int) {
	switch {
	case wheel != 0:
		action := tview.MouseScrollDown
		if wheel < 0 {
			action = tview.MouseScrollUp
		}
		c.area.MouseHandler()(action, tcell.NewEventMouse(x, y, tcell.ButtonNone, 0), func(tview.Primitive) {})
	case c.row.contains(x, y):
		for i := range c.places {
			if c.places[i].contains(x, y) {
				c.controls[i].do()
				return
			}
		}
	case c.body.contains(x, y):
		c.on = -1
		for _, action := range []tview.MouseAction{tview.MouseLeftDown, tview.MouseLeftUp} {
			c.area.MouseHandler()(action, tcell.NewEventMouse(x, y, tcell.Button1, 0), func(tview.Primitive) {})
		}
	}
}

func (c *composer) hints() []hint {
	if c.sure {
		return []hint{{"y", "send it anyway"}, {"any other key", "edit on"}}
	}
	all := []hint{{"Ctrl-S", "send"}, {"Tab", pick(c.on < 0, "buttons", "next button")}}
	if c.on >= 0 {
		all[1] = hint{"Enter", "press the button"}
		all = append(all, hint{"Tab", "next"})
	}
	if c.other != nil {
		all = append(all, hint{"Ctrl-T", c.otherName})
	}
	all = append(all, hint{"Ctrl-Z", "undo"})
	return append(all, hint{"Esc", pick(c.leave != nil, "leave it held", "cancel")})
}
