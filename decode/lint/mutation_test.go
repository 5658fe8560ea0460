package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A mutation is one fault put into a valid session: the files of
// testdata/mutations say which. Under "== SESSION: RULE" stand, each on a line,
//
//	at TEXT            the first line of the session that holds this text
//	next               the line behind that one
//	swap OLD ==> NEW   in that line, where OLD stands once
//	cut                takes that line out
//	rest               takes that line out and all behind it
//	before LINE        puts one in before it, in the order in which they stand
//	after LINE         puts one in behind it
//	end LINE           adds one at the end of the session
//	follows RULE …     what else must be found, because it follows from the fault
//	not SESSION …      where the same stanzas do not show this fault
//
// "== unmutated: REASON" is followed by the rules for which that is why nothing
// is mutated.
type mutation struct {
	place         string // file and line
	session, rule string
	edits         []edit
	follows       []string
	not           []string // sessions
}

// edit is one line of a mutation.
type edit struct{ do, text string }

// mutations reads all files, and why rules are left out.
func mutations(t *testing.T) (all []*mutation, unmutated map[string]string) {
	t.Helper()
	files, err := filepath.Glob("testdata/mutations/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no mutations", err)
	}
	unmutated = map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var m *mutation
		reason := ""
		for i, l := range strings.Split(string(text), "\n") {
			place := fmt.Sprintf("%s:%d", filepath.Base(file), i+1)
			head, isHead := strings.CutPrefix(l, "== ")
			first, rest, _ := strings.Cut(head, ": ")
			word, arg, _ := strings.Cut(l, " ")
			switch {
			case l == "" || l[0] == '#':
			case isHead && first == "unmutated":
				m, reason = nil, rest
			case isHead:
				m = &mutation{place: place, session: first, rule: rest}
				all = append(all, m)
			case m == nil:
				for _, name := range strings.Fields(l) {
					unmutated[name] = reason
				}
			case word == "follows":
				m.follows = append(m.follows, strings.Fields(arg)...)
			case word == "not":
				m.not = append(m.not, strings.Fields(arg)...)
			default:
				m.edits = append(m.edits, edit{word, arg})
			}
		}
	}
	return all, unmutated
}

// session is a valid conversation.
func session(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/session_" + name + ".inc")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// apply puts the fault into the session.
func (m *mutation) apply(text string) (string, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	at := -1
	for _, e := range m.edits {
		if (at < 0 || at >= len(lines)) && e.do != "at" && e.do != "end" {
			return "", fmt.Errorf("%s needs a line before", e.do)
		}
		switch e.do {
		case "at":
			if at = slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, e.text) }); at < 0 {
				return "", fmt.Errorf("no line has %q", e.text)
			}
		case "next":
			at = min(at+1, len(lines)-1)
		case "swap":
			was, is, ok := strings.Cut(e.text, " ==>")
			if !ok || strings.Count(lines[at], was) != 1 {
				return "", fmt.Errorf("%q does not stand once in the line", was)
			}
			lines[at] = strings.Replace(lines[at], was, strings.TrimPrefix(is, " "), 1)
		case "cut":
			lines = slices.Delete(lines, at, at+1)
			at = -1
		case "rest":
			lines = slices.Delete(lines, at, len(lines))
		case "before":
			lines = slices.Insert(lines, at, e.text)
			at++
		case "after":
			lines = slices.Insert(lines, at+1, e.text)
			at++
		case "end":
			lines = append(lines, e.text)
		default:
			return "", fmt.Errorf("%q is no edit", e.do)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// namesOf lists the rules of findings, each once, sorted.
func namesOf(found []Finding) []string {
	var names []string
	for i := range found {
		names = append(names, found[i].Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// In a valid session nothing is found, with its fault what was expected, and
// nothing else.
func TestMutations(t *testing.T) {
	all, unmutated := mutations(t)
	clean := map[string][]string{}
	mutated := map[string]bool{}
	for _, m := range all {
		mutated[m.rule] = true
		t.Run(m.session+"/"+m.rule, func(t *testing.T) {
			text := session(t, m.session)
			if _, tried := clean[m.session]; !tried {
				clean[m.session] = unharmed(t, text)
			}
			m.expect(t, text, clean[m.session])
		})
	}
	for _, r := range Rules() {
		if _, told := unmutated[r.Name]; told == mutated[r.Name] {
			t.Errorf("%s is mutated: %v, listed as unmutated: %v; one of the two must be (testdata/mutations)", r.Name, mutated[r.Name], told)
		}
	}
	for name := range unmutated {
		if Lookup(name) == nil {
			t.Errorf("%s is listed as unmutated, but is no rule", name)
		}
	}
}

// expect plays the session with its fault.
func (m *mutation) expect(t *testing.T, text string, clean []string) {
	t.Helper()
	changed, err := m.apply(text)
	if err != nil {
		t.Fatalf("%s: %v", m.place, err)
	}
	x := example{script: changed}
	found, _, err := x.run()
	if err != nil {
		t.Fatalf("%s: %v", m.place, err)
	}
	want := append([]string{m.rule}, m.follows...)
	slices.Sort(want)
	have := slices.DeleteFunc(namesOf(found), func(name string) bool { return slices.Contains(clean, name) && !slices.Contains(want, name) })
	if !slices.Equal(have, want) {
		t.Errorf("%s: have %s, want %s", m.place, have, want)
		for _, f := range found {
			t.Logf("event %d, %s, %s: %s: %s", f.Seq, f.Level, f.Who, f.Rule, f.Text)
		}
	}
}

// unharmed are the notes on a valid session.
func unharmed(t *testing.T, text string) []string {
	x := example{script: text}
	found, _, err := x.run()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Level > LevelNote {
			t.Errorf("the session is not valid: event %d breaks %s: %s", f.Seq, f.Rule, f.Text)
		}
	}
	return namesOf(found)
}
