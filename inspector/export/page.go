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
func (p *Page) Table(rows [][]string) {
	var widths []int
	for _, r := range rows {
		for i, cell := range r[:len(r)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], min(columns(inspector.Disarm(cell)), p.width/2))
		}
	}
	for _, r := range rows {
		p.row(r, widths)
	}
}

func (p *Page) row(cells []string, widths []int) {
	line := pageIndent
	last := len(cells) - 1
	for i, cell := range cells[:last] {
		line += pad(clip(inspector.Disarm(cell), widths[i]), widths[i]) + "  "
	}
	used := columns(line)
	for _, l := range wrap(inspector.Disarm(cells[last]), max(p.width-used, 20)) {
		p.line(line + l)
		line = strings.Repeat(" ", used)
	}
	if len(cells[last]) == 0 {
		p.line(strings.TrimRight(line, " "))
	}
}

// Close writes what is left.
func (p *Page) Close() error { return p.Flush() }
