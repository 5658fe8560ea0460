package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/inspector/tui"
	"xmppscope/proxy/binding"
)

// explained is what explain says of a term.
func explained(t *testing.T, term string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	e := &env{}
	err := e.explain(export.NewPage(&out, export.Options{}), term)
	return out.String(), err
}

// Whatever the program calls by a name it can explain.
func TestEveryNameIsExplained(t *testing.T) {
	want := map[string][]string{}
	for _, r := range lint.Rules() {
		want[sortRule] = append(want[sortRule], r.Name)
	}
	for _, f := range inspector.Fields() {
		want[sortField] = append(want[sortField], f.Name)
	}
	for _, f := range inspector.Functions() {
		want[sortFunction] = append(want[sortFunction], f.Name)
	}
	for _, p := range inspector.Prefixes() {
		want[sortPrefix] = append(want[sortPrefix], p.Prefix, p.Prefix+":")
	}
	for _, w := range gate.ActionWords() {
		want[sortAction] = append(want[sortAction], w.Name)
	}
	for _, w := range gate.MutationWords() {
		want[sortMutation] = append(want[sortMutation], w.Name)
	}
	want[sortVerb], _ = live.Verbs()
	for m := binding.Recompute; m.String() != ""; m++ {
		want[sortMode] = append(want[sortMode], m.String())
	}
	for _, o := range []decode.Origin{decode.OriginWire, decode.OriginEdited, decode.OriginDropped, decode.OriginInjected, decode.OriginSynthetic} {
		want[sortOrigin] = append(want[sortOrigin], o.String())
	}
	for _, k := range tui.Keys() {
		want[sortKey] = append(want[sortKey], k.Keys...)
	}
	for sort, names := range want {
		for _, name := range names {
			has := func(e explain.Entry) bool {
				return e.Sort == sort && strings.EqualFold(e.Name, strings.TrimSuffix(name, ":")) || e.Sort == sort && e.Name == name
			}
			if !slices.ContainsFunc(ownTerms(name), has) {
				t.Errorf("%s is not there as a %s", name, sort)
			}
		}
	}
	// A list that is called like a term hides none of its senses.
	for _, e := range explain.Terms() {
		if listNamed(e.Name) == nil {
			continue
		}
		if out, err := explained(t, e.Name); err != nil || !strings.Contains(out, e.Name+" · "+e.Sort) {
			t.Errorf("%s is not explained as a %s", e.Name, e.Sort)
		}
	}
}

func TestListsAreWhole(t *testing.T) {
	for _, name := range listNames() {
		out, err := explained(t, name)
		if err != nil || strings.Count(out, "\n") < 3 {
			t.Errorf("the list %s: %v, %q", name, err, out)
		}
	}
	out, err := explained(t, "rules")
	for _, r := range lint.Rules() {
		if err != nil || !strings.Contains(out, "  "+r.Name+" ") {
			t.Errorf("%s is not in the list of rules", r.Name)
		}
	}
}

func TestRulesAreToldWhole(t *testing.T) {
	for _, r := range lint.Rules() {
		e := ruleEntry(&r)
		if !strings.HasPrefix(e.Text, r.Doc) || !strings.Contains(e.Text, " To blame is ") || e.Ref != r.Ref || r.Advice != "" && !strings.Contains(e.Expect, r.Advice) {
			t.Errorf("%s: %+v", r.Name, e)
		}
	}
}

func TestNearNames(t *testing.T) {
	for term, want := range map[string]string{"iq-no-di": "iq-no-id", "payload.nam": "payload.name", "starttsl": "starttls", "mechanismes": "mechanisms", "roster-ste-shape": "roster-set-shape"} {
		if _, err := explained(t, term); err == nil || !slices.Contains(explain.Closest(term, ownNames()...), want) {
			t.Errorf("%s: %v, want the hint %s", term, err, want)
		}
	}
}
