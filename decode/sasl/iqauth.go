package sasl

import (
	"crypto/sha1"
	"encoding/hex"

	"xmppscope/decode/spec"
)

// Names of the logins that are no SASL mechanism.
const (
	IQAuth    = "IQ-AUTH"   // parts: username, password or digest, resource
	Component = "COMPONENT" // part: handshake
	Dialback  = "DIALBACK"  // part: key
)

var iqAuthMeaning = map[string]string{
	"username": "the username: who logs in",
	"password": "the password, in clear",
	"digest":   "hex(SHA-1(stream id, password)): the password stays at home",
	"resource": "the name of this connection: login and bind are one here",
}

func decodeIQAuth(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		return p.d
	}
	if len(p.m.parts) == 0 {
		p.unexpected()
		return p.d
	}
	for _, part := range p.m.parts {
		meaning, known := iqAuthMeaning[part.name]
		switch {
		case part.name == "password":
			p.secret(part.name, part.span, meaning)
		case !known:
			p.text(part.name, part.span, "not known here")
		default:
			p.text(part.name, part.span, meaning)
		}
	}
	user, _, _ := p.m.part("username")
	p.summary("asks what is needed to log in as %s", short(printable([]byte(user))))
	if _, _, clear := p.m.part("password"); clear {
		p.summary("user %s, password in clear", short(printable([]byte(user))))
	} else if _, span, ok := p.m.part("digest"); ok {
		hexDigestFault(p, ruleMalformed, span, 2*sha1.Size, spec.XEP(78, "3.1"))
		p.summary("user %s, the password stays at home", short(printable([]byte(user))))
	}
	return p.d
}

func hexDigestFault(p *page, rule string, span Span, size int, ref spec.Ref) {
	if at := notLowerHex(span.of(p.data), size); at >= 0 {
		p.fault(rule, span.Start+at, ref, "must be %d lower-case hexadecimal digits", size)
	}
}

func sha1Hex(parts ...string) string {
	d := sha1.New()
	for _, p := range parts {
		d.Write([]byte(p))
	}
	return hex.EncodeToString(d.Sum(nil))
}

// wirePart finds a part in the initiating entity's messages.
func (x *Exchange) wirePart(name string) (string, bool) {
	for i := range x.Messages {
		if x.Messages[i].Kind.FromInitiator() {
			if text, _, ok := x.Messages[i].part(name); ok {
				return text, true
			}
		}
	}
	return "", false
}

func verifyIQAuth(x *Exchange, s *Secret) Verdict {
	if s.Password == "" {
		return notJudged(whyNoPassword)
	}
	if wire, ok := x.wirePart("password"); ok {
		return comparePassword("password", wire, s.Password)
	}
	wire, ok := x.wirePart("digest")
	if !ok {
		return notJudged("the exchange has no message with a password or a digest")
	}
	return verifyStreamDigest(x, s, wire, "digest", "password")
}

// verifyStreamDigest judges hex(SHA-1(stream id, secret)), the form IQ-AUTH
// and COMPONENT share.
func verifyStreamDigest(x *Exchange, s *Secret, wire, name, secret string) Verdict {
	if x.StreamID == "" {
		return notJudged("the id of the stream is not known")
	}
	var v Verdict
	want := sha1Hex(x.StreamID, s.Password)
	v.step(Step{Name: "stream id", Value: x.StreamID, Meaning: "from the header the server sent: new in every stream"})
	v.step(Step{Name: name, Value: want, Wire: wire, Formula: "hex(SHA-1(stream id ‖ " + secret + "))", Meaning: "the proof",
		Command: command("hashlib.sha1(" + bytesLiteral(x.StreamID+s.Password) + ").hexdigest()")})
	switch wire {
	case want:
		return v.judge(true, "")
	case upperHex(want):
		return v.judge(false, "the digest is right but in upper case; it is compared as text", name)
	case sha1Hex(s.Password, x.StreamID):
		return v.judge(false, "the digest fits the two texts in the wrong order: the stream id comes first", name)
	case sha1Hex(s.Password):
		return v.judge(false, "the digest fits the "+secret+" alone: the stream id was left out", "stream id")
	}
	return v.judgePassword(x, "or another stream id", secret, "stream id")
}
