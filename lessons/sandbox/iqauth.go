package sandbox

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// Namespaces of the login that there was before SASL.
const (
	nsAuth        = "jabber:iq:auth"
	nsAuthFeature = "http://jabber.org/features/iq-auth"
)

// offerIQAuth says that a login without SASL is possible (XEP-0078 §4).
func offerIQAuth(c *conn) string {
	if c.stage != anonymous || !c.srv.o.IQAuth || !c.mayLogIn() {
		return ""
	}
	return element("", "auth", "xmlns", nsAuthFeature)
}

// iqAuthForm tells what a login takes (XEP-0078 §3.1). It is the same for every
// name, whether or not there is such an account.
func iqAuthForm(c *conn, st *stanza, q *xmlstream.Node) error {
	user := element("", "username")
	if name := saidIn(q, "username"); name != "" {
		user = text(name, "username")
	}
	return c.reply(st, element(user+element("", "password")+element("", "digest")+element("", "resource"), "query", "xmlns", nsAuth))
}

// iqAuthLogin logs in and binds a resource in one (XEP-0078 §3.1, §3.2).
func iqAuthLogin(c *conn, st *stanza, q *xmlstream.Node) error {
	user, wish := saidIn(q, "username"), saidIn(q, "resource")
	password, digest := q.Child(nsAuth, "password"), q.Child(nsAuth, "digest")
	if user == "" || wish == "" || password == nil && digest == nil {
		return c.deny(st, "not-acceptable", "A name, a resource, and a password or its digest are needed.")
	}
	a := c.srv.find(user)
	if a == nil || !c.proven(a, password, digest) {
		if err := c.deny(st, "not-authorized", "The name or the password is wrong."); err != nil {
			return err
		}
		return c.another()
	}
	full, err := jid.Parse(a.bare.String() + "/" + wish)
	if err != nil {
		return c.deny(st, "not-acceptable", "That is no resource.")
	}
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.account, c.login = a, nil
	condition := c.claim(&full)
	if condition != "" {
		c.account = nil
		return c.deny(st, condition, "")
	}
	c.widen()
	c.occupy(full)
	return c.reply(st, "")
}

// proven compares the digest where there is one, else the password.
func (c *conn) proven(a *account, password, digest *xmlstream.Node) bool {
	if digest == nil {
		return a.knows(password.Text())
	}
	secret := a.secret()
	sum := sha1.Sum([]byte(c.id + secret))
	said := strings.ToLower(strings.TrimSpace(digest.Text()))
	return subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(said)) == 1 && secret != ""
}
