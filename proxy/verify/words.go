package verify

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	maxLinks = 10 // certificates of a chain that are shown
	maxShown = 20 // names in a result
	maxTold  = 5  // names in a sentence
	maxWord  = 100

	dateForm = "2 January 2006 15:04 MST"
)

// word makes text from the wire fit into a sentence: short, and without what a
// terminal or a reader could be fooled by.
func word(s string) string {
	if len(s) > maxWord {
		cut := maxWord
		for cut > maxWord-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	if q := strconv.Quote(s); s == "" || q[1:len(q)-1] != s {
		return q
	}
	return s
}

func link(c *x509.Certificate) Link {
	sum := sha256.Sum256(c.Raw)
	return Link{
		Subject: who(c), Issuer: word(c.Issuer.String()), From: c.NotBefore.UTC(), Until: c.NotAfter.UTC(),
		Key: keyWord(c), Signature: c.SignatureAlgorithm.String(), Fingerprint: hex.EncodeToString(sum[:]),
	}
}

// who is the subject of a certificate.
func who(c *x509.Certificate) string {
	if s := c.Subject.String(); s != "" {
		return word(s)
	}
	if len(c.DNSNames) > 0 {
		return word(c.DNSNames[0])
	}
	return "somebody without a name"
}

func keyWord(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA, %d bits", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA, " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}

// span is a length of time as people say it.
func span(d time.Duration) string {
	for _, u := range []struct {
		length time.Duration
		name   string
	}{{365 * 24 * time.Hour, "year"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int64(d / u.length); n == 1 {
			return "1 " + u.name
		} else if n > 1 {
			return fmt.Sprintf("%d %ss", n, u.name)
		}
	}
	return "less than a minute"
}
