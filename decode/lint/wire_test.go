package lint

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Whatever the rooms below report has its row in the table: they name rules in
// one of these ways.
func TestEveryFaultHasARule(t *testing.T) {
	named := regexp.MustCompile(`(?:Rule: *|[fF]ault\(|fail\(|badCount\(e, n, |rule[A-Za-z]* += )"([a-z0-9]+(?:-[a-z0-9]+)+)"`)
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "lint" || d.Name() == "explain" || d.Name() == "why" || d.Name() == "im"):
			return fs.SkipDir
		case filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range named.FindAllSubmatch(text, -1) {
			seen++
			if Lookup(string(m[1])) == nil {
				t.Errorf("%s reports %s, which is not in the table", path, m[1])
			}
		}
		return err
	})
	if err != nil || seen < 60 {
		t.Fatalf("%d names found: %v", seen, err)
	}
}
