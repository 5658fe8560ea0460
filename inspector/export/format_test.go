package export

import (
	"io"
	"testing"
)

// TestFormatTable: every format has a name of its own and a line, can be found
// and made, and one of them is what dump writes unasked.
func TestFormatTable(t *testing.T) {
	seen := map[string]bool{}
	for i, f := range Formats() {
		if f.Name == "" || f.Doc == "" || seen[f.Name] {
			t.Errorf("format %d: no name or line, or it stands twice: %+v", i, f)
		}
		seen[f.Name] = true
		if (f.Flag == "") != (i == 0) {
			t.Errorf("%s: only the first format is without a flag", f.Name)
		}
		if got, ok := Lookup(f.Name); !ok || got.Name != f.Name {
			t.Errorf("%s is not found by its name", f.Name)
		}
		if err := f.New(io.Discard, Options{}).Close(); err != nil {
			t.Errorf("%s: closing an empty output: %v", f.Name, err)
		}
	}
	if _, ok := Lookup("nonesuch"); ok {
		t.Error("a format that does not exist is found")
	}
}
