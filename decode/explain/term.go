package explain

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

// Term looks a term up in the dictionary, in any letter case, with or without
// angle brackets, prefix or {namespace}. A term can have several senses. Where
// it has none, or is a namespace of which only the prefix is known, suggestions
// are the closest terms, at most six.
func Term(term string) (senses []Entry, suggestions []string) {
	d := dictionary()
	for _, key := range spellings(term) {
		for _, e := range d.senses[key] {
			if !slices.Contains(senses, e) {
				senses = append(senses, e)
			}
		}
	}
	if len(senses) > 0 {
		return senses, nil
	}
	space := strings.TrimSpace(term)
	if relativeOf(space) == nil {
		suggestions = closest(strings.ToLower(space), d.names)
	}
	if e, ok := unknownSpace(space); ok {
		senses = append(senses, e)
	}
	return senses, suggestions
}

// Terms lists every entry of the dictionary, by sort and then in the order of
// a conversation. The slice is a copy.
func Terms() []Entry { return slices.Clone(dictionary().all) }

type words struct {
	all    []Entry
	senses map[string][]Entry
	names  []string
}

var dictionary = sync.OnceValue(func() *words {
	d := &words{senses: map[string][]Entry{}}
	for _, e := range slices.Concat(stepEntries(), phaseEntries(), conditionEntries(), moreConditionEntries(), mechanismEntries(),
		kindEntries(), variableEntries(), tlsEntries(), alertEntries(), boshEntries(), closeEntries(), elementEntries(), featureEntries(), namespaceEntries(), conceptEntries(), values, linkEntries(), documentEntries()) {
		d.add(e, strings.ToLower(e.Name))
		if e.Sort == SortTLS { // ClientHello for client_hello
			d.alias(e, strings.ReplaceAll(strings.ToLower(e.Name), "_", ""))
		}
		if e.Sort == SortConcept {
			d.alias(e, strings.ReplaceAll(strings.ToLower(e.Name), " ", ""))
			d.alias(e, strings.ReplaceAll(strings.ToLower(e.Name), " ", "-"))
		}
		if e.Sort == SortDocument {
			for _, alias := range documentAliases(e.Name) {
				d.alias(e, alias)
			}
		}
		if e.Sort == SortNamespace {
			d.alias(e, shortSpace(e.Name))
			d.alias(e, unversioned(e.Name))
			if s, ok := strings.CutPrefix(shortSpace(e.Name), "xmpp-"); ok {
				d.alias(e, s)
			}
		}
	}
	slices.Sort(d.names)
	d.names = slices.Compact(d.names)
	return d
})

func (d *words) add(e Entry, key string) {
	d.all = append(d.all, e)
	d.names = append(d.names, e.Name)
	d.alias(e, key)
}

func (d *words) alias(e Entry, key string) {
	if key != "" {
		d.senses[key] = append(d.senses[key], e)
	}
}

// spellings are the keys under which a term may stand: itself, without tag
// marks, and the parts of {namespace}local and prefix:local.
func spellings(term string) []string {
	t := strings.ToLower(strings.TrimSpace(term))
	keys := []string{t}
	bare := strings.Trim(t, "<>/ ")
	if space, local, ok := strings.Cut(strings.TrimPrefix(bare, "{"), "}"); ok {
		return append(keys, local, space)
	}
	keys = append(keys, bare, strings.ReplaceAll(bare, " ", ""))
	if prefix, local, ok := strings.Cut(bare, ":"); ok && len(prefix) <= 8 && !strings.Contains(local, ":") && !strings.Contains(local, "/") {
		keys = append(keys, local)
	}
	return slices.Compact(keys)
}

// shortSpace is the word by which people call a namespace: roster for
// jabber:iq:roster, sm for urn:xmpp:sm:3.
func shortSpace(space string) string {
	if u := unversioned(space); u != "" {
		space = u
	}
	i := strings.LastIndexAny(space, ":/")
	return strings.ToLower(space[i+1:])
}

func stepEntries() []Entry {
	byStep := map[decode.Step]Entry{}
	for _, t := range topics {
		for _, s := range t.Steps {
			byStep[s.Step] = Entry{Name: s.Step.String(), Sort: SortStep, Text: s.Text, Why: s.Why, Expect: s.Expect, Ref: s.Ref}
		}
	}
	var all []Entry
	for _, s := range decode.Steps() {
		if e, ok := byStep[s]; ok {
			all = append(all, e)
		}
	}
	return all
}

