package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

// sectionForm is the form of Ref.Section.
var sectionForm = regexp.MustCompile(`^(|([1-9][0-9]*|App\. [A-Z])(\.[1-9][0-9]*)*)$`)

// TestReferencesOfTables walks all that the tables of the rooms export and
// looks every reference up.
func TestReferencesOfTables(t *testing.T) {
	for _, c := range []struct {
		name  string
		table any
		least int
	}{
		{"rules", lint.Rules(), 150},
		{"topics", explain.Topics(), 80},
		{"terms", explain.Terms(), 800},
		{"namespaces", explain.Namespaces(), 140},
		{"mechanisms", sasl.Mechanisms(), 20},
		{"steps", decode.Steps(), 0},
	} {
		count := 0
		eachRef(reflect.ValueOf(c.table), func(r spec.Ref) {
			count++
			checkRef(t, c.name, r)
		})
		if count < c.least {
			t.Errorf("%s: only %d references", c.name, count)
		}
	}
	for _, r := range lint.Rules() {
		if r.Ref.IsZero() {
			t.Errorf("rule %s has no reference", r.Name)
		}
	}
}

func checkRef(t *testing.T, where string, r spec.Ref) {
	t.Helper()
	switch {
	case r.IsZero():
	case !sectionForm.MatchString(r.Section):
		t.Errorf("%s: %q is no section number", where, r.Section)
	case !r.Known():
		t.Errorf("%s: %s is not known in decode/spec: look whether it exists, then add it to the outline of its document", where, r)
	}
}

// eachRef finds the references in a value, however deep.
func eachRef(v reflect.Value, yield func(spec.Ref)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachRef(v.Elem(), yield)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachRef(v.Index(i), yield)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[spec.Ref]() {
			yield(spec.Ref{Doc: v.Field(0).String(), Section: v.Field(1).String()})
			return
		}
		for i := range v.NumField() {
			eachRef(v.Field(i), yield)
		}
	}
}

// TestReferencesOfSources looks up every reference that the source makes, so
// also those inside functions. A section handed to a helper is followed to the
// calls of the helper; one that is computed otherwise cannot be checked, and
// is an error.
func TestReferencesOfSources(t *testing.T) {
	count := 0
	for room, files := range packages(t) {
		if room == "decode/spec" {
			continue
		}
		p := &refScan{fset: token.NewFileSet(), calls: map[string][]placedCall{}}
		for _, f := range files {
			if f.test {
				continue
			}
			file, err := parser.ParseFile(p.fset, filepath.Join(moduleRoot, f.path), f.text, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, file)
		}
		for _, m := range p.references() {
			count++
			if m.fault != "" {
				t.Errorf("%s: %s", m.where, m.fault)
				continue
			}
			checkRef(t, m.where, m.ref)
		}
	}
	if count < 1200 {
		t.Errorf("only %d references in the source", count)
	}
}

// refScan finds the references that one package makes.
type refScan struct {
	fset  *token.FileSet
	files []*ast.File
	// calls are those of the package, by the name of what is called.
	calls map[string][]placedCall
	// within are the functions around the node at hand, the innermost last.
	within []function
	found  []madeRef
}

// placedCall is a call and the functions around it.
type placedCall struct {
	*ast.CallExpr
	within []function
}

// madeRef is one reference, or the fault why it cannot be told.
type madeRef struct {
	where, fault string
	ref          spec.Ref
}

// function is a declared one, or one that a variable holds: that one is called
// between from and to only.
type function struct {
	name     string
	params   []string
	method   bool
	end      token.Pos
	from, to token.Pos
}

// takes says that the call is one of this function.
func (f function) takes(c placedCall) bool {
	_, bySelector := c.Fun.(*ast.SelectorExpr)
	return bySelector == f.method && len(c.Args) >= len(f.params) && (f.to == 0 || c.Pos() >= f.from && c.Pos() < f.to)
}

func (p *refScan) references() []madeRef {
	p.walk(func(n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			p.calls[callee(call)] = append(p.calls[callee(call)], placedCall{call, slices.Clone(p.within)})
		}
	})
	p.walk(p.visit)
	return p.found
}

// walk shows every node, with p.within telling the functions around it.
func (p *refScan) walk(visit func(ast.Node)) {
	for _, f := range p.files {
		p.within = nil
		ast.Inspect(f, func(n ast.Node) bool {
			if n != nil {
				p.enter(n)
				visit(n)
			}
			return true
		})
	}
}

