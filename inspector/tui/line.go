package tui

import (
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/lint"
)

// span is a run of text in one style. The text is safe to show: our own words,
// or wire text that passed inspector.Disarm.
type span struct {
	text  string
	style tcell.Style
}

// marking is the style of marked text: it stands out on a reversed line too.
func marking(s tcell.Style) tcell.Style { return s.Reverse(true).Underline(true) }

func (s span) isMarked() bool {
	_, _, attr := s.style.Decompose()
	return attr&tcell.AttrReverse != 0
}

// line is one logical line of a page, before it is wrapped.
type line struct {
	spans []span
	// hang is how many columns continuation rows are indented.
	hang int
	// code is text that may be broken anywhere; prose is broken at blanks.
	code bool
	// words breaks code at blanks where there are some.
	words bool
	// carets point at places in the text, with something to say about each.
	carets []caret
	// offsets are where the bytes of each span begin in the unit; -1 for a
	// span that is not of the wire. Only XML has them.
	offsets []int
	// marked: what was followed from elsewhere stands here.
	marked bool
	// jump is the event that Enter on this line leads to; 0 for none.
	jump decode.Seq
	// found is the finding whose place Enter on this line shows.
	found *lint.Finding
	// fold is the name of what Enter on this line opens or closes.
	fold string
	// copy is what copying gives on this line, "" for the whole page.
	copy string
	// start and end are the bytes that this line is about, of the part of the
	// event that in says; none if end is 0.
	start, end int
	in         lint.Part
}

// caret is a remark on one place of a line, at a byte offset of its text.
type caret struct {
	at   int
	text string
}

// acts tells whether Enter does something on the line.
func (l *line) acts() bool { return l.jump != 0 || l.end > 0 || l.fold != "" || l.found != nil }

// plain is the text of the line without styles.
func (l *line) plain() string {
	if len(l.spans) == 1 {
		return l.spans[0].text
	}
	var b strings.Builder
	for _, s := range l.spans {
		b.WriteString(s.text)
	}
	return b.String()
}

// row is one screen row of a wrapped line.
type row struct {
	spans []span
	line  int // index of the line that it belongs to
	first bool
}

// place is a position inside the spans of a line.
type place struct{ span, off int }

// wrap appends the rows of l for a width in columns.
func wrap(rows []row, l *line, index, w int) []row {
	w = max(w, 8)
	hang := min(l.hang, w/2)
	first := true
	emit := func(a, b place) {
		rows = append(rows, row{spans: between(l.spans, a, b), line: index, first: first})
		first = false
	}
	var start, breakAt place
	x, breakX := 0, 0
	hasBreak, any := false, false
	for si := range l.spans {
		text := l.spans[si].text
		for off := 0; off < len(text); {
			rest, cw := advance(text[off:])
			next := len(text) - len(rest)
			here := place{si, off}
			if x+cw > w && any {
				if hasBreak && (!l.code || l.words) {
					emit(start, breakAt)
					start, x = breakAt, hang+x-breakX
				} else {
					emit(start, here)
					start, x = here, hang
				}
				hasBreak = false
			}
			x += cw
			any = true
			if text[off] == ' ' {
				breakAt, breakX, hasBreak = place{si, next}, x, x > hang
			}
			off = next
		}
	}
	emit(start, place{len(l.spans), 0})
	return rows
}

// between cuts the spans from a up to b.
func between(all []span, a, b place) []span {
	if a == (place{}) && b.span >= len(all) {
		return all
	}
	var out []span
	for i := a.span; i < len(all) && i <= b.span; i++ {
		from, to := 0, len(all[i].text)
		if i == a.span {
			from = min(a.off, to)
		}
		if i == b.span {
			to = b.off
		}
		if to > from {
			out = append(out, span{all[i].text[from:to], all[i].style})
		}
	}
	return out
}
