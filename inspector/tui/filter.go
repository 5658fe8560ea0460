package tui

import (
	"errors"
	"strings"

	"xmppscope/inspector"
	"xmppscope/inspector/gate"
)

// askFilter asks for an expression and says at once where it is wrong, and how
// many events it holds for. It is applied by Enter and not before.
func (u *ui) askFilter() {
	p := &prompt{th: u.th, label: "filter", keys: []hint{
		{"Enter", "apply (empty: show all)"}, {"Tab", "complete"}, {"Ctrl-U", "clear"}, {"Esc", "cancel"}}}
	p.typed.set(u.cap.filterText)
	p.note = u.noted(u.filterNote)
	p.tab = completeField
	u.proposing(p)
	p.quit = u.close
	p.enter = func(text string) {
		f, err := inspector.Compile(text)
		if err != nil {
			return // the prompt says why
		}
		u.close()
		u.applyFilter(text, f)
	}
	u.over = p
}

// noted asks for a note once for every text, and not with every drawing.
func (u *ui) noted(note func(string) (string, int, noteKind)) func(string) (string, int, noteKind) {
	noted, message, column, kind := "\x00", "", 0, noteInfo
	return func(text string) (string, int, noteKind) {
		if text != noted {
			noted = text
			message, column, kind = note(text)
		}
		return message, column, kind
	}
}

// applyFilter shows the events for which f holds; u takes it back.
func (u *ui) applyFilter(text string, f *inspector.Filter) {
	if text == u.cap.filterText {
		return
	}
	before := u.cap.filterText
	u.undoable("the filter", func() {
		if f, err := inspector.Compile(before); err == nil {
			u.cap.setFilter(before, f)
		}
	})
	u.cap.setFilter(text, f)
	if text == "" {
		u.say(noteInfo, "all events are shown")
	}
}

// filterNote judges an expression: what is wrong and where, an example, or for
// how many events it holds.
func (u *ui) filterNote(text string) (string, int, noteKind) {
	if text == "" {
		return `for example: kind == "stanza" and name == "iq"  ·  error != ""  ·  a word`, -1, noteInfo
	}
	f, err := inspector.Compile(text)
	if err == nil {
		return u.countFits(f), -1, noteGood
	}
	column, message := faultOf(text, err)
	return message, column, noteBad
}

// faultOf is what is wrong with an expression, and the byte where; -1 where that
// is not known.
func faultOf(text string, err error) (column int, message string) {
	var fe *inspector.FilterError
	if !errors.As(err, &fe) {
		return -1, wire(err.Error())
	}
	message = wire(fe.Text)
	if fe.Suggestion != "" {
		message += "; " + wire(fe.Suggestion)
	}
	return byteOffset(text, fe.Column), message
}

// exprFault is what is wrong with a filter or a breakpoint, and the column where,
// from 1; empty where nothing is.
func exprFault(text string, isBreak bool) (column int, message string) {
	_, err := inspector.Compile(text)
	skipped := 0
	if isBreak {
		_, err = gate.ParseBreak(text)
		skipped = len(text) - len(strings.TrimPrefix(strings.TrimSpace(text), "once "))
	}
	if err == nil {
		return 0, ""
	}
	column, message = faultOf(text[skipped:], err)
	return max(0, column) + skipped + 1, message
}

// byteOffset turns a column, counted in characters from 1, into an offset.
func byteOffset(text string, column int) int {
	n := 1
	for i := range text {
		if n >= column {
			return i
		}
		n++
	}
	return len(text)
}

// completeField completes the word before the cursor to a field name.
func completeField(text string, at int) string {
	from := at
	for from > 0 && isWord(text[from-1]) {
		from--
	}
	word, best := text[from:at], ""
	if word == "" {
		return text
	}
	for _, f := range inspector.Fields() {
		name := f.Name
		if len(name) < len(word) || name[:len(word)] != word {
			continue
		}
		if best == "" {
			best = name
			continue
		}
		best = commonPrefix(best, name)
	}
	if best == "" {
		return text
	}
	return text[:from] + best + text[at:]
}

func isWord(b byte) bool {
	return b == '_' || b == '.' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
}
