package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/xmlstream"
	"xmppscope/lessons/course"
)

// lessonRow is a row of the text of a lesson.
type lessonRow struct {
	spans []span
	// item is the choice, or the thing to order, that stands there, from 1; field
	// the box that is typed in, from 1, and at the row of it.
	item, field, at int
	// due is set where the eye has to be when something was answered.
	due bool
}

// pageLink is a link of the text and the row where it begins.
type pageLink struct {
	target, text string
	row          int
}

// typesetter makes rows of the text of a lesson. All text passes wire: a lesson
// may be anybody's.
type typesetter struct {
	th     *theme
	w      int
	rows   []lessonRow
	links  []pageLink
	linked int    // the selected link, -1 for none
	lead   []span // stands before every row
}

// room is how many columns there are behind what stands before every row.
func (t *typesetter) room() int { return max(8, t.w-spansWidth(t.lead)) }

func spansWidth(all []span) int {
	n := 0
	for _, s := range all {
		n += width(s.text)
	}
	return n
}

// blank adds an empty row, but never two.
func (t *typesetter) blank() {
	if n := len(t.rows); n > 0 && len(t.rows[n-1].spans) > len(t.lead) {
		t.rows = append(t.rows, lessonRow{spans: slices.Clone(t.lead)})
	}
}

// put adds a line, wrapped; the rows that it makes come back.
func (t *typesetter) put(l line) []lessonRow {
	from := len(t.rows)
	for _, r := range wrap(nil, &l, 0, t.room()) {
		all := slices.Clone(t.lead)
		if !r.first && l.hang > 0 {
			all = append(all, span{strings.Repeat(" ", min(l.hang, t.room()/2)), t.th.base})
		}
		t.rows = append(t.rows, lessonRow{spans: append(all, r.spans...)})
	}
	return t.rows[from:]
}

// say adds a line of our own words.
func (t *typesetter) say(text string, style tcell.Style, hang int) []lessonRow {
	return t.put(line{spans: []span{{text, style}}, hang: hang})
}

// labelled adds a label and what hangs behind it.
func (t *typesetter) labelled(label string, style tcell.Style, text string) []lessonRow {
	return t.put(line{spans: []span{{label + " ", style}, {text, t.th.base}}, hang: min(width(label)+1, 4)})
}

// blocks adds Markdown.
func (t *typesetter) blocks(all []course.Block) {
	for i := range all {
		if i > 0 || len(t.rows) > 0 {
			t.blank()
		}
		t.block(&all[i])
	}
}

func (t *typesetter) block(b *course.Block) {
	th := t.th
	switch b.Kind {
	case course.Heading:
		t.runs(b.Text, th.title, 0)
	case course.Code:
		t.code(b)
	case course.List:
		for i := range b.Inside {
			sign := "• "
			if b.Ordered {
				sign = strconv.Itoa(i+1) + ". "
			}
			t.under(span{sign, th.key}, func() { t.inside(b.Inside[i].Inside) })
		}
	case course.Quote:
		t.aside(span{"│ ", th.key}, func() { t.inside(b.Inside) })
	case course.Table:
		t.table(b.Inside)
	case course.Rule:
		t.say(strings.Repeat("─", t.room()), th.dim, 0)
	default:
		t.runs(b.Text, th.base, 0)
		t.inside(b.Inside)
	}
}

func (t *typesetter) inside(all []course.Block) {
	for i := range all {
		if i > 0 && all[i].Kind != course.List {
			t.blank()
		}
		t.block(&all[i])
	}
}

// aside puts a sign before every row of what is added meanwhile.
func (t *typesetter) aside(sign span, add func()) {
	lead := t.lead
	t.lead = append(slices.Clone(lead), sign)
	add()
	t.lead = lead
}

// under puts a sign before the first row, and blanks before the others.
func (t *typesetter) under(sign span, add func()) {
	from, at := len(t.rows), len(t.lead)
	t.aside(span{strings.Repeat(" ", width(sign.text)), t.th.base}, add)
	if from < len(t.rows) {
		t.rows[from].spans[at] = sign
	}
}

// runs adds a paragraph.
func (t *typesetter) runs(all []course.Run, base tcell.Style, hang int) {
	l := line{hang: hang}
	type mark struct{ link, off int }
	var marks []mark
	off, from := 0, len(t.rows)
	flush := func() {
		if len(l.spans) == 0 {
			return
		}
		start := len(t.rows)
		made := t.put(l)
		for _, m := range marks {
			t.links[m.link].row = start + rowHolding(made, len(t.lead), m.off)
		}
		l.spans, marks, off = nil, nil, 0
	}
	for _, r := range all {
		style := t.runStyle(r, base)
		if r.Link != "" {
			if n := len(t.links); n > 0 && t.links[n-1].row < 0 && t.links[n-1].target == r.Link {
				t.links[n-1].text += r.Text
			} else {
				marks = append(marks, mark{len(t.links), off})
				t.links = append(t.links, pageLink{target: r.Link, text: r.Text, row: -1})
			}
			if style = t.th.link; len(t.links)-1 == t.linked {
				style = marking(style)
			}
		}
		for i, piece := range strings.Split(r.Text, "\n") {
			if i > 0 {
				flush()
			}
			if piece != "" {
				piece = wire(piece)
				l.spans = append(l.spans, span{piece, style})
				off += len(piece)
			}
		}
	}
	flush()
	for i := range t.links {
		if t.links[i].row < 0 {
			t.links[i].row = from
		}
	}
}

// rowHolding is which of some rows holds a byte of their text.
func rowHolding(rows []lessonRow, lead, off int) int {
	for i, r := range rows {
		for _, s := range r.spans[min(lead, len(r.spans)):] {
			if strings.TrimSpace(s.text) == "" && i > 0 && s.text != " " {
				continue // of the hanging
			}
			off -= len(s.text)
		}
		if off < 0 {
			return i
		}
	}
	return max(0, len(rows)-1)
}

func (t *typesetter) runStyle(r course.Run, base tcell.Style) tcell.Style {
	switch r.Style {
	case course.Strong, course.Emphasis:
		return base.Bold(true)
	case course.Literal:
		return t.th.variable
	}
	return base
}

// code adds lines as they are, with the colours of XML where they are some.
func (t *typesetter) code(b *course.Block) {
	text := ""
	for _, r := range b.Text {
		text += r.Text
	}
	xml := b.Lang == "xml" || strings.HasPrefix(strings.TrimSpace(text), "<")
	t.aside(span{"  ", t.th.base}, func() {
		for _, s := range splitLines(strings.TrimRight(text, "\n")) {
			t.put(line{spans: t.coloured(s, xml), hang: 2, code: true, words: true})
		}
	})
}

// coloured is a line of code.
func (t *typesetter) coloured(s string, xml bool) (all []span) {
	if !xml {
		return []span{{wire(s), t.th.base}}
	}
	for _, k := range xmlstream.Tokens(nil, []byte(s)) {
		all = append(all, span{wire(s[k.Start:k.End]), t.th.code(tokenStyle(k.Kind))})
	}
	if len(all) == 0 {
		return []span{{wire(s), t.th.base}}
	}
	return all
}
