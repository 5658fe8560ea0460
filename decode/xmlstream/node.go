package xmlstream

import (
	"iter"
	"slices"
)

// Value is the value of the attribute with references replaced and white
// space normalized (XML 1.0 §3.3.3). unit is the unit the attribute is from.
func (a *Attr) Value(unit []byte) string {
	raw := a.Raw.Of(unit)
	if !asWritten(raw) {
		return string(normalize(nil, raw))
	}
	return string(raw)
}

// Value is Attr.Value for what comes again and again, such as types and
// addresses: the same string as last time if it can.
func (t *Tree) Value(a *Attr, unit []byte) string {
	if raw := a.Raw.Of(unit); asWritten(raw) {
		return t.names.intern(raw)
	}
	return a.Value(unit)
}

// asWritten tells that nothing has to be replaced in the value of an attribute.
func asWritten(raw []byte) bool {
	for _, c := range raw {
		if c == '&' || c == '\t' || c == '\n' || c == '\r' {
			return false
		}
	}
	return true
}

// Attr is the value of the attribute without a namespace that has this name.
func (n *Node) Attr(local string) (string, bool) { return n.AttrNS("", local) }

// AttrNS is the value of an attribute by expanded name.
func (n *Node) AttrNS(space, local string) (string, bool) {
	if a := n.FindAttr(space, local); a != nil {
		return a.Value(n.unit), true
	}
	return "", false
}

// FindAttr is the attribute with an expanded name, or nil.
func (n *Node) FindAttr(space, local string) *Attr {
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Local == local && a.Name.Space == space {
			return a
		}
	}
	return nil
}

// Unit is the unit that the spans of the node are of.
func (n *Node) Unit() []byte { return n.unit }

// Wire is the bytes of the node.
func (n *Node) Wire() []byte { return n.Span.Of(n.unit) }

// Inner is the bytes between the marks or tags of the node. Text has no marks.
func (n *Node) Inner() []byte {
	s := n.InnerSpan()
	return s.Of(n.unit)
}

// InnerSpan is where Inner is.
func (n *Node) InnerSpan() Span {
	head, tail := 0, 0
	switch n.Kind {
	case ElementNode:
		s := Span{n.Tag.End, n.Span.End}
		if n.EndTag.End > 0 {
			s.End = n.EndTag.Start
		}
		return s
	case CDATANode:
		head, tail = len("<![CDATA["), len("]]>")
	case CommentNode:
		head, tail = len("<!--"), len("-->")
	case PINode:
		head, tail = len("<?"), len("?>")
	}
	return Span{n.Span.Start + int32(head), n.Span.End - int32(tail)}
}

// Nodes are the children in order.
func (n *Node) Nodes() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n.FirstChild; c != nil && yield(c); c = c.Next {
		}
	}
}

// Children are the children that are elements, in order.
func (n *Node) Children() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n.FirstChild; c != nil; c = c.Next {
			if c.Kind == ElementNode && !yield(c) {
				return
			}
		}
	}
}

// FirstElement is the first child that is an element, or nil.
func (n *Node) FirstElement() *Node {
	for c := range n.Children() {
		return c
	}
	return nil
}

// Child is the first child element of an expanded name, or nil.
func (n *Node) Child(space, local string) *Node {
	for c := range n.Children() {
		if c.Name.Local == local && c.Name.Space == space {
			return c
		}
	}
	return nil
}

// All are the node and everything inside it in the order of the wire.
func (n *Node) All() iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		for c := n; c != nil && yield(c); c = c.after(n) {
		}
	}
}

// after is the node behind n in the order of the wire, inside of top.
func (n *Node) after(top *Node) *Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	for n != top {
		if n.Next != nil {
			return n.Next
		}
		n = n.Parent
	}
	return nil
}

// Text is the character data directly inside an element, or of the node
// itself, with references replaced.
func (n *Node) Text() string {
	if n.Kind != ElementNode {
		return string(n.appendText(nil))
	}
	switch c := n.FirstChild; {
	case c == nil:
		return ""
	case c.Next == nil && c.Kind == TextNode && c.plain: // as most are
		return string(c.Inner())
	}
	return joined(n.Nodes())
}

// AllText is the character data inside an element at any depth.
func (n *Node) AllText() string { return joined(n.All()) }

// joined is the character data of the nodes that have some.
func joined(nodes iter.Seq[*Node]) string {
	var only *Node
	var all []byte
	for c := range nodes {
		if c.Kind != TextNode && c.Kind != CDATANode {
			continue
		}
		if only == nil {
			only = c
			continue
		}
		if all == nil {
			all = only.appendText(nil)
		}
		all = c.appendText(all)
	}
	switch {
	case only == nil:
		return ""
	case all != nil:
		return string(all)
	case only.plain:
		return string(only.Inner())
	}
	return string(only.appendText(nil))
}

// appendText appends the decoded character data of a node. Comments and
// instructions are as written.
func (n *Node) appendText(dst []byte) []byte {
	raw := n.Inner()
	switch {
	case n.Kind == TextNode && !n.plain:
		return unescape(dst, raw)
	case n.Kind == CDATANode && !n.plain:
		return lineEnds(dst, raw)
	}
	return append(dst, raw...)
}

// Path is the elements from the unit's outermost down to the node.
func (n *Node) Path() []*Node {
	var path []*Node
	for ; n != nil; n = n.Parent {
		path = append(path, n)
	}
	slices.Reverse(path)
	return path
}

// At is the innermost node that covers an offset of the unit, or nil.
func (n *Node) At(off int) *Node {
	var found *Node
	for c := n; c != nil; {
		if off < int(c.Span.Start) || off >= int(c.Span.End) {
			c = c.Next
			continue
		}
		found, c = c, c.FirstChild
	}
	return found
}
