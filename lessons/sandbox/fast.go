package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// tokenMechanism is the one that tokens are for: it is bound to no channel, as
// the versions of TLS do not agree on one (XEP-0484 §3.1).
const tokenMechanism = "HT-SHA-256-NONE"

// A token is good for two weeks, and an account has eight at most.
const (
	tokenLife  = 14 * 24 * time.Hour
	mostTokens = 8
)

// token stands for a password (XEP-0484 §3.3). Server.book guards those of an
// account.
type token struct {
	text  string
	until time.Time
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// newToken makes a token and writes it.
func (a *account) newToken(c *conn) string {
	t := token{c.ids.nonce(), time.Now().Add(tokenLife)}
	a.srv.book.Lock()
	defer a.srv.book.Unlock()
	if len(a.tokens) >= mostTokens {
		a.tokens = a.tokens[1:]
	}
	a.tokens = append(a.tokens, t)
	return element("", "token", "xmlns", nsFAST, "token", t.text, "expiry", stamp(t.until))
}

// tokenLogin is HT-SHA-256 (draft-schmaus-kitten-sasl-ht §3).
type tokenLogin struct{ c *conn }

func (l tokenLogin) step(response []byte) ([]byte, *verdict) {
	user, proof, ok := bytes.Cut(response, []byte{0})
	if !ok || len(user) == 0 || len(proof) != sha256.Size {
		return nil, &verdict{refusal: "malformed-request"}
	}
	a := l.c.srv.find(string(user))
	if a == nil {
		return nil, wrong()
	}
	a.srv.book.RLock()
	defer a.srv.book.RUnlock()
	sum := func(key, said string) []byte {
		m := hmac.New(sha256.New, []byte(key))
		m.Write([]byte(said))
		return m.Sum(nil)
	}
	for _, t := range a.tokens {
		if !hmac.Equal(sum(t.text, "Initiator"), proof) {
			continue
		}
		if time.Now().After(t.until) {
			return nil, &verdict{refusal: "credentials-expired"}
		}
		return nil, &verdict{account: a, data: sum(t.text, "Responder")}
	}
	return nil, wrong()
}
