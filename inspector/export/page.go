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

// Table writes rows in columns. The last column is wrapped; the others are as
// wide as their widest cell.
func (p *Page) Table(rows [][]string) { p.table(rows, func(int) bool { return false }) }

// Figures writes rows in columns of which all but the first hold numbers, set
// to the right.
func (p *Page) Figures(rows [][]string) { p.table(rows, func(column int) bool { return column > 0 }) }

func (p *Page) table(rows [][]string, right func(column int) bool) {
	var widths []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], min(columns(inspector.Disarm(cell)), p.width/2))
		}
	}
	for _, r := range rows {
		p.row(r, widths, right)
	}
}

func (p *Page) row(cells []string, widths []int, right func(int) bool) {
	line := pageIndent
	for i, cell := range cells {
		cell = inspector.Disarm(cell)
		switch {
		case right(i):
			line += pad("", widths[i]-columns(cell)) + cell + "  "
		case i == len(cells)-1:
			lines := wrap(cell, max(p.width-columns(line), 20))
			if len(lines) == 0 {
				lines = []string{""}
			}
			p.line(strings.TrimRight(line+lines[0], " "))
			for _, l := range lines[1:] {
				p.line(strings.Repeat(" ", columns(line)) + l)
			}
			return
		default:
			line += pad(clip(cell, widths[i]), widths[i]) + "  "
		}
	}
	p.line(strings.TrimRight(line, " "))
}

// Close writes what is left.
func (p *Page) Close() error { return p.Flush() }
