package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/decode/explain"
	"xmppscope/decode/jid"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

func newExplain(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [TERM]",
		Short: "Look a term up: an element, namespace, condition, mechanism, rule, step, key or filter field, or take an address apart",
		Long: "Says what a term means, what it is good for and where to read about it. Of an address, or a link to one, it says what each part is for, " +
			"what its normal form is and what is illegal in it. Without a term it lists all that are known. " +
			"These terms stand for whole tables: " + strings.Join(listNames(), ", ") + ".",
		Example: "  xmppscope explain starttls\n  xmppscope explain urn:xmpp:sm:3\n  xmppscope explain not-authorized\n  xmppscope explain juliet@example.com/balcony\n" +
			"  xmppscope explain 'xmpp:coven@chat.example.com?join'\n  xmppscope explain channel binding\n  xmppscope explain rules",
		Args:              cobra.ArbitraryArgs, // of one term: channel binding, man in the middle
		ValidArgsFunction: completeTerms,
		RunE: func(c *cobra.Command, args []string) error {
			p := e.page(e.out)
			if len(args) == 0 {
				allTerms(p)
				return p.Close()
			}
			return e.explain(p, strings.Join(args, " "))
		},
	}
}

// page is for prose on w.
func (e *env) page(w io.Writer) *export.Page {
	return export.NewPage(w, export.Options{Color: e.colored(w), Width: e.width()})
}

func (e *env) explain(p *export.Page, term string) error {
	if l := listNamed(term); l != nil {
		l.write(p)
		senses, _ := explain.Term(term) // a list may be called like a term
		for _, s := range senses {
			p.Blank()
			entry(p, s)
		}
		return p.Close()
	}
	if jid.IsURI(strings.TrimSpace(term)) {
		anatomy(p, explain.Link(strings.TrimSpace(term)))
		return p.Close()
	}
	senses, near := explain.Term(term)
	senses = append(senses, ownTerms(term)...)
	for i, s := range senses {
		if i > 0 {
			p.Blank()
		}
		entry(p, s)
	}
	address := strings.Trim(strings.TrimSpace(term), "<>")
	meant := explain.AddressLike(address) && (strings.Contains(address, "@") || !nearWord(address))
	switch {
	case meant && !slices.ContainsFunc(senses, isNoNamespace):
		if len(senses) > 0 {
			p.Blank()
		}
		anatomy(p, explain.Address(address))
	case len(senses) == 0:
		return usage("explain", fmt.Sprintf("nothing is known of %q", term), cmp.Or(didYouMean(explain.Closest(term, ownNames()...)), "xmppscope explain lists all that is known"))
	case len(near) > 0 && !slices.ContainsFunc(senses, isNoNamespace):
		p.Faint(upperFirst(didYouMean(near)))
	}
	return p.Close()
}

// nearWord tells a mistyped field, such as payload.nam, from a domain, which
// may well stand in a namespace.
func nearWord(term string) bool {
	return slices.ContainsFunc(explain.Closest(term, ownNames()...), func(n string) bool { return !strings.ContainsAny(n, ":/") })
}

// isNoNamespace: a namespace may look like a domain, any other term with a dot
// in it, such as a field, is meant as it stands.
func isNoNamespace(s explain.Entry) bool { return s.Sort != explain.SortNamespace }

func didYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func entry(p *export.Page, s explain.Entry) {
	p.Head(s.Name + " · " + s.Sort)
	p.Text(s.Text)
	if s.Why != "" {
		p.Text("Why: " + s.Why)
	}
	if s.Expect != "" {
		p.Text(thenWord(s.Sort) + s.Expect)
	}
	reference(p, s)
}

func reference(p *export.Page, s explain.Entry) {
	if s.Ref.IsZero() {
		return
	}
	ref := s.Ref.String()
	if t := s.Ref.SectionTitle(); t != "" {
		ref += " (" + t + ")"
	}
	if t := s.Ref.Title(); t != "" {
		ref += ", " + t
	}
	p.Faint("See " + ref)
	if u := s.Ref.URL(); u != "" {
		p.Faint(u)
	}
}

// thenWord stands before what follows a term: for what goes wrong, that is
// what to do about it.
func thenWord(sort string) string {
	switch sort {
	case explain.SortStream, explain.SortSASL, explain.SortSCRAM, explain.SortStanza, explain.SortBOSH, explain.SortFurther,
		explain.SortDialback, explain.SortRoomError, explain.SortRoomStatus, sortRule:
		return "What to do: "
	}
	return "Then: "
}

// anatomy writes a text that was taken apart.
func anatomy(p *export.Page, x explain.Anatomy) {
	p.Head(x.Name + " · " + x.Sort)
	p.Text(x.Text)
	var rows [][]string
	for _, part := range x.Parts {
		rows = append(rows, []string{part.Name, part.Value, part.Text})
	}
	p.Table(rows)
	if x.Expect != "" {
		p.Text(x.Expect)
	}
	for _, m := range x.Faults {
		mark(p, x.Shown, "Wrong: ", m)
	}
	for _, m := range x.Remarks {
		mark(p, x.Shown, "Note: ", m)
	}
	reference(p, x.Entry)
}

func mark(p *export.Page, shown, word string, m explain.Mark) {
	p.Text(word + m.Text + " (" + m.Ref.String() + ")")
	if m.Pos >= 0 {
		p.Marked(shown, m.Pos, m.End)
	}
}

// allTerms lists the dictionary, sort by sort.
func allTerms(p *export.Page) {
	bySort := map[string][]string{}
	var sorts []string
	for _, t := range append(explain.Terms(), allOwnTerms()...) {
		if bySort[t.Sort] == nil {
			sorts = append(sorts, t.Sort)
		}
		if !slices.Contains(bySort[t.Sort], t.Name) {
			bySort[t.Sort] = append(bySort[t.Sort], t.Name)
		}
	}
	for i, s := range sorts {
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
	for _, t := range append(explain.Terms(), allOwnTerms()...) {
		if len(t.Name) >= len(word) && strings.EqualFold(t.Name[:len(word)], word) {
			found = append(found, cobra.CompletionWithDesc(t.Name, t.Sort))
		}
	}
	for _, name := range listNames() {
		if strings.HasPrefix(name, word) {
			found = append(found, name)
		}
	}
	slices.SortFunc(found, cmp.Compare[string])
	return slices.Compact(found), cobra.ShellCompDirectiveNoFileComp
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
