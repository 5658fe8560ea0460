package tui

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// xmlChange is one thing in which two elements differ.
type xmlChange struct {
	sign     string // + only in the second, − only in the first, ~ in both
	where    string // a path such as iq/query/@node
	was, now string
}

// treeDiff finds what differs between two elements in meaning: names,
// attributes, texts and children. What only looks different is noted apart:
// the order of attributes, quotes, prefixes, references.
type treeDiff struct {
	changes []xmlChange
	same    []string // kinds of differences that mean nothing
	full    bool     // there are more
}

// Bounds of a comparison.
const (
	maxChanges   = 100
	maxSiblings  = 400 // of one element, that are paired by their names
	maxDiffDepth = 64
)

// diffTrees compares two elements; nil stands for none.
func diffTrees(a, b *xmlstream.Node) *treeDiff {
	d := &treeDiff{}
	switch {
	case a == nil && b == nil:
	case a == nil || b == nil || a.Name != b.Name:
		d.add(xmlChange{"~", "element", nodeWord(a), nodeWord(b)})
	default:
		d.element(a, b, a.Name.Local, 0)
	}
	return d
}

func (d *treeDiff) add(c xmlChange) {
	if len(d.changes) >= maxChanges {
		d.full = true
		return
	}
	d.changes = append(d.changes, c)
}

// looks notes a difference without a meaning.
func (d *treeDiff) looks(differs bool, what string) {
	if differs && !slices.Contains(d.same, what) {
		d.same = append(d.same, what)
	}
}

func (d *treeDiff) element(a, b *xmlstream.Node, path string, depth int) {
	if depth > maxDiffDepth || d.full {
		return
	}
	d.looks(prefixOf(a) != prefixOf(b), "prefixes of namespaces")
	d.looks((a.EndTag.End == 0) != (b.EndTag.End == 0), "the form of empty elements")
	d.attrs(a, b, path)
	d.text(a, b, path)
	d.children(a, b, path, depth)
}

func prefixOf(n *xmlstream.Node) string {
	before, _, ok := strings.Cut(string(n.QName.Of(n.Unit())), ":")
	if !ok {
		return ""
	}
	return before
}

// attrs compares the attributes by their expanded names, in canonical order:
// theirs on the wire has no meaning (XML 1.0 §3.1). Declarations of namespaces
// are not compared: the names that they make are.
func (d *treeDiff) attrs(a, b *xmlstream.Node, path string) {
	x, y := attrsOf(a), attrsOf(b)
	var orderA, orderB []xmlstream.Name
	for _, n := range x {
		if b.FindAttr(n.Name.Space, n.Name.Local) != nil {
			orderA = append(orderA, n.Name)
		}
	}
	for _, n := range y {
		old := a.FindAttr(n.Name.Space, n.Name.Local)
		now := n.Value(b.Unit())
		if old == nil {
			d.add(xmlChange{"+", path + "/@" + n.Name.Local, "", now})
			continue
		}
		orderB = append(orderB, n.Name)
		if was := old.Value(a.Unit()); was != now {
			d.add(xmlChange{"~", path + "/@" + n.Name.Local, was, now})
			continue
		}
		d.looks(quoteOf(old, a) != quoteOf(n, b), "quotes")
		d.looks(!bytes.Equal(old.Raw.Of(a.Unit()), n.Raw.Of(b.Unit())), "references for characters")
	}
	d.looks(!slices.Equal(orderA, orderB), "the order of attributes")
	for _, n := range x {
		if b.FindAttr(n.Name.Space, n.Name.Local) == nil {
			d.add(xmlChange{"−", path + "/@" + n.Name.Local, n.Value(a.Unit()), ""})
		}
	}
	d.looks(len(a.Attrs)-len(x) != len(b.Attrs)-len(y), "where namespaces are declared")
}

// attrsOf are the attributes that are no declarations of namespaces.
func attrsOf(n *xmlstream.Node) (all []*xmlstream.Attr) {
	for i := range n.Attrs {
		if a := &n.Attrs[i]; a.Name.Space != "xmlns" && string(a.QName.Of(n.Unit())) != "xmlns" {
			all = append(all, a)
		}
	}
	return all
}

func quoteOf(a *xmlstream.Attr, n *xmlstream.Node) byte {
	if at := int(a.Raw.Start) - 1; at >= 0 && at < len(n.Unit()) {
		return n.Unit()[at]
	}
	return 0
}

// text compares the character data directly in two elements. Between elements
// white space has no meaning.
func (d *treeDiff) text(a, b *xmlstream.Node, path string) {
	was, now := a.Text(), b.Text()
	if a.FirstElement() != nil && b.FirstElement() != nil {
		if strings.TrimSpace(was) == strings.TrimSpace(now) {
			d.looks(was != now, "white space between elements")
			return
		}
	}
	if was != now {
		d.add(xmlChange{"~", path + " text", was, now})
		return
	}
	if a.FirstElement() == nil && b.FirstElement() == nil {
		d.looks(!bytes.Equal(a.Inner(), b.Inner()), "references for characters")
	}
}

// children pairs the children by their names, in order, and compares those that
// make a pair.
func (d *treeDiff) children(a, b *xmlstream.Node, path string, depth int) {
	x, y := childrenOf(a), childrenOf(b)
	pairs := pairNames(x, y)
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(x), len(y)}) {
		for ; i < p[0]; i++ {
			d.add(xmlChange{"−", path + "/" + x[i].Name.Local, nodeWord(x[i]), ""})
		}
		for ; j < p[1]; j++ {
			d.add(xmlChange{"+", path + "/" + y[j].Name.Local, "", nodeWord(y[j])})
		}
		if i < len(x) && j < len(y) {
			d.element(x[i], y[j], path+"/"+x[i].Name.Local, depth+1)
			i, j = i+1, j+1
		}
	}
}

func childrenOf(n *xmlstream.Node) (all []*xmlstream.Node) {
	for c := range n.Children() {
		if len(all) == maxSiblings {
			break
		}
		all = append(all, c)
	}
	return all
}

// pairNames is the longest row of pairs with the same names.
func pairNames(x, y []*xmlstream.Node) (pairs [][2]int) {
	longest := make([][]uint16, len(x)+1)
	for i := range longest {
		longest[i] = make([]uint16, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if x[i].Name == y[j].Name {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i].Name == y[j].Name:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// nodeWord is an element in short.
func nodeWord(n *xmlstream.Node) string {
	if n == nil {
		return "nothing that can be read"
	}
	if p := n.Wire(); len(p) <= 120 {
		return string(p)
	}
	return "<" + n.Name.Local + " xmlns='" + n.Name.Space + "'>…"
}
