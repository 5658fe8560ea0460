package practice

import (
	"errors"
	"fmt"
	"strings"

	"xmppscope/decode/xmlstream"
)

// Pattern is what an element is awaited by: the names of a path into it, and
// attributes of the outermost. An S: line is iq/error/item-not-found id=q1,
// message body=Hello, or stream, /stream and end for the header, the end tag and
// the end of TCP. A key in front of = that is no attribute of the element is
// the name of a child, whose text is meant; the last value goes to the end of
// the line, so that it may have spaces.
type Pattern struct {
	path  []string
	pairs [][2]string
}

// ParsePattern reads one.
func ParsePattern(text string) (Pattern, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Pattern{}, errors.New("there is no name to wait for")
	}
	p := Pattern{path: []string{words[0]}}
	if words[0] != closeTag {
		p.path = strings.Split(words[0], "/")
	}
	for _, w := range words[1:] {
		k, v, ok := strings.Cut(w, "=")
		switch {
		case ok:
			p.pairs = append(p.pairs, [2]string{k, v})
		case len(p.pairs) == 0:
			return p, fmt.Errorf("%q is no name=value", w)
		default:
			p.pairs[len(p.pairs)-1][1] += " " + w
		}
	}
	return p, nil
}

// Names of what is no element.
const (
	headerTag = "stream"
	closeTag  = "/stream"
	endOfTCP  = "end"
)

// matches tells whether an element is meant.
func (p *Pattern) matches(e *Element) bool {
	if e.Name != p.path[0] {
		return false
	}
	if e.Node == nil {
		return len(p.path) == 1 && len(p.pairs) == 0
	}
	n := e.Node
	for _, name := range p.path[1:] {
		if n = child(n, name); n == nil {
			return false
		}
	}
	for _, pair := range p.pairs {
		got, ok := e.Node.Attr(pair[0])
		if name, xml := strings.CutPrefix(pair[0], "xml:"); xml {
			got, ok = e.Node.AttrNS(xmlstream.NSXML, name)
		}
		if !ok {
			c := child(e.Node, pair[0])
			if c == nil {
				return false
			}
			got = c.Text()
		}
		if got != pair[1] {
			return false
		}
	}
	return true
}

func child(n *xmlstream.Node, local string) *xmlstream.Node {
	for c := range n.Children() {
		if c.Name.Local == local {
			return c
		}
	}
	return nil
}
