package practice

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
)

// simple is the table of the mechanisms beside SCRAM.
func simple() map[string]func(c *Client, user, password string) exchange {
	return map[string]func(*Client, string, string) exchange{
		"PLAIN": func(_ *Client, user, password string) exchange { return plain(user, password) },
		// The certificate says who it is; the name is only for the script.
		"EXTERNAL":  func(*Client, string, string) exchange { return plainExchange("") },
		"ANONYMOUS": func(*Client, string, string) exchange { return plainExchange("") },
		"DIGEST-MD5": func(c *Client, user, password string) exchange {
			return &digestExchange{c: c, user: user, password: password}
		},
	}
}

// digestExchange is DIGEST-MD5 (RFC 2831), for names and passwords of ASCII.
type digestExchange struct {
	c              *Client
	user, password string
	expect         string // the proof that the server has to give
	proved         bool
}

func (d *digestExchange) step(challenge []byte) ([]byte, error) {
	switch {
	case challenge == nil && d.expect == "":
		return nil, nil
	case d.expect != "":
		return nil, d.prove(string(challenge))
	}
	nonce := ""
	for _, part := range strings.Split(string(challenge), ",") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(part), "nonce="); ok {
			nonce = strings.Trim(v, `"`)
		}
	}
	if nonce == "" {
		return nil, errors.New("the challenge has no nonce")
	}
	realm, uri, cnonce := d.c.o.Domain, "xmpp/"+d.c.o.Domain, d.c.nonce()
	sum := func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }
	who := md5.Sum([]byte(d.user + ":" + realm + ":" + d.password))
	a1 := sum(string(who[:]) + ":" + nonce + ":" + cnonce)
	proof := func(method string) string {
		return sum(a1 + ":" + nonce + ":00000001:" + cnonce + ":auth:" + sum(method+":"+uri))
	}
	d.expect = "rspauth=" + proof("")
	return []byte(`username="` + d.user + `",realm="` + realm + `",nonce="` + nonce + `",cnonce="` + cnonce +
		`",nc=00000001,qop=auth,digest-uri="` + uri + `",response=` + proof("AUTHENTICATE") + `,charset=utf-8`), nil
}

func (d *digestExchange) prove(said string) error {
	if said != d.expect {
		return errors.New("the server did not prove that it knows the password")
	}
	d.proved = true
	return nil
}

func (d *digestExchange) final(data []byte) error {
	if d.proved && len(data) == 0 {
		return nil
	}
	return d.prove(string(data))
}

// nonce is that of the options, else a random one.
func (c *Client) nonce() string {
	if c.o.Nonce != nil {
		return c.o.Nonce()
	}
	b := make([]byte, 16)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
