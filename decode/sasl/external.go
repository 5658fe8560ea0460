package sasl

import (
	"bytes"
	"slices"
	"strings"

	"xmppscope/decode/spec"
)

var refExternal = spec.RFC(4422, "App. A")

func decodeExternal(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if !p.m.Kind.FromInitiator() {
		p.unexpected()
		return p.d
	}
	if len(p.data) == 0 {
		if p.m.Kind == InitialResponse && !p.m.Present && !x.SASL2 {
			p.fault("sasl-empty-not-equals", 0, spec.XEP(178, "2"), "an empty element means that the answer is still to come, which costs a round trip; an empty identity is written \"=\"")
			p.summary("no identity yet")
			return p.d
		}
		p.text("authzid", p.all(), "empty: take the identity from the certificate")
		p.summary("the identity is the one in the certificate")
		return p.d
	}
	p.text("authzid", p.all(), "act as this identity; the certificate must allow it")
	if at := bytes.IndexByte(p.data, 0); at >= 0 {
		p.fault(ruleMalformed, at, refExternal, "a NUL byte in the identity")
	} else if at := invalidUTF8(p.data); at >= 0 {
		p.fault(ruleMalformed, at, refExternal, "not valid UTF-8")
	}
	p.summary("asks to be %s, by certificate", short(printable(p.data)))
	return p.d
}

// verifyExternal needs no secret but the certificate's names.
func verifyExternal(x *Exchange, _ *Secret) Verdict {
	if len(x.CertNames) == 0 {
		return notJudged("the initiating entity's certificate was not seen")
	}
	var v Verdict
	names := strings.Join(x.CertNames, ", ")
	authzid := ""
	if sent := x.dataOf(initiator); len(sent) > 0 {
		authzid = printable(sent[0].Data)
	}
	v.step(Step{Name: "identities", Value: names, Meaning: "the names in the certificate"})
	if authzid == "" {
		v.step(Step{Name: "authzid", Meaning: "no identity is asked for: the certificate decides"})
		return v.judge(true, "no identity was asked for: the certificate decides")
	}
	if slices.ContainsFunc(x.CertNames, func(name string) bool { return certifies(name, authzid) }) {
		v.step(Step{Name: "authzid", Value: authzid, Result: Equal, Meaning: "the identity asked for is one of them"})
		return v.judge(true, "")
	}
	v.step(Step{Name: "authzid", Value: authzid, Result: Different, Meaning: "the identity asked for is none of them"})
	return v.judge(false, "the certificate does not name "+short(authzid), "authzid")
}

// certifies tells whether a name of a certificate stands for an identity: the
// same, a service of that domain, or a wildcard for its first label (RFC 6120
// §13.7.1.2.1).
func certifies(name, identity string) bool {
	for _, service := range [...]string{"_xmpp-server.", "_xmpp-client."} {
		name = strings.TrimPrefix(name, service)
	}
	if parent, ok := strings.CutPrefix(name, "*."); ok {
		_, rest, _ := strings.Cut(identity, ".")
		return strings.EqualFold(parent, rest) && !strings.Contains(identity, "@")
	}
	return strings.EqualFold(name, identity)
}
