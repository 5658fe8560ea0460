package main

import (
	"context"
	"io"
	"os"
	"runtime"
	"testing"
)

// TestScratch: what is written can be read from the start again and again, and
// nothing stands in the folder for others to find, or after the program was killed.
func TestScratch(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir) // Windows
	s, err := newScratch()
	if err != nil {
		t.Fatal(err)
	}
	in := s.input()
	for _, want := range []string{"one", "onetwo"} {
		if _, err := s.WriteString(want[len(want)-3:]); err != nil {
			t.Fatal(err)
		}
		r, err := in.Open(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
		r.Close()
	}
	left, err := os.ReadDir(dir)
	if err != nil || runtime.GOOS != "windows" && len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	s.close()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}
