package lint

import (
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whatever becomes of a session, nothing breaks, and every finding says who,
// where and what.
func TestTornSessions(t *testing.T) {
	files, err := filepath.Glob("testdata/session_*.inc")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	r := rand.New(rand.NewSource(1))
	played := 0
	for i := range 600 {
		text, err := os.ReadFile(files[i%len(files)])
		if err != nil {
			t.Fatal(err)
		}
		x := example{script: tear(r, string(text))}
		found, _, err := x.run()
		if err != nil {
			continue // it is no transcript any more
		}
		played++
		for _, f := range found {
			if Lookup(f.Rule) == nil || f.Text == "" || f.Who.String() == "" || f.Level.String() == "" || f.Seq == 0 {
				t.Fatalf("%+v in\n%s", f, x.script)
			}
		}
	}
	if played < 300 {
		t.Errorf("only %d could be played", played)
	}
}

// tear takes lines out, puts them elsewhere, repeats them, and changes a letter
// or leaves some out.
func tear(r *rand.Rand, text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for range 1 + r.Intn(6) {
		i, j := r.Intn(len(lines)), r.Intn(len(lines))
		l := []byte(lines[i])
		at := min(4+r.Intn(80), len(l)-1)
		switch r.Intn(5) {
		case 0:
			lines = slices.Delete(lines, i, i+1)
		case 1:
			lines[i], lines[j] = lines[j], lines[i]
		case 2:
			lines = slices.Insert(lines, j, lines[i])
		case 3:
			lines[i] = string(slices.Delete(l, at, min(at+r.Intn(20), len(l))))
		default:
			l[at] = byte(' ' + r.Intn(95))
			lines[i] = string(l)
		}
	}
	return strings.Join(lines, "\n")
}
