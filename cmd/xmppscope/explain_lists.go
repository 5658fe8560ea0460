package main

import (
	"slices"
	"strings"

	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
	"xmppscope/inspector/tui"
)

// list is a term that stands for a whole table.
type list struct {
	term  string
	write func(*export.Page)
}

// lists is the table of lists, in the order in which help names them.
func lists() []list {
	return []list{
		{"rules", ruleList},
		{"namespaces", namespaceList},
		{"conditions", sortList(explain.SortStream, explain.SortSASL, explain.SortSCRAM, explain.SortStanza, explain.SortErrorType, explain.SortBOSH,
			explain.SortDialback, explain.SortRoomError, explain.SortFurther)},
		{"codes", sortList(explain.SortRoomStatus, explain.SortOldCode, explain.SortCloseCode)},
		{"mechanisms", sortList(explain.SortMechanism, explain.SortLogin)},
		{"steps", sortList(explain.SortStep)},
		{"phases", sortList(explain.SortPhase)},
		{"kinds", sortList(explain.SortKind)},
		{"variables", sortList(explain.SortVariable)},
		{"elements", sortList(explain.SortElement)},
		{"offers", sortList(explain.SortFeature)},
		{"transports", sortList(explain.SortTransport, explain.SortProfile, sortLayer)},
		{"values", sortList(explain.SortMessageType, explain.SortIQType, explain.SortPresenceType, explain.SortShow, explain.SortSubscription, explain.SortAffiliation, explain.SortRole,
			explain.SortOutcome, sortSide, sortOrigin, sortLevel)},
		{"alerts", sortList(explain.SortAlert)},
		{"concepts", sortList(explain.SortConcept)},
		{"links", sortList(explain.SortLinkAction)},
		{"documents", sortList(explain.SortDocument)},
		{"prefixes", prefixList},
		{"fields", fieldList},
		{"functions", functionList},
		{"keys", keyList},
		{"actions", actionList},
		{"live", sortList(sortLive, sortMode, sortOrigin)},
	}
}

func listNames() []string {
	var names []string
	for _, l := range lists() {
		names = append(names, l.term)
	}
	return names
}

func listNamed(term string) *list {
	all := lists()
	i := slices.IndexFunc(all, func(l list) bool { return strings.EqualFold(l.term, strings.TrimSpace(term)) })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// sortList lists the terms of some sorts with their first words.
func sortList(sorts ...string) func(*export.Page) {
	return func(p *export.Page) {
		all := append(explain.Terms(), allOwnTerms()...)
		for i, sort := range sorts {
			var rows [][]string
			for _, t := range all {
				if t.Sort == sort {
					rows = append(rows, []string{t.Name, t.Text})
				}
			}
			heading(p, i, sort)
			p.Table(rows)
		}
	}
}

func heading(p *export.Page, i int, text string) {
	if i > 0 {
		p.Blank()
	}
	p.Head(text)
}

func ruleList(p *export.Page) {
	p.Head("rules of lint")
	var rows [][]string
	for _, r := range lint.Rules() {
		rows = append(rows, []string{r.Name, r.Level.String(), r.Doc})
	}
	p.Table(rows)
}

func namespaceList(p *export.Page) {
	p.Head("namespaces")
	var rows [][]string
	for _, s := range explain.Namespaces() {
		rows = append(rows, []string{s.Space, s.Ref.String(), s.Text})
	}
	p.Table(rows)
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

func keyList(p *export.Page) {
	var group string
	var rows [][]string
	flush := func() {
		if rows != nil {
			p.Table(rows)
			p.Blank()
		}
		rows = nil
	}
	for _, k := range tui.Keys() {
		if k.Group != group {
			flush()
			group = k.Group
			p.Head(group)
		}
		rows = append(rows, []string{strings.Join(k.Keys, " "), k.Help})
	}
	flush()
}
