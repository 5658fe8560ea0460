package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxWays is how many domains below those of other servers are talked with.
const maxWays = 100

// settle opens the other domains of the options, which the same doors lead to.
// What they do not say for themselves is as with this one.
func (s *Server) settle() error {
	s.street = []*Server{s}
	for _, own := range s.o.Neighbours {
		o := s.o
		o.Domain, o.Accounts, o.Rooms = own.Domain, own.Accounts, own.Rooms
		o.Peers, o.Reach, o.Components, o.Neighbours, o.Misbehave = own.Peers, own.Reach, nil, nil, nil
		n, err := New(o)
		if err != nil {
			return fmt.Errorf("neighbour %q: %w", own.Domain, err)
		}
		n.dialback = newIDs(o.Seed, "dialback of "+n.o.Domain).bytes(32)
		s.street = append(s.street, n)
	}
	for _, one := range s.street {
		one.street, one.wrong = s.street, s.wrong
		for _, other := range s.street {
			switch {
			case one == other:
			case one.o.Domain == other.o.Domain:
				return fmt.Errorf("neighbour %q: that is one and the same domain", other.o.Domain)
			case one.services[other.o.Domain] == nil:
				one.services[other.o.Domain] = &outPeer{srv: one, domain: other.o.Domain, ways: map[string]*way{}}
			}
		}
	}
	return nil
}

// Neighbours are the servers of the other domains; none for one of those.
func (s *Server) Neighbours() []*Server {
	if s.street[0] != s {
		return nil
	}
	return s.street[1:]
}

// neighbour is the server of another domain in this process, or nil.
func (s *Server) neighbour(domain string) *Server {
	i := slices.IndexFunc(s.street, func(o *Server) bool { return o != s && o.hosts(domain) })
	if i < 0 {
		return nil
	}
	return s.street[i]
}

// leaveStreet shuts the other domains down.
func (s *Server) leaveStreet(ctx context.Context) error {
	others := s.Neighbours()
	ended := make(chan error, len(others))
	for _, n := range others {
		go func() { ended <- n.Shutdown(ctx) }()
	}
	var all []error
	for range others {
		all = append(all, <-ended)
	}
	return errors.Join(all...)
}

// hosts tells whether a domain is the server's own, or that of a service of it.
func (s *Server) hosts(domain string) bool {
	return domain == s.o.Domain || domain == "rooms."+s.o.Domain || s.o.Components[domain] != ""
}

// turnTo makes the connection one to the domain that its header names, where
// another one of this process does. Nobody has logged in yet.
func (c *conn) turnTo(domain string) {
	if c.account != nil || c.srv.hosts(domain) {
		return
	}
	if n := c.srv.neighbour(domain); n != nil {
		c.srv = n
	}
}

// service is who answers for a domain that is not the server's own, or nil. For
// one below that of another server it is that server (XEP-0220 §2.5).
func (s *Server) service(domain string) service {
	if v := s.services[domain]; v != nil || s.hosts(domain) {
		return v
	}
	if s.way(domain) == "" || len(s.services) >= maxWays {
		return nil
	}
	p := &outPeer{srv: s, domain: domain, ways: map[string]*way{}}
	s.services[domain] = p
	return p
}

// way is the domain of the server that a domain belongs to: that one, or one
// above it. It is empty where nobody is known.
func (s *Server) way(domain string) string {
	for d := domain; d != ""; _, d, _ = strings.Cut(d, ".") {
		if s.o.Peers[d] != "" || s.neighbour(d) != nil {
			return d
		}
	}
	return ""
}
