package main

import (
	"io"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestCommandTable: every command has a name of its own, a line, an example
// that uses it, and flags that say what they do.
func TestCommandTable(t *testing.T) {
	root := newRoot(&env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}})
	seen := map[string]bool{}
	for _, make := range commands {
		c := make(&env{streams: &streams{}})
		name := c.Name()
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: the line %q is empty or ends in a full stop", name, c.Short)
		}
		if c.Args == nil || c.RunE == nil {
			t.Errorf("%s does not check its arguments, or does nothing", name)
		}
		if !c.Hidden && !strings.Contains(c.Example, "xmppscope "+name) {
			t.Errorf("%s has no example that uses it", name)
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s: --%s says nothing", name, f.Name)
			}
			if v, _ := pflag.UnquoteUsage(f); v != strings.ToUpper(v) && !strings.Contains(v, "|") || f.DefValue == "[]" && f.Value.Type() == "stringToString" {
				t.Errorf("%s: --%s %s (default %s): what it takes has no name, or help shows an empty list", name, f.Name, v, f.DefValue)
			}
		})
		if find(root, name) == nil {
			t.Errorf("%s is not registered", name)
		}
	}
}

// TestExamplesOfHelp: what an example names is there.
func TestExamplesOfHelp(t *testing.T) {
	root := newRoot(&env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}})
	for _, c := range append(root.Commands(), root) {
		for line := range strings.Lines(c.Example) {
			_, after, ok := strings.Cut(line, "xmppscope ")
			if !ok {
				t.Errorf("%s: an example without this program: %s", c.Name(), line)
				continue
			}
			words := strings.Fields(after)
			used, _, err := root.Find(words[:1])
			if err != nil {
				t.Errorf("%s: %s: %v", c.Name(), line, err)
				continue
			}
			for _, w := range words[1:] {
				if w == "|" || w == ">" {
					break
				}
				w = strings.Trim(w, "'()")
				if name, ok := strings.CutPrefix(w, samplePrefix); ok {
					if _, err := sampleInput(name); err != nil {
						t.Errorf("%s: %s: %v", c.Name(), line, err)
					}
				}
				if name, ok := strings.CutPrefix(w, "--"); ok {
					name, _, _ = strings.Cut(name, "=")
					if used.Flag(name) == nil {
						t.Errorf("%s: %s: there is no --%s", c.Name(), line, name)
					}
				}
			}
		}
	}
}
