package samples

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// largest is the size a sample may have, in bytes: all of them travel in every copy of the program.
const largest = 100_000

func read(t *testing.T, name string) []byte {
	t.Helper()
	f, s, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if s.Name != name {
		t.Errorf("Open(%q) returned the entry of %q", name, s.Name)
	}
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEverySampleIsComplete(t *testing.T) {
	seen := map[string]bool{}
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, s := range All() {
		t.Run(s.Name, func(t *testing.T) {
			if !name.MatchString(s.Name) || seen[s.Name] {
				t.Errorf("name %q is malformed or used twice", s.Name)
			}
			seen[s.Name] = true
			for what, text := range map[string]string{"Title": s.Title, "Shows": s.Shows, "Server": s.Server, "Client": s.Client} {
				if text == "" || strings.TrimSpace(text) != text {
					t.Errorf("%s is %q", what, text)
				}
			}
			if !strings.HasSuffix(s.Shows, ".") {
				t.Errorf("Shows is not a sentence: %q", s.Shows)
			}
			b := read(t, s.Name)
			if len(b) > largest {
				t.Errorf("%d bytes, more than %d", len(b), largest)
			}
			if got := format(b); s.File != s.Name+"."+got {
				t.Errorf("file %s begins like a %q capture", s.File, got)
			}
		})
	}
}

// format tells a capture's format by its first four bytes: "pcap" (microseconds, little endian), "pcapng" or "".
func format(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xd4, 0xc3, 0xb2, 0xa1}):
		return "pcap"
	case bytes.HasPrefix(b, []byte{0x0a, 0x0d, 0x0d, 0x0a}):
		return "pcapng"
	}
	return ""
}

func TestEveryEmbeddedFileIsInTheTable(t *testing.T) {
	var want []string
	for _, s := range All() {
		want = append(want, s.File, "NOTES/"+s.Name+".md")
	}
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !slices.Contains(want, path) {
			t.Errorf("%s belongs to no sample", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPlainLoginCarriesTheTutorialsPassword(t *testing.T) {
	if !bytes.Contains(read(t, "plain-login"), []byte(">AG1iZWQAbWlycm9y</auth>")) {
		t.Error("NUL mbed NUL mirror is not on the wire")
	}
}

func TestAllIsACopy(t *testing.T) {
	All()[0].Name = "changed"
	if All()[0].Name == "changed" {
		t.Error("a caller can change the table")
	}
}

func TestUnknownNames(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"plain-logn", "plain-login"},
		{"PLAIN", "plain-login"},
		{"login", "plain-login"},
		{strings.Repeat("x", 100_000), "plain-login"},
		{"", "plain-login"},
		{"../samples.go", "plain-login"},
	} {
		_, _, err := Open(c.typed)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || !slices.Contains(unknown.Near, c.want) {
			t.Errorf("Open(%.20q): %.200v, want a hint to %s", c.typed, err, c.want)
		}
		if _, err := Note(c.typed); !errors.As(err, &unknown) {
			t.Errorf("Note(%.20q): %.200v", c.typed, err)
		}
	}
}
