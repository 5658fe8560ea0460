package sandbox

import (
	"slices"
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// subscription is who sees whose presence (RFC 6121 §2.1.2.5).
type subscription uint8

const (
	subTo   subscription = 1 << iota // the account sees the contact's
	subFrom                          // the contact sees the account's
)

// subscriptions are the names in the options; empty means both.
var subscriptions = map[string]subscription{"": subTo | subFrom, "none": 0, "to": subTo, "from": subFrom, "both": subTo | subFrom}

func (s subscription) String() string { return [...]string{"none", "to", "from", "both"}[s] }

// Bounds of a roster item, in characters and groups.
const (
	maxName   = 1023
	maxGroups = 50
)

// item is a contact (RFC 6121 §2.1.2).
type item struct {
	jid    jid.JID
	name   string
	groups []string
	sub    subscription
	ask    bool // a request is not answered yet
	// approved means that a request of the contact is granted in advance
	// (RFC 6121 §3.4).
	approved bool
	version  uint64 // of the roster, when it changed
}

func (i *item) xml() string {
	var groups strings.Builder
	for _, g := range i.groups {
		groups.WriteString(text(g, "group"))
	}
	ask, approved := "", ""
	if i.ask {
		ask = "subscribe"
	}
	if i.approved {
		approved = "true"
	}
	return element(groups.String(), "item", "jid", i.jid.String(), "name", i.name, "subscription", i.sub.String(), "ask", ask, "approved", approved)
}

// contact is the item of an address, or nil.
func (a *account) contact(j jid.JID) *item {
	for _, i := range a.roster {
		if i.jid == j.Bare() {
			return i
		}
	}
	return nil
}

// push tells the account's clients of a changed item (RFC 6121 §2.1.6), with
// the version that the roster has by it (§2.6.3).
func (a *account) push(i *item) {
	a.version++
	i.version = a.version
	for _, s := range a.sessions {
		if s.interested {
			s.pushed(i.xml(), a.version)
		}
	}
}

// pushed sends one push to the client, or keeps it for when the client comes
// back.
func (s *session) pushed(itemXML string, version uint64) {
	query := element(itemXML, "query", "xmlns", nsRoster, "ver", s.srv.rosterVersion(version))
	s.deliver(parcel{xml: element(query, "iq", "type", "set", "id", "push-"+s.srv.rosterVersion(version), "to", s.jid.String())})
}

// rosterGet returns the roster (RFC 6121 §2.1.3).
func rosterGet(s *session, q *request) {
	s.interested = true
	if ver, ok := q.payload.Attr("ver"); ok && s.catchUp(q, ver) {
		return
	}
	var b strings.Builder
	for _, i := range s.account.roster {
		b.WriteString(i.xml())
	}
	q.result(element(b.String(), "query", "xmlns", nsRoster, "ver", s.srv.rosterVersion(s.account.version)))
}

// rosterSet adds, changes or removes one contact (RFC 6121 §2.1.5, §2.3 to
// §2.5).
func rosterSet(s *session, q *request) {
	it := q.payload.Child(nsRoster, "item")
	if it == nil || it != q.payload.FirstElement() || more(it) {
		q.fail("bad-request", "One item at a time.")
		return
	}
	text, _ := it.Attr("jid")
	j, err := jid.Parse(text)
	if err != nil {
		q.fail("jid-malformed", "")
		return
	}
	if sub, _ := it.Attr("subscription"); sub == "remove" {
		s.rosterRemove(q, j.Bare())
		return
	}
	name, _ := it.Attr("name")
	groups, condition := groupsOf(it)
	if len(name) > maxName {
		condition = "not-acceptable"
	}
	old := s.account.contact(j)
	if old == nil && len(s.account.roster) >= s.srv.o.Limits.Contacts {
		condition = "resource-constraint"
	}
	if condition != "" {
		q.fail(condition, "")
		return
	}
	if old == nil {
		old = &item{jid: j.Bare()}
		s.account.roster = append(s.account.roster, old)
	}
	old.name, old.groups = name, groups
	q.result("")
	s.account.push(old)
}

// more tells whether another element follows.
func more(n *xmlstream.Node) bool {
	for o := n.Next; o != nil; o = o.Next {
		if o.Kind == xmlstream.ElementNode {
			return true
		}
	}
	return false
}

// groupsOf reads groups, and says what is wrong with them (RFC 6121 §2.3.3).
func groupsOf(it *xmlstream.Node) (all []string, condition string) {
	for g := range it.Children() {
		name := g.Text()
		switch {
		case g.Name != xmlstream.Name{Space: nsRoster, Local: "group"}:
		case slices.Contains(all, name):
			return nil, "bad-request"
		case name == "", len(name) > maxName, len(all) == maxGroups:
			return nil, "not-acceptable"
		default:
			all = append(all, name)
		}
	}
	return all, ""
}

// rosterRemove takes a contact off, with what both saw of each other (RFC 6121
// §2.5.2).
func (s *session) rosterRemove(q *request, j jid.JID) {
	a := s.account
	i := a.contact(j)
	if i == nil {
		q.fail("item-not-found", "")
		return
	}
	if i.sub&subTo != 0 || i.ask {
		a.tell(j, "unsubscribe")
	}
	if i.sub&subFrom != 0 || a.answered(j) {
		a.tell(j, "unsubscribed")
	}
	a.roster = slices.DeleteFunc(a.roster, func(o *item) bool { return o == i })
	q.result("")
	a.pushRemoval(j)
}
