package tui

// page is what a detail tab shows of one event. Most are wrapped text; the
// bytes are computed row by row.
type page interface {
	// fit prepares the page for a width and returns its number of rows.
	fit(width int) int
	// draw shows one row.
	draw(c canvas, y, row int)
	// at is the line that a row belongs to; nil where there is none.
	at(row int) *line
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
		p.rows = wrap(p.rows, l, i, width)
	}
	return len(p.rows)
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
