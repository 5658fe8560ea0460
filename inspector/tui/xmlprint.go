package tui

import (
	"bytes"
	"slices"
	"strings"

	"github.com/alecthomas/chroma/v2"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
)

// xmlPrinter lays a unit out, an element a line. Names, quotes and references
// stay as they are on the wire; only white space between elements is ours.
// Every byte that is not such space is shown, whatever the tree knows of it.
type xmlPrinter struct {
	b     *builder
	unit  []byte
	pos   int // what stands before it is shown or left out on purpose
	line  line
	at    []int // offset in unit for each span of line
	mark  stretch
	marks []stretch // all that stands out; mark is the first
	lines int
	full  bool // a limit was reached
}

const (
	maxXMLBytes  = 64 << 10
	maxXMLLines  = 4000
	maxXMLIndent = 12 // levels
)

// printXML adds the lines of a unit. n is its element, nil where there is
// none that can be read; the unit is then shown as it stands. What marks say
// stands out; they are in order.
func (b *builder) printXML(unit []byte, n *xmlstream.Node, errs []xmlstream.SyntaxError, marks ...stretch) {
	p := &xmlPrinter{b: b, unit: unit}
	if b.p.unit == nil {
		b.p.unit = unit
	}
	for _, m := range marks {
		if m.in == lint.InText && m.end > 0 {
			p.marks = append(p.marks, m)
		}
	}
	if len(p.marks) > 0 {
		p.mark = p.marks[0]
	}
	if n != nil {
		p.element(n, 0)
	}
	p.skipTo(len(unit))
	p.flush()
	p.carets(errs)
	p.pointOut(errs)
	if p.full {
		b.line(span{"… the rest of " + size(int64(len(unit))) + " is not laid out here; 4 Bytes shows all of it", b.th.dim})
	}
}

func (p *xmlPrinter) element(n *xmlstream.Node, depth int) {
	p.start(int(n.Tag.Start), depth)
	p.tag(n)
	if p.full {
		return
	}
	block := isBlock(n)
	for c := range n.Nodes() {
		switch {
		case c.Kind == xmlstream.ElementNode && block:
			p.flush()
			p.element(c, depth+1)
		case c.Kind == xmlstream.ElementNode:
			p.element(c, -1)
		case block && c.Kind == xmlstream.TextNode:
			p.pos = max(p.pos, int(c.Span.End))
		default:
			p.content(c)
		}
		if p.full {
			return
		}
	}
	if n.EndTag.End == 0 {
		return
	}
	if block {
		p.flush()
		p.start(int(n.EndTag.Start), depth)
	}
	p.piece(int(n.EndTag.Start), int(n.EndTag.Start)+2, chroma.Punctuation)
	p.piece(p.pos, int(n.EndTag.End)-1, chroma.NameTag)
	p.piece(p.pos, int(n.EndTag.End), chroma.Punctuation)
}

