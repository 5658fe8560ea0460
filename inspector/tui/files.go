package tui

import (
	"os"
	"path/filepath"
	"strings"
)

// expandHome replaces a leading ~ as a shell does.
func expandHome(name string) string {
	rest, ok := strings.CutPrefix(name, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return name
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return name
	}
	return home + rest
}

// maxEntries bounds how much of a folder is looked at to complete a name.
const maxEntries = 10_000

// completePath makes a typed file name longer as far as the folder leaves no
// choice. It never fails: what cannot be completed comes back as it is.
func completePath(typed string) string {
	dir, base := filepath.Split(typed)
	look := expandHome(dir)
	if look == "" {
		look = "."
	}
	f, err := os.Open(look)
	if err != nil {
		return typed
	}
	defer f.Close()
	entries, _ := f.ReadDir(maxEntries)
	common, found := "", false
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || base == "" && strings.HasPrefix(name, ".") {
			continue
		}
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		if !found {
			common, found = name, true
			continue
		}
		common = commonPrefix(common, name)
	}
	if !found {
		return typed
	}
	return dir + common
}

func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return strings.ToValidUTF8(a[:n], "")
}
