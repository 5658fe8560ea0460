package inspector

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// want says what a place in an expression needs.
type want uint8

const (
	wantTruth want = iota // yes or no: bare words and fields stand alone here
	wantValue
)

// rewriter turns the tree that expr parsed into one that it can run: names
// become calls, and whatever is not part of the language is refused with a
// suggestion.
type rewriter struct{ f *Filter }

func fail(n ast.Node, suggestion, format string, args ...any) *FilterError {
	at := n
	for m, ok := at.(*ast.MemberNode); ok; m, ok = at.(*ast.MemberNode) {
		at = m.Node // where a.b begins
	}
	return &FilterError{Column: at.Location().From + 1, Text: fmt.Sprintf(format, args...), Suggestion: suggestion}
}

func (w *rewriter) node(at *ast.Node, want want) *FilterError {
	switch n := (*at).(type) {
	case *ast.IdentifierNode:
		return w.name(at, n.Value, want)
	case *ast.MemberNode:
		name, ok := memberName(n)
		if !ok {
			return fail(n, "", "only payload and sasl have parts")
		}
		return w.name(at, name, want)
	case *ast.StringNode:
		if want == wantTruth {
			put(at, call(callWord, &ast.StringNode{Value: n.Value}))
		}
		return nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return nil
	case *ast.UnaryNode:
		return w.unary(n, want)
	case *ast.BinaryNode:
		return w.binary(at, n)
	case *ast.CallNode:
		return w.call(at, n)
	case *ast.BuiltinNode:
		return w.builtin(n)
	case *ast.ConditionalNode:
		if e := w.node(&n.Cond, wantTruth); e != nil {
			return e
		}
		if e := w.node(&n.Exp1, want); e != nil {
			return e
		}
		return w.node(&n.Exp2, want)
	case *ast.ArrayNode:
		return w.list(n)
	case *ast.NilNode:
		return fail(n, `compare with "" instead`, "there is no nil: what is absent is empty")
	}
	return fail(*at, "", "this is not part of the filter language")
}

// name turns a field into a call, and any other bare word into a search.
func (w *rewriter) name(at *ast.Node, name string, want want) *FilterError {
	f := fieldNamed(name)
	if f == nil {
		_, single := (*at).(*ast.IdentifierNode)
		switch {
		case want == wantTruth && single && (name == "sasl" || name == "payload"):
			return w.name(at, name+map[string]string{"sasl": ".mechanism", "payload": ".name"}[name], want)
		case want == wantTruth && single:
			put(at, call(callWord, &ast.StringNode{Value: name}))
			return nil
		}
		return unknown(*at, name)
	}
	w.f.uses |= f.uses
	field := call(fieldCall + f.name)
	if want == wantValue || f.sort == sortYes {
		put(at, field)
		return nil
	}
	switch f.sort {
	case sortText, sortTime:
		put(at, operation("!=", field, &ast.StringNode{}))
	case sortNumber:
		put(at, operation("!=", field, &ast.IntegerNode{}))
	case sortTexts:
		put(at, anyOf(field, "!=", &ast.StringNode{}))
	case sortLevel:
		put(at, anyOf(field, "!=", &ast.IntegerNode{}))
	}
	return nil
}

// unknown refuses a name. Beside a field it is probably text whose quotes are
// missing.
func unknown(n ast.Node, name string) *FilterError {
	if near := Nearest(name, fieldNames()); near != "" {
		return fail(n, "did you mean "+near+"?", "there is no field %s", shorten(name, 30))
	}
	return fail(n, fmt.Sprintf("if it is text, put it in quotes: %q", shorten(name, 30)), "there is no field %s", shorten(name, 30))
}

func (w *rewriter) unary(n *ast.UnaryNode, want want) *FilterError {
	if n.Operator == "not" || n.Operator == "!" {
		if inner, ok := n.Node.(*ast.UnaryNode); ok && (inner.Operator == "-" || inner.Operator == "+") {
			return fail(n, `put text in quotes: "`+plainWords(w.f.text)+`"`, "not cannot stand before a number")
		}
		return w.node(&n.Node, wantTruth)
	}
	return w.node(&n.Node, wantValue)
}

func (w *rewriter) binary(at *ast.Node, n *ast.BinaryNode) *FilterError {
	switch n.Operator {
	case "and", "or", "&&", "||":
		if e := w.node(&n.Left, wantTruth); e != nil {
			return e
		}
		return w.node(&n.Right, wantTruth)
	case "==", "!=", "<", "<=", ">", ">=", "contains", "matches", "startsWith", "endsWith", "in":
		return w.comparison(at, n)
	case "+", "-", "*", "/", "%":
		if e := w.node(&n.Left, wantValue); e != nil {
			return w.dashed(n, e)
		}
		if e := w.node(&n.Right, wantValue); e != nil {
			return w.dashed(n, e)
		}
		return nil
	}
	return fail(n, "", "%s is not part of the filter language", n.Operator)
}

