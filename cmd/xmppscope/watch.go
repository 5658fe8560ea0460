package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// watchEnv makes the program a watcher, see watched. Its value is the folder for
// reports.
const watchEnv = "XMPPSCOPE_WATCH"

// maxFault is the most that is kept of what the runtime says of a fault.
const maxFault = 1 << 20

// letGo puts a terminal back that a screen was drawn on: the other buffer away,
// the cursor shown, mouse, pasting, focus and keys as they usually are (xterm's
// control sequences).
const letGo = "\x1b[?1049l\x1b[?25h\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[>4;0m\x1b[<u\x1b[?9001l\r"

// faultReport reads the rest of what the runtime says, and keeps it in a file for
// its owner's eyes. first is what was read already.
func faultReport(dir string, first []byte, more io.Reader, now time.Time) (path string, err error) {
	rest, _ := io.ReadAll(io.LimitReader(more, maxFault))
	text := fmt.Sprintf("xmppscope %s, %s %s/%s\nat %s, in a goroutine that is not of the screen\nterminal %q\n\n%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH,
		now.UTC().Format(time.RFC3339), os.Getenv("TERM"), withoutValues(string(first)+string(rest)))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path = filepath.Join(dir, fmt.Sprintf("crash-%s-%d.txt", now.UTC().Format("20060102-150405"), os.Getpid()))
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// withoutValues takes out of a fault what a panic was called with: it may quote
// what came in. What the runtime itself says stays.
func withoutValues(text string) string {
	var b strings.Builder
	skip := false
	for line := range strings.Lines(text) {
		said, is := strings.CutPrefix(strings.TrimSpace(line), "panic: ")
		switch {
		case is && !strings.HasPrefix(said, "runtime error: "):
			b.WriteString("panic: (a value, left out)\n")
			skip = true
			continue
		case is, strings.HasPrefix(line, "goroutine "), strings.HasPrefix(line, "[signal "), strings.HasPrefix(line, "fatal error: "):
			skip = false
		}
		if !skip {
			b.WriteString(line)
		}
	}
	return b.String()
}
