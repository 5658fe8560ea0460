package course

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// Block is a piece of text that stands for itself.
type Block struct {
	Kind BlockKind
	// Level is that of a heading, from 1.
	Level int
	// Lang is that of code.
	Lang string
	// Text is the text, of code in one run.
	Text []Run
	// Inside are the blocks of a quotation, the items of a list (each a Para
	// with Inside), or the rows of a table, the first its heading.
	Inside []Block
	// Cells are those of a row.
	Cells [][]Run
	// Ordered is set for a list with numbers.
	Ordered bool
}

// BlockKind is a kind of block.
type BlockKind uint8

// The kinds of blocks.
const (
	Para BlockKind = iota
	Heading
	Code
	List
	Item
	Quote // a callout: its first run says of which sort, as in "Try:"
	Table
	Row
	Rule
)

// Run is text in one style.
type Run struct {
	Text  string
	Style RunStyle
	// Link is where it leads; empty for nowhere.
	Link string
}

// RunStyle is a style of a run.
type RunStyle uint8

// The styles of runs.
const (
	Plain RunStyle = iota
	Strong
	Emphasis
	Literal // code
)

// parser is Markdown with tables.
func parser() goldmark.Markdown { return goldmark.New(goldmark.WithExtensions(extension.Table)) }

// section is what stands under one heading of the second level.
type section struct {
	title  string
	line   int // of its heading, from 1
	blocks []Block
	steps  []fence // its fences with the word step
	after  bool    // blocks behind the fence go to after
	more   []Block
}

// fence is TOML inside a text; line is that of its first line, from 1.
type fence struct {
	text string
	line int
}

// sections cuts Markdown at the headings of the second level. The first section
// has no title.
func sections(source []byte) []section {
	doc := parser().Parser().Parse(text.NewReader(source))
	all := []section{{}}
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		s := &all[len(all)-1]
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			all = append(all, section{title: plainOf(runs(n, source, Plain, "")), line: lineOf(n, source)})
			continue
		}
		if f, ok := n.(*ast.FencedCodeBlock); ok && string(f.Language(source)) == "step" {
			s.steps = append(s.steps, fence{linesOf(n, source), lineOf(n, source)})
			s.after = true
			continue
		}
		b := block(n, source)
		if s.after {
			s.more = append(s.more, b)
		} else {
			s.blocks = append(s.blocks, b)
		}
	}
	return all
}

// Markdown reads text that is no lesson, such as an entry of a glossary.
func Markdown(source []byte) (all []Block) {
	doc := parser().Parser().Parse(text.NewReader(source))
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		all = append(all, block(n, source))
	}
	return all
}

func block(n ast.Node, source []byte) Block {
	switch n := n.(type) {
	case *ast.Heading:
		return Block{Kind: Heading, Level: n.Level, Text: runs(n, source, Plain, "")}
	case *ast.FencedCodeBlock:
		return Block{Kind: Code, Lang: string(n.Language(source)), Text: []Run{{Text: linesOf(n, source), Style: Literal}}}
	case *ast.HTMLBlock: // text like any other
		return Block{Kind: Para, Text: []Run{{Text: strings.TrimSpace(linesOf(n, source))}}}
	case *ast.CodeBlock:
		return Block{Kind: Code, Text: []Run{{Text: linesOf(n, source), Style: Literal}}}
	case *ast.List:
		return Block{Kind: List, Ordered: n.IsOrdered(), Inside: inside(n, source)}
	case *ast.ListItem:
		return Block{Kind: Item, Inside: inside(n, source)}
	case *ast.Blockquote:
		return Block{Kind: Quote, Inside: inside(n, source)}
	case *ast.ThematicBreak:
		return Block{Kind: Rule}
	case *east.Table:
		return Block{Kind: Table, Inside: inside(n, source)}
	case *east.TableHeader, *east.TableRow:
		b := Block{Kind: Row}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			b.Cells = append(b.Cells, runs(c, source, Plain, ""))
		}
		return b
	}
	return Block{Kind: Para, Text: runs(n, source, Plain, "")}
}

func inside(n ast.Node, source []byte) (all []Block) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		all = append(all, block(c, source))
	}
	return all
}

// runs are the pieces of text inside a node.
func runs(n ast.Node, source []byte, style RunStyle, link string) (all []Run) {
	add := func(text string, style RunStyle) {
		if text == "" {
			return
		}
		if k := len(all); k > 0 && all[k-1].Style == style && all[k-1].Link == link {
			all[k-1].Text += text
			return
		}
		all = append(all, Run{Text: text, Style: style, Link: link})
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			add(string(c.Segment.Value(source)), style)
			if c.SoftLineBreak() {
				add(" ", style)
			}
			if c.HardLineBreak() {
				add("\n", style)
			}
		case *ast.String:
			add(string(c.Value), style)
		case *ast.CodeSpan:
			add(plainOf(runs(c, source, Literal, "")), Literal)
		case *ast.Emphasis:
			inner := Emphasis
			if c.Level > 1 {
				inner = Strong
			}
			all = append(all, runs(c, source, inner, link)...)
		case *ast.Link:
			all = append(all, runs(c, source, style, string(c.Destination))...)
		case *ast.AutoLink:
			url := string(c.URL(source))
			all = append(all, Run{Text: url, Style: style, Link: url})
		case *ast.RawHTML:
			for i := range c.Segments.Len() {
				s := c.Segments.At(i)
				add(string(s.Value(source)), style) // text like any other
			}
		default:
			all = append(all, runs(c, source, style, link)...)
		}
	}
	return all
}

// lineOf is the line where what is inside a block begins, from 1.
func lineOf(n ast.Node, source []byte) int {
	if n.Lines().Len() == 0 {
		return 1
	}
	return 1 + bytes.Count(source[:n.Lines().At(0).Start], []byte("\n"))
}

func linesOf(n ast.Node, source []byte) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(source))
	}
	return b.String()
}

func plainOf(all []Run) string {
	var b strings.Builder
	for _, r := range all {
		b.WriteString(r.Text)
	}
	return b.String()
}

// Programs is the code in blocks that says in which language it is, to be run by
// the learner.
func Programs(all []Block) string {
	var b strings.Builder
	for _, x := range all {
		if x.Kind == Code && x.Lang != "" {
			b.WriteString(plainOf(x.Text))
		}
		b.WriteString(Programs(x.Inside))
	}
	return b.String()
}

// PlainText is blocks without styles, a paragraph a line.
func PlainText(all []Block) string {
	var b strings.Builder
	for _, x := range all {
		if len(x.Text) > 0 {
			b.WriteString(plainOf(x.Text) + "\n")
		}
		for _, c := range x.Cells {
			b.WriteString(plainOf(c) + "  ")
		}
		b.WriteString(PlainText(x.Inside))
	}
	return b.String()
}
