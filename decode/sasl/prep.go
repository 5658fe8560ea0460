package sasl

import (
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
)

// prepared is a name or password in the form SASLprep gives it, RFC 4013.
type prepared struct {
	text    string // the result; the input itself where preparation fails
	changed bool
	refused string // why preparation fails, empty where it does not
}

// prepare never fails outright: where SASLprep forbids a character, common
// implementations go on with the text as it is, and so must a check of what
// they sent.
func prepare(s string) prepared {
	if isPlainASCII(s) {
		return prepared{text: s}
	}
	if !utf8.ValidString(s) {
		return prepared{text: s, refused: "it is not valid UTF-8"}
	}
	out, err := stringprep.SASLprep.Prepare(s)
	if err != nil {
		return prepared{text: s, refused: err.Error()}
	}
	return prepared{text: out, changed: out != s}
}

func isPlainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return true
}

// note says what preparation did, empty where it did nothing.
func (p prepared) note() string {
	switch {
	case p.refused != "":
		return "SASLprep refuses it (" + p.refused + "), so it is used as typed"
	case p.changed:
		return "SASLprep changed it"
	}
	return ""
}
