package inspector

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/antchfx/xpath"

	"xmppscope/decode/xmlstream"
)

// elementTest is what has("{ns}name") looks for.
type elementTest struct {
	space, local string
	anySpace     bool
}

func parseElementTest(s string) elementTest {
	if rest, ok := strings.CutPrefix(s, "{"); ok {
		if space, local, ok := strings.Cut(rest, "}"); ok {
			return elementTest{space: space, local: local}
		}
	}
	return elementTest{local: s, anySpace: true}
}

func (t elementTest) matches(n *xmlstream.Node) bool {
	return n.Name.Local == t.local && (t.anySpace || n.Name.Space == t.space)
}

// hasElement tells whether an element stands anywhere in the event.
func (s *subject) hasElement(i int) bool {
	t := s.filter.names[i]
	if t.local == "" || !bytes.Contains(s.whole().Text(), []byte(t.local)) {
		return false // element names cannot be written in another way
	}
	n := s.element()
	return n != nil && findElement(n, t)
}

func findElement(n *xmlstream.Node, t elementTest) bool {
	if t.matches(n) {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.Next {
		if c.Kind == xmlstream.ElementNode && findElement(c, t) {
			return true
		}
	}
	return false
}

// anyName is prefix:*, which the library does not know with a namespace.
var anyName = regexp.MustCompile(`([\pL_][\pL\pN_.-]*):\*`)

// compilePath compiles an XPath with the registered prefixes.
func compilePath(text string) (x *xpath.Expr, fault *FilterError) {
	spaces := make(map[string]string, len(prefixes))
	for _, p := range prefixes {
		spaces[p.Prefix] = p.Space
	}
	var unknown string
	text = outsideQuotes(text, func(s string) string {
		return anyName.ReplaceAllStringFunc(s, func(m string) string {
			prefix := strings.TrimSuffix(m, ":*")
			if _, ok := spaces[prefix]; !ok {
				unknown = prefix
			}
			return "*[namespace-uri()='" + spaces[prefix] + "']"
		})
	})
	defer func() {
		if r := recover(); r != nil {
			x, fault = nil, pathFault(fmt.Sprint(r), unknown)
		}
	}()
	if unknown != "" {
		return nil, pathFault("", unknown)
	}
	x, err := xpath.CompileWithNS(text, spaces)
	if err != nil {
		return nil, pathFault(err.Error(), "")
	}
	return x, nil
}

// pathFault words an error of the library.
func pathFault(text, prefix string) *FilterError {
	if rest, ok := strings.CutPrefix(text, "prefix "); ok {
		prefix, _, _ = strings.Cut(rest, " ")
	}
	if prefix != "" {
		names := make([]string, len(prefixes))
		for i := range prefixes {
			names[i] = prefixes[i].Prefix
		}
		hint := `"xmppscope explain prefixes" lists them`
		if near := Nearest(prefix, names); near != "" {
			hint = "did you mean " + near + ":?"
		}
		return &FilterError{Text: "the XPath uses the prefix " + shorten(prefix, 30) + ", which is not registered", Suggestion: hint}
	}
	return &FilterError{Text: "this is no XPath: " + shorten(text, 80), Suggestion: `for example xpath("bind:bind/bind:resource")`}
}

// outsideQuotes applies change to the parts of an XPath that are no literals.
func outsideQuotes(s string, change func(string) string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, `'"`)
		if i < 0 {
			break
		}
		end := strings.IndexByte(s[i+1:], s[i])
		if end < 0 {
			break
		}
		b.WriteString(change(s[:i]))
		b.WriteString(s[i : i+end+2])
		s = s[i+end+2:]
	}
	b.WriteString(change(s))
	return b.String()
}

var errMoves = errors.New("the XPath takes too long")

// matchesPath evaluates an XPath from the first-level element. It holds where
// the result is not empty, as XPath's boolean() has it. An expression that the
// library panics on, or that takes too long, holds for nothing.
func (s *subject) matchesPath(i int) (holds bool) {
	if i >= len(s.eval.paths) {
		return false
	}
	n := s.element()
	if n == nil {
		return false
	}
	defer func() {
		if recover() != nil {
			holds = false
		}
	}()
	moves := 0
	switch v := s.eval.paths[i].Evaluate(&navigator{root: n, node: n, moves: &moves}).(type) {
	case bool:
		return v
	case float64:
		return v != 0 && v == v
	case string:
		return v != ""
	case *xpath.NodeIterator:
		return v.MoveNext()
	}
	return false
}

