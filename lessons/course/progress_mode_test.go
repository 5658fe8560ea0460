package course

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What a learner has done is for the learner's eyes only.
func TestProgressIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes of files mean nothing here")
	}
	path := filepath.Join(t.TempDir(), "state", "lessons.json")
	p := LoadProgress(path)
	p.Of("07-plain").Step("one").Done = true
	if err := p.Save(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		st, err := os.Stat(name)
		if err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v, want %v (%v)", filepath.Base(name), st.Mode().Perm(), want, err)
		}
	}
	if again := LoadProgress(path); again.Failed != nil || !again.Of("07-plain").Step("one").Done {
		t.Error("it is forgotten")
	}
}
