package xmlstream

import "slices"

// Tree parses units, one after the other. The zero Tree is ready. The nodes it
// returns belong to it and live until its next Parse; what is taken out of
// them as a string may be kept. A Tree must not be used by two goroutines at a
// time.
type Tree struct {
	// Errs are the faults of the unit in the order of its bytes, at most 32.
	// One fault may hide others behind it.
	Errs []SyntaxError
	// Decl is the XML declaration that ParseHeader found.
	Decl Decl

	unit []byte
	o    Options
	lex  lexer
	root *Node
	cur  *Node // the innermost open element
	deep int   // how many are open

	count  int // nodes and attributes of the unit
	nodes  pages[Node]
	attrs  pages[Attr]
	scopes pages[Scope]
	names  names
	tag    []Attr       // attributes of the tag at hand
	more   bool         // it has more than are allowed
	seen   map[Name]int // names of attributes, where there are many
	keep   bool         // scopes are to outlive the next Parse
}

// Decl is an XML declaration. Spans count from the start of the unit; those
// of the values are without quotes and have End 0 where there is none.
type Decl struct {
	Span                          Span
	Version, Encoding, Standalone Span
}

const (
	maxErrs = 32
	// maxNodes bounds what one unit may occupy as a tree; nodes are much
	// larger than the shortest element.
	maxNodes = 1 << 18
)

// Parse reads one whole unit, an element, with the namespaces of scope
// around it. It returns what could be read, nil if there is no element at
// all. What is wrong is in t.Errs.
func (t *Tree) Parse(unit []byte, scope *Scope, o Options) *Node {
	t.reset(unit, o)
	t.checkChars()
	t.content(scope)
	t.finish()
	return t.root
}

// Err is the first fault, or nil.
func (t *Tree) Err() *SyntaxError {
	if len(t.Errs) == 0 {
		return nil
	}
	e := t.Errs[0]
	return &e
}

func (t *Tree) reset(unit []byte, o Options) {
	t.Errs, t.Decl = t.Errs[:0], Decl{}
	t.unit, t.o = unit, o.limits()
	t.lex = lexer{}
	t.root, t.cur, t.deep, t.count, t.keep = nil, nil, 0, 0, false
	t.nodes.reset()
	t.attrs.reset()
	t.scopes.reset()
}

// report adds a fault. Faults of characters are found in a pass of their own
// and must not crowd out the others, hence twice the room until the end.
func (t *Tree) report(rule, text string, pos, end int) {
	if len(t.Errs) < 2*maxErrs {
		t.Errs = append(t.Errs, *fault(rule, text, pos, end))
	}
}

func (t *Tree) finish() {
	if len(t.Errs) == 0 {
		return
	}
	slices.SortStableFunc(t.Errs, func(a, b SyntaxError) int { return a.Pos - b.Pos })
	t.Errs = t.Errs[:min(len(t.Errs), maxErrs)]
}

// add appends a node to the open element.
func (t *Tree) add(kind NodeKind, pos, end int) *Node {
	n := &t.nodes.take(1)[0]
	*n = Node{Kind: kind, Span: span(pos, end), Parent: t.cur, unit: t.unit}
	t.count++
	switch {
	case t.cur == nil:
	case t.cur.LastChild == nil:
		t.cur.FirstChild, t.cur.LastChild = n, n
		n.Scope = t.cur.Scope
	default:
		t.cur.LastChild.Next = n
		t.cur.LastChild = n
		n.Scope = t.cur.Scope
	}
	return n
}

func span(pos, end int) Span { return Span{int32(pos), int32(end)} }
