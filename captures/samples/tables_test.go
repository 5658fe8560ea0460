package samples

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table into README.md")

// readmeTable is the index as README.md has it.
func readmeTable() string {
	var b strings.Builder
	b.WriteString("| name | what it shows | server | client |\n|---|---|---|---|\n")
	for _, s := range All() {
		fmt.Fprintf(&b, "| [%s](NOTES/%s.md) | %s | %s | %s |\n", s.Name, s.Name, s.Title, s.Server, s.Client)
	}
	return b.String()
}

func TestReadmeHasTheTable(t *testing.T) {
	b, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	head, rest, ok := strings.Cut(text, "table.go -->\n")
	_, tail, closed := strings.Cut(rest, "<!-- end of table -->")
	if !ok || !closed {
		t.Fatal("README.md has lost the marks around its table")
	}
	want := head + "table.go -->\n" + readmeTable() + "<!-- end of table -->" + tail
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != want {
		t.Error("README.md differs from table.go: run go test ./captures/samples -update")
	}
}

// What cannot be made again is not a sample: the studio knows the same names in the same order, one scene each.
func TestEverySampleHasAScene(t *testing.T) {
	b, err := os.ReadFile("record/studio/__main__.py")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(b), "SCENES = [")
	list, _, _ = strings.Cut(list, "]")
	var scenes, names []string
	for _, m := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list, -1) {
		scenes = append(scenes, m[1])
	}
	for _, s := range All() {
		names = append(names, s.Name)
		if _, err := os.Stat("record/studio/scenes/" + strings.ReplaceAll(s.Name, "-", "_") + ".py"); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(scenes, names) {
		t.Errorf("the studio has\n%v\nthe table has\n%v", scenes, names)
	}
}

func TestPasswordsAreInTheNotes(t *testing.T) {
	for _, s := range All() {
		note, err := Note(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Passwords {
			jid, password, ok := strings.Cut(p, "=")
			if !ok || !strings.Contains(jid, "@") || !strings.Contains(note, password) || !strings.Contains(note, strings.Split(jid, "@")[0]) {
				t.Errorf("%s: %q is malformed or not in the note", s.Name, p)
			}
		}
	}
}
