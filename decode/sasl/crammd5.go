package sasl

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"slices"

	"xmppscope/decode/spec"
)

const ruleCRAM = ruleMalformed

var refCRAM = spec.RFC(2195, "2")

func decodeCRAM(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	switch {
	case p.empty():
	case p.m.Kind.FromInitiator():
		decodeCRAMResponse(p)
	case p.m.Kind == Challenge:
		decodeCRAMChallenge(p)
	default:
		p.unexpected()
	}
	return p.d
}

func decodeCRAMChallenge(p *page) {
	p.text("challenge", p.all(), "a text that never comes twice; the client must key its password with it")
	if p.data[0] != '<' || p.data[len(p.data)-1] != '>' || bytes.IndexByte(p.data, '@') < 0 {
		p.fault(ruleCRAM, 0, refCRAM, "the challenge has not the form <number.time@host>")
	}
	p.summary("challenge %s", short(printable(p.data)))
}

func decodeCRAMResponse(p *page) {
	name, digest, ok := splitCRAM(p.data)
	if !ok {
		p.opaque("data", "should be the username, a blank and a digest")
		p.fault(ruleCRAM, len(p.data), refCRAM, "no blank between username and digest")
		p.summary("malformed: no digest")
		return
	}
	p.text("user", name, "the username: who logs in")
	p.text("digest", digest, "HMAC-MD5 of the challenge under the password")
	if at := notLowerHex(digest.of(p.data), 2*md5.Size); at >= 0 {
		p.fault(ruleCRAM, digest.Start+at, refCRAM, "the digest must be 32 lower-case hexadecimal digits")
	}
	p.summary("user %s, proof by HMAC-MD5", short(printable(name.of(p.data))))
}

// splitCRAM cuts at the last blank: a username may hold blanks, a digest not.
func splitCRAM(data []byte) (name, digest Span, ok bool) {
	blank := bytes.LastIndexByte(data, ' ')
	if blank < 0 {
		return Span{}, Span{}, false
	}
	return Span{0, blank}, Span{blank + 1, len(data)}, true
}

// notLowerHex finds the byte at which b stops being n lower-case hexadecimal
// digits, -1 where it is just that.
func notLowerHex(b []byte, n int) int {
	for i, c := range b {
		if i == n || !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return i
		}
	}
	if len(b) < n {
		return len(b)
	}
	return -1
}

func verifyCRAM(x *Exchange, s *Secret) Verdict {
	if s.Password == "" {
		return notJudged(whyNoPassword)
	}
	asked, sent := x.dataOf(receiver), x.dataOf(initiator)
	if len(asked) == 0 || len(sent) == 0 {
		return notJudged("challenge and answer are not both here")
	}
	_, span, ok := splitCRAM(sent[0].Data)
	if !ok {
		return notJudged("the answer is malformed: it has no digest")
	}
	challenge, wire := asked[0].Data, string(span.of(sent[0].Data))
	digest := hmacMD5(s.Password, challenge)
	var v Verdict
	v.step(Step{Name: "challenge", Value: printable(challenge), Meaning: "what the server asked"})
	v.step(Step{Name: "digest", Value: digest, Wire: wire, Formula: "HMAC-MD5(key = password, challenge)",
		Command: command("hmac.new(" + bytesLiteral(s.Password) + ", " + bytesLiteral(challenge) + ", 'md5').hexdigest()")})
	switch {
	case digest == wire:
		return v.judge(true, "")
	case hmacMD5(s.Password, asked[0].Base64) == wire:
		return v.judge(false, "the digest fits if the challenge is left in base64: the client did not decode it", "challenge")
	case hmacMD5(prepare(s.Password).text, challenge) == wire:
		return v.judge(false, "the digest fits after SASLprep of the password, which RFC 2195 does not ask for", "password")
	case hmacMD5(s.Password, []byte(base64.StdEncoding.EncodeToString(challenge))) == wire:
		return v.judge(false, "the digest fits if the challenge is left in base64: the client did not decode it", "challenge")
	case bytes.EqualFold([]byte(digest), []byte(wire)):
		return v.judge(false, "the digest is right but in upper case; it is compared as text", "digest")
	}
	return v.judgePassword(x, "or the challenge was changed on its way", "password", "challenge")
}

func hmacMD5(key string, data []byte) string {
	d := hmac.New(md5.New, []byte(key))
	d.Write(data)
	return hex.EncodeToString(d.Sum(nil))
}

// judgePassword is the verdict where no other reason was found. Of the inputs that
// may differ, the password first, those go that the outcome rules out.
func (v *Verdict) judgePassword(x *Exchange, other string, differs ...string) Verdict {
	switch {
	case edited(x):
		differs = nil
	case x.Accepted():
		differs = differs[:1]
	}
	return v.judge(false, passwordWhy(x, other), differs...)
}

// edited tells whether a message was changed on its way, by us.
func edited(x *Exchange) bool {
	return slices.ContainsFunc(x.Messages, func(m Message) bool { return m.Edited })
}

// passwordWhy says that the password differs, with what the outcome adds to
// that. The other explanation is used where the outcome does not rule it out.
func passwordWhy(x *Exchange, other string) string {
	switch {
	case edited(x):
		return "a message of this login was edited on its way, so what the two ends have of it differs"
	case x.Accepted():
		return "the server accepted this login, so the password given here is not the one that was used"
	case x.Refused():
		return "the client used another password than the one given here, " + other + "; the server refused it too"
	}
	return "the client used another password than the one given here, " + other
}