func phaseEntries() []Entry {
	var all []Entry
	for _, p := range decode.Phases() {
		e := phaseTexts[p]
		e.Name, e.Sort = p.String(), SortPhase
		all = append(all, e)
	}
	return all
}

func kindEntries() []Entry {
	var all []Entry
	for _, k := range decode.Kinds() {
		e := kindTexts[k]
		e.Name, e.Sort = k.String(), SortKind
		all = append(all, e)
	}
	return all
}

func variableEntries() []Entry {
	var all []Entry
	for _, v := range decode.Vars() {
		all = append(all, Entry{Name: v.Name, Sort: SortVariable, Text: upper(v.Doc) + ".", Ref: variableRefs[v.Name]})
	}
	return all
}

func conditionEntries() []Entry {
	all := slices.Concat(streamConditions, saslConditions, boshConditions)
	for _, c := range stanzaConditions {
		e := c.Entry
		e.Text += " (" + upper(c.usual) + ".)"
		all = append(all, e)
	}
	for i := range all {
		switch all[i].Sort {
		case SortStream:
			all[i].Why = "A stream error always ends the stream."
		case SortSASL:
			all[i].Why = "A failed login does not end the stream."
		case SortBOSH:
			all[i].Why = "A session that is terminated cannot be gone on with."
		case SortStanza:
			all[i].Why = "A stanza error concerns one stanza; the stream goes on."
		}
	}
	return slices.Concat(all, scramErrors, errorTypes)
}

func mechanismEntries() []Entry {
	var all []Entry
	for _, m := range sasl.Mechanisms() {
		sort := SortMechanism
		switch m.Name {
		case sasl.IQAuth, sasl.Component, sasl.Dialback:
			sort = SortLogin
		}
		all = append(all, Entry{Name: m.Name, Sort: sort, Text: m.Doc, Ref: m.Ref, Expect: "The server " + firstAnswer(m.Name)})
	}
	return all
}

func elementEntries() []Entry {
	all := slices.Clone(elements)
	for i := range all {
		all[i].Sort = SortElement
	}
	return all
}

func featureEntries() []Entry {
	var all []Entry
	for _, o := range offers {
		all = append(all, Entry{Name: o.local, Sort: SortFeature, Text: upper(o.word) + ": " + o.text, Why: "Its namespace is " + o.space + ".", Ref: o.ref})
	}
	return all
}

func namespaceEntries() []Entry {
	var all []Entry
	for _, s := range Namespaces() {
		all = append(all, Entry{Name: s.Space, Sort: SortNamespace, Text: s.Text, Ref: s.Ref})
	}
	return all
}

// unknownSpace answers for a namespace that is not known: one that differs
// from a known one in its version alone, or one of a family.
func unknownSpace(space string) (e Entry, ok bool) {
	e = Entry{Name: space, Sort: SortNamespace, Text: spaceText(space)}
	if r := relativeOf(space); r != nil {
		e.Ref = r.Ref
		return e, true
	}
	f, ok := familyOf(space)
	e.Ref = f.ref
	if f.ref.Doc == spec.XEP(53, "").Doc {
		e.Expect = registry
	}
	return e, ok
}

// maxSuggestions is how many near misses are given.
const maxSuggestions = 6

// Closest finds, among the terms of the dictionary and the further names, at
// most six that a mistyped term may have meant.
func Closest(term string, further ...string) []string {
	return closest(strings.ToLower(strings.TrimSpace(term)), append(slices.Clone(dictionary().names), further...))
}

// closest finds the names closest to a term in small letters: few letters
// apart, or one within the other.
func closest(term string, names []string) []string {
	type hit struct {
		name string
		far  int
	}
	var hits []hit
	if term == "" || len(term) > 200 {
		return nil
	}
	for _, name := range names {
		low := strings.ToLower(name)
		far := distance(term, low)
		if len(term) >= 3 && strings.Contains(low, term) {
			far = min(far, 2)
		}
		if far <= max(1, min(3, len(term)/3)) {
			hits = append(hits, hit{name, far})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.far, b.far) })
	var found []string
	for _, h := range hits {
		if len(found) < maxSuggestions && !slices.Contains(found, h.name) {
			found = append(found, h.name)
		}
	}
	return found
}

// distance is the number of letters to change, add, drop or swap with the
// next, to make a of b (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
