package tui

import (
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/spec"
	"xmppscope/inspector"
)

// builder makes the lines of a text page. Whatever comes from the wire goes
// through wire.
type builder struct {
	th *theme
	p  textPage
}

func newBuilder(th *theme) *builder {
	return &builder{th: th, p: textPage{sign: span{"↪ ", th.dim}, base: th.base, bad: th.bad}}
}

// wire makes text of the wire safe to show.
func wire(s string) string { return inspector.Disarm(s) }

// capped is wire for text that may be very long: it is cut first, so that one
// hostile value costs no more than others.
func capped(s string, most int) string {
	if len(s) <= most {
		return inspector.Disarm(s)
	}
	return inspector.Disarm(beginning(s, most)) + "… (" + plural(len(s), "byte") + " in all)"
}

// beginning is what fits into so many bytes of a text, whole characters of it.
func beginning(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && n > most-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func (b *builder) line(spans ...span) *line {
	b.p.add(line{spans: spans})
	return &b.p.lines[len(b.p.lines)-1]
}

// blank adds an empty line, but never two.
func (b *builder) blank() {
	if n := len(b.p.lines); n > 0 && len(b.p.lines[n-1].spans) > 0 {
		b.p.add(line{})
	}
}

func (b *builder) heading(s string) { b.line(span{s, b.th.title}) }

// group begins a group of lines that can be closed, and tells whether it is
// open.
func (b *builder) group(in *tabInput, name, doc string, lines int) (open bool) {
	b.blank()
	key := "group " + name
	sign := "▾ "
	if in.folds[key] {
		sign, doc = "▸ ", "("+thousands(lines)+")"
	}
	l := b.line(span{sign, b.th.dim}, span{name, b.th.title}, span{"  " + doc, b.th.dim})
	l.hang, l.fold = 4, key
	return !in.folds[key]
}

// labelWidth is the column at which the text behind a label begins.
const labelWidth = 9

// labelled adds a label and a paragraph that hangs under its own first word.
func (b *builder) labelled(label, text string, style tcell.Style) *line {
	l := b.line(span{pad(label, labelWidth), b.th.key}, span{text, style})
	l.hang = labelWidth
	return l
}

// seeAlso adds a reference with its address on a line of its own, so that
// terminals make a link of it.
func (b *builder) seeAlso(r spec.Ref) {
	if r.IsZero() {
		return
	}
	text := r.String()
	if t := r.Title(); t != "" {
		text += "  " + t
	}
	b.labelled("See", text, b.th.base)
	if u := r.URL(); u != "" {
		l := b.line(span{pad("", labelWidth), b.th.base}, span{u, b.th.link})
		l.hang, l.code = labelWidth, true
	}
}

func (b *builder) page() page { return &b.p }
