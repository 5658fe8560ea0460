package linear

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

func newTree() *xmlstream.Tree { return new(xmlstream.Tree) }

// shortXML is how many bytes of XML are said as they stand, on one line; what is
// longer gets a line for each tag.
const shortXML = 300

// maxLines is how many lines of one element are said.
const maxLines = 400

// xmlLines cuts the XML of an event before its tags, so that each line has a tag
// and what belongs to it. No byte is changed and none left out but by length.
func xmlLines(e *decode.Event) (lines []string) {
	text := e.Text()
	if len(text) <= shortXML {
		return []string{string(bytes.TrimRight(text, "\r\n"))}
	}
	n := e.Element(newTree())
	if n == nil {
		return []string{capped(string(text), 4*maxSaid)}
	}
	from := 0
	cut := func(at int) {
		if at > from && len(lines) < maxLines {
			if piece := bytes.TrimSpace(text[from:at]); len(piece) > 0 {
				lines = append(lines, capped(string(piece), maxSaid))
			}
		}
		from = max(from, at)
	}
	var walk func(*xmlstream.Node)
	walk = func(n *xmlstream.Node) {
		cut(int(n.Tag.Start))
		for c := n.FirstChild; c != nil; c = c.Next {
			if c.Kind == xmlstream.ElementNode {
				walk(c)
			}
		}
		if last := n.LastChild; last != nil && last.Kind == xmlstream.ElementNode && n.EndTag.Len() > 0 {
			cut(int(n.EndTag.Start))
		}
	}
	walk(n)
	cut(len(text))
	if len(lines) == maxLines {
		lines = append(lines, "And "+counted(len(text)-from, "byte")+" more.")
	}
	return lines
}

// nodeTokens cuts an element into what can differ: its name, each attribute with
// its value, its text, its children. Each says which element it belongs to.
func nodeTokens(all []string, text []byte, n *xmlstream.Node) []string {
	name := "<" + string(n.QName.Of(text)) + ">"
	all = append(all, name)
	for _, a := range n.Attrs {
		all = append(all, name+" attribute "+string(text[a.QName.Start:min(int(a.Raw.End)+1, len(text))]))
	}
	for c := n.FirstChild; c != nil; c = c.Next {
		if c.Kind == xmlstream.ElementNode {
			all = nodeTokens(all, text, c)
		} else if piece := bytes.TrimSpace(c.Span.Of(text)); len(piece) > 0 {
			all = append(all, name+" text "+string(piece))
		}
	}
	return all
}
