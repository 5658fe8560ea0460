package tui

import "strings"

// A terminal whose locale is not UTF-8 can show ASCII only. asciiSigns gives
// every sign that the screen is made of a letter that can stand for it; it
// holds pairs of the sign and its letter. The cursor and the sign of a line that
// leads somewhere stand in one column, so they have different ones.
const asciiSigns = "•*○o»/●@▾v—-▶>▸>›)◀<→>←<↑^↓v↪\\✗x✓+━=─-│|┌+┐+└+┘+…~·-–-“\"”\"█#░.⟨<⟩>␠_§S◆@"

// poor tells of a kind of terminal (TERM) that lacks most of the signs, whatever
// its locale says: the console of Linux has 512 glyphs at most, older ones fewer.
func poor(term string) bool {
	for _, kind := range []string{"linux", "vt1", "vt2", "vt5", "ansi", "dumb", "cons25"} {
		if strings.HasPrefix(term, kind) {
			return true
		}
	}
	return false
}

// inASCII is what to show for a grapheme where only ASCII can be shown. What
// has no letter of its own becomes a question mark.
func inASCII(c string) string {
	if i := strings.Index(asciiSigns, c); i >= 0 {
		return asciiSigns[i+len(c) : i+len(c)+1]
	}
	return "?"
}
