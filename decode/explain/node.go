package explain

import (
	"xmppscope/decode/xmlstream"
)

// The accessors here allow a nil node, so that a topic can ask for what a
// broken element lacks.

func child(n *xmlstream.Node, space, local string) *xmlstream.Node {
	if n == nil {
		return nil
	}
	return n.Child(space, local)
}

// first is the first child element, whatever its name.
func first(n *xmlstream.Node) *xmlstream.Node {
	if n == nil {
		return nil
	}
	for c := range n.Children() {
		return c
	}
	return nil
}

func text(n *xmlstream.Node) string {
	if n == nil {
		return ""
	}
	return n.Text()
}

func attr(n *xmlstream.Node, local string) string {
	v, _ := attrOf(n, local)
	return v
}

func attrOf(n *xmlstream.Node, local string) (string, bool) {
	if n == nil {
		return "", false
	}
	return n.Attr(local)
}

// attrSpan covers an unprefixed attribute from its name to its closing quote.
func attrSpan(n *xmlstream.Node, local string) (xmlstream.Span, bool) {
	if n == nil {
		return xmlstream.Span{}, false
	}
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space == "" && a.Name.Local == local {
			return whole(a), true
		}
	}
	return xmlstream.Span{}, false
}

// whole is an attribute with its quotes: Raw ends before the closing one.
func whole(a *xmlstream.Attr) xmlstream.Span {
	return xmlstream.Span{Start: a.QName.Start, End: a.Raw.End + 1}
}

// inside is what stands between the tags of n.
func inside(n *xmlstream.Node) xmlstream.Span {
	end := n.EndTag.Start
	if n.EndTag.Len() == 0 {
		end = n.Tag.End
	}
	return xmlstream.Span{Start: n.Tag.End, End: end}
}
