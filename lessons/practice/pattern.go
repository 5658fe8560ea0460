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
// the line, so that it may have spaces. It may also be XML: then whatever stands
// in it has to be there, and more may be.
type Pattern struct {
	path  []string
	pairs [][2]string
	like  *xmlstream.Node
}

// ParsePattern reads one.
func ParsePattern(text string) (Pattern, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Pattern{}, errors.New("there is no name to wait for")
	}
	if words[0][0] == '<' {
		return parseLike(text)
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

func parseLike(text string) (Pattern, error) {
	var t xmlstream.Tree
	n := t.Parse([]byte(text), nil, xmlstream.Options{})
	for _, e := range t.Errs {
		return Pattern{}, fmt.Errorf("the XML to wait for: %s", e.Text)
	}
	if n == nil {
		return Pattern{}, errors.New("there is no element to wait for")
	}
	return Pattern{path: []string{n.Name.Local}, like: n}, nil
}

// covers tells whether n has whatever like has. A name without a namespace is
// that name in any.
func covers(n, like *xmlstream.Node) bool {
	if n.Name.Local != like.Name.Local || like.Name.Space != "" && n.Name.Space != like.Name.Space {
		return false
	}
	for i := range like.Attrs {
		name := like.Attrs[i].Name
		if name.Space == "xmlns" || name.Space == "" && name.Local == "xmlns" {
			continue
		}
		want, _ := like.AttrNS(name.Space, name.Local)
		if got, ok := n.AttrNS(name.Space, name.Local); !ok || got != want {
			return false
		}
	}
	if want := strings.TrimSpace(like.Text()); want != "" && strings.TrimSpace(n.Text()) != want {
		return false
	}
	for l := range like.Children() {
		if !anyCovers(n, l) {
			return false
		}
	}
	return true
}

func anyCovers(n, like *xmlstream.Node) bool {
	for c := range n.Children() {
		if covers(c, like) {
			return true
		}
	}
	return false
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
	if p.like != nil {
		return covers(e.Node, p.like)
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
