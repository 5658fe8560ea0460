package workshop

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"xmppscope/lessons"
	"xmppscope/lessons/course"
)

// Every key that a shipped lesson says to press is explained in a browser; and a
// letter that is the name of something in SCRAM is not taken for one.
func TestKeysOfTheTerminalAreExplained(t *testing.T) {
	all, err := course.ParseAll(lessons.FS())
	if len(all) < 20 || err != nil {
		t.Fatal(len(all), err)
	}
	// What works in any text box of a browser needs no words.
	known := []string{"Enter", "End", "Ctrl-A", "Ctrl-V", "Ctrl-U", "Ctrl-End"}
	says := regexp.MustCompile("(?i:press) `?(Ctrl-[A-Za-z]+|[A-Za-z]|Tab|Enter|End)`?(?:[^\\w-]|$)|`(Ctrl-[A-Z][a-z]*)`")
	named := map[string]int{}
	for _, l := range all {
		for i := range l.Steps {
			s := &l.Steps[i]
			keys := keysOf(s)
			for _, k := range keys {
				named[k.Key]++
			}
			texts := plainOf(append([]string{s.Question}, s.Hints...), slices.Concat(s.Text, s.After))
			for _, m := range says.FindAllStringSubmatch(strings.Join(texts, "\n"), -1) {
				key := m[1] + m[2]
				if !slices.Contains(known, key) && !slices.ContainsFunc(keys, func(k Key) bool { return k.Key == key }) {
					t.Errorf("%s, %s: what is %s in a browser? (%q)", l.ID, s.Title, key, m[0])
				}
			}
			if l.ID == "09-scram" && s.Live() == nil && len(keys) > 0 {
				t.Errorf("%s names %v", s.Title, keys)
			}
		}
	}
	for _, k := range inBrowser {
		if named[k.Key] == 0 && k.Key != "s" {
			t.Errorf("no lesson names %s: %v", k.Key, named)
		}
	}
	t.Log(named)
}
