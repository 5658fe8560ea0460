package sasl

import (
	"bytes"
	"strings"
)

// scramFamily stands for all of SCRAM where nothing tells the hash.
const scramFamily = "SCRAM-SHA-1"

// Guess tells from its content what a lone message may be: for a payload that
// somebody pasted, and for captures that begin in the middle. An empty
// mechanism means that nothing fits. A hash cannot be told from the text
// unless a proof of its length is there; SCRAM-SHA-1 stands for the family.
func Guess(data []byte) (mechanism string, kind Kind) {
	text := string(data)
	switch {
	case len(data) == 0:
		return "", 0
	case isGS2(text) && strings.Contains(text, "\x01"):
		return "OAUTHBEARER", InitialResponse
	case isGS2(text):
		return guessScram(parseScram(data, clientFirst)), InitialResponse
	case hasPrefixes(text, "r=", ",s=", ",i="):
		return scramFamily, Challenge
	case hasPrefixes(text, "c=", ",r="):
		return guessScram(parseScram(data, clientFinal)), Response
	case strings.HasPrefix(text, "v=") || strings.HasPrefix(text, "e=") && scramErrors[text[2:]] != "":
		return guessScram(parseScram(data, serverFinal)), SuccessData
	case strings.Contains(text, "rspauth="):
		return "DIGEST-MD5", SuccessData
	case strings.Contains(text, "nonce=") && strings.Contains(text, "response="):
		return "DIGEST-MD5", Response
	case strings.Contains(text, "nonce=") && strings.Contains(text, "algorithm="):
		return "DIGEST-MD5", Challenge
	case bytes.Count(data, []byte{0}) == 2:
		return "PLAIN", InitialResponse
	case text[0] == '<' && strings.HasSuffix(text, ">") && strings.Contains(text, "@"):
		return "CRAM-MD5", Challenge
	case isCRAMAnswer(data):
		return "CRAM-MD5", Response
	case data[0] == 0x60 && len(data) > 12:
		return "GSSAPI", InitialResponse
	}
	return guessPrompt(strings.ToLower(text))
}

func isGS2(text string) bool {
	return strings.HasPrefix(text, "n,") || strings.HasPrefix(text, "y,") || strings.HasPrefix(text, "p=") && strings.Contains(text, ",")
}

// hasPrefixes says that text starts with the first and holds the others in
// this order.
func hasPrefixes(text, first string, others ...string) bool {
	text, ok := strings.CutPrefix(text, first)
	for _, other := range others {
		if ok {
			_, text, ok = strings.Cut(text, other)
		}
	}
	return ok
}

// guessScram names the hash by the length of a proof or signature, and -PLUS
// by the flag.
func guessScram(m *scramMsg) string {
	name := scramFamily
	for _, key := range []byte("pv") {
		out, _, _ := decodeBase64(m.value(key), refScram)
		for _, hash := range []string{"SHA-512", "SHA-384", "SHA-256", "SHA-224"} {
			if len(out) == hashNamed(hash).size() {
				name = "SCRAM-" + hash
			}
		}
	}
	if m.gs2.bindingType() != "" {
		name += "-PLUS"
	}
	return name
}

func isCRAMAnswer(data []byte) bool {
	_, digest, ok := splitCRAM(data)
	return ok && notLowerHex(digest.of(data), 32) < 0
}

func guessPrompt(text string) (string, Kind) {
	switch strings.Trim(text, " :\x00\r\n") {
	case "username", "user name", "password":
		return "LOGIN", Challenge
	}
	return "", 0
}
