package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/lessons/practice"
)

// TestScripts plays the conversations of testdata/scripts, each with a server of
// its own: one line of a file is what a client sends, or has to get.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(text), "\n== ") {
			name, lines, _ := strings.Cut(part, "\n")
			name = strings.TrimPrefix(name, "== ")
			t.Run(strings.TrimSuffix(filepath.Base(f), ".txt")+"/"+name, func(t *testing.T) {
				t.Parallel()
				o := Options{Bindings: AllBindings()}
				o.Limits.Tries = 3
				s := newHouse(t, o)
				script, err := practice.Parse(strings.ReplaceAll(lines, "LOGIN", "open\nstarttls\nlogin PLAIN mbed mirror"))
				if err != nil {
					t.Fatal(err)
				}
				if err := practice.New(s.options()).Play(t.Context(), script); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
