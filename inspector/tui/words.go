package tui

import (
	"strconv"
	"strings"
)

// plural writes a number with its noun: "1 event", "12,345 events".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

// thousands writes a number with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size writes a number of bytes for a person.
func size(n int64) string {
	switch {
	case n < 10_000:
		return plural(int(n), "byte")
	case n < 10_000_000:
		return strconv.FormatInt(n/1000, 10) + " kB"
	}
	return strconv.FormatInt(n/1_000_000, 10) + " MB"
}

func splitLines(s string) []string {
	return strings.Split(strings.TrimRight(s, "\n"), "\n")
}

// signs are a sign on the screen and what it means, for the key sheet.
type signs struct{ sign, means string }

func legend() []signs {
	return []signs{
		{"C → S", "sent by the client; C ← S by the server. Between servers I (initiating) and R (receiving)"},
		{"▶", "the line you stand on; [ … ] the phase you are in"},
		{"✗ ! i", "something is wrong (an error, a failure, a fault in the bytes); a warning; a note. 2✗ 1! behind a phase counts them"},
		{"~ - + =", "before the number: changed on the way (edited), taken out (dropped), put in (injected), made by xmppscope (synthetic)"},
		{"✓", "checked and right: a login against its password, a value against what the capture shows"},
		{"?", "in the list a request that has no answer in this capture; elsewhere not known"},
		{"*", "carries login data (SASL)"},
		{"secret", "a password or what gives access like one: do not show it around"},
		{"␛ ⟨U+202E⟩", "a character that acts or hides, made visible; the terminal never gets it"},
		{"↪", "the line goes on"},
	}
}
