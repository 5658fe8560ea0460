package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector/live"
)

// editorKeys are the keys of the editor, as F1 lists them.
var editorKeys = [...]hint{
	{"Ctrl-S", "send; what is not well-formed is asked about first, and can be sent anyway"},
	{"Esc", "leave without sending; of what is held the change is kept"},
	{"Tab", "take what is proposed; else to the buttons below, and on; Enter presses one"},
	{"Ctrl-T", "the decoded login data as fields, and back to the XML"},
	{"Ctrl-O", "edit in $EDITOR, and come back"},
	{"Ctrl-Z  Ctrl-Y", "undo, redo"},
	{"← → ↑ ↓ PgUp PgDn", "move; with Shift select"},
	{"Home End", "ends of the row; with Ctrl of the text (Alt-< Alt->)"},
	{"Ctrl-← Ctrl-→", "word by word (Alt-b Alt-f)"},
	{"Ctrl-A", "select all"},
	{"Ctrl-C  Ctrl-X  Ctrl-V", "copy and cut what is selected, put it in"},
	{"Ctrl-W  Alt-d", "erase the word before, or behind"},
	{"Ctrl-U  Ctrl-K", "erase to the beginning of the row, or to its end"},
	{"Alt-z", "wrap long lines, or scroll sideways"},
	{"Ctrl-N  Ctrl-P", "the rest of what is said below, and back"},
}

// showEditorKeys lists the keys of the editor.
func (c *composer) showEditorKeys() {
	w := 0
	for _, k := range editorKeys {
		w = max(w, width(k.key))
	}
	var b strings.Builder
	for _, k := range editorKeys {
		b.WriteString(pad(k.key, w) + "  " + k.does + "\n")
	}
	c.u.readText("Keys of the editor", b.String(), c)
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
	case "F1":
		c.showEditorKeys()
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
		c.failed = "nothing was changed in " + live.Editor()
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
