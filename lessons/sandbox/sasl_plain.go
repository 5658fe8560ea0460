package sandbox

import (
	"bytes"
	"unicode/utf8"

	"xmppscope/decode/jid"
)

// plain is PLAIN (RFC 4616).
type plain struct{ c *conn }

func beginPlain(c *conn, _ *mechanism) exchange { return plain{c} }

func (p plain) step(response []byte) ([]byte, *verdict) {
	parts := bytes.Split(response, []byte{0})
	if len(parts) != 3 || len(parts[1]) == 0 || len(parts[2]) == 0 || !utf8.Valid(response) {
		return nil, &verdict{refusal: "malformed-request"}
	}
	a := p.c.srv.find(string(parts[1]))
	if a == nil {
		a = &account{} // compared all the same, and never equal
	}
	if !a.knows(string(parts[2])) || a.srv == nil {
		return nil, wrong()
	}
	return nil, admitted(a, string(parts[0]), nil)
}

// admitted is the verdict for somebody whose secret was right and who wants to
// act as authzid (RFC 6120 §6.3.8).
func admitted(a *account, authzid string, data []byte) *verdict {
	if authzid != "" {
		if j, err := jid.Parse(authzid); err != nil || j != a.bare {
			return &verdict{refusal: "invalid-authzid"}
		}
	}
	return &verdict{account: a, data: data}
}
