package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"

	"xmppscope/decode/jid"
)

// account is somebody who can log in, and what is kept of them. Server.mu
// guards all but the first five.
type account struct {
	srv      *Server
	bare     jid.JID
	password string  // Server.book guards it; empty: nothing fits
	tokens   []token // Server.book guards them (XEP-0484)
	passing  bool    // it goes away with its session (XEP-0175 §3)

	roster   []*item
	asking   []jid.JID // those whose request for presence is not answered yet (RFC 6121 §3.1.3)
	offline  []string  // messages, with their delay
	private  map[string]string
	vcard    string
	blocked  map[jid.JID]bool // XEP-0191
	version  uint64           // of the roster
	removed  []removal
	archive  archive
	nodes    []*node    // XEP-0163
	sessions []*session // in the order of their binding
}

// errTaken is the error for a name that somebody has.
var errTaken = errors.New("twice")

// join adds an account.
func (s *Server) join(a Account) (*account, error) {
	bare, err := jid.Parse(a.User + "@" + s.o.Domain)
	if err != nil || bare.Resource != "" {
		return nil, fmt.Errorf("account %q: no localpart of an address", a.User)
	}
	acct := &account{srv: s, bare: bare, password: a.Password, private: map[string]string{}, blocked: map[jid.JID]bool{}}
	acct.archive.ids = newIDs(s.o.Seed, "archive of "+bare.String())
	for _, c := range a.Contacts {
		j, err := jid.Parse(c.User + "@" + s.o.Domain)
		if err != nil {
			return nil, fmt.Errorf("account %q: contact %q: no localpart of an address", a.User, c.User)
		}
		sub, known := subscriptions[c.Subscription]
		if !known {
			return nil, fmt.Errorf("account %q: contact %q: no such subscription: %q", a.User, c.User, c.Subscription)
		}
		acct.roster = append(acct.roster, &item{jid: j, name: c.Name, groups: c.Groups, sub: sub})
	}
	s.book.Lock()
	defer s.book.Unlock()
	if s.accounts[bare.Local] != nil {
		return nil, fmt.Errorf("account %q: %w", a.User, errTaken)
	}
	s.accounts[bare.Local] = acct
	return acct, nil
}

// part takes an account away.
func (s *Server) part(a *account) {
	s.book.Lock()
	defer s.book.Unlock()
	if s.accounts[a.bare.Local] == a {
		delete(s.accounts, a.bare.Local)
		s.forget(a.bare.Local) // another may come by this name, with another password
	}
}

// forget makes the keys of a localpart anew when they are needed next.
func (s *Server) forget(local string) {
	s.scram.forget(local)
	s.weak.forget(local)
}

// get is the account of a localpart in its normal form, or nil.
func (s *Server) get(local string) *account {
	s.book.RLock()
	defer s.book.RUnlock()
	return s.accounts[local]
}

// find is the account with a name as somebody typed it, or nil.
func (s *Server) find(user string) *account {
	j, err := jid.Parse(user + "@" + s.o.Domain)
	if err != nil || j.Local == "" || j.Resource != "" {
		return nil
	}
	return s.get(j.Local)
}

// owner is the account of an address, or nil.
func (s *Server) owner(j jid.JID) *account {
	if !s.local(j) || j.Local == "" {
		return nil
	}
	return s.get(j.Local)
}

// knows compares a password in a time that tells nothing about it.
func (a *account) knows(password string) bool {
	own := a.secret()
	x, y := sha256.Sum256([]byte(own)), sha256.Sum256([]byte(password))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1 && own != ""
}

// secret is the password.
func (a *account) secret() string {
	if a.srv == nil {
		return ""
	}
	a.srv.book.RLock()
	defer a.srv.book.RUnlock()
	return a.password
}

// session is the session with a resource, or nil.
func (a *account) session(resource string) *session {
	for _, s := range a.sessions {
		if s.jid.Resource == resource {
			return s
		}
	}
	return nil
}

// remove takes a session out.
func (a *account) remove(s *session) {
	a.sessions = slices.DeleteFunc(a.sessions, func(o *session) bool { return o == s })
}

// best are the available sessions that a message to the account goes to: those
// of the highest priority that is not negative (RFC 6121 §8.5.2.1.1).
func (a *account) best() (top []*session) {
	highest := 0
	for _, s := range a.sessions {
		switch {
		case s.presence == "" || s.priority < highest:
		case s.priority > highest:
			top, highest = []*session{s}, s.priority
		default:
			top = append(top, s)
		}
	}
	return top
}

// passwords are those of all accounts that have one, by localpart.
func (s *Server) passwords() map[string]string {
	s.book.RLock()
	defer s.book.RUnlock()
	all := map[string]string{}
	for name, a := range s.accounts {
		if a.password != "" {
			all[name] = a.password
		}
	}
	return all
}
