package export

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// excerpt shows a place in a text: the bytes around it on one line, and under
// them a line of ^ from the byte pos up to, not including, end. Both lines are
// at most width columns and disarmed.
func excerpt(text []byte, pos, end, width int) (line, marks string) {
	pos = min(max(pos, 0), len(text))
	end = min(max(end, pos), len(text))
	from := runeStart(text, pos-width/3)
	if from > 0 {
		line = "…"
	}
	line += inspector.Disarm(string(text[from:pos]))
	for columns(line) > width/2 { // stand-ins are wider than what they stand for
		from = runeStart(text, from+8)
		line = "…" + inspector.Disarm(string(text[min(from, pos):pos]))
	}
	marks = strings.Repeat(" ", columns(line))
	room := width - columns(line)
	marked := clip(inspector.Disarm(string(cut(text[pos:end], room))), room)
	marks += strings.Repeat("^", max(columns(marked), 1))
	line += marked
	if room = width - columns(line); room > 0 && !strings.HasSuffix(marked, "…") {
		rest := inspector.Disarm(string(cut(text[end:], room)))
		if end+room < len(text) {
			rest += "…"
		}
		line += clip(rest, room)
	}
	return line, marks
}

// runeStart is the first place at or after i where a character starts; 0 for
// what lies before the text.
func runeStart(text []byte, i int) int {
	if i <= 0 {
		return 0
	}
	for i < len(text) && !utf8.RuneStart(text[i]) {
		i++
	}
	return min(i, len(text))
}

// veiled is the text of an event with stars for what stands between the tags of
// a login: a report on findings goes further than a capture does.
func veiled(e *decode.Event) []byte {
	text := e.Text()
	if e.SASL == nil {
		return text
	}
	text = slices.Clone(text)
	inside := false
	for i, c := range text {
		switch {
		case c == '<':
			inside = false
		case c == '>':
			inside = true
		case inside:
			text[i] = '*'
		}
	}
	return text
}
