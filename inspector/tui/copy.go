package tui

import "xmppscope/inspector"

// maxCopy is the most bytes that are handed to the terminal's clipboard; most
// terminals refuse far longer texts without a word.
const maxCopy = 100_000

// copy puts the XML of the event, or in the bytes tab its dump, on the
// clipboard of the terminal by OSC 52. In the details another tab gives its
// own text.
func (u *ui) copy() {
	e := u.detail.event
	if e == nil {
		u.say(noteInfo, "nothing is selected")
		return
	}
	text, what := string(e.Text()), "the XML of "+number(e.Seq)
	if d := u.facing(); d != nil {
		switch l := d.page().at(d.cursors[d.tab]); {
		case l != nil && l.copy != "":
			text, what = l.copy, "this line's command, which holds secrets"
		case d.tab != tabXML:
			text, what = d.page().plain(), "the text of this tab"
		}
	}
	u.copyText(text, what)
}

// copyText hands a text to the terminal, and says what it was.
func (u *ui) copyText(text, what string) {
	if len(text) > maxCopy {
		u.say(noteBad, what+" is too long for a clipboard ("+size(int64(len(text)))+")")
		return
	}
	u.surface.SetClipboard([]byte(text))
	u.editing.snippet = text // Ctrl-V in an editor needs no terminal that allows it
	note := "copied " + what + ", " + size(int64(len(text))) + ", if the terminal allows it (OSC 52)"
	if inspector.Harmful(text) && inspector.DisarmLines(text) != text {
		note = "copied " + what + "; careful where you paste it: it holds control characters"
	}
	u.say(noteGood, note)
}
