package tui

import (
	"errors"

	"xmppscope/inspector"
)

// askFilter asks for an expression and says at once where it is wrong. It is
// applied by Enter and not before, because every change looks at all events.
func (u *ui) askFilter() {
	p := &prompt{th: u.th, label: "filter", keys: []hint{
		{"Enter", "apply (empty: show all)"}, {"Tab", "complete"}, {"Ctrl-U", "clear"}, {"Esc", "cancel"}}}
	p.typed.set(u.cap.filterText)
	p.note = func(text string) (string, int, noteKind) { return filterNote(text) }
	p.tab = completeField
	p.quit = u.close
	p.enter = func(text string) {
		f, err := inspector.Compile(text)
		if err != nil {
			return // the prompt says why
		}
		u.close()
		u.cap.setFilter(text, f)
		if text == "" {
			u.say(noteInfo, "all events are shown")
		}
	}
	u.over = p
}

// filterNote judges an expression: what is wrong and where, or an example.
func filterNote(text string) (string, int, noteKind) {
	if text == "" {
		return `for example: kind == "stanza" and name == "iq"  ·  error != ""  ·  a word`, -1, noteInfo
	}
	_, err := inspector.Compile(text)
	if err == nil {
		return "Enter shows the events for which this holds", -1, noteGood
	}
	var fe *inspector.FilterError
	if !errors.As(err, &fe) {
		return wire(err.Error()), -1, noteBad
	}
	message := wire(fe.Text)
	if fe.Suggestion != "" {
		message += "; " + wire(fe.Suggestion)
	}
	return message, byteOffset(text, fe.Column), noteBad
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
