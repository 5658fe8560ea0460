package tui

// standIn tells whether a rune must not reach a terminal as it is, and which
// sign of one cell stands for it.
func standIn(r rune) (string, bool) {
	switch {
	case r < 0x20 || r == 0x7f, r >= 0x80 && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff:
		return "\uFFFD", true
	}
	return "", false
}
