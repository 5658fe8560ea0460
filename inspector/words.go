package inspector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nearest is the candidate that s is most likely a misspelling of, or empty.
func Nearest(s string, candidates []string) string {
	best, least := "", min(2, (utf8.RuneCountInString(s)+1)/3)
	for _, c := range candidates {
		if s != "" && len(s) >= 3 && strings.HasPrefix(c, s) && best == "" {
			best = c
		}
		if d := distance(s, c, least); d <= least {
			best, least = c, d-1
		}
	}
	return best
}

// distance is how many single letters must be put in, taken out, changed or
// swapped to make a of b; more than most counts as most+1.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return most + 1
	}
	rows := [3][]int{make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)}
	before, last, now := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		for j := 1; j <= len(y); j++ {
			d := last[j-1]
			if x[i-1] != y[j-1] {
				d++
			}
			d = min(d, last[j]+1, now[j-1]+1)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
		}
		before, last, now = last, now, before
	}
	return last[len(y)]
}

// containsWord searches without regard to capitals unless the word has some.
func containsWord(s, word string) bool {
	if strings.Contains(s, word) {
		return true
	}
	return !hasUpper(word) && indexFold(s, word) >= 0
}

func hasUpper(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }

// indexFold finds a word in small letters, whatever the capitals of s. For
// words beyond ASCII all of s is turned into small letters, so only whether it
// is found is exact there, not where.
func indexFold(s, word string) int {
	if word == "" {
		return 0
	}
	if !isASCII(word) {
		return strings.Index(strings.ToLower(s), word)
	}
	first, upper := word[0], word[0]
	if first >= 'a' && first <= 'z' {
		upper -= 'a' - 'A'
	}
	// The next place of each form of the first letter; each is looked for only
	// when it has been passed, so that the text is scanned twice at most.
	small, large := indexFrom(s, first, 0), indexFrom(s, upper, 0)
	for {
		i := min(small, large)
		if i+len(word) > len(s) {
			return -1
		}
		if equalFold(s[i:i+len(word)], word) {
			return i
		}
		if small == i {
			small = indexFrom(s, first, i+1)
		}
		if large == i {
			large = indexFrom(s, upper, i+1)
		}
	}
}

// indexFrom finds a byte from a place on; len(s) where there is none.
func indexFrom(s string, b byte, from int) int {
	if i := strings.IndexByte(s[from:], b); i >= 0 {
		return from + i
	}
	return len(s)
}

func equalFold(s, lower string) bool {
	for i := range len(lower) {
		c := s[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