// isBlock tells whether the content of n is elements alone, so that each may
// stand on a line of its own without a change of meaning.
func isBlock(n *xmlstream.Node) bool {
	elements := false
	for c := range n.Nodes() {
		switch c.Kind {
		case xmlstream.ElementNode:
			elements = true
		case xmlstream.TextNode:
			if len(bytes.TrimSpace(c.Wire())) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return elements
}

// start begins a line at a depth; -1 goes on in the line at hand.
func (p *xmlPrinter) start(at, depth int) {
	p.skipTo(at)
	if depth < 0 {
		return
	}
	p.flush()
	if indent := 2 * min(depth, maxXMLIndent); indent > 0 {
		p.line.spans, p.at = append(p.line.spans, span{strings.Repeat(" ", indent), p.b.th.base}), append(p.at, -1)
		p.line.hang = indent
	}
	p.line.hang += 4
}

func (p *xmlPrinter) tag(n *xmlstream.Node) {
	p.piece(int(n.Tag.Start), int(n.QName.Start), chroma.Punctuation)
	p.name(int(n.QName.Start), int(n.QName.End), chroma.NameTag)
	for i := range n.Attrs {
		a := &n.Attrs[i]
		p.piece(p.pos, int(a.QName.Start), chroma.Text)
		kind := chroma.NameAttribute
		if a.Name.Space == "xmlns" || string(a.QName.Of(p.unit)) == "xmlns" {
			kind = chroma.NameNamespace
		}
		p.name(int(a.QName.Start), int(a.QName.End), kind)
		p.piece(p.pos, int(a.Raw.Start), chroma.Punctuation)
		p.text(int(a.Raw.Start), int(a.Raw.End), chroma.LiteralString)
		p.piece(p.pos, min(int(a.Raw.End)+1, int(n.Tag.End)), chroma.Punctuation)
	}
	p.piece(p.pos, int(n.Tag.End), chroma.Punctuation)
}

// name shows a qualified name, its prefix in the colour of namespaces.
func (p *xmlPrinter) name(from, to int, kind chroma.TokenType) {
	if i := bytes.IndexByte(p.unit[from:to], ':'); i > 0 {
		p.piece(from, from+i+1, chroma.NameNamespace)
	}
	p.piece(p.pos, to, kind)
}

func (p *xmlPrinter) content(c *xmlstream.Node) {
	from, to := int(c.Span.Start), int(c.Span.End)
	switch c.Kind {
	case xmlstream.TextNode:
		p.text(from, to, chroma.Text)
	case xmlstream.CDATANode:
		in := c.InnerSpan()
		p.piece(from, int(in.Start), chroma.CommentPreproc)
		p.piece(p.pos, int(in.End), chroma.Text)
		p.piece(p.pos, to, chroma.CommentPreproc)
	default:
		p.piece(from, to, chroma.Comment)
	}
}

// text shows character data with its references marked.
func (p *xmlPrinter) text(from, to int, kind chroma.TokenType) {
	from = max(from, p.pos)
	for from < to && !p.full {
		amp := bytes.IndexByte(p.unit[from:to], '&')
		if amp < 0 {
			break
		}
		end := bytes.IndexByte(p.unit[from+amp:to], ';')
		if end < 0 {
			break
		}
		p.piece(from, from+amp, kind)
		p.piece(p.pos, from+amp+end+1, chroma.NameEntity)
		from = p.pos
	}
	p.piece(from, to, kind)
}

// skipTo shows what stands before an offset and was not shown, unless it is
// white space: what the tree does not know, such as the bytes behind a fault.
func (p *xmlPrinter) skipTo(to int) {
	if p.full || p.pos >= to {
		return
	}
	rest := p.unit[p.pos:to]
	if len(bytes.TrimSpace(rest)) == 0 && p.lines+len(p.line.spans) > 0 {
		p.pos = to
		return
	}
	kind := chroma.Text
	if bytes.HasPrefix(rest, []byte("<?")) {
		kind = chroma.CommentPreproc
	}
	p.piece(p.pos, to, kind)
	p.flush()
}

// piece adds bytes of the unit to the line in the style of a token.
func (p *xmlPrinter) piece(from, to int, kind chroma.TokenType) {
	from = max(from, p.pos)
	if p.full || from >= to {
		return
	}
	p.pos = to
	if to > maxXMLBytes {
		p.full, to = true, max(from, maxXMLBytes)
	}
	for _, m := range p.marks {
		for _, cut := range [...]int{m.start, m.end} {
			if from < cut && cut < to {
				p.run(from, cut, kind)
				from = cut
			}
		}
	}
	p.run(from, to, kind)
}

// run adds bytes of which all or none are marked.
func (p *xmlPrinter) run(from, to int, kind chroma.TokenType) {
	style := p.b.th.syntax(kind)
	covers := func(m stretch) bool { return m.covers(lint.InText, from, to) }
	if slices.ContainsFunc(p.marks, covers) {
		style, p.line.marked = marking(style), true
	}
	p.line.spans = append(p.line.spans, span{wire(string(p.unit[from:to])), style})
	p.at = append(p.at, from)
}

// flush ends the line.
func (p *xmlPrinter) flush() {
	if len(p.line.spans) == 0 {
		return
	}
	p.line.code, p.line.words = true, true
	p.line.offsets = p.at
	p.b.p.add(p.line)
	p.line, p.at = line{}, nil
	if p.lines++; p.lines >= maxXMLLines {
		p.full = true
	}
}

// carets puts every fault under the line that holds its byte.
func (p *xmlPrinter) carets(errs []xmlstream.SyntaxError) {
	for i := range errs {
		e := &errs[i]
		p.caret(e.Pos, capped(e.Text, 300)+" ("+e.Ref.String()+")")
	}
}

// pointOut puts the finding that was followed under its place, unless a fault
// stands there already.
func (p *xmlPrinter) pointOut(errs []xmlstream.SyntaxError) {
	here := func(e xmlstream.SyntaxError) bool { return e.Pos == p.mark.start }
	if p.mark.end > 0 && p.mark.rule != "" && !slices.ContainsFunc(errs, here) {
		p.caret(p.mark.start, p.mark.rule+": "+capped(p.mark.text, 300))
	}
}

// caret puts a remark under the line that holds a byte.
func (p *xmlPrinter) caret(pos int, text string) {
	lines := p.b.p.lines
	for j := len(lines) - 1; j >= 0; j-- {
		if col, ok := lines[j].locate(pos, p.unit); ok {
			lines[j].carets = append(lines[j].carets, caret{col, text})
			return
		}
	}
}

// locate finds the place in the text of the line that shows a byte; false
// where the byte stands before the line.
func (l *line) locate(pos int, unit []byte) (at int, ok bool) {
	for i, from := range l.offsets {
		if from >= 0 && from <= pos {
			ok = true
			// Only the last piece that begins at or before the byte counts.
			at = 0
			for k := range i {
				at += len(l.spans[k].text)
			}
			at += min(len(wire(string(unit[from:min(pos, len(unit))]))), len(l.spans[i].text))
		}
	}
	return at, ok
}

// xmlTree parses an event for display.
func xmlTree(e *decode.Event) *xmlstream.Node { return e.Element(new(xmlstream.Tree)) }
