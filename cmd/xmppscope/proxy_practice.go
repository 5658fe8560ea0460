package main

import (
	"xmppscope/inspector"
	"xmppscope/proxy/ca"
)

// practice starts a practice server and makes it the server of the proxy.
func (j *proxying) practice() (down func(), err error) {
	if err := j.flags.whole(); err != nil {
		return nil, err
	}
	authority, err := ca.New()
	if err != nil {
		return nil, err
	}
	s, addr, down, err := (&scene{}).serve(authority)
	if err != nil {
		return nil, err
	}
	j.flags.to, j.flags.domain, j.flags.sandbox = addr, s.Domain(), false
	for _, a := range s.Accounts() {
		jid := a.User + "@" + s.Domain()
		j.flags.capture.passwords = append(j.flags.capture.passwords, jid+"="+a.Password)
		j.accounts = append(j.accounts, inspector.Disarm(jid+" password "+a.Password))
	}
	j.check.Roots, j.check.RootsName = authority.Pool(), "the practice server's own authority"
	j.title = "proxy to the practice server"
	return down, nil
}
