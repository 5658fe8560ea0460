package sandbox

import (
	"bytes"
	"unicode/utf8"
)

// anonymousLogin is ANONYMOUS: an account for as long as the connection lives
// (RFC 4505, XEP-0175).
type anonymousLogin struct{ c *conn }

func beginAnonymous(c *conn, _ *mechanism) exchange { return anonymousLogin{c} }

func (l anonymousLogin) step(trace []byte) ([]byte, *verdict) {
	n := utf8.RuneCount(trace)
	if !utf8.Valid(trace) || n > 255 && !bytes.ContainsRune(trace, '@') || bytes.IndexByte(trace, 0) >= 0 {
		return nil, &verdict{refusal: "malformed-request"}
	}
	a, err := l.c.srv.join(Account{User: "anonymous-" + l.c.ids.id(8)})
	if err != nil {
		return nil, &verdict{refusal: "temporary-auth-failure"}
	}
	a.passing = true
	return nil, &verdict{account: a}
}
