package explain

import (
	"strings"

	"xmppscope/decode/tlswire"
)

// suiteParts takes the name of a cipher suite apart: how the keys are agreed
// on, empty for TLS 1.3, and what encrypts, its hash included.
func suiteParts(id uint16) (keys, cipher string) {
	name := strings.TrimPrefix(tlswire.CipherName(id), "TLS_")
	if before, after, ok := strings.Cut(name, "_WITH_"); ok {
		return before, after
	}
	return "", name
}

// suiteWords says what a cipher suite is, for somebody who reads its name for
// the first time.
func suiteWords(id uint16) string {
	if id == 0 {
		return ""
	}
	keys, cipher := suiteParts(id)
	return say(keyWords(keys), cipherWords(cipher))
}

func keyWords(keys string) string {
	switch {
	case keys == "" || strings.HasPrefix(keys, "0x"):
		return ""
	case strings.Contains(keys, "anon"):
		return "The keys are agreed on, but nobody proves who he is, so anybody may sit in between."
	case strings.HasPrefix(keys, "ECDHE") || strings.HasPrefix(keys, "DHE"):
		return "The keys are agreed on anew for every connection, so who steals the server's key later cannot read this recording."
	case keys == "RSA":
		return "The side that connected sends the secret under the server's RSA key, so whoever has that key, now or later, can read this recording."
	case strings.Contains(keys, "PSK"):
		return "The keys come from a secret that both sides had before."
	}
	return ""
}

func cipherWords(cipher string) string {
	switch {
	case strings.HasPrefix(cipher, "NULL"):
		return "It does not encrypt at all."
	case strings.HasPrefix(cipher, "RC4"):
		return "RC4 is broken and must not be used."
	case strings.HasPrefix(cipher, "3DES"):
		return "Triple DES is too weak by today's measure."
	case strings.Contains(cipher, "_CBC_"):
		return "CBC is an older way to encrypt in blocks, which was attacked several times."
	case strings.Contains(cipher, "GCM"), strings.Contains(cipher, "CCM"), strings.Contains(cipher, "POLY1305"):
		return "Every record is encrypted and protected against change in one go."
	}
	return ""
}

// Suite says what a cipher suite is (RFC 8446 §B.4), for somebody who reads its
// name for the first time; empty where nothing can be said.
func Suite(id uint16) string { return suiteWords(id) }
