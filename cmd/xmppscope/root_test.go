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
		})
		if find(root, name) == nil {
			t.Errorf("%s is not registered", name)
		}
	}
}
