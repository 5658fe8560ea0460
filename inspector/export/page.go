package export

import (
	"io"
	"strings"

	"xmppscope/inspector"
)

// Page writes prose and tables for people: headings, wrapped paragraphs, rows
// in columns. Everything is disarmed. It buffers; Close writes.
type Page struct {
	sink
	p     palette
	width int
}

// NewPage makes a page on w; of the options, Color and Width count.
func NewPage(w io.Writer, o Options) *Page {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	return &Page{sink: sink{w: w}, p: palette{o.Color}, width: o.Width}
}

const pageIndent = "  "

// Head writes a heading.
func (p *Page) Head(text string) { p.line(p.p.paint(roleHead, inspector.Disarm(text))) }

// Blank writes an empty line.
func (p *Page) Blank() { p.line("") }

// Text writes a paragraph.
func (p *Page) Text(text string) { p.paragraph(roleNone, text) }

// Faint writes a paragraph that matters less.
func (p *Page) Faint(text string) { p.paragraph(roleFaint, text) }

func (p *Page) paragraph(r role, text string) {
	for _, l := range wrap(inspector.Disarm(text), p.width-len(pageIndent)) {
		p.line(pageIndent + p.p.paint(r, l))
	}
}

// Code writes lines as they are, blanks at their beginning too.
func (p *Page) Code(text string) {
	for line := range strings.Lines(text) {
		p.line(pageIndent + pageIndent + inspector.Disarm(strings.TrimRight(line, "\r\n")))
	}
}

// Table writes rows in columns, each as wide as its widest cell where there is
// room; what is longer is wrapped inside its column.
func (p *Page) Table(rows [][]string) {
	var widths, least []int
	last := 0 // as wide as the last column would like to be
	for _, r := range rows {
		for i, cell := range r[:len(r)-1] {
			if i == len(widths) {
				widths, least = append(widths, 0), append(least, narrowest)
			}
			widths[i] = max(widths[i], min(columns(inspector.Disarm(cell)), p.width/2))
			for _, word := range strings.Fields(inspector.Disarm(cell)) {
				least[i] = max(least[i], indentOf(cell)+columns(word))
			}
		}
		last = max(last, columns(inspector.Disarm(r[len(r)-1])))
	}
	p.fit(widths, least, min(last, max(p.width/4, narrowest)))
	for _, r := range rows {
		p.row(r, widths)
	}
}

// narrowest is how wide a column is at least where its text is longer.
const narrowest = 20

// fit makes the widest columns narrower until the last one has its room, or no
// word could be narrower.
func (p *Page) fit(widths, least []int, last int) {
	for {
		used, widest := len(pageIndent)+last, -1
		for i, w := range widths {
			used += w + len(columnGap)
			if w > least[i] && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if used <= p.width || widest < 0 {
			return
		}
		widths[widest] = max(least[widest], widths[widest]-(used-p.width))
	}
}

// indentOf is how many blanks a cell begins with.
func indentOf(cell string) int { return len(cell) - len(strings.TrimLeft(cell, " ")) }

const columnGap = "  "

func (p *Page) row(cells []string, widths []int) {
	last := len(cells) - 1
	used := len(pageIndent)
	for i := range last {
		used += widths[i] + len(columnGap)
	}
	var lines [][]string // of each cell
	most := 1
	for i, cell := range cells {
		room := max(p.width-used, narrowest)
		if i < last {
			room = widths[i]
		}
		indent := strings.Repeat(" ", indentOf(cell))
		lines = append(lines, wrap(inspector.Disarm(cell), max(room-len(indent), 1)))
		for k := range lines[i] {
			lines[i][k] = indent + lines[i][k]
		}
		most = max(most, len(lines[i]))
	}
	for k := range most {
		line := pageIndent
		for i := range cells {
			text := ""
			if k < len(lines[i]) {
				text = lines[i][k]
			}
			if i < last {
				text = pad(clip(text, widths[i]), widths[i]) + columnGap
			}
			line += text
		}
		p.line(strings.TrimRight(line, " "))
	}
}

// Close writes what is left.
func (p *Page) Close() error { return p.Flush() }
