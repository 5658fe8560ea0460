package sandbox

import (
	"slices"

	"xmppscope/decode/jid"
)

// subscription handles one of the four requests of a client (RFC 6121 §3):
// first the own roster, then the contact, both with their own rules.
func (s *session) subscription(st *stanza) {
	a, to := s.account, st.to.Bare()
	i := a.contact(to)
	switch st.typ {
	case "subscribe": // RFC 6121 §3.1.2
		if i == nil {
			if len(a.roster) >= s.srv.o.Limits.Contacts {
				st.fail("resource-constraint", "")
				return
			}
			i = &item{jid: to}
			a.roster = append(a.roster, i)
		}
		if i.sub&subTo == 0 {
			i.ask = true
			a.push(i)
		}
	case "subscribed": // §3.1.5
		if !a.answered(to) {
			s.approve(st, i)
			return
		}
		if i == nil {
			i = &item{jid: to}
			a.roster = append(a.roster, i)
		}
		i.sub |= subFrom
		a.push(i)
	case "unsubscribe": // §3.3.2
		if i != nil && (i.sub&subTo != 0 || i.ask) {
			i.sub, i.ask = i.sub&^subTo, false
			a.push(i)
		}
	case "unsubscribed": // §3.2.2
		asked := a.answered(to)
		if i != nil && i.approved {
			i.approved = false
			if i.sub&subFrom == 0 {
				a.push(i) // §3.4.2
			}
		}
		if i != nil && i.sub&subFrom != 0 {
			i.sub &^= subFrom
			a.push(i)
		} else if !asked {
			return
		}
	}
	a.tell(to, st.typ)
}

// answered takes somebody off the list of those who ask. False means that they
// do not stand there.
func (a *account) answered(j jid.JID) bool {
	n := len(a.asking)
	a.asking = slices.DeleteFunc(a.asking, func(o jid.JID) bool { return o == j })
	return len(a.asking) < n
}

// tell brings a request to the contact's side, with what follows from it there
// and here.
func (a *account) tell(to jid.JID, typ string) {
	if !a.srv.local(to) {
		a.tellAfar(to, typ)
		return
	}
	b := a.srv.owner(to)
	if b == nil {
		if typ == "subscribe" { // RFC 6121 §3.1.3
			a.hear(to, "unsubscribed")
		}
		return
	}
	b.hear(a.bare, typ)
	if typ == "subscribed" || typ == "unsubscribed" {
		a.showTo(to, typ == "subscribed")
	}
	if typ == "unsubscribe" {
		b.showTo(a.bare, false)
	}
}

// hear is what a request from somebody does to the account (RFC 6121 App. A.2).
func (a *account) hear(from jid.JID, typ string) {
	i := a.contact(from)
	if a.blocks(from) && (typ == "subscribe" || typ == "subscribed") {
		return
	}
	change := false
	switch typ {
	case "subscribe":
		if i != nil && i.sub&subFrom != 0 {
			a.tell(from, "subscribed") // it was granted before (RFC 6121 §3.1.3)
			return
		}
		if i != nil && i.approved { // in advance (§3.4.2)
			i.sub |= subFrom
			a.push(i)
			a.tell(from, "subscribed")
			return
		}
		if slices.Contains(a.asking, from) || len(a.asking) >= a.srv.o.Limits.Contacts {
			return
		}
		a.asking = append(a.asking, from)
		change = true
	case "subscribed":
		if change = i != nil && i.ask; change {
			i.sub, i.ask = i.sub|subTo, false
			a.push(i)
		}
	case "unsubscribe":
		change = a.answered(from)
		if i != nil && i.sub&subFrom != 0 {
			i.sub &^= subFrom
			a.push(i)
			change = true
		}
	case "unsubscribed":
		if change = i != nil && (i.ask || i.sub&subTo != 0); change {
			i.sub, i.ask = i.sub&^subTo, false
			a.push(i)
		}
	}
	if change {
		a.direct(a.bare, parcel{xml: element("", "presence", "type", typ, "from", from.String(), "to", a.bare.String())})
	}
}

// showTo shows the account's clients to somebody, as they are or as gone.
func (a *account) showTo(to jid.JID, there bool) {
	for _, s := range a.sessions {
		if s.presence == "" {
			continue
		}
		xml := s.presence
		if !there {
			xml = element("", "presence", "type", "unavailable", "from", s.jid.String())
		}
		a.srv.post(to, parcel{xml: addressed(xml, to), presenceOf: s.jid})
	}
}
