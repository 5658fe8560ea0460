package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xdg-go/scram"

	"xmppscope/decode/xmlstream"
)

// A token is good for two weeks, and an account has eight at most.
const (
	tokenLife  = 14 * 24 * time.Hour
	mostTokens = 8
)

// tokenMechanisms are the ones that tokens are for, best first, with the channel
// binding that each has (draft-schmaus-kitten-sasl-ht §3).
var tokenMechanisms = [...]struct {
	name    string
	binding scram.ChannelBindingType // empty: none
}{
	{"HT-SHA-256-EXPR", scram.ChannelBindingTLSExporter},
	{"HT-SHA-256-UNIQ", scram.ChannelBindingTLSUnique},
	{"HT-SHA-256-ENDP", scram.ChannelBindingTLSServerEndpoint},
	{"HT-SHA-256-NONE", ""},
}

// tokenBinding is what a mechanism for tokens binds to on this connection. Not
// ok: TLS has no such thing here.
func (c *conn) tokenBinding(mechanism string) (data []byte, ok bool) {
	for _, m := range tokenMechanisms {
		if m.name != mechanism || c.tls == nil {
			continue
		}
		if m.binding == "" {
			return nil, true
		}
		for _, b := range c.tls.possible {
			if b.Type == m.binding {
				return b.Data, true
			}
		}
	}
	return nil, false
}

// offerTokens lists the mechanisms that a token can be had for (XEP-0484 §3.1).
func (c *conn) offerTokens() string {
	var b strings.Builder
	for _, m := range tokenMechanisms {
		if _, ok := c.tokenBinding(m.name); ok {
			b.WriteString(text(m.name, "mechanism"))
		}
	}
	return element(b.String(), "fast", "xmlns", nsFAST)
}

// token stands for a password (XEP-0484 §3.3). Server.book guards those of an
// account.
type token struct {
	text, mechanism string
	until           time.Time
	count           uint64 // of the last login (XEP-0484 §4.1)
	before          string // the token that this one takes the place of
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// newToken makes a token and writes it. The one that it takes the place of is
// good until the client has used the new one, which may never reach it
// (XEP-0484 §3.3).
func (a *account) newToken(c *conn, mechanism, before string) string {
	t := token{text: c.ids.nonce(), mechanism: mechanism, until: time.Now().Add(tokenLife), before: before}
	a.srv.book.Lock()
	defer a.srv.book.Unlock()
	if before != "" {
		a.tokens = slices.DeleteFunc(a.tokens, func(o token) bool { return o.before == before })
	}
	if len(a.tokens) >= mostTokens {
		a.tokens = a.tokens[1:]
	}
	a.tokens = append(a.tokens, t)
	return element("", "token", "xmlns", nsFAST, "token", t.text, "expiry", stamp(t.until))
}

// dropToken forgets a token.
func (a *account) dropToken(text string) {
	a.srv.book.Lock()
	defer a.srv.book.Unlock()
	a.tokens = slices.DeleteFunc(a.tokens, func(o token) bool { return o.text == text })
}

// tokens writes what comes with success: a token that was asked for, and after
// a login by token the next one, so that none serves for long (XEP-0484 §3.3).
func (c *conn) tokens(q *inline) string {
	_, able := c.tokenBinding(q.token)
	switch {
	case q.used != "" && q.invalidate:
		c.account.dropToken(q.used)
		return ""
	case able:
		return c.account.newToken(c, q.token, q.used)
	case q.used != "":
		return c.account.newToken(c, q.usedFor, q.used)
	}
	return ""
}

// readFast takes what stands in <fast/> (XEP-0484 §3.4).
func (q *inline) readFast(n *xmlstream.Node) {
	f := n.Child(nsFAST, "fast")
	if f == nil {
		return
	}
	q.fast = true
	invalidate := attr(f, "invalidate")
	q.invalidate = invalidate == "true" || invalidate == "1"
	if v, err := strconv.ParseUint(attr(f, "count"), 10, 64); err == nil {
		q.count = v
	}
}

// tokenLogin is HT-SHA-256 (draft-schmaus-kitten-sasl-ht §3).
type tokenLogin struct {
	c         *conn
	mechanism string
	q         *inline
}

func (l tokenLogin) step(response []byte) ([]byte, *verdict) {
	user, proof, ok := bytes.Cut(response, []byte{0})
	if !ok || len(user) == 0 || len(proof) != sha256.Size {
		return nil, &verdict{refusal: "malformed-request"}
	}
	a := l.c.srv.find(string(user))
	if a == nil {
		return nil, wrong()
	}
	bound, _ := l.c.tokenBinding(l.mechanism)
	sum := func(key, said string) []byte {
		m := hmac.New(sha256.New, []byte(key))
		m.Write([]byte(said))
		m.Write(bound)
		return m.Sum(nil)
	}
	a.srv.book.Lock()
	defer a.srv.book.Unlock()
	i := slices.IndexFunc(a.tokens, func(t token) bool {
		return t.mechanism == l.mechanism && hmac.Equal(sum(t.text, "Initiator"), proof)
	})
	if i < 0 {
		return nil, wrong()
	}
	t := &a.tokens[i]
	switch {
	case time.Now().After(t.until):
		return nil, &verdict{refusal: "credentials-expired"}
	case l.q.count > 0 && l.q.count <= t.count:
		return nil, &verdict{refusal: "not-authorized", text: "This count was used before."}
	}
	t.count = max(t.count, l.q.count)
	l.q.used, l.q.usedFor = t.text, t.mechanism
	answer := sum(t.text, "Responder")
	if old := t.before; old != "" {
		t.before = ""
		a.tokens = slices.DeleteFunc(a.tokens, func(o token) bool { return o.text == old })
	}
	return nil, &verdict{account: a, data: answer}
}
