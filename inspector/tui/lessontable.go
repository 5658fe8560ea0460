package tui

import (
	"slices"
	"strings"

	"xmppscope/lessons/course"
)

// What parts the columns of a table, and the narrowest one.
const (
	tableGap    = 2
	leastColumn = 6
)

// table adds a table: its first row is the heading. Columns are as wide as their
// widest cell where there is room for that; else the widest give way, and cells
// wrap.
func (t *typesetter) table(rows []course.Block) {
	columns := 0
	for i := range rows {
		columns = max(columns, len(rows[i].Cells))
	}
	if columns == 0 {
		return
	}
	if columns*(leastColumn+tableGap) > t.room() {
		t.tableAsList(rows)
		return
	}
	widths := t.columnWidths(rows, columns)
	for i := range rows {
		t.tableRow(&rows[i], widths, i == 0)
	}
}

func (t *typesetter) columnWidths(rows []course.Block, columns int) []int {
	widths := make([]int, columns)
	for i := range rows {
		for k, cell := range rows[i].Cells {
			widths[k] = max(widths[k], spansWidth(t.cell(cell, false)), 1)
		}
	}
	for {
		sum, widest := (columns-1)*tableGap, 0
		for k, w := range widths {
			sum += w
			if w > widths[widest] {
				widest = k
			}
		}
		if sum <= t.room() || widths[widest] <= leastColumn {
			return widths
		}
		widths[widest]--
	}
}

// cell is the text of a cell, in one line.
func (t *typesetter) cell(all []course.Run, head bool) (spans []span) {
	base := t.th.base
	if head {
		base = t.th.strong
	}
	for _, r := range all {
		style := t.runStyle(r, base)
		if r.Link != "" {
			style = t.th.link
		}
		spans = append(spans, span{wire(strings.ReplaceAll(r.Text, "\n", " ")), style})
	}
	return spans
}

func (t *typesetter) tableRow(b *course.Block, widths []int, head bool) {
	cells := make([][]row, len(widths))
	height := 1
	for k := range widths {
		if k < len(b.Cells) {
			for _, r := range b.Cells[k] {
				if r.Link != "" {
					t.links = append(t.links, pageLink{target: r.Link, text: r.Text, row: len(t.rows)})
				}
			}
			l := line{spans: t.cell(b.Cells[k], head)}
			cells[k] = wrapTo(&l, widths[k])
		}
		height = max(height, len(cells[k]))
	}
	for y := range height {
		spans := slices.Clone(t.lead)
		for k, w := range widths {
			used := 0
			if y < len(cells[k]) {
				spans = append(spans, cells[k][y].spans...)
				used = spansWidth(cells[k][y].spans)
			}
			if k < len(widths)-1 {
				spans = append(spans, span{strings.Repeat(" ", max(0, w-used)+tableGap), t.th.base})
			}
		}
		t.rows = append(t.rows, lessonRow{spans: spans})
	}
	if head {
		total := (len(widths) - 1) * tableGap
		for _, w := range widths {
			total += w
		}
		t.say(strings.Repeat("─", total), t.th.dim, 0)
	}
}

// wrapTo wraps to a width that wrap itself takes for too narrow.
func wrapTo(l *line, w int) []row {
	const least = 8 // of wrap
	if w >= least {
		return wrap(nil, l, 0, w)
	}
	text := l.plain()
	style := l.spans
	var all []row
	for text != "" {
		n, x := 0, 0
		for n < len(text) {
			rest, cw := advance(text[n:])
			if x+cw > w && n > 0 {
				break
			}
			n, x = len(text)-len(rest), x+cw
		}
		all = append(all, row{spans: []span{{text[:n], style[0].style}}, first: len(all) == 0})
		text = text[n:]
	}
	return all
}

// tableAsList is a table where there is no room for columns: each cell under the
// name of its column.
func (t *typesetter) tableAsList(rows []course.Block) {
	for i := 1; i < len(rows); i++ {
		if i > 1 {
			t.blank()
		}
		for k, c := range rows[i].Cells {
			l := line{hang: 2}
			if k < len(rows[0].Cells) {
				l.spans = append(t.cell(rows[0].Cells[k], true), span{": ", t.th.strong})
			}
			l.spans = append(l.spans, t.cell(c, false)...)
			t.put(l)
		}
	}
}
