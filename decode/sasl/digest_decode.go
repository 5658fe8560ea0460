package sasl

import (
	"slices"
	"strings"

	"xmppscope/decode/spec"
)

func decodeDigest(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		if p.m.Kind == SuccessData {
			p.d.Faults = rspauthMissing(x)
		}
		return p.d
	}
	msg := parseDigest(p.data)
	p.d.Faults = append(p.d.Faults, msg.faults...)
	for _, d := range msg.list {
		meaning, known := digestMeaning[d.name]
		switch {
		case d.name == "":
			p.text("?", d.value, "no directive")
			continue
		case !known:
			meaning = "a directive that is not known here: it is ignored"
		case d.name == "authzid" && len(d.raw) == 0:
			meaning = "act as: empty, so as the one who logs in"
		}
		p.add(Field{Name: printable([]byte(d.name)), Value: msg.text(d), Meaning: meaning, Span: d.value})
	}
	whole := readDigest(x)
	_, final := msg.get("rspauth")
	switch {
	case p.m.Kind.FromInitiator():
		digestAnswer(p, whole, msg)
	case final:
		digestFinal(p, msg)
	default:
		digestChallenge(p, msg)
	}
	return p.d
}

var digestMeaning = map[string]string{
	"username":   "the username: who logs in",
	"realm":      "the space of names the password belongs to, usually the domain",
	"nonce":      "the server's nonce: random text, new in every login",
	"cnonce":     "the client's nonce: random text, new in every login",
	"nc":         "how often this nonce was used, in hexadecimal",
	"qop":        "quality of protection: auth means login only",
	"digest-uri": "the service asked for: xmpp/ and the domain",
	"response":   "the proof: a hash over the password and everything else here",
	"rspauth":    "the server's proof: shows that it knows the password too",
	"charset":    "names and passwords are in UTF-8, not in ISO 8859-1",
	"algorithm":  "which hash: md5-sess is the only one allowed",
	"maxbuf":     "the largest block a security layer may carry",
	"cipher":     "ciphers for a security layer",
	"authzid":    "act as this identity",
	"stale":      "the nonce was too old: try again with this one",
	"auth-param": "for extensions",
}

func (p *page) digestFault(d directive, format string, args ...any) {
	p.fault(ruleDigest, d.value.Start, refDigestResponse, format, args...)
}

// single reports directives that must not come twice.
func (p *page) single(msg digestMsg, names ...string) {
	for _, name := range names {
		if len(msg.values(name)) > 1 {
			first, _ := msg.get(name)
			p.digestFault(first, "%s stands there more than once", name)
		}
	}
}

func digestChallenge(p *page, msg digestMsg) {
	p.single(msg, "nonce", "qop", "stale", "maxbuf", "charset", "algorithm", "cipher")
	if len(p.data) >= 2048 {
		p.fault(ruleDigest, 2047, refDigestChallenge, "the challenge is longer than the 2047 bytes allowed")
	}
	if _, ok := msg.get("nonce"); !ok {
		p.fault(ruleDigest, len(p.data), refDigestChallenge, "there is no nonce")
	}
	if d, ok := msg.get("algorithm"); !ok || msg.value("algorithm") != "md5-sess" {
		p.fault(ruleDigest, d.value.Start, refDigestChallenge, "algorithm=md5-sess is missing")
	}
	p.summary("asks for a digest with its nonce")
	if realm := msg.value("realm"); realm != "" {
		p.summary("asks for a digest, realm %s", short(printable([]byte(realm))))
	}
}

func digestAnswer(p *page, whole digest, msg digestMsg) {
	p.single(msg, "username", "realm", "nonce", "cnonce", "nc", "qop", "digest-uri", "response", "maxbuf", "charset", "cipher", "authzid")
	if len(p.data) >= 4096 {
		p.fault(ruleDigest, 4095, refDigestResponse, "the answer is longer than the 4095 bytes allowed")
	}
	for _, name := range []string{"username", "nonce", "cnonce", "nc", "digest-uri", "response"} {
		if _, ok := msg.get(name); !ok {
			p.fault(ruleDigest, len(p.data), refDigestResponse, "%s is missing", name)
		}
	}
	if d, ok := msg.get("response"); ok && notLowerHex(d.raw, 32) >= 0 {
		p.digestFault(d, "response must be 32 lower-case hexadecimal digits")
	}
	if d, ok := msg.get("nc"); ok && string(d.raw) != "00000001" {
		p.digestFault(d, "nc must be 00000001 in the first answer to a nonce")
	}
	if msg.isUTF8() {
		for _, name := range []string{"username", "realm", "authzid"} {
			if d, ok := msg.get(name); ok && invalidUTF8(d.raw) >= 0 {
				p.digestFault(d, "%s is not valid UTF-8, though charset says so", name)
			}
		}
	}
	digestURI(p, msg)
	if len(whole.asked.list) > 0 {
		digestAgainst(p, whole.asked, msg)
	}
	p.summary("user %s, the password stays at home", short(printable([]byte(msg.value("username")))))
}

// digestURI checks the service name, RFC 6120 §6.3.4 with RFC 2831 §2.1.2.
func digestURI(p *page, msg digestMsg) {
	d, ok := msg.get("digest-uri")
	if !ok {
		return
	}
	host, isXMPP := strings.CutPrefix(strings.ToLower(string(d.raw)), "xmpp/")
	domain := strings.ToLower(p.x.Domain)
	switch {
	case !isXMPP:
		p.digestFault(d, "digest-uri must start with xmpp/")
	case domain != "" && host != domain && !strings.HasSuffix(host, "/"+domain):
		p.digestFault(d, "digest-uri does not name %s, the domain of this stream", short(p.x.Domain))
	}
}

// digestAgainst compares the answer with what was asked.
func digestAgainst(p *page, asked, msg digestMsg) {
	if d, ok := msg.get("nonce"); ok && string(d.raw) != asked.value("nonce") {
		p.digestFault(d, "nonce is not the one the server sent")
	}
	if d, ok := msg.get("realm"); ok {
		if offered := asked.values("realm"); len(offered) > 0 && !slices.Contains(offered, string(d.raw)) {
			p.digestFault(d, "realm is not one the server offered")
		}
	}
	if d, ok := msg.get("qop"); ok {
		offered := asked.value("qop")
		if offered == "" {
			offered = "auth"
		}
		list := strings.FieldsFunc(offered, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
		if !slices.Contains(list, string(d.raw)) {
			p.digestFault(d, "qop is not one the server offered")
		}
	}
	if d, ok := msg.get("charset"); ok && !asked.isUTF8() {
		p.digestFault(d, "charset was not offered by the server")
	}
}

func digestFinal(p *page, msg digestMsg) {
	if d, _ := msg.get("rspauth"); notLowerHex(d.raw, 32) >= 0 {
		p.fault(ruleRspauth, d.value.Start, refDigestRspauth, "rspauth must be 32 lower-case hexadecimal digits")
	}
	p.summary("the server's proof")
}

// rspauthMissing reports a success that no rspauth came before or with.
func rspauthMissing(x *Exchange) []Fault {
	if whole := readDigest(x); len(whole.rspauth.list) == 0 {
		return []Fault{{Rule: ruleRspauth, Text: "success without rspauth: the server did not prove that it knows the password", Ref: spec.RFC(2831, "2.1.3")}}
	}
	return nil
}
