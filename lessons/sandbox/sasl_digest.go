package sandbox

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// digestLogin is DIGEST-MD5 (RFC 2831), which is historic (RFC 6331): it is
// here to be looked at.
type digestLogin struct {
	c       *conn
	nonce   string
	account *account // once the answer was right
}

func beginDigest(c *conn, _ *mechanism) exchange { return &digestLogin{c: c} }

func (d *digestLogin) step(response []byte) ([]byte, *verdict) {
	switch {
	case d.nonce == "":
		// Nothing is kept of earlier logins, so that what a client sends with its
		// request is as good as nothing (RFC 2831 §2.2).
		d.nonce = d.c.ids.nonce()
		return []byte(`realm="` + d.c.srv.o.Domain + `",nonce="` + d.nonce + `",qop="auth",charset=utf-8,algorithm=md5-sess`), nil
	case d.account != nil:
		if len(response) > 0 {
			return nil, &verdict{refusal: "malformed-request"}
		}
		return nil, &verdict{account: d.account}
	}
	return d.check(response)
}

// check judges the answer and proves that the server knows the password too
// (RFC 2831 §2.1.3).
func (d *digestLogin) check(response []byte) ([]byte, *verdict) {
	f, ok := directives(string(response))
	if !ok || f["username"] == "" || f["cnonce"] == "" || len(f["response"]) != 32 || !utf8.Valid(response) {
		return nil, &verdict{refusal: "malformed-request"}
	}
	qop := f["qop"]
	if qop == "" {
		qop = "auth"
	}
	host := d.c.srv.o.Domain
	uri := f["digest-uri"]
	switch {
	case f["nonce"] != d.nonce || f["nc"] != "00000001" || qop != "auth":
		return nil, &verdict{refusal: "malformed-request", text: "Nonce, count or quality differ from those of the challenge."}
	case f["realm"] != host: // nobody has an account there (RFC 2831 §2.1.2)
		return nil, wrong()
	case uri != "xmpp/"+host && !strings.HasPrefix(uri, "xmpp/"+host+"/"):
		return nil, &verdict{refusal: "malformed-request", text: "The answer is made for another service."}
	}
	a := d.c.srv.find(f["username"])
	password := ""
	if a != nil {
		password = a.secret()
	}
	sum := func(method string) string { return digestOf(f, password, d.nonce, method+":"+uri) }
	if subtle.ConstantTimeCompare([]byte(sum("AUTHENTICATE")), []byte(f["response"])) != 1 || password == "" {
		return nil, wrong()
	}
	if v := admitted(a, f["authzid"], nil); v.account == nil {
		return nil, v
	}
	d.account = a
	return []byte("rspauth=" + sum("")), nil
}

// digestOf is the chain of RFC 2831 §2.1.2.1.
func digestOf(f map[string]string, password, nonce, a2 string) string {
	hash := func(s string) [16]byte { return md5.Sum([]byte(s)) }
	text := func(s string) string { h := hash(s); return hex.EncodeToString(h[:]) }
	who := hash(latin(f["username"]) + ":" + latin(f["realm"]) + ":" + latin(password))
	a1 := string(who[:]) + ":" + nonce + ":" + f["cnonce"]
	if f["authzid"] != "" {
		a1 += ":" + f["authzid"]
	}
	return text(text(a1) + ":" + nonce + ":" + f["nc"] + ":" + f["cnonce"] + ":auth:" + text(a2))
}

// latin is ISO 8859-1 where the text fits into it, as the hash wants it
// (RFC 2831 §2.1.2.1).
func latin(s string) string {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// directives takes a list of name=value apart (RFC 2831 §7.1). A name that
// comes twice is a fault.
func directives(s string) (map[string]string, bool) {
	all := map[string]string{}
	for s = strings.Trim(s, " \t,"); s != ""; s = strings.TrimLeft(s, " \t,") {
		name, rest, ok := strings.Cut(s, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := all[name]; !ok || twice || name == "" {
			return nil, false
		}
		var value string
		if value, s, ok = directive(strings.TrimLeft(rest, " \t")); !ok {
			return nil, false
		}
		all[name] = value
	}
	return all, true
}

// directive takes a value off the front: a token, or a string in quotes.
func directive(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		i := strings.IndexByte(s, ',')
		if i < 0 {
			i = len(s)
		}
		return strings.TrimSpace(s[:i]), s[i:], true
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			i++
			if i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}
