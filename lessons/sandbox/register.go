package sandbox

import (
	"errors"

	"xmppscope/decode/xmlstream"
)

// Namespaces of registration inside XMPP.
const (
	nsRegister        = "jabber:iq:register"
	nsRegisterFeature = "http://jabber.org/features/iq-register"
)

// maxPassword is the longest password of a new account, in bytes.
const maxPassword = 1023

// offerRegister says that an account can be made (XEP-0077 §3.1).
func offerRegister(c *conn) string {
	if c.stage != anonymous || !c.srv.o.Register || !c.mayLogIn() {
		return ""
	}
	return element("", "register", "xmlns", nsRegisterFeature)
}

// registerForm tells what an account takes (XEP-0077 §3.1.1).
func registerForm(c *conn, st *stanza, _ *xmlstream.Node) error {
	return c.reply(st, element(text("Choose a name and a password. The server forgets both when it ends.", "instructions")+
		element("", "username")+element("", "password"), "query", "xmlns", nsRegister))
}

// registerNew makes an account. Whoever made it is not logged in by that
// (XEP-0077 §3.1.1).
func registerNew(c *conn, st *stanza, q *xmlstream.Node) error {
	user, password := saidIn(q, "username"), saidIn(q, "password")
	switch {
	case user == "" || !goodPassword(password):
		return c.deny(st, "not-acceptable", "A name and a password are needed.")
	case c.srv.find(user) != nil:
		return c.deny(st, "conflict", "Somebody has this name.")
	case c.srv.crowd() >= c.srv.o.Limits.Accounts:
		return c.deny(st, "resource-constraint", "There are too many accounts.")
	}
	switch _, err := c.srv.join(Account{User: user, Password: password}); {
	case errors.Is(err, errTaken):
		return c.deny(st, "conflict", "Somebody has this name.")
	case err != nil:
		return c.deny(st, "not-acceptable", "That is no name for an account.")
	}
	return c.reply(st, "")
}

func goodPassword(p string) bool { return p != "" && len(p) <= maxPassword }

// crowd is how many accounts there are.
func (s *Server) crowd() int {
	s.book.RLock()
	defer s.book.RUnlock()
	return len(s.accounts)
}

// registeredGet says that the client has an account (XEP-0077 §3.1.1).
func registeredGet(s *session, q *request) {
	q.result(element(element("", "registered")+text(s.account.bare.Local, "username")+element("", "password"), "query", "xmlns", nsRegister))
}

// registeredSet changes the password (XEP-0077 §3.3) or takes the account away
// (§3.2).
func registeredSet(s *session, q *request) {
	user, password := saidIn(q.payload, "username"), saidIn(q.payload, "password")
	remove := q.payload.Child(nsRegister, "remove") != nil
	switch {
	case s.account.passing:
		q.fail("not-allowed", "This account goes with its session.")
	case remove && q.payload.FirstElement().Name.Local == "remove" && !more(q.payload.FirstElement()):
		q.result("")
		s.account.vanish()
	case remove || user == "" || !goodPassword(password):
		q.fail("bad-request", "A name and a password are needed.")
	case q.srv.find(user) != s.account:
		q.fail("not-allowed", "Nobody changes the password of another.")
	default:
		s.account.change(password)
		q.result("")
	}
}

// change gives the account another password. Tokens are void by that
// (XEP-0484 §3).
func (a *account) change(password string) {
	a.srv.book.Lock()
	defer a.srv.book.Unlock()
	a.password, a.tokens = password, nil
	a.srv.forget(a.bare.Local)
}

// vanish takes the account away: its contacts learn that there is nothing to be
// seen any more, and its clients that they are nobody (XEP-0077 §3.2).
func (a *account) vanish() {
	for _, i := range a.roster {
		if i.sub&subTo != 0 || i.ask {
			a.tell(i.jid, "unsubscribe")
		}
		if i.sub&subFrom != 0 {
			a.tell(i.jid, "unsubscribed")
		}
	}
	a.roster = nil
	for len(a.sessions) > 0 {
		s := a.sessions[0]
		if s.conn != nil {
			s.conn.kick(&streamError{condition: "not-authorized", text: "The account is gone."})
		}
		s.end()
	}
	a.srv.part(a)
}
