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
			s.unavailable(st.anew(""))
		}
	case "subscribe", "subscribed", "unsubscribe", "unsubscribed":
		if !st.addressed || st.to.Local == "" {
			st.fail("bad-request", "A subscription needs the address of an account.")
			return
		}
		s.subscription(st)
	case "error":
		if st.to.Resource != "" {
			s.srv.post(st.to, parcel{xml: st.anew(st.to.String())})
		}
	case "probe": // of servers among each other (RFC 6121 §4.3)
	default:
		st.fail("bad-request", "There is no such type of presence.")
	}
}

// available is the client being there, or there in another way (RFC 6121 §4.2,
// §4.4).
func (s *session) available(st *stanza) {
	priority := 0
	if p := st.Child(xmlstream.NSClient, "priority"); p != nil {
		v, err := strconv.ParseInt(strings.TrimSpace(p.Text()), 10, 8)
		if err != nil {
			st.fail("bad-request", "A priority is a number from -128 to 127.")
			return
		}
		priority = int(v)
	}
	first := s.presence == ""
	s.presence, s.priority = st.anew(""), priority
	s.broadcast(s.presence)
	if first {
		s.probe()
	}
	if priority >= 0 {
		s.takeOffline()
	}
	s.heedCaps(st)
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
		if !told[j.Bare()] {
			s.srv.post(j, parcel{xml: addressed(said, j)})
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
		if i.jid != s.account.bare && !s.account.apart(i.jid) {
			s.srv.post(i.jid, parcel{xml: addressed(xml, i.jid), presenceOf: s.jid})
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
		if s.account.apart(i.jid) {
			continue
		}
		if !s.srv.local(i.jid) { // its server is asked (RFC 6121 §4.3)
			s.srv.post(i.jid, parcel{xml: element("", "presence", "type", "probe", "from", s.jid.String(), "to", i.jid.String())})
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
	switch {
	case !s.srv.local(st.to) && s.srv.service(st.to.Domain) == nil:
		st.fail("remote-server-not-found", "This server knows no such other.")
		return
	case s.srv.local(st.to) && a == nil:
		return // and nobody learns whether the account exists (RFC 6121 §8.5.1)
	case s.account.blocks(st.to):
		st.failWith("not-acceptable", "", element("", "blocked", "xmlns", nsBlocked))
		return
	case a != nil && a.blocks(s.jid):
		return
	}
	if st.typ == "" && len(s.directed) < s.srv.o.Limits.Contacts {
		s.directed[st.to] = true
	} else {
		delete(s.directed, st.to)
	}
	if a == nil {
		s.srv.away(st)
		return
	}
	a.direct(st.to, parcel{xml: st.anew(st.to.String())})
}

// addressed writes the recipient into a stanza that has none.
func addressed(xml string, to jid.JID) string {
	end := strings.IndexAny(xml, " />")
	return xml[:end] + " to='" + escaper.Replace(to.String()) + "'" + xml[end:]
}
