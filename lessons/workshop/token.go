package workshop

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
)

// tokenLetters are those of a token: none of them is taken for another one when
// it is read aloud or from a wall.
const tokenLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// MinToken is the shortest token that a teacher may choose, in letters.
const MinToken = 8

// NewToken makes a token of three groups of four letters: 59 bits.
func NewToken() string { return secretOf(3) }

// secretOf makes groups of four letters.
func secretOf(groups int) string {
	var b strings.Builder
	var one [1]byte
	for n := 0; n < 4*groups; {
		rand.Read(one[:]) // never fails
		i := int(one[0] & 31)
		if i >= len(tokenLetters) {
			continue
		}
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(tokenLetters[i])
		n++
	}
	return b.String()
}

// CheckToken tells why a token that a teacher has chosen will not do.
func CheckToken(token string) error {
	if n := len(plainToken(token)); n < MinToken {
		return fmt.Errorf("a token has at least %d letters, this one has %d", MinToken, n)
	}
	if len(token) > maxToken {
		return fmt.Errorf("a token has at most %d letters, this one has %d", maxToken, len(token))
	}
	return nil
}

// plainToken is a token however it was typed.
func plainToken(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, s))
}

// writtenToken is a token as it is given out, however it was typed.
func writtenToken(s string) string {
	var groups []string
	for g := range slices.Chunk([]byte(plainToken(s)), 4) {
		groups = append(groups, string(g))
	}
	return strings.Join(groups, "-")
}

// maxToken bounds a token that is given, in bytes: what is longer is none.
const maxToken = 256

// sameToken compares in a time that tells nothing of where they differ.
func sameToken(given, want string) bool {
	if len(given) > maxToken {
		return false // it would be taken apart again for each student
	}
	g, w := sha256.Sum256([]byte(plainToken(given))), sha256.Sum256([]byte(plainToken(want)))
	return want != "" && subtle.ConstantTimeCompare(g[:], w[:]) == 1
}
