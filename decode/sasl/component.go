package sasl

import (
	"crypto/sha1"
	"strings"

	"xmppscope/decode/spec"
)

func decodeComponent(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		return p.d
	}
	_, span, ok := p.m.part("handshake")
	if !ok {
		p.unexpected()
		return p.d
	}
	p.text("handshake", span, "hex(SHA-1(stream id, secret)): proves the shared secret for this stream only")
	hexDigestFault(p, "component-handshake", span, 2*sha1.Size, spec.XEP(114, "3"))
	p.summary("proof of the shared secret")
	if x.Domain != "" {
		p.summary("proof of the shared secret for %s", short(x.Domain))
	}
	return p.d
}

func verifyComponent(x *Exchange, s *Secret) Verdict {
	if s.Password == "" {
		return notJudged("no shared secret was given")
	}
	wire, ok := x.wirePart("handshake")
	if !ok {
		return notJudged("the handshake is not here")
	}
	return verifyStreamDigest(x, s, wire, "handshake", "secret")
}

func upperHex(s string) string { return strings.ToUpper(s) }
