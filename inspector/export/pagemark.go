package export

// Marked writes a text on one line, cut to what fits, with marks under its
// bytes from pos up to, not including, end.
func (p *Page) Marked(text string, pos, end int) {
	line, marks := excerpt([]byte(text), pos, end, p.width-2*len(pageIndent))
	p.line(pageIndent + pageIndent + line)
	p.line(pageIndent + pageIndent + p.p.paint(roleError, marks))
}
