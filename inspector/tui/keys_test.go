package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every line of the table is complete, no key and no name stands twice, and
// every key can be pressed.
func TestKeyTable(t *testing.T) {
	keys, names := map[string]string{}, map[string]bool{}
	for _, a := range actions() {
		if a.name == "" || a.short == "" || a.help == "" || a.do == nil || len(a.keys) == 0 {
			t.Errorf("%+v is incomplete", a.name)
		}
		if names[a.name] {
			t.Errorf("%s stands twice", a.name)
		}
		names[a.name] = true
		for _, k := range a.keys {
			if other := keys[k]; other != "" {
				t.Errorf("%s is %s and %s", k, other, a.name)
			}
			keys[k] = a.name
			if ev := keyEvent(t, k); keyName(ev) != k {
				t.Errorf("%s is called %s when pressed", k, keyName(ev))
			}
		}
		found := false
		for _, g := range groups() {
			found = found || g == a.group
		}
		if !found {
			t.Errorf("%s is in no group of the sheet", a.name)
		}
	}
	// CONTRACT, Keys: those of this issue.
	for _, k := range strings.Fields("s n [ ] j k Down Up Tab 1 2 3 4 5 / N f l T t h y o w : ? q") {
		if keys[k] == "" {
			t.Errorf("%s does nothing", k)
		}
	}
}

// The sheet shows every key, and it can be scrolled to its end.
func TestSheetShowsAllKeys(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 80, 24)
	th.press("?")
	seen := th.screen()
	for range 200 { // more lines than the sheet has
		th.press("j")
		seen += th.screen()
	}
	for _, a := range actions() {
		help := a.help
		if len(help) > 40 {
			help = help[:40]
		}
		if !strings.Contains(seen, help) {
			t.Errorf("the sheet never shows %q", a.help)
		}
	}
	for _, l := range legend() {
		if !strings.Contains(seen, l.sign) {
			t.Errorf("the sheet never shows the sign %q", l.sign)
		}
	}
	th.press("x").lacks("Step through")
}

// The hints at the foot name keys of the table and fit on every screen.
func TestHints(t *testing.T) {
	for _, w := range []int{40, 60, 80, 120, 200} {
		th := perform(t, Options{Source: transcripts(t, "plain", "scram"), Choices: testChoices()}, w, 24)
		for _, keys := range []string{"", "Tab", "Tab", "Tab z"} {
			th.u.message = message{} // what failed
			th.press(keys)
			th.draw()
			lines := strings.Split(th.screen(), "\n")
			if foot := lines[23]; !strings.Contains(foot, "? keys") || !strings.Contains(foot, "q quit") || strings.Contains(foot, "…") {
				t.Errorf("%d columns: the foot is %q", w, foot)
			}
		}
	}
}

// No file of the room grows beyond what a person reads in one go.
func TestFilesAreShort(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), "\n"); n > 350 {
			t.Errorf("%s has %d lines", f, n)
		}
	}
}
