package explain

import (
	"strings"

	"xmppscope/decode/sasl"
)

// mechanismText says what a SASL mechanism is, in one line.
func mechanismText(mechanism string) string {
	if mechanism == "" {
		return ""
	}
	m := sasl.Lookup(mechanism)
	if !sasl.Known(mechanism) {
		return value(mechanism) + ": a mechanism that is not known to this program. (" + m.Ref.String() + ")"
	}
	return value(mechanism) + ": " + m.Doc + " (" + m.Ref.String() + ")"
}

// firstAnswer says what follows the first message of a mechanism.
func firstAnswer(mechanism string) string {
	m := strings.ToUpper(mechanism)
	switch {
	case strings.HasPrefix(m, "SCRAM-"):
		return "answers with a challenge: a salt, a number of rounds, and its own random part. For a name that does not exist it may fail at once."
	case m == "DIGEST-MD5", m == "CRAM-MD5":
		return "answers with a challenge that holds a random value."
	case m == "GSSAPI", m == "GSS-SPNEGO":
		return "answers with a token, and the exchange goes to and fro a few times."
	case m == "LOGIN":
		return "asks for the name, and then for the password."
	case sasl.Known(mechanism):
		return "has all it needs and answers with success or failure."
	}
	return "answers with a challenge, success or failure."
}
