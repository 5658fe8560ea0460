package im

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

const (
	nsBlocking = "urn:xmpp:blocking"
	maxBlocked = 1 << 14
)

// Blocked is the event since which an address is blocked (XEP-0191), zero where
// it is not, as far as was seen: the address itself, its account, or its domain.
func (s *Session) Blocked(jid string) decode.Seq {
	b := key(jid)
	_, domain, at := strings.Cut(b, "@")
	if !at {
		domain = b
	}
	whole := b
	if r := resource(jid); r != "" {
		whole = b + "/" + r
	}
	for _, k := range [...]string{whole, b, domain, domain + "/" + resource(jid)} {
		if seq := s.blocked.get(k); seq != nil {
			return *seq
		}
	}
	return 0
}

// blocking is what a client asks of its block list, or the server tells of it.
type blocking struct {
	verb string // block, unblock, blocklist
	jids []string
}

// blockingOf reads it; an element without items stands for all of the list.
func blockingOf(c *xmlstream.Node) *blocking {
	if c == nil || c.Name.Space != nsBlocking {
		return nil
	}
	b := &blocking{verb: c.Name.Local}
	for i := range c.Children() {
		if i.Name.Local == "item" && len(b.jids) < maxBlocked {
			if jid := attr(i, "jid", ""); jid != "" && len(jid) <= maxText {
				b.jids = append(b.jids, jid)
			}
		}
	}
	return b
}

// blockingSet follows a request: one of the server holds at once, one of the
// client with the answer.
func (s *Session) blockingSet(r *Request, e *decode.Event, n *xmlstream.Node) {
	b := blockingOf(n.FirstElement())
	switch {
	case b == nil:
	case e.Dir == decode.FromInitiator:
		r.block = b
	case s.fromAccount(e):
		s.block(b, e.Seq)
	}
}

// block applies what is in force from here on.
func (s *Session) block(b *blocking, seq decode.Seq) {
	switch {
	case b == nil:
		return
	case b.verb == "blocklist", b.verb == "unblock" && len(b.jids) == 0:
		still := make(map[string]bool, len(b.jids))
		for _, jid := range b.jids {
			still[blockKey(jid)] = true
		}
		for k, since := range s.blocked.all() {
			if !still[k] {
				s.unblock(k, *since)
			}
		}
	case b.verb == "unblock":
		for _, jid := range b.jids {
			if since := s.blocked.get(blockKey(jid)); since != nil {
				s.unblock(blockKey(jid), *since)
			}
		}
		return
	}
	for _, jid := range b.jids {
		if k := blockKey(jid); s.blocked.get(k) == nil {
			s.change(Change{GroupBlocked, k, "blocked", "", "yes", 0})
			s.blocked.put(k, seq, 2*len(k)+64)
		}
	}
}

func (s *Session) unblock(k string, since decode.Seq) {
	s.change(Change{GroupBlocked, k, "blocked", "yes", "", since})
	s.blocked.remove(k)
}

func blockKey(jid string) string {
	if r := resource(jid); r != "" {
		return key(jid) + "/" + r
	}
	return key(jid)
}
