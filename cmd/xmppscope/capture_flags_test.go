package main

import (
	"path/filepath"
	"testing"
)

// Only what begins anew when it is opened again is read twice.
func TestReadTwice(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.pcap")
	for _, c := range []struct {
		flags captureFlags
		args  []string
		want  bool
	}{
		{args: []string{file, samplePrefix + "plain-login"}, want: true},
		{args: []string{t.TempDir()}},
		{args: []string{file, "-"}},
		{args: []string{"/dev/stdin"}},
		{args: []string{"/dev/fd/3"}},
		{flags: captureFlags{follow: true}, args: []string{file}},
	} {
		if got := c.flags.readTwice(c.args); got != c.want {
			t.Errorf("%q: %v", c.args, got)
		}
	}
}
