package sasl

import (
	"crypto/md5"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// digestInput is everything a DIGEST-MD5 response is made of, RFC 2831
// §2.1.2.1. Each value is the bytes that are hashed.
type digestInput struct {
	username, realm, password string
	nonce, cnonce, nc, qop    string
	uri, authzid              string
	hasAuthzid, utf8          bool
	wideNames, wideRealm      bool // in UTF-8 even where ISO 8859-1 would do
}

// digestValues are the values computed from it.
type digestValues struct {
	h0                 []byte
	ha1, ha2, response string
	ha2Server, rspauth string
	a0, a1, a2         string
	a2Server, middle   string
}

func hexMD5(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

func (in digestInput) compute() digestValues {
	if in.utf8 && !in.wideNames {
		in.username, in.password = narrow(in.username), narrow(in.password)
	}
	if in.utf8 && !in.wideRealm {
		in.realm = narrow(in.realm)
	}
	var v digestValues
	v.a0 = in.username + ":" + in.realm + ":" + in.password
	sum := md5.Sum([]byte(v.a0))
	v.h0 = sum[:]
	v.a1 = string(v.h0) + ":" + in.nonce + ":" + in.cnonce
	if in.hasAuthzid {
		v.a1 += ":" + in.authzid
	}
	v.ha1 = hexMD5(v.a1)
	v.a2, v.a2Server = "AUTHENTICATE:"+in.uri, ":"+in.uri
	if in.qop == "auth-int" || in.qop == "auth-conf" {
		tail := ":" + strings.Repeat("0", 32)
		v.a2, v.a2Server = v.a2+tail, v.a2Server+tail
	}
	v.ha2, v.ha2Server = hexMD5(v.a2), hexMD5(v.a2Server)
	v.middle = ":" + in.nonce + ":" + in.nc + ":" + in.cnonce + ":" + in.qop + ":"
	v.response, v.rspauth = hexMD5(v.ha1+v.middle+v.ha2), hexMD5(v.ha1+v.middle+v.ha2Server)
	return v
}

// narrow writes UTF-8 in ISO 8859-1 where every character has a place there,
// and leaves it alone where not.
func narrow(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xFF {
			return s
		}
		out = append(out, byte(r))
	}
	return string(out)
}

func digestInputs(msg digestMsg, password string) digestInput {
	in := digestInput{
		username: msg.value("username"), realm: msg.value("realm"), password: password,
		nonce: msg.value("nonce"), cnonce: msg.value("cnonce"), nc: msg.value("nc"), qop: msg.value("qop"),
		uri: msg.value("digest-uri"), authzid: msg.value("authzid"), utf8: msg.isUTF8(),
	}
	_, in.hasAuthzid = msg.get("authzid")
	if in.qop == "" {
		in.qop = "auth"
	}
	if !in.utf8 { // the wire is ISO 8859-1 already; the password is typed in UTF-8
		in.password = narrow(password)
	}
	return in
}

func verifyDigest(x *Exchange, s *Secret) Verdict {
	if s.Password == "" {
		return notJudged(whyNoPassword)
	}
	d := readDigest(x)
	if _, ok := d.answer.get("response"); !ok {
		return notJudged("the client's answer, with its response, is not here")
	}
	c := digestCheck{x: x, digest: d, in: digestInputs(d.answer, s.Password), password: s.Password}
	got := c.in.compute()
	wire, rspauth := d.answer.value("response"), d.rspauth.value("rspauth")
	c.chain(got, wire, rspauth)
	switch {
	case wire == got.response && rspauth != "" && rspauth != got.rspauth:
		return c.v.judge(false, "the client's response is right, but the server's rspauth is not: the server does not have the password, or its answer was changed", "rspauth")
	case wire == got.response:
		return c.v.judge(true, c.remark(rspauth))
	case rspauth != "" && rspauth == got.rspauth:
		return c.v.judge(false, "the server's rspauth is right and the response is not: the response was changed on its way to this capture", "response")
	}
	return c.why(wire)
}

// digestCheck is one exchange being verified.
type digestCheck struct {
	x *Exchange
	digest
	in       digestInput
	password string
	v        Verdict
}

func (c *digestCheck) chain(got digestValues, wire, rspauth string) {
	charset := "names and password in ISO 8859-1"
	if c.in.utf8 {
		charset = "names and password in ISO 8859-1 where they fit, else in UTF-8"
	}
	a1 := "hex(MD5(H0 : nonce : cnonce))"
	if c.in.hasAuthzid {
		a1 = "hex(MD5(H0 : nonce : cnonce : authzid))"
	}
	c.v.step(Step{Name: "H0", Value: hex.EncodeToString(got.h0), Formula: "MD5(username : realm : password), 16 raw bytes", Meaning: "what a server may keep instead of the password; " + charset, Command: md5Of(bytesLiteral(got.a0)), Secret: true})
	c.v.step(Step{Name: "HA1", Value: got.ha1, Formula: a1, Meaning: "the key of this login", Command: md5Of(rawLiteral(got.h0) + " + " + bytesLiteral(got.a1[len(got.h0):])), Secret: true})
	c.v.step(Step{Name: "HA2", Value: got.ha2, Formula: "hex(MD5(" + printable([]byte(got.a2)) + "))", Meaning: "what is asked for", Command: md5Of(bytesLiteral(got.a2))})
	c.v.step(Step{Name: "response", Value: got.response, Wire: wire, Formula: "hex(MD5(HA1 : nonce : nc : cnonce : qop : HA2))", Meaning: "the client's proof", Command: md5Of(bytesLiteral(got.ha1 + got.middle + got.ha2))})
	c.v.step(Step{Name: "HA2'", Value: got.ha2Server, Formula: "hex(MD5(" + printable([]byte(got.a2Server)) + "))", Meaning: "the same for the way back", Command: md5Of(bytesLiteral(got.a2Server))})
	c.v.step(Step{Name: "rspauth", Value: got.rspauth, Wire: rspauth, Formula: "hex(MD5(HA1 : nonce : nc : cnonce : qop : HA2'))", Meaning: "the server's proof", Command: md5Of(bytesLiteral(got.ha1 + got.middle + got.ha2Server))})
}

func (c *digestCheck) remark(rspauth string) string {
	switch {
	case c.x.Refused():
		return "the response is right for this password, and the server refused it: its own record of the password, or its rules, must differ"
	case rspauth == "":
		return "the client's response is right; the server's rspauth is not here"
	}
	return ""
}
