package inspector

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
)

// flipped is the same comparison with its sides exchanged.
var flipped = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// comparison checks that both sides fit, and gives fields that have several
// values, levels and times their meaning.
func (w *rewriter) comparison(at *ast.Node, n *ast.BinaryNode) *FilterError {
	left, right := fieldOf(n.Left), fieldOf(n.Right)
	if left == nil && right != nil && flipped[n.Operator] != "" {
		n.Left, n.Right, n.Operator = n.Right, n.Left, flipped[n.Operator]
		left, right = right, left
	}
	if n.Operator == "matches" {
		if _, ok := n.Right.(*ast.StringNode); !ok {
			return fail(n.Right, `for example name matches "^iq$"`, "matches takes a regular expression in quotes")
		}
	}
	if left != nil {
		if e := left.check(n); e != nil {
			return e
		}
	}
	if left == nil || left.sort != sortTexts && left.sort != sortLevel && left.sort != sortTime {
		if right != nil && (right.sort == sortTexts || right.sort == sortLevel) {
			return fail(n.Right, "compare it with a text in quotes", "%s stands on the left of a comparison", right.name)
		}
		if e := w.node(&n.Left, wantValue); e != nil {
			return e
		}
		return w.node(&n.Right, wantValue)
	}
	w.f.uses |= left.uses
	if e := w.node(&n.Right, wantValue); e != nil {
		return e
	}
	switch left.sort {
	case sortTexts:
		w.texts(at, n, left)
	case sortLevel:
		w.level(at, n)
	case sortTime:
		return w.time(at, n)
	}
	return nil
}

// fieldOf is the field that a node names, or nil.
func fieldOf(n ast.Node) *field {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return fieldNamed(n.Value)
	case *ast.MemberNode:
		if name, ok := memberName(n); ok {
			return fieldNamed(name)
		}
	}
	return nil
}

// check refuses what a field can never be.
func (f *field) check(n *ast.BinaryNode) *FilterError {
	if f.sort == sortNumber || f.sort == sortYes {
		if s, ok := n.Right.(*ast.StringNode); ok {
			if _, err := strconv.Atoi(s.Value); err == nil && f.sort == sortNumber {
				return fail(s, "without quotes: "+s.Value, "%s is a number", f.name)
			}
			return fail(s, "for example "+f.example, "%s is %s", f.name, article(f.sort))
		}
		return nil
	}
	switch v := n.Right.(type) {
	case *ast.IntegerNode:
		return fail(v, "in quotes: "+quote(strconv.Itoa(v.Value)), "%s is %s", f.name, article(f.sort))
	case *ast.FloatNode, *ast.BoolNode:
		return fail(n.Right, "for example "+f.example, "%s is %s", f.name, article(f.sort))
	case *ast.IdentifierNode:
		if fieldNamed(v.Value) == nil {
			return fail(v, "if it is text, put it in quotes: "+quote(shorten(v.Value, 30)), "there is no field %s", shorten(v.Value, 30))
		}
	case *ast.StringNode:
		if f.sort == sortText && strings.Contains("< <= > >=", n.Operator) {
			return fail(n, "use == or matches", "texts have no order")
		}
		if n.Operator == "==" || n.Operator == "!=" || f.sort == sortLevel {
			return f.checkValue(v)
		}
	case *ast.ArrayNode:
		for _, one := range v.Nodes {
			s, ok := one.(*ast.StringNode)
			if !ok {
				return fail(one, "in quotes", "%s is %s", f.name, article(f.sort))
			}
			if e := f.checkValue(s); e != nil {
				return e
			}
		}
	}
	return nil
}

func article(s fieldSort) string {
	switch s {
	case sortYes:
		return "yes or no and stands alone"
	case sortTime:
		return "a time"
	}
	return "a " + typeNames[s]
}

// checkValue refuses a text that a field of few values never has.
func (f *field) checkValue(s *ast.StringNode) *FilterError {
	values := f.valueNames()
	if values == nil || s.Value == "" || slices.Contains(values, s.Value) {
		return nil
	}
	hint := "values are " + strings.Join(values, " ")
	if near := Nearest(s.Value, values); near != "" {
		hint = "did you mean " + quote(near) + "?"
	} else if len(values) > 20 {
		hint = ""
	}
	return fail(s, hint, "%s is never %s", f.name, quote(shorten(s.Value, 30)))
}

// texts compares a field of several values: it holds if it holds for any. An
// event without any counts as having the empty text, but for the search
// operators.
func (w *rewriter) texts(at *ast.Node, n *ast.BinaryNode, f *field) {
	list := call(fieldCall + f.name)
	test := anyOf(list, n.Operator, n.Right)
	if n.Operator == "==" || n.Operator == "!=" || n.Operator == "in" {
		none := operation("==", lenOf(call(fieldCall+f.name)), &ast.IntegerNode{})
		empty := operation(n.Operator, &ast.StringNode{}, n.Right)
		test = operation("or", test, operation("and", none, empty))
	}
	put(at, test)
}

func lenOf(n ast.Node) ast.Node {
	return &ast.BuiltinNode{Name: "len", Arguments: []ast.Node{n}}
}

// levelRank is the place of a level, 0 for no finding, -1 for no level.
func levelRank(name string) int {
	if name == "" {
		return 0
	}
	for _, l := range Levels() {
		if l.String() == name {
			return int(l)
		}
	}
	return -1
}

// level compares by rank. An event without findings has no level: it equals
// "" and is below and above nothing.
func (w *rewriter) level(at *ast.Node, n *ast.BinaryNode) {
	rank := func(v ast.Node) ast.Node {
		if s, ok := v.(*ast.StringNode); ok {
			return &ast.IntegerNode{Value: levelRank(s.Value)}
		}
		return v
	}
	right := rank(n.Right)
	if l, ok := right.(*ast.ArrayNode); ok {
		for i := range l.Nodes {
			l.Nodes[i] = rank(l.Nodes[i])
		}
	}
	test := anyOf(call(fieldCall+"level"), n.Operator, right)
	if n.Operator == "==" || n.Operator == "!=" || n.Operator == "in" {
		none := operation("==", lenOf(call(fieldCall+"level")), &ast.IntegerNode{})
		test = operation("or", test, operation("and", none, operation(n.Operator, &ast.IntegerNode{}, right)))
	}
	put(at, test)
}

// time compares instants where an order is asked for, otherwise the text. An
// event without a time is neither before nor after anything.
func (w *rewriter) time(at *ast.Node, n *ast.BinaryNode) *FilterError {
	s, ok := n.Right.(*ast.StringNode)
	if !ok || !strings.Contains("< <= > >=", n.Operator) {
		put(&n.Left, call(fieldCall+"time"))
		return nil
	}
	t, ok := parseTime(s.Value)
	if !ok {
		return fail(s, `for example time >= "2026-01-02T03:04:05Z"`, "this is no time: %s", shorten(s.Value, 30))
	}
	known := operation("!=", call(fieldCall+"time"), &ast.StringNode{})
	put(at, operation("and", known, operation(n.Operator, call(callInstant), &ast.IntegerNode{Value: int(t.UnixNano())})))
	return nil
}

// parseTime reads RFC 3339, or a beginning of it, which is taken as UTC.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02T15", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			_, ok := unixNano(t)
			return t, ok
		}
	}
	return time.Time{}, false
}
