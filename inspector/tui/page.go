package tui

import (
	"slices"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/lint"
)

// page is what a detail tab shows of one event. Most are wrapped text; the
// bytes are computed row by row.
type page interface {
	// fit prepares the page for a width and returns its number of rows.
	fit(width int) int
	// draw shows one row.
	draw(c canvas, y, row int)
	// at is the line that a row belongs to; nil where there is none.
	at(row int) *line
	// marked is the first row of what is marked, -1 where nothing is.
	marked() int
	// plain is the text that copying the page gives.
	plain() string
}

// textPage is a page of lines.
type textPage struct {
	lines []line
	rows  []row
	width int
	copy  string // what copying gives, where that is not the lines themselves
	sign  span   // stands before continuation rows of code
	base  tcell.Style
	bad   tcell.Style // of carets
	unit  []byte      // what offsets of lines count in
}

func (p *textPage) add(l line) { p.lines = append(p.lines, l) }

func (p *textPage) fit(width int) int {
	if p.width == width {
		return len(p.rows)
	}
	p.width, p.rows = width, p.rows[:0]
	for i := range p.lines {
		l := &p.lines[i]
		if l.code {
			l.hang = max(l.hang, 2)
		}
		from := len(p.rows)
		p.rows = wrap(p.rows, l, i, width)
		if len(l.carets) > 0 {
			p.rows = p.point(p.rows, from, l, i)
		}
	}
	return len(p.rows)
}

// point puts a row with a caret under each row that a caret is for. More than
// one caret in a row stand below each other.
func (p *textPage) point(rows []row, from int, l *line, index int) []row {
	own := slices.Clone(rows[from:])
	rows = rows[:from]
	text := 0
	for i, r := range own {
		rows = append(rows, r)
		begin := text
		for _, s := range r.spans {
			text += len(s.text)
		}
		for _, c := range l.carets {
			last := i == len(own)-1
			if c.at < begin || c.at >= text && !(last && c.at >= begin) {
				continue
			}
			col := columnOf(r.spans, c.at-begin)
			if !r.first {
				col += min(l.hang, max(p.width, 8)/2)
			}
			rows = append(rows, p.caretRow(col, c.text, index)...)
		}
	}
	return rows
}

// caretRow is a caret in a column with its text beside it, or below.
func (p *textPage) caretRow(col int, text string, index int) []row {
	col = min(col, p.width-1)
	if col+2+width(text) <= p.width {
		return []row{{spans: []span{{strings.Repeat(" ", col), p.base}, {"^ " + text, p.bad}}, line: index, first: true}}
	}
	rows := []row{{spans: []span{{strings.Repeat(" ", col), p.base}, {"^", p.bad}}, line: index, first: true}}
	l := line{spans: []span{{"✗ " + text, p.bad}}}
	for _, r := range wrap(nil, &l, index, p.width) {
		r.first = true
		rows = append(rows, r)
	}
	return rows
}

// columnOf is the column of a byte offset in the text of some spans.
func columnOf(spans []span, off int) int {
	col := 0
	for _, s := range spans {
		if off <= len(s.text) {
			return col + width(s.text[:off])
		}
		col += width(s.text)
		off -= len(s.text)
	}
	return col
}

func (p *textPage) draw(c canvas, y, i int) {
	r := &p.rows[i]
	x := 0
	if l := &p.lines[r.line]; !r.first {
		x = min(l.hang, max(p.width, 8)/2)
		if l.code {
			c.text(x-2, y, 2, p.sign.text, p.sign.style)
		}
	}
	c.spans(x, y, c.w-x, r.spans)
}

func (p *textPage) at(i int) *line {
	if i < 0 || i >= len(p.rows) {
		return nil
	}
	return &p.lines[p.rows[i].line]
}

func (p *textPage) marked() int {
	for i := range p.rows {
		l := &p.lines[p.rows[i].line]
		if l.marked && (l.offsets == nil || slices.ContainsFunc(p.rows[i].spans, span.isMarked)) {
			return i
		}
	}
	return -1
}

// rowAt is the row of XML that shows a byte, or of the line that is about a
// stretch.
func (p *textPage) rowAt(part stretch) int {
	for i := len(p.lines) - 1; i >= 0; i-- {
		l := &p.lines[i]
		if l.end > 0 && l.in == part.in && l.start == part.start && l.end == part.end {
			return p.rowOf(i, 0)
		}
		if part.in != lint.InText || l.offsets == nil {
			continue
		}
		if at, ok := l.locate(part.start, p.unit); ok {
			return p.rowOf(i, at)
		}
	}
	return -1
}

// rowOf is the row that shows a byte of the text of line i.
func (p *textPage) rowOf(i, at int) int {
	found, done := -1, 0
	for r := range p.rows {
		row := &p.rows[r]
		if row.line != i || found >= 0 && row.first { // of a caret
			continue
		}
		if found >= 0 && at < done {
			break
		}
		found = r
		for _, s := range row.spans {
			done += len(s.text)
		}
	}
	return found
}

func (p *textPage) plain() string {
	if p.copy != "" {
		return p.copy
	}
	var all []byte
	for i := range p.lines {
		all = append(all, p.lines[i].plain()...)
		all = append(all, '\n')
	}
	return string(all)
}
