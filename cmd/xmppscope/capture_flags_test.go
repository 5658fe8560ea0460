package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Only what begins anew when it is opened again is read twice.
func TestReadTwice(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.pcap")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		flags captureFlags
		args  []string
		want  bool
	}{
		{args: []string{file, samplePrefix + "plain-login"}, want: true},
		{args: []string{t.TempDir()}},
		{args: []string{file, "-"}},
		// A file that was opened already goes on where it stands on some systems.
		{args: []string{fmt.Sprint("/dev/fd/", f.Fd())}},
		{flags: captureFlags{follow: true}, args: []string{file}},
	} {
		if got := c.flags.readTwice(c.args); got != c.want {
			t.Errorf("%q: %v", c.args, got)
		}
	}
}
