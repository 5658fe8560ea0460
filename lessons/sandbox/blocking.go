package sandbox

import (
	"slices"
	"strings"

	"xmppscope/decode/jid"
)

// blocks tells whether the account wants nothing to do with an address: it, its
// bare address or its domain is blocked (XEP-0191 §4).
func (a *account) blocks(j jid.JID) bool {
	if len(a.blocked) == 0 {
		return false
	}
	return a.blocked[j] || a.blocked[j.Bare()] || a.blocked[jid.JID{Domain: j.Domain}] ||
		a.blocked[jid.JID{Domain: j.Domain, Resource: j.Resource}]
}

// apart tells whether one of two has blocked the other.
func (a *account) apart(j jid.JID) bool {
	b := a.srv.owner(j)
	return a.blocks(j) || b != nil && b.blocks(a.bare)
}

// blocked refuses a stanza to an account where one of the two has blocked the
// other, and tells whether it did. The recipient's wish looks as if nobody were
// there (XEP-0191 §3.3).
func (st *stanza) blocked(to *account) bool {
	switch {
	case st.s != nil && st.s.account != to && st.shuns():
	case to.bare != st.from.Bare() && to.blocks(st.from):
		st.fail("service-unavailable", "")
	default:
		return false
	}
	return true
}

// shuns refuses a stanza to somebody whom its sender has blocked, whether or not
// there is such an account (XEP-0191 §3.3).
func (st *stanza) shuns() bool {
	if st.s == nil || !st.s.account.blocks(st.to) {
		return false
	}
	st.failWith("not-acceptable", "You have blocked this address.", element("", "blocked", "xmlns", nsBlocked))
	return true
}

// blocklistGet tells who is blocked (XEP-0191 §3.1).
func blocklistGet(s *session, q *request) {
	s.blocking = true
	all := make([]string, 0, len(s.account.blocked))
	for j := range s.account.blocked {
		all = append(all, element("", "item", "jid", j.String()))
	}
	slices.Sort(all)
	q.result(element(strings.Join(all, ""), "blocklist", "xmlns", nsBlocking))
}

// blockSet and unblockSet change it (XEP-0191 §3.3, §3.4). Contacts see the
// account go, and come back.
func blockSet(s *session, q *request) {
	all, ok := q.blockItems()
	switch {
	case !ok:
		return
	case len(all) == 0:
		q.fail("bad-request", "There is nobody to block.")
		return
	case len(s.account.blocked)+len(all) > s.srv.o.Limits.Contacts:
		q.fail("resource-constraint", "")
		return
	}
	for _, i := range s.account.roster {
		if i.sub&subFrom != 0 && !s.account.blocks(i.jid) && slices.ContainsFunc(all, func(j jid.JID) bool { return j == i.jid || j == jid.JID{Domain: i.jid.Domain} }) {
			s.account.showTo(i.jid, false)
		}
	}
	for _, j := range all {
		s.account.blocked[j] = true
	}
	q.result("")
	s.account.pushBlocking(q)
}

func unblockSet(s *session, q *request) {
	all, ok := q.blockItems()
	if !ok {
		return
	}
	was := map[jid.JID]bool{}
	for _, i := range s.account.roster {
		was[i.jid] = s.account.blocks(i.jid)
	}
	if len(all) == 0 {
		clear(s.account.blocked)
	}
	for _, j := range all {
		delete(s.account.blocked, j)
	}
	q.result("")
	s.account.pushBlocking(q)
	for _, i := range s.account.roster {
		if was[i.jid] && !s.account.blocks(i.jid) && i.sub&subFrom != 0 {
			s.account.showTo(i.jid, true)
		}
	}
}

// blockItems are the addresses in a request.
func (q *request) blockItems() (all []jid.JID, ok bool) {
	for n := range q.payload.Children() {
		if n.Name.Local != "item" || n.Name.Space != nsBlocking {
			continue
		}
		v, _ := n.Attr("jid")
		j, err := jid.Parse(v)
		if err != nil {
			q.fail("jid-malformed", "")
			return nil, false
		}
		all = append(all, j)
	}
	return all, true
}

// pushBlocking tells the clients that have asked for the list what was changed.
func (a *account) pushBlocking(q *request) {
	change := forwarded(q.payload, q.scope, "", "", "")
	for _, s := range a.sessions {
		if s.blocking {
			s.deliver(parcel{xml: element(change, "iq", "type", "set", "id", "block-"+q.id, "to", s.jid.String())})
		}
	}
}
