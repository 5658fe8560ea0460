package inspector

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
)

// Compile makes a filter of an expression. The error is a *FilterError.
func Compile(text string) (*Filter, error) {
	f := &Filter{text: text}
	if strings.TrimSpace(text) == "" {
		return f, nil
	}
	if len(text) > maxFilter {
		return nil, &FilterError{Column: 1, Text: fmt.Sprintf("the expression is longer than %d bytes", maxFilter)}
	}
	if at := badByte(text); at >= 0 {
		return nil, &FilterError{Column: utf8.RuneCountInString(text[:at]) + 1, Text: "this is no valid UTF-8"}
	}
	config := language()
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil, f.syntaxError(err)
	}
	w := rewriter{f: f}
	if e := w.node(&tree.Node, wantTruth); e != nil {
		return nil, e
	}
	if _, err := checker.Check(tree, config); err != nil {
		return nil, f.located(err)
	}
	if err := optimizer.Optimize(&tree.Node, config); err != nil {
		return nil, f.located(err)
	}
	if f.program, err = compiler.Compile(tree, config); err != nil {
		return nil, f.located(err)
	}
	return f, nil
}

func badByte(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return i
		}
	}
	return -1
}

// allowed are the functions that expr brings along and that are part of the
// language. The others are left out: some loop, some ask the clock.
var allowed = map[string]bool{"len": true, "lower": true, "upper": true, "trim": true}

// language is what expr has to know: our functions, the environment, and that
// the result is yes or no. Every name in an expression is turned into a call
// of one of the functions before it is checked, so the environment itself has
// no names.
func language() *conf.Config {
	c := conf.CreateNew()
	c.WithEnv(&subject{})
	c.Strict = true
	c.Expect = reflect.Bool
	c.DisableIfOperator = true
	for name := range c.Builtins {
		if !allowed[name] && name != "any" {
			c.Disabled[name] = true
			delete(c.Builtins, name)
		}
	}
	for i := range fields {
		f := &fields[i]
		c.Functions[fieldCall+f.name] = fieldFunction(f)
	}
	add := func(name string, typ any, fn func(...any) (any, error)) {
		c.Functions[name] = &builtin.Function{Name: name, Func: fn, Types: []reflect.Type{reflect.TypeOf(typ)}}
	}
	add(callPath, func(*subject, int) bool { return false }, func(p ...any) (any, error) {
		return p[0].(*subject).matchesPath(p[1].(int)), nil
	})
	add(callHas, func(*subject, int) bool { return false }, func(p ...any) (any, error) {
		return p[0].(*subject).hasElement(p[1].(int)), nil
	})
	add(callWord, func(*subject, string) bool { return false }, func(p ...any) (any, error) {
		return containsWord(p[0].(*subject).charData(), p[1].(string)), nil
	})
	add(callInstant, func(*subject) int { return 0 }, func(p ...any) (any, error) {
		return int(p[0].(*subject).row.time), nil
	})
	return c
}

// Names of functions that no expression can spell.
const (
	fieldCall   = "field "
	callPath    = "xpath "
	callHas     = "has "
	callWord    = "word "
	callInstant = "instant "
)

// fieldFunction reads a field. Values that are few are boxed once.
func fieldFunction(f *field) *builtin.Function {
	made := func(typ any, fn func(*subject) any) *builtin.Function {
		return &builtin.Function{Name: f.name, Types: []reflect.Type{reflect.TypeOf(typ)},
			Func: func(p ...any) (any, error) { return fn(p[0].(*subject)), nil }}
	}
	switch {
	case f.number != nil:
		return made(func(*subject) int { return 0 }, func(s *subject) any { return f.number(s) })
	case f.yes != nil:
		return made(func(*subject) bool { return false }, func(s *subject) any { return f.yes(s) })
	case f.texts != nil:
		return made(func(*subject) []string { return nil }, func(s *subject) any { return f.texts(s) })
	case f.sort == sortLevel:
		return made(func(*subject) []int { return nil }, func(s *subject) any { return levels(s) })
	case f.values != nil:
		boxes := map[string]any{}
		for _, v := range f.values() {
			boxes[v] = v
		}
		return made(func(*subject) string { return "" }, func(s *subject) any {
			v := f.text(s)
			if b, ok := boxes[v]; ok {
				return b
			}
			return v
		})
	}
	return made(func(*subject) string { return "" }, func(s *subject) any { return f.text(s) })
}

// located turns an error of expr into ours.
func (f *Filter) located(err error) *FilterError {
	e := &FilterError{Column: 1, Text: err.Error()}
	var at *file.Error
	if errors.As(err, &at) {
		e.Column, e.Text = at.From+1, at.Message
	}
	e.Text, _, _ = strings.Cut(e.Text, "\n")
	e.Text = strings.TrimPrefix(e.Text, "invalid operation: ")
	if strings.HasPrefix(e.Text, "expected bool") {
		e.Text = "the whole must be yes or no, such as a comparison"
	}
	return e
}

// syntaxError words an error of the parser, and guesses what was meant.
func (f *Filter) syntaxError(err error) *FilterError {
	e := f.located(err)
	runes := []rune(f.text)
	at := min(e.Column-1, len(runes))
	rest := string(runes[at:])
	switch {
	case strings.Contains(e.Text, "EOF"):
		e.Text, e.Suggestion = "the expression stops in its middle", "something must follow"
		e.Column = len(runes) + 1
	case strings.HasPrefix(rest, "=") || strings.Contains(e.Text, `Operator("=")`):
		e.Text, e.Suggestion = "= alone means nothing", "did you mean ==?"
	case strings.Contains(e.Text, "unexpected token Identifier") || strings.Contains(e.Text, "unexpected token String"):
		e.Text, e.Suggestion = "two things stand side by side", `join them with and or or, or put text in quotes: "`+plainWords(f.text)+`"`
	case strings.Contains(e.Text, "literal not terminated"):
		e.Text, e.Suggestion = "a quotation mark is missing at the end", "add it"
	case strings.Contains(e.Text, "unrecognized character"), strings.Contains(e.Text, "unexpected token"):
		e.Text = "this does not belong here: " + firstWord(rest)
		e.Suggestion = `put text in quotes: "` + plainWords(f.text) + `"`
	}
	return e
}

func firstWord(s string) string {
	if w := strings.Fields(s); len(w) > 0 {
		return shorten(w[0], 20)
	}
	return "the end"
}

// plainWords is the expression as a text to search for.
func plainWords(s string) string {
	return shorten(strings.NewReplacer(`"`, "", `\`, "").Replace(s), 40)
}

func shorten(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}
