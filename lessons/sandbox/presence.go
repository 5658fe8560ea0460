package sandbox

import (
	"strconv"
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// presenceIn handles a presence of the client (RFC 6121 §4).
func (s *session) presenceIn(st *stanza) {
	switch st.typ {
	case "", "unavailable":
		switch {
		case st.addressed:
			s.directPresence(st)
		case st.typ == "":
			s.available(st)
		default:
			s.unavailable(s.from(st, s.jid, ""))
		}
	case "subscribe", "subscribed", "unsubscribe", "unsubscribed":
		if !st.addressed || st.to.Local == "" {
			s.fail(st, "bad-request", "A subscription needs the address of an account.")
			return
		}
		s.subscription(st)
	case "error":
		if a := s.srv.owner(st.to); a != nil && st.to.Resource != "" {
			a.direct(st.to, parcel{xml: s.from(st, s.jid, st.to.String())})
		}
	case "probe": // of servers among each other (RFC 6121 §4.3)
	default:
		s.fail(st, "bad-request", "There is no such type of presence.")
	}
}

// available is the client being there, or there in another way (RFC 6121 §4.2,
// §4.4).
func (s *session) available(st *stanza) {
	priority := 0
	if p := st.Child(xmlstream.NSClient, "priority"); p != nil {
		v, err := strconv.ParseInt(strings.TrimSpace(p.Text()), 10, 8)
		if err != nil {
			s.fail(st, "bad-request", "A priority is a number from -128 to 127.")
			return
		}
		priority = int(v)
	}
	first := s.presence == ""
	s.presence, s.priority = s.from(st, s.jid, ""), priority
	s.broadcast(s.presence)
	if first {
		s.probe()
	}
	if priority >= 0 {
		s.takeOffline()
	}
}

// unavailable is the client going. Where it said nothing itself, the server
// does.
func (s *session) unavailable(said string) {
	if said == "" {
		said = element("", "presence", "type", "unavailable", "from", s.jid.String())
	}
	told := map[jid.JID]bool{}
	if s.presence != "" {
		s.broadcast(said)
		for _, i := range s.account.roster {
			told[i.jid] = i.sub&subFrom != 0
		}
	}
	for j := range s.directed {
		if a := s.srv.owner(j); a != nil && !told[j.Bare()] {
			a.direct(j, parcel{xml: addressed(said, j)})
		}
	}
	s.presence, s.priority = "", 0
	clear(s.directed)
}

// broadcast tells a presence to those who may know, and to the own clients
// (RFC 6121 §4.2.2).
func (s *session) broadcast(xml string) {
	for _, i := range s.account.roster {
		if i.sub&subFrom == 0 {
			continue
		}
		if a := s.srv.owner(i.jid); a != nil && a != s.account {
			a.direct(a.bare, parcel{xml: addressed(xml, a.bare), presenceOf: s.jid})
		}
	}
	s.account.direct(s.account.bare, parcel{xml: addressed(xml, s.account.bare), presenceOf: s.jid})
}

// probe tells a client that has just come who is there already (RFC 6121
// §4.3), and who has asked for presence meanwhile (§3.1.3).
func (s *session) probe() {
	for _, other := range s.account.sessions {
		if other != s && other.presence != "" {
			s.learn(other)
		}
	}
	for _, i := range s.account.roster {
		if i.sub&subTo == 0 {
			continue
		}
		if a := s.srv.owner(i.jid); a != nil {
			for _, other := range a.sessions {
				if other.presence != "" {
					s.learn(other)
				}
			}
		}
	}
	for _, from := range s.account.asking {
		s.deliver(parcel{xml: element("", "presence", "type", "subscribe", "from", from.String(), "to", s.account.bare.String())})
	}
}

// learn sends another's presence to this client.
func (s *session) learn(other *session) {
	s.deliver(parcel{xml: addressed(other.presence, s.jid), presenceOf: other.jid})
}

// directPresence tells a presence to one (RFC 6121 §4.6).
func (s *session) directPresence(st *stanza) {
	a := s.srv.owner(st.to)
	if a == nil {
		return // and nobody learns whether the account exists (RFC 6121 §8.5.1)
	}
	if st.typ == "" && len(s.directed) < s.srv.o.Limits.Contacts {
		s.directed[st.to] = true
	} else {
		delete(s.directed, st.to)
	}
	a.direct(st.to, parcel{xml: s.from(st, s.jid, st.to.String())})
}

// addressed writes the recipient into a stanza that has none.
func addressed(xml string, to jid.JID) string {
	end := strings.IndexAny(xml, " />")
	return xml[:end] + " to='" + escaper.Replace(to.String()) + "'" + xml[end:]
}
