package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/decode/explain"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

// sortField, sortFunction: what the filter language adds to the dictionary.
const (
	sortField    = "filter field"
	sortFunction = "filter function"
	sortRule     = "rule"
)

// lists are the terms that stand for a whole table.
var lists = [...]struct {
	term  string
	write func(*export.Page)
}{
	{"prefixes", prefixList},
	{"fields", fieldList},
	{"functions", functionList},
}

func newExplain(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [TERM]",
		Short: "Look a term up: an element, namespace, condition, mechanism, step, phase or filter field",
		Long: "Says what a term means, what it is good for and where to read about it. Without a term it lists all that are known. " +
			"Three terms stand for whole tables: prefixes (for xpath in filters), fields and functions (of the filter language).",
		Example: "  xmppscope explain starttls\n  xmppscope explain urn:xmpp:sm:3\n  xmppscope explain not-authorized\n  xmppscope explain prefixes",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(c.Name(), fmt.Sprintf("takes one term, has %d arguments", len(args)), "put quotes around it")
			}
			return nil
		},
		ValidArgsFunction: completeTerms,
		RunE: func(c *cobra.Command, args []string) error {
			p := e.page(e.out)
			if len(args) == 0 {
				allTerms(p)
				return p.Close()
			}
			return e.explain(p, args[0])
		},
	}
}

// page is for prose on w.
func (e *env) page(w io.Writer) *export.Page {
	return export.NewPage(w, export.Options{Color: e.colored(w), Width: e.width()})
}

func (e *env) explain(p *export.Page, term string) error {
	for _, l := range lists {
		if strings.EqualFold(l.term, term) {
			l.write(p)
			return p.Close()
		}
	}
	senses, near := explain.Term(term)
	senses = append(senses, filterTerms(term)...)
	senses = append(senses, ruleTerms(term)...)
	if len(senses) == 0 {
		hint := ""
		if len(near) > 0 {
			hint = "did you mean " + strings.Join(near, " or ") + "?"
		}
		return usage("explain", fmt.Sprintf("nothing is known of %q", term), hint)
	}
	for i, s := range senses {
		if i > 0 {
			p.Blank()
		}
		entry(p, s)
	}
	return p.Close()
}

func entry(p *export.Page, s explain.Entry) {
	p.Head(s.Name + " · " + s.Sort)
	p.Text(s.Text)
	if s.Why != "" {
		p.Text("Why: " + s.Why)
	}
	if s.Expect != "" {
		p.Text("Then: " + s.Expect)
	}
	if !s.Ref.IsZero() {
		ref := s.Ref.String()
		if t := s.Ref.Title(); t != "" {
			ref += ", " + t
		}
		p.Faint("See " + ref)
		if u := s.Ref.URL(); u != "" {
			p.Faint(u)
		}
	}
}

// filterTerms are the senses that a term has in the filter language.
func filterTerms(term string) []explain.Entry {
	var found []explain.Entry
	for _, f := range inspector.Fields() {
		if strings.EqualFold(f.Name, term) {
			found = append(found, explain.Entry{Name: f.Name, Sort: sortField, Text: fieldText(f)})
		}
	}
	for _, f := range inspector.Functions() {
		if strings.EqualFold(f.Name, term) {
			found = append(found, explain.Entry{Name: f.Name, Sort: sortFunction, Text: f.Doc + ". For example: " + f.Example})
		}
	}
	return found
}

// ruleTerms are the rules of that name, as findings carry it.
func ruleTerms(term string) []explain.Entry {
	for _, r := range inspector.Rules() {
		if strings.EqualFold(r.Name, term) {
			return []explain.Entry{{Name: r.Name, Sort: sortRule, Text: "A finding of the level " + r.Level.String() + ". What to do: " + r.Advice + "."}}
		}
	}
	return nil
}

func fieldText(f inspector.FieldDoc) string {
	text := f.Doc + " (" + f.Type + ")."
	if len(f.Values) > 0 {
		text += " It is one of " + strings.Join(f.Values, ", ") + "."
	}
	if f.Example != "" {
		text += " For example: " + f.Example
	}
	return text
}

func prefixList(p *export.Page) {
	p.Head("prefixes for xpath(\"…\") in filters")
	var rows [][]string
	for _, x := range inspector.Prefixes() {
		rows = append(rows, []string{x.Prefix, x.Space})
	}
	p.Table(rows)
}

func fieldList(p *export.Page) {
	p.Head("fields of the filter language")
	var rows [][]string
	for _, f := range inspector.Fields() {
		rows = append(rows, []string{f.Name, f.Type, f.Doc})
	}
	p.Table(rows)
}

func functionList(p *export.Page) {
	p.Head("functions of the filter language")
	var rows [][]string
	for _, f := range inspector.Functions() {
		rows = append(rows, []string{f.Name, f.Example, f.Doc})
	}
	p.Table(rows)
}

// allTerms lists the dictionary, sort by sort.
func allTerms(p *export.Page) {
	bySort := map[string][]string{}
	var sorts []string
	for _, t := range explain.Terms() {
		if bySort[t.Sort] == nil {
			sorts = append(sorts, t.Sort)
		}
		bySort[t.Sort] = append(bySort[t.Sort], t.Name)
	}
	for _, f := range inspector.Fields() {
		bySort[sortField] = append(bySort[sortField], f.Name)
	}
	for i, s := range append(sorts, sortField) {
		if i > 0 {
			p.Blank()
		}
		p.Head(fmt.Sprintf("%s (%d)", s, len(bySort[s])))
		p.Text(strings.Join(bySort[s], "   "))
	}
}

func completeTerms(_ *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, t := range explain.Terms() {
		if len(t.Name) >= len(word) && strings.EqualFold(t.Name[:len(word)], word) {
			found = append(found, cobra.CompletionWithDesc(t.Name, t.Sort))
		}
	}
	for _, l := range lists {
		if strings.HasPrefix(l.term, word) {
			found = append(found, l.term)
		}
	}
	slices.SortFunc(found, cmp.Compare[string])
	return slices.Compact(found), cobra.ShellCompDirectiveNoFileComp
}
