package explain

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits in characters for wire text inside our sentences.
const (
	inTitle    = 36
	inSentence = 100
)

// short cuts s after most characters. It never copies more than it keeps.
func short(s string, most int) string {
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// value writes wire text into a sentence: as it is where it is one word, else
// in quotation marks, so that it cannot pass for our words.
func value(s string) string { return quoted(s, inSentence) }

// name is value for titles.
func name(s string) string { return quoted(s, inTitle) }

func quoted(s string, most int) string {
	if len(s) <= most && plainWord(s) {
		return s
	}
	s = short(s, most)
	if s == "" || strings.IndexFunc(s, notInWord) >= 0 || !utf8.ValidString(s) {
		return "“" + s + "”"
	}
	return s
}

// plainWord tells whether s is one word of ASCII, as nearly all addresses and ids
// are: such a one stands as it is without a closer look.
func plainWord(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s != ""
}

func notInWord(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '“' || r == '”'
}

// speech is free text of the wire: always in quotation marks.
func speech(s string) string { return "“" + short(strings.TrimSpace(s), inSentence) + "”" }

// list joins items as a sentence does, at most most of them.
func list(items []string, most int) string {
	rest := 0
	if len(items) > most {
		rest, items = len(items)-most, items[:most]
	}
	words := make([]string, len(items))
	for i, s := range items {
		words[i] = value(s)
	}
	if rest > 0 {
		words = append(words, strconv.Itoa(rest)+" more")
	}
	return and(words)
}

func commas(items []string) string {
	words := make([]string, len(items))
	for i, s := range items {
		words[i] = name(s)
	}
	return strings.Join(words, ", ")
}

func and(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// count writes a number with its noun: "1 stanza", "3 stanzas".
func count[T int | int64 | uint32](n T, noun string) string {
	s := strconv.FormatInt(int64(n), 10) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}

// say joins sentences, leaving out the empty ones.
func say(sentences ...string) string {
	kept := make([]string, 0, 8) // seldom more, so it needs no memory of its own
	for _, s := range sentences {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return strings.Join(kept, " ")
}

// when keeps s only where the condition holds.
func when(holds bool, s string) string {
	if holds {
		return s
	}
	return ""
}

// upper makes the first letter of one of our own sentences a capital.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// bare cuts the resource off an address, domain keeps only its domain
// (RFC 7622 §3.1).
func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return b
}

func resource(jid string) string {
	_, r, _ := strings.Cut(jid, "/")
	return r
}