func (p *refScan) enter(n ast.Node) {
	for len(p.within) > 0 && n.Pos() >= p.within[len(p.within)-1].end {
		p.within = p.within[:len(p.within)-1]
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		p.within = append(p.within, function{name: n.Name.Name, params: paramNames(n.Type), method: n.Recv != nil, end: n.End()})
	case *ast.AssignStmt:
		lit, ok := n.Rhs[0].(*ast.FuncLit)
		id, named := n.Lhs[0].(*ast.Ident)
		if ok && named && len(p.within) > 0 {
			p.within = append(p.within, function{name: id.Name, params: paramNames(lit.Type), end: n.End(), from: n.End(), to: p.within[len(p.within)-1].end})
		}
	}
}

func (p *refScan) visit(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		p.call(n)
	case *ast.CompositeLit:
		p.literal(n)
	case *ast.SelectorExpr:
		if isSpec(n) && slices.Contains([]string{"RFC", "XEP", "Draft", "W3C"}, n.Sel.Name) && !p.called(n) {
			p.add(n.Pos(), madeRef{fault: "spec." + n.Sel.Name + " is handed on and not called here"})
		}
	}
}

// called says that the selector is what a call calls. A call is visited before
// its parts, so the last reference found began where the selector begins.
func (p *refScan) called(n *ast.SelectorExpr) bool {
	return len(p.found) > 0 && p.found[len(p.found)-1].where == p.where(n.Pos())
}

// call takes a call of spec.RFC, spec.XEP, spec.Draft or spec.W3C.
func (p *refScan) call(n *ast.CallExpr) {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || !isSpec(sel) || len(n.Args) != 2 {
		return
	}
	docs, sections := p.values(n.Args[0], p.within, 0), p.values(n.Args[1], p.within, 0)
	if len(docs) == 0 || len(sections) == 0 {
		p.add(n.Pos(), madeRef{fault: "cannot tell which section this refers to"})
		return
	}
	for _, doc := range docs {
		for _, section := range sections {
			p.add(n.Pos(), madeRef{ref: made(sel.Sel.Name, doc, section)})
		}
	}
}

func made(maker, doc, section string) spec.Ref {
	number, _ := strconv.Atoi(doc)
	switch maker {
	case "RFC":
		return spec.RFC(number, section)
	case "XEP":
		return spec.XEP(number, section)
	}
	return spec.Ref{Doc: doc, Section: section}
}

// literal forbids spec.Ref{...} with a section: the functions are there for it.
func (p *refScan) literal(n *ast.CompositeLit) {
	if sel, ok := n.Type.(*ast.SelectorExpr); !ok || !isSpec(sel) || sel.Sel.Name != "Ref" || len(n.Elts) == 0 {
		return
	}
	if field, ok := n.Elts[0].(*ast.KeyValueExpr); ok && len(n.Elts) == 1 && fmt.Sprint(field.Key) == "Doc" {
		return
	}
	p.add(n.Pos(), madeRef{fault: "a reference with a section is made by spec.RFC, spec.XEP, spec.Draft or spec.W3C"})
}

// values are what an expression can be: a literal, a sum, or a parameter of a
// function around it, which has the values that the calls of the function give
// it. Nil means that it cannot be told.
func (p *refScan) values(e ast.Expr, within []function, depth int) []string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return []string{s}
		}
		return []string{e.Value}
	case *ast.BinaryExpr:
		var sums []string
		for _, x := range p.values(e.X, within, depth) {
			for _, y := range p.values(e.Y, within, depth) {
				sums = append(sums, x+y)
			}
		}
		return sums
	case *ast.Ident:
		return p.given(e.Name, within, depth)
	}
	return nil
}

// given are the values of a parameter.
func (p *refScan) given(name string, within []function, depth int) []string {
	for _, f := range slices.Backward(within) {
		at := slices.Index(f.params, name)
		if at < 0 {
			continue
		}
		var all []string
		for _, c := range p.calls[f.name] {
			if !f.takes(c) {
				continue
			}
			if depth > 3 {
				return nil
			}
			one := p.values(c.Args[at], c.within, depth+1)
			if one == nil {
				return nil
			}
			all = append(all, one...)
		}
		return all
	}
	return nil
}

func (p *refScan) add(at token.Pos, m madeRef) {
	m.where = p.where(at)
	p.found = append(p.found, m)
}

func (p *refScan) where(at token.Pos) string {
	return strings.TrimPrefix(filepath.ToSlash(p.fset.Position(at).String()), moduleRoot+"/")
}

func isSpec(s *ast.SelectorExpr) bool {
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "spec"
}

func callee(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func paramNames(f *ast.FuncType) []string {
	var names []string
	for _, field := range f.Params.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}
