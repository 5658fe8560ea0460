package sasl

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"xmppscope/decode/spec"
)

// A dialback key means nothing but to the server that made it. How it is made
// is a recommendation, XEP-0185 §2, so a key of another form is no fault.
func decodeDialback(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		return p.d
	}
	_, span, ok := p.m.part("key")
	if !ok {
		p.unexpected()
		return p.d
	}
	if !p.m.Kind.FromInitiator() {
		p.text("key", span, "the same key again, with the answer")
		p.summary("the key was checked")
		return p.d
	}
	meaning := "a key only the domain that made it can check"
	if notLowerHex(span.of(p.data), 2*sha256.Size) < 0 {
		meaning += "; by its form an HMAC-SHA-256 as XEP-0185 recommends"
	}
	p.text("key", span, meaning)
	p.summary("a key to be checked with %s", short(x.Originator))
	if span.empty() {
		p.fault(ruleMalformed, span.Start, spec.XEP(220, "2.1.1"), "the key is empty")
	}
	return p.d
}

func verifyDialback(x *Exchange, s *Secret) Verdict {
	wire, ok := x.wirePart("key")
	switch {
	case s.Password == "":
		return notJudged("no dialback secret was given")
	case !ok:
		return notJudged("the key is not here")
	case x.StreamID == "" || x.Originator == "" || x.Receiver == "":
		return notJudged("the id of the stream or one of the two domains is not known")
	}
	var v Verdict
	sum := sha256.Sum256([]byte(s.Password))
	hashed := hex.EncodeToString(sum[:])
	text := x.Receiver + " " + x.Originator + " " + x.StreamID
	want := hmacSHA256(hashed, text)
	v.step(Step{Name: "hashed secret", Value: hashed, Formula: "hex(SHA-256(secret))", Meaning: "used as the key in this written form", Command: command("hashlib.sha256(" + bytesLiteral(s.Password) + ").hexdigest()"), Secret: true})
	v.step(Step{Name: "text", Value: text, Formula: "receiving domain, originating domain, stream id, with blanks between"})
	v.step(Step{Name: "key", Value: want, Wire: wire, Formula: "hex(HMAC-SHA-256(hashed secret, text))",
		Command: command("hmac.new(" + bytesLiteral(hashed) + ", " + bytesLiteral(text) + ", 'sha256').hexdigest()")})
	switch wire {
	case want:
		return v.judge(true, "")
	case hmacSHA256(hashed, x.Originator+" "+x.Receiver+" "+x.StreamID):
		return v.judge(false, "the key fits the two domains in the wrong order: the receiving one comes first", "text")
	case hmacSHA256(string(sum[:]), text):
		return v.judge(false, "the key fits the raw hash of the secret: its hexadecimal form must be used", "hashed secret")
	case hmacSHA256(s.Password, text):
		return v.judge(false, "the key fits the secret itself: its hash must be used", "hashed secret")
	}
	return v.judgePassword(x, "or another stream id, or keys are made in another way there", "secret", "stream id")
}

func hmacSHA256(key, text string) string {
	d := hmac.New(sha256.New, []byte(key))
	d.Write([]byte(text))
	return hex.EncodeToString(d.Sum(nil))
}
