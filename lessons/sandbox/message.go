package sandbox

import (
	"time"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// messageTypes are those of RFC 6121 §5.2.2; any other is normal.
var messageTypes = map[string]bool{"chat": true, "error": true, "groupchat": true, "headline": true, "normal": true}

// message routes a message (RFC 6121 §8).
func (s *Server) message(st *stanza) {
	typ := st.typ
	if !messageTypes[typ] {
		typ = "normal"
	}
	to := st.to
	if !st.addressed { // to oneself (RFC 6120 §10.3.1)
		to = st.from.Bare()
	}
	keep := (typ == "chat" || typ == "normal") && worthKeeping(st)
	if !s.local(to) {
		if keep {
			s.archived(st.from, to, st.anew(to.String()))
		}
		s.away(st)
		return
	}
	a := s.owner(to)
	if a == nil {
		if st.shuns() {
			return
		}
		st.fail("service-unavailable", "") // the same for no account as for the server itself
		return
	}
	if st.blocked(a) {
		return
	}
	match := a.session(to.Resource)
	switch {
	case typ == "groupchat" && match == nil, typ == "normal" && match == nil && to.Resource != "":
		// Meant for one client, which is not there; only a chat goes to another one
		// instead (RFC 6121 §8.5.3.2.1).
		st.fail("service-unavailable", "")
		return
	case typ == "error" && match == nil, typ == "headline" && match == nil && to.Resource != "":
		return
	}
	p := parcel{xml: without(st.anew(to.String()), st, a.forged), at: time.Now(), keep: keep}
	if keep {
		s.archived(st.from, to, p.xml)
		id := a.archive.add(p.xml, st.from, p.at)
		p.xml = insert(p.xml, element("", "stanza-id", "xmlns", nsStanzaID, "by", a.bare.String(), "id", id))
	}
	reached := map[*session]bool{}
	switch {
	case match != nil:
		match.deliver(p)
		reached[match] = true
	case typ == "headline":
		a.headline(p)
		return
	default:
		reached = a.receive(p)
	}
	st.copies(typ, p.xml, a, reached)
}

// archived keeps a message for its sender, where that is an account here and
// not the recipient too.
func (s *Server) archived(from, to jid.JID, xml string) {
	if a := s.owner(from); a != nil && a.bare != to.Bare() {
		a.archive.add(xml, to, time.Now())
	}
}

// forged tells whether an element claims to be an id that the account's archive
// has given (XEP-0359 §4).
func (a *account) forged(n *xmlstream.Node) bool {
	by, _ := n.Attr("by")
	return n.Name.Space == nsStanzaID && by == a.bare.String()
}

// worthKeeping tells whether a message means anything later: typing notices do
// not (XEP-0160 §3), and the sender may say so (XEP-0334 §4.3).
func worthKeeping(st *stanza) bool {
	if st.Child(nsHints, "no-store") != nil || st.Child(nsHints, "no-permanent-store") != nil {
		return false
	}
	return st.Child(xmlstream.NSClient, "body") != nil || st.Child(nsHints, "store") != nil
}

// receive gives a message to the best clients of an account, or keeps it. It
// tells who got it.
func (a *account) receive(p parcel) map[*session]bool {
	reached := map[*session]bool{}
	for _, r := range a.best() {
		r.deliver(p)
		reached[r] = true
	}
	if len(reached) == 0 && p.keep && len(a.offline) < a.srv.o.Limits.Offline {
		note := element("", "delay", "xmlns", nsDelay, "from", a.srv.o.Domain, "stamp", stamp(p.at))
		a.offline = append(a.offline, insert(p.xml, note))
	}
	return reached
}

// headline goes to everybody there (RFC 6121 §8.5.2.1.1).
func (a *account) headline(p parcel) {
	for _, r := range a.sessions {
		if r.presence != "" && r.priority >= 0 {
			r.deliver(p)
		}
	}
}

// takeOffline delivers what came while nobody was there (XEP-0160 §3).
func (s *session) takeOffline() {
	all := s.account.offline
	s.account.offline = nil
	for _, xml := range all {
		s.deliver(parcel{xml: xml, keep: true})
	}
}

// copies sends carbons of a message to the other clients of both (XEP-0280 §6,
// §7).
func (st *stanza) copies(typ, xml string, to *account, reached map[*session]bool) {
	if !copied(st, typ) {
		return
	}
	s := st.s
	if s == nil || to != s.account {
		for _, other := range to.sessions {
			if other.carbons && !reached[other] {
				other.carbon("received", xml)
			}
		}
	}
	if s == nil {
		return
	}
	for _, other := range s.account.sessions {
		if other.carbons && other != s && !reached[other] {
			other.carbon("sent", xml)
		}
	}
}

// copied tells whether a message is one of a conversation between people
// (XEP-0280 §6.1), and its sender does not object (§8).
func copied(st *stanza, typ string) bool {
	if st.Child(nsCarbons, "private") != nil || st.Child(nsHints, "no-copy") != nil {
		return false
	}
	return typ == "chat" || typ == "normal" && st.Child(xmlstream.NSClient, "body") != nil
}

func (s *session) carbon(name, xml string) {
	inside := element(element(inClient(xml), "forwarded", "xmlns", nsForward), name, "xmlns", nsCarbons)
	s.deliver(parcel{xml: element(inside, "message", "type", "chat", "from", s.account.bare.String(), "to", s.jid.String())})
}

// direct sends a stanza to a full address, or to everybody there at a bare one.
func (a *account) direct(to jid.JID, p parcel) {
	for _, r := range a.sessions {
		if to.Resource == r.jid.Resource || to.Resource == "" && r.presence != "" {
			r.deliver(p)
		}
	}
}