// dashed explains the fault of a calculation: most are words with a hyphen.
func (w *rewriter) dashed(n *ast.BinaryNode, e *FilterError) *FilterError {
	if n.Operator == "-" {
		e.Suggestion = "put words with a hyphen in quotes"
	}
	return e
}

func (w *rewriter) builtin(n *ast.BuiltinNode) *FilterError {
	if !allowed[n.Name] {
		return fail(n, "functions are "+strings.Join(functionNames(), ", "), "there is no function %s", n.Name)
	}
	for i := range n.Arguments {
		if e := w.node(&n.Arguments[i], wantValue); e != nil {
			return e
		}
	}
	return nil
}

func (w *rewriter) list(n *ast.ArrayNode) *FilterError {
	for i := range n.Nodes {
		switch n.Nodes[i].(type) {
		case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode:
		default:
			return fail(n.Nodes[i], `write text in quotes: ["get", "set"]`, "a list holds texts or numbers")
		}
	}
	return nil
}

// call compiles xpath and has; there are no other functions of ours.
func (w *rewriter) call(at *ast.Node, n *ast.CallNode) *FilterError {
	id, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return fail(n, "", "only functions can be called")
	}
	if id.Value != "xpath" && id.Value != "has" {
		near := Nearest(id.Value, functionNames())
		if near != "" {
			near = "did you mean " + near + "?"
		} else {
			near = "functions are " + strings.Join(functionNames(), ", ")
		}
		return fail(n, near, "there is no function %s", shorten(id.Value, 30))
	}
	var text *ast.StringNode
	if len(n.Arguments) == 1 {
		text, _ = n.Arguments[0].(*ast.StringNode)
	}
	if text == nil {
		i := slices.IndexFunc(functions[:], func(f FunctionDoc) bool { return f.Name == id.Value })
		return fail(n, "for example "+functions[i].Example, "%s takes one text in quotes", id.Value)
	}
	if id.Value == "has" {
		w.f.names = append(w.f.names, parseElementTest(text.Value))
		put(at, call(callHas, &ast.IntegerNode{Value: len(w.f.names) - 1}))
		return nil
	}
	if _, err := compilePath(text.Value); err != nil {
		return &FilterError{Column: text.Location().From + 1, Text: err.Text, Suggestion: err.Suggestion}
	}
	w.f.paths = append(w.f.paths, text.Value)
	put(at, call(callPath, &ast.IntegerNode{Value: len(w.f.paths) - 1}))
	return nil
}

// memberName is the field name that a.b spells.
func memberName(n *ast.MemberNode) (string, bool) {
	id, ok := n.Node.(*ast.IdentifierNode)
	part, ok2 := n.Property.(*ast.StringNode)
	if !ok || !ok2 {
		return "", false
	}
	return id.Value + "." + part.Value, true
}

// put replaces a node, keeping its place in the text.
func put(at *ast.Node, n ast.Node) {
	loc := (*at).Location()
	setLocation(n, func(inner ast.Node) { inner.SetLocation(loc) })
	*at = n
}

// setLocation visits the nodes that this file makes.
func setLocation(n ast.Node, visit func(ast.Node)) {
	visit(n)
	switch n := n.(type) {
	case *ast.CallNode:
		visit(n.Callee)
		for _, a := range n.Arguments {
			visit(a)
		}
	case *ast.BinaryNode:
		setLocation(n.Left, visit)
	}
}

// call makes the call of one of our functions for the event.
func call(name string, args ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name},
		Arguments: append([]ast.Node{&ast.IdentifierNode{Value: "$env"}}, args...)}
}

func operation(op string, left, right ast.Node) ast.Node {
	return &ast.BinaryNode{Operator: op, Left: left, Right: right}
}

// anyOf holds where the comparison holds for one element of a list.
func anyOf(list ast.Node, op string, right ast.Node) ast.Node {
	return &ast.BuiltinNode{Name: "any", Arguments: []ast.Node{list,
		&ast.PredicateNode{Node: operation(op, &ast.PointerNode{}, right)}}}
}

func fieldNames() []string {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].name
	}
	return names
}

func functionNames() []string {
	names := make([]string, len(functions))
	for i := range functions {
		names[i] = functions[i].Name
	}
	return names
}

func quote(s string) string { return strconv.Quote(s) }