// navigator walks a parsed unit for the XPath library. The document node
// above the first-level element is node nil.
type navigator struct {
	root, node *xmlstream.Node
	attr       int // 1-based index into node.Attrs; 0: the node itself
	moves      *int
}

func (v *navigator) step() {
	if *v.moves++; *v.moves > moveBudget {
		panic(errMoves)
	}
}

func (v *navigator) NodeType() xpath.NodeType {
	switch {
	case v.node == nil:
		return xpath.RootNode
	case v.attr > 0:
		return xpath.AttributeNode
	case v.node.Kind == xmlstream.ElementNode:
		return xpath.ElementNode
	case v.node.Kind == xmlstream.CommentNode:
		return xpath.CommentNode
	}
	return xpath.TextNode
}

func (v *navigator) LocalName() string {
	switch {
	case v.node == nil:
		return ""
	case v.attr > 0:
		return v.node.Attrs[v.attr-1].Name.Local
	}
	return v.node.Name.Local
}

// Prefix is always empty, so that a name without a prefix in an XPath stands
// for every namespace, whatever prefixes the wire uses.
func (v *navigator) Prefix() string { return "" }

// NamespaceURL is what a prefixed name in an XPath is compared with.
func (v *navigator) NamespaceURL() string {
	switch {
	case v.node == nil:
		return ""
	case v.attr > 0:
		return v.node.Attrs[v.attr-1].Name.Space
	}
	return v.node.Name.Space
}

func (v *navigator) Value() string {
	n := v.node
	switch {
	case n == nil:
		n = v.root
	case v.attr > 0:
		return n.Attrs[v.attr-1].Value(n.Unit())
	case n.Kind != xmlstream.ElementNode:
		return n.Text()
	}
	text := n.AllText()
	if *v.moves += len(text) / textMove; *v.moves > moveBudget {
		panic(errMoves)
	}
	return text
}

func (v *navigator) Copy() xpath.NodeNavigator {
	v.step()
	c := *v
	return &c
}

func (v *navigator) MoveToRoot() { v.node, v.attr = nil, 0 }

func (v *navigator) MoveToParent() bool {
	v.step()
	switch {
	case v.node == nil:
		return false
	case v.attr > 0:
		v.attr = 0
	case v.node == v.root:
		v.node = nil
	default:
		v.node = v.node.Parent
	}
	return true
}

func (v *navigator) MoveToNextAttribute() bool {
	v.step()
	if v.node == nil {
		return false
	}
	for i := v.attr; i < len(v.node.Attrs); i++ {
		if v.node.Attrs[i].Name.Space != "xmlns" { // declarations are no attributes
			v.attr = i + 1
			return true
		}
	}
	return false
}

func (v *navigator) MoveToChild() bool {
	v.step()
	if v.attr > 0 {
		return false
	}
	if v.node == nil {
		v.node = v.root
		return true
	}
	return v.moveTo(v.node.FirstChild)
}

// moveTo goes to a node or, past processing instructions, to the next one.
func (v *navigator) moveTo(n *xmlstream.Node) bool {
	for n != nil && n.Kind == xmlstream.PINode {
		n = n.Next
	}
	if n == nil {
		return false
	}
	v.node = n
	return true
}

func (v *navigator) MoveToFirst() bool {
	v.step()
	if v.node == nil || v.node == v.root || v.attr > 0 {
		return false
	}
	return v.moveTo(v.node.Parent.FirstChild)
}

func (v *navigator) MoveToNext() bool {
	v.step()
	if v.node == nil || v.node == v.root || v.attr > 0 {
		return false
	}
	return v.moveTo(v.node.Next)
}

func (v *navigator) MoveToPrevious() bool {
	if v.node == nil || v.node == v.root || v.attr > 0 {
		return false
	}
	var before *xmlstream.Node
	for n := v.node.Parent.FirstChild; n != nil && n != v.node; n = n.Next {
		v.step()
		if n.Kind != xmlstream.PINode {
			before = n
		}
	}
	if before == nil {
		return false
	}
	v.node = before
	return true
}

func (v *navigator) MoveTo(to xpath.NodeNavigator) bool {
	o, ok := to.(*navigator)
	if !ok || o.root != v.root {
		return false
	}
	v.node, v.attr = o.node, o.attr
	return true
}
