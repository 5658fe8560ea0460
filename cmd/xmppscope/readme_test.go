package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"xmppscope/captures/samples"
	"xmppscope/inspector"
	"xmppscope/inspector/tui"
)

// generated are the parts of README.md that come from tables in the code. They
// stand between <!-- generated: NAME --> and <!-- end of generated: NAME -->;
// -update writes them.
var generated = []struct {
	name  string
	write func(*testing.T) string
}{
	{"ladder", ladderBegin},
	{"step", oneStep},
	{"commands", commandTable},
	{"samples", sampleTable},
	{"fields", fieldTable},
	{"keys", keyTable},
}

func TestReadmeIsGenerated(t *testing.T) {
	path := filepath.Join(moduleRoot, "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for _, g := range generated {
		begin, end := "<!-- generated: "+g.name+" -->\n", "<!-- end of generated: "+g.name+" -->"
		head, rest, ok := strings.Cut(want, begin)
		if !ok {
			t.Errorf("README.md has no part %s", g.name)
			continue
		}
		_, tail, ok := strings.Cut(rest, end)
		if !ok {
			t.Errorf("README.md: the part %s has no end", g.name)
			continue
		}
		want = head + begin + "\n" + g.write(t) + "\n" + end + tail
	}
	if want == string(text) {
		return
	}
	if !*update {
		t.Error("README.md is not what the tables in the code say; go test ./cmd/xmppscope -run Readme -update writes it")
		return
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestDocumentsNameRealThings: every recording, command, flag and filter that a
// document names exists.
func TestDocumentsNameRealThings(t *testing.T) {
	root := newRoot(&env{streams: &streams{in: strings.NewReader(""), out: new(bytes.Buffer), err: new(bytes.Buffer)}})
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"} {
		text, err := os.ReadFile(filepath.Join(moduleRoot, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`sample:([a-z0-9-]+)`).FindAllStringSubmatch(string(text), -1) {
			if f, _, err := samples.Open(m[1]); err != nil {
				t.Errorf("%s names sample:%s: %v", name, m[1], err)
			} else {
				f.Close()
			}
		}
		for _, f := range filtersIn(string(text)) {
			if _, err := inspector.Compile(f); err != nil {
				t.Errorf("%s has the filter %s: %v", name, f, err)
			}
		}
		for _, m := range regexp.MustCompile("xmppscope ([a-z]+)((?: [^`\n|#]*)?)").FindAllStringSubmatch(string(text), -1) {
			c := find(root, m[1])
			if c == nil {
				continue // prose, not a command line
			}
			for _, f := range regexp.MustCompile(` --([a-z-]+)`).FindAllStringSubmatch(m[2], -1) {
				if c.Flag(f[1]) == nil && f[1] != "help" {
					t.Errorf("%s: xmppscope %s has no flag --%s", name, m[1], f[1])
				}
			}
		}
	}
}

// filtersIn finds the filters of a document: behind --filter, and in the first
// block of the section Filters.
func filtersIn(text string) []string {
	var all []string
	for _, m := range regexp.MustCompile(`--filter '([^']+)'`).FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	if _, section, ok := strings.Cut(text, "\n## Filters\n"); ok {
		if blocks := strings.SplitN(section, "```\n", 3); len(blocks) == 3 {
			all = append(all, regexp.MustCompile(`\n| {2,}`).Split(strings.TrimSpace(blocks[1]), -1)...)
		}
	}
	return all
}

// ladderBegin is the ladder of the first recording, up to the bound address.
func ladderBegin(t *testing.T) string {
	head, rest, ok := strings.Cut(commandOutput(t, "dump", "--ladder", "sample:plain-login"), "    11  ")
	last, _, _ := strings.Cut(rest, "\n")
	if !ok || !strings.Contains(last, "binds ") {
		t.Error("event 11 of plain-login binds no address")
	}
	return "```\n" + head + "    11  " + last + "\n```\n"
}

// oneStep is a step of it as dump tells it.
func oneStep(t *testing.T) string {
	_, rest, ok := strings.Cut(commandOutput(t, "dump", "sample:plain-login"), "\n    5  ")
	step, _, more := strings.Cut(rest, "\n\n")
	if !ok || !more {
		t.Error("plain-login has no event 5")
	}
	return "```\n    5  " + step + "\n```\n"
}

func commandTable(*testing.T) string {
	var b strings.Builder
	b.WriteString("| command | does |\n|---|---|\n")
	root := newRoot(&env{streams: &streams{in: strings.NewReader(""), out: new(bytes.Buffer), err: new(bytes.Buffer)}})
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			fmt.Fprintf(&b, "| `xmppscope %s` | %s |\n", cell(c.Use), cell(c.Short))
		}
	}
	return b.String()
}

func sampleTable(*testing.T) string {
	var b strings.Builder
	b.WriteString("| `sample:` | what it shows |\n|---|---|\n")
	for _, s := range samples.All() {
		fmt.Fprintf(&b, "| [%s](captures/samples/NOTES/%s.md) | %s |\n", s.Name, s.Name, cell(s.Title))
	}
	return b.String()
}

func fieldTable(*testing.T) string {
	var b strings.Builder
	b.WriteString("| field | is | for example |\n|---|---|---|\n")
	for _, f := range inspector.Fields() {
		fmt.Fprintf(&b, "| `%s` | %s | `%s` |\n", f.Name, cell(f.Doc), cell(f.Example))
	}
	return b.String()
}

func keyTable(*testing.T) string {
	var b strings.Builder
	group := ""
	for _, k := range tui.Keys() {
		if k.Group != group {
			group = k.Group
			fmt.Fprintf(&b, "\n| %s | |\n|---|---|\n", group)
		}
		var keys []string
		for _, key := range k.Keys {
			keys = append(keys, "`"+key+"`")
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(keys, " "), cell(k.Help))
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// cell makes text fit into a table of Markdown.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
