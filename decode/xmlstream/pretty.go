package xmlstream

// PrettyLine is one line of a unit on display.
type PrettyLine struct {
	// Indent is the depth: in levels, not in columns.
	Indent int
	// Span is what the line shows. Between the spans of two lines there is
	// nothing but white space.
	Span Span
}

// Pretty breaks any bytes into lines for display, an element a line; one that
// holds only text stays in one. Tags longer than width bytes are broken
// between attributes, where width is above 0. No byte is changed, so that an
// offset on the screen is one on the wire.
func Pretty(unit []byte, width int) []PrettyLine {
	p := printer{unit: unit, width: width}
	p.read()
	for i := 0; i < len(p.tokens); {
		i = p.print(i)
	}
	return p.lines
}

type printer struct {
	unit   []byte
	width  int
	depth  int
	tokens []shown
	lines  []PrettyLine
}

// shown is a token of the lexer.
type shown struct {
	kind     token
	pos, end int
}

func (p *printer) read() {
	for l := (lexer{}); l.pos < len(p.unit); l.next() {
		k := l.scan(p.unit)
		if k == tokMore {
			// Markup that does not end is shown, and opens nothing.
			k = tokText
			l.pos = len(p.unit)
		}
		p.tokens = append(p.tokens, shown{k, l.tok, l.pos})
	}
}

// print makes lines of the i-th token and those that share its line. It
// returns which token is next.
func (p *printer) print(i int) int {
	t := p.tokens[i]
	switch t.kind {
	case tokStart:
		if last, ok := p.leaf(i); ok {
			p.tag(t.pos, t.end, p.tokens[last].end)
			return last + 1
		}
		p.tag(t.pos, t.end, t.end)
		p.depth++
		return i + 1
	case tokEmpty:
		p.tag(t.pos, t.end, t.end)
		return i + 1
	case tokEnd:
		p.depth = max(p.depth-1, 0)
	}
	p.line(p.depth, t.pos, t.end)
	return i + 1
}

// leaf finds the end tag of an element in which there are no others.
func (p *printer) leaf(i int) (last int, ok bool) {
	for i++; i < len(p.tokens); i++ {
		switch p.tokens[i].kind {
		case tokEnd:
			return i, true
		case tokText, tokCDATA:
		default:
			return 0, false
		}
	}
	return 0, false
}

// tag adds a start tag, and what follows it in the line up to end.
func (p *printer) tag(pos, tagEnd, end int) {
	from, at := pos, pos // of the line; of the last place to break it
	indent := p.depth
	var quote byte
	for i := pos; i < tagEnd && p.width > 0; i++ {
		c := p.unit[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case class[c]&isSpace != 0:
			at = i
		}
		if i-from >= p.width && at > from {
			p.line(indent, from, at)
			from, indent = at, p.depth+2
		}
	}
	p.line(indent, from, end)
}

// line adds a line without the white space around it, if anything is left.
func (p *printer) line(indent, pos, end int) {
	pos = skipSpace(p.unit[:end], pos)
	for end > pos && class[p.unit[end-1]]&isSpace != 0 {
		end--
	}
	if pos < end {
		p.lines = append(p.lines, PrettyLine{indent, span(pos, end)})
	}
}
