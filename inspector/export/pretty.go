package export

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// maxIndent bounds how far nesting moves to the right, in levels: a hostile
// depth must not make lines of spaces.
const maxIndent = 20

// shortText is how many bytes of one text are shown where texts are shortened.
const shortText = 600

// pretty lays an element out: a child a line, attributes wrapped. Names,
// quotes and references stay as they were written; only white space between
// elements and between attributes is ours.
type pretty struct {
	unit  []byte
	width int
	full  bool
	p     palette
	lines []string
}

// layout returns the lines of the element n of unit.
func layout(unit []byte, n *xmlstream.Node, p palette, width int, full bool) []string {
	x := &pretty{unit: unit, width: max(width, 40), full: full, p: p}
	if before := bytes.TrimSpace(unit[:n.Tag.Start]); len(before) > 0 {
		x.add(0, p.paint(roleFaint, inspector.Disarm(string(before)))) // the XML declaration
	}
	x.element(n, 0)
	return x.lines
}

func (x *pretty) add(depth int, text string) {
	x.lines = append(x.lines, strings.Repeat("  ", min(depth, maxIndent))+text)
}

func (x *pretty) element(n *xmlstream.Node, depth int) {
	end := ""
	if n.EndTag.Len() > 0 {
		end = x.p.paint(roleTag, inspector.Disarm(string(n.EndTag.Of(x.unit))))
	}
	tag := x.tag(n, depth)
	if n.FirstChild == nil || !elementsOnly(n, x.unit) {
		x.leaf(n, tag, end, depth)
		return
	}
	for _, t := range tag {
		x.add(depth, t.text)
	}
	for c := n.FirstChild; c != nil; c = c.Next {
		if c.Kind == xmlstream.ElementNode {
			x.element(c, depth+1)
		} else if c.Kind != xmlstream.TextNode {
			x.add(depth+1, x.p.paint(roleFaint, x.short(c.Span.Of(x.unit))))
		}
	}
	if end != "" {
		x.add(depth, end)
	}
}

// leaf writes an element that holds text: on one line where it fits, else the
// text below its tag.
func (x *pretty) leaf(n *xmlstream.Node, tag []painted, end string, depth int) {
	text := x.inside(n)
	last := tag[len(tag)-1]
	for _, t := range tag[:len(tag)-1] {
		x.add(depth, t.text)
	}
	room := x.room(depth)
	if last.used+columns(text)+n.EndTag.Len() <= room || text == "" {
		x.add(depth, last.text+text+end)
		return
	}
	x.add(depth, last.text)
	for _, l := range chop(text, room-2) {
		x.add(depth+1, l)
	}
	if end != "" {
		x.add(depth, end)
	}
}

// room is how many columns there are at a depth.
func (x *pretty) room(depth int) int { return max(x.width-2*min(depth, maxIndent), 30) }

// painted is a line with its width without colours.
type painted struct {
	text string
	used int
}

// tag writes a start tag on as few lines as fit.
func (x *pretty) tag(n *xmlstream.Node, depth int) []painted {
	close := ">"
	if raw := n.Tag.Of(x.unit); bytes.HasSuffix(raw, []byte("/>")) {
		close = "/>"
	} else if !bytes.HasSuffix(raw, []byte(">")) {
		close = ""
	}
	name := "<" + inspector.Disarm(string(n.QName.Of(x.unit)))
	line, used := x.p.paint(roleTag, name), columns(name)
	room := x.room(depth)
	var lines []painted
	for _, a := range n.Attrs {
		stop := min(int(a.Raw.End)+1, len(x.unit)) // with the quote
		key := inspector.Disarm(string(x.unit[a.QName.Start:a.QName.End]))
		value := x.short(x.unit[a.QName.End:stop])
		size := columns(key) + columns(value)
		if used+1+size+len(close) > room && used > len(name) {
			lines = append(lines, painted{line, used})
			line, used = "   ", 3
		}
		line += " " + x.p.paint(roleAttr, key) + value
		used += 1 + size
	}
	return append(lines, painted{line + x.p.paint(roleTag, close), used + len(close)})
}

// inside writes what stands between the tags of an element that holds text.
func (x *pretty) inside(n *xmlstream.Node) string {
	if n.FirstChild == nil {
		return ""
	}
	return x.short(x.unit[n.FirstChild.Span.Start:n.LastChild.Span.End])
}

// short disarms a piece and leaves out the middle of a long one.
func (x *pretty) short(raw []byte) string {
	if x.full || len(raw) <= shortText {
		return inspector.Disarm(string(raw))
	}
	head, tail := cut(raw, shortText/2), raw[len(raw)-40:]
	for len(tail) > 0 && !utf8.RuneStart(tail[0]) {
		tail = tail[1:]
	}
	left := len(raw) - len(head) - len(tail)
	return inspector.Disarm(string(head)) + fmt.Sprintf(" …⟨%s more⟩… ", bytesWord(int64(left))) + inspector.Disarm(string(tail))
}

// cut returns at most n bytes of b, not in the middle of a character.
func cut(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

// elementsOnly tells whether white space alone stands between the children.
func elementsOnly(n *xmlstream.Node, unit []byte) bool {
	some := false
	for c := n.FirstChild; c != nil; c = c.Next {
		switch c.Kind {
		case xmlstream.ElementNode:
			some = true
		case xmlstream.TextNode:
			if len(bytes.TrimSpace(c.Span.Of(unit))) > 0 {
				return false
			}
		case xmlstream.CDATANode:
			return false
		}
	}
	return some
}

// bytesWord writes a count of bytes with its noun.
func bytesWord(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return thousands(n) + " bytes"
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
