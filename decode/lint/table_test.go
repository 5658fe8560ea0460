package lint

import (
	"regexp"
	"strings"
	"testing"
)

// Every rule has a name, a sentence, a known reference, a transcript that breaks
// it and one that keeps it.
func TestTableIsWhole(t *testing.T) {
	broken, kept := map[string]bool{}, map[string]bool{}
	for _, x := range examples(t) {
		found, _, err := x.run()
		if err != nil {
			t.Fatalf("%s/%s: %v", x.file, x.title, err)
		}
		here := map[string]bool{}
		for _, f := range found {
			broken[f.Rule], here[f.Rule] = true, true
			if Lookup(f.Rule) == nil {
				t.Errorf("%s/%s: %s is not in the table", x.file, x.title, f.Rule)
			}
			if f.Text == "" || strings.HasSuffix(f.Text, ".") {
				t.Errorf("%s/%s: %s says %q", x.file, x.title, f.Rule, f.Text)
			}
		}
		for _, r := range Rules() {
			name := r.Name
			if !here[name] && strings.Contains(x.title+x.script, name) {
				kept[name] = true
			}
		}
	}
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Name] || !name.MatchString(r.Name) {
			t.Errorf("%q stands twice or is no name", r.Name)
		}
		seen[r.Name] = true
		if len(r.Doc) < 20 || !strings.HasSuffix(r.Doc, ".") || strings.ToUpper(r.Doc[:1]) != r.Doc[:1] {
			t.Errorf("%s is no sentence: %q", r.Name, r.Doc)
		}
		if !r.Ref.Known() {
			t.Errorf("%s has the unknown reference %s", r.Name, r.Ref)
		}
		if r.Level == LevelNone || strings.HasSuffix(r.Advice, ".") {
			t.Errorf("%s has the level %q and the advice %q", r.Name, r.Level, r.Advice)
		}
		if !broken[r.Name] {
			t.Errorf("%s: no transcript breaks it", r.Name)
		}
		if !kept[r.Name] {
			t.Errorf("%s: no transcript that names it keeps it", r.Name)
		}
	}
}
