package export

import (
	"strings"

	"github.com/rivo/uniseg"
)

// columns is how many columns a text fills in a terminal.
func columns(s string) int { return uniseg.StringWidth(s) }

// wrap breaks a text at its spaces into lines of at most width columns. A word
// that is longer stands alone on its line.
func wrap(text string, width int) []string {
	var lines []string
	var b strings.Builder
	used := 0
	for _, word := range strings.Fields(text) {
		n := columns(word)
		if used > 0 && used+1+n > width {
			lines = append(lines, b.String())
			b.Reset()
			used = 0
		}
		if used > 0 {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	if used > 0 {
		lines = append(lines, b.String())
	}
	return lines
}

// clip cuts a text to at most width columns, with an ellipsis where it was cut.
func clip(s string, width int) string {
	if columns(s) <= width {
		return s
	}
	used, end := 0, 0
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		if used += g.Width(); used > width-1 {
			break
		}
		_, end = g.Positions()
	}
	return s[:end] + "…"
}

// pad fills a text with spaces to width columns.
func pad(s string, width int) string {
	if n := width - columns(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// chop cuts a text into lines of at most width columns, anywhere but inside a
// character or a stand-in such as ⟨U+202E⟩.
func chop(s string, width int) []string {
	var lines []string
	start, used := 0, 0
	for at := 0; at < len(s); {
		size, n := piece(s[at:])
		if used+n > width && at > start {
			lines = append(lines, s[start:at])
			start, used = at, 0
		}
		used += n
		at += size
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

// piece is the first thing in s that must stay together: its length in bytes
// and its width in columns.
func piece(s string) (size, width int) {
	if c := s[0]; ' ' <= c && c < 0x7f && (len(s) == 1 || s[1] < 0x80) {
		return 1, 1
	}
	if strings.HasPrefix(s, "⟨") {
		const longest = len("⟨U+10FFFF⟩")
		if end := strings.Index(s[:min(len(s), longest)], "⟩"); end > 0 {
			end += len("⟩")
			return end, columns(s[:end])
		}
	}
	cluster, _, n, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(cluster), n
}
