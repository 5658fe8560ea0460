package tui

import "strings"

// A terminal whose locale is not UTF-8 can show ASCII only. asciiSigns gives
// every sign that the screen is made of a letter that can stand for it; it
// holds pairs of the sign and its letter.
const asciiSigns = "▶>▸>›>◀<→>←<↑^↓v↪\\✗x✓+━=─-│|┌+┐+└+┘+…~·-–-“\"”\"█#░.⟨<⟩>␠_§S◆@"

// inASCII is what to show for a grapheme where only ASCII can be shown. What
// has no letter of its own becomes a question mark.
func inASCII(c string) string {
	if i := strings.Index(asciiSigns, c); i >= 0 {
		return asciiSigns[i+len(c) : i+len(c)+1]
	}
	return "?"
}
