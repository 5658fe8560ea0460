package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/adrg/xdg"

	"xmppscope/inspector/tui"
)

// maxRecent is how many files are remembered.
const maxRecent = 12

// recentPath is where the files that were looked at are remembered, one a line,
// the last one first.
func recentPath() string { return filepath.Join(xdg.StateHome, "xmppscope", "recent") }

// recentFiles are the names in that file. Where it cannot be read there are none.
func recentFiles() []string {
	text, err := os.ReadFile(recentPath())
	if err != nil {
		return nil
	}
	var all []string
	for _, l := range strings.Split(string(text), "\n") {
		if filepath.IsAbs(l) && len(all) < maxRecent && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

// remember puts files first in the list. A list that cannot be written is no
// reason to stop: it is a convenience.
func remember(names []string) {
	all := recentFiles()
	for _, name := range names {
		if name == "-" || strings.HasPrefix(name, samplePrefix) || strings.ContainsAny(name, "\r\n") {
			continue
		}
		path, err := filepath.Abs(name)
		if st, found := os.Stat(name); err != nil || found != nil || !st.Mode().IsRegular() {
			continue
		}
		all = append([]string{path}, slices.DeleteFunc(all, func(x string) bool { return x == path })...)
	}
	all = all[:min(len(all), maxRecent)]
	if len(all) == 0 || slices.Equal(all, recentFiles()) || os.MkdirAll(filepath.Dir(recentPath()), 0o700) != nil {
		return
	}
	part := recentPath() + ".part"
	if os.WriteFile(part, []byte(strings.Join(all, "\n")+"\n"), 0o600) == nil {
		_ = os.Rename(part, recentPath())
	}
}

// recent are the remembered files as the start screen offers them. One that is
// gone is said to be.
func recent() (all []tui.Choice) {
	home, _ := os.UserHomeDir()
	for _, path := range recentFiles() {
		c := tui.Choice{Group: "Recent files", Name: path, Title: filepath.Base(path)}
		if rest, ok := strings.CutPrefix(path, home+string(filepath.Separator)); ok && home != "" {
			c.Name = "~/" + rest
		}
		if st, err := os.Stat(path); err != nil {
			c.Title, c.About = "✗ gone: "+c.Title, "There is no such file any more. "+path
		} else {
			c.About = path + ", changed " + st.ModTime().Format(time.DateTime)
		}
		all = append(all, c)
	}
	return all
}
