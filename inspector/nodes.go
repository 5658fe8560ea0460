package inspector

import (
	"errors"

	"github.com/antchfx/xpath"

	"xmppscope/decode/xmlstream"
)

// Path is a compiled XPath that chooses elements and attributes; its prefixes
// are those of [Prefixes]. It starts at a first-level element, like xpath("…")
// in a filter. A Path is immutable and may be used from several goroutines.
type Path struct{ text string }

// CompilePath compiles an XPath. The error is a *[FilterError].
func CompilePath(text string) (*Path, error) {
	if _, fault := compilePath(text); fault != nil {
		return nil, fault
	}
	return &Path{text}, nil
}

// Chosen is one node that a [Path] chose. Attr is nil where it is an element.
type Chosen struct {
	Node *xmlstream.Node
	Attr *xmlstream.Attr
}

// errNoNodes tells an XPath whose value is no set of nodes.
var errNoNodes = errors.New("the XPath gives a value and not a part of the element")

// Choose lists the elements and attributes below n that the path chooses, in
// document order, n itself included.
func (p *Path) Choose(n *xmlstream.Node) (all []Chosen, err error) {
	x, fault := compilePath(p.text)
	if fault != nil {
		return nil, fault
	}
	defer func() {
		if recover() != nil {
			all, err = nil, errMoves
		}
	}()
	moves := 0
	found, ok := x.Evaluate(&navigator{root: n, node: n, moves: &moves}).(*xpath.NodeIterator)
	if !ok {
		return nil, errNoNodes
	}
	for found.MoveNext() {
		v, ok := found.Current().(*navigator)
		switch {
		case !ok || v.node == nil:
		case v.attr > 0:
			all = append(all, Chosen{v.node, &v.node.Attrs[v.attr-1]})
		case v.node.Kind == xmlstream.ElementNode:
			all = append(all, Chosen{Node: v.node})
		}
	}
	return all, nil
}
