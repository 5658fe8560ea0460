package im

import (
	"iter"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Bounds of the roster.
const (
	maxItems      = 1 << 17
	maxRosterSize = 64 << 20 // bytes
	maxGroups     = 64       // of one item
	maxStrangers  = 1 << 12  // who ask without being in it
	itemSize      = 256      // bytes, without its strings
)

// Item is what is known of one contact: what the roster says (RFC 6121 §2.1.2)
// and what the stanzas about subscriptions add up to.
type Item struct {
	// JID is as the wire had it, Name what the user calls it.
	JID, Name string
	// Subscription is the attribute as the server told it last: none, to, from,
	// both; empty where it never did.
	Subscription string
	// Ask is ask='subscribe', Approved the pre-approval of RFC 6121 §3.4.
	Ask, Approved bool
	// Groups are at most 64, in the order of the wire.
	Groups []string
	// Listed is set while the contact is in the roster; who only asked for a
	// subscription is not.
	Listed bool
	// Seq is the event that set the roster's part last.
	Seq decode.Seq
	// State is the subscription without [Unsure]; see [Session.Subscription].
	// StateSeq is the event that changed it last.
	State    State
	StateSeq decode.Seq

	// sure is the last event that vouches for State, sweep the roster result
	// that last had the item.
	sure, sweep decode.Seq
	// sent is what the client has said about the subscription and no push has
	// shown yet, sentSeq when.
	sent    string
	sentSeq decode.Seq
}

// Item is the roster item of a contact, by its bare address. It is false where
// the roster has none, as far as was seen.
func (s *Session) Item(jid string) (Item, bool) {
	if i := s.roster.get(key(jid)); i != nil && i.Listed {
		return *i, true
	}
	return Item{}, false
}

// Roster are the items in the order in which they came.
func (s *Session) Roster() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for _, i := range s.roster.all() {
			if i.Listed && !yield(*i) {
				return
			}
		}
	}
}

// RosterSeq is the answer that brought the roster, zero where none was seen.
// It is whole unless the client had an older version of it, which the wire does
// not show (RFC 6121 §2.6.3).
func (s *Session) RosterSeq() (seq decode.Seq, whole bool) {
	return s.rosterSeq, s.wholeSeq != 0 && s.wholeSeq == s.rosterSeq
}

// RosterVersion is the version that both sides have, and the event that set it
// (RFC 6121 §2.6).
func (s *Session) RosterVersion() (version string, seq decode.Seq) { return s.version, s.versionSeq }

// rosterResult takes the answer to a roster get (RFC 6121 §2.1.4).
func (s *Session) rosterResult(e *decode.Event, n *xmlstream.Node, r *Request) {
	s.differ(GroupRoster, "", "fetched", yes(s.rosterSeq != 0), "yes", s.rosterSeq)
	s.rosterSeq = e.Seq
	q := n.Child(nsRoster, "query")
	if q == nil {
		s.setVersion(r.version, e.Seq) // what the client has is the newest
		return
	}
	s.setVersion(attr(q, "ver", s.version), e.Seq)
	for c := range q.Children() {
		if c.Name.Local == "item" && c.Name.Space == nsRoster {
			s.setItem(c, e.Seq)
		}
	}
	for k, i := range s.roster.all() {
		if i.sweep != e.Seq && i.Listed {
			s.unlist(k, i, e.Seq)
		}
	}
	s.wholeSeq = e.Seq
}

// rosterPush takes a change that the server tells (RFC 6121 §2.1.6). One from
// anybody else than the own account is not believed.
func (s *Session) rosterPush(e *decode.Event, q *xmlstream.Node) {
	if !s.fromAccount(e) {
		return
	}
	s.setVersion(attr(q, "ver", s.version), e.Seq)
	for c := range q.Children() {
		if c.Name.Local == "item" && c.Name.Space == nsRoster {
			s.setItem(c, e.Seq)
		}
	}
}

// fromAccount tells whether the account itself says it: the server, in its name.
func (s *Session) fromAccount(e *decode.Event) bool {
	if e.From == "" {
		return true
	}
	own := s.own.JID
	if own == "" {
		own = e.To
	}
	return own != "" && !strings.Contains(e.From, "/") && same(e.From, bare(own))
}

func (s *Session) setVersion(now string, seq decode.Seq) {
	if now != "" && s.differ(GroupRoster, "", "version", s.version, now, s.versionSeq) {
		s.version, s.versionSeq = now, seq
	}
}

// setItem takes over an item of a result or a push.
func (s *Session) setItem(n *xmlstream.Node, seq decode.Seq) {
	i := s.itemOf(n)
	if attr(n, "subscription", "remove") == "remove" {
		if i != nil {
			s.unlist(key(i.JID), i, seq)
		}
		return
	}
	if i == nil {
		jid := attr(n, "jid", "")
		k := key(jid)
		if k == "" {
			return
		}
		i = s.enlist(k, jid)
	}
	i.sweep = seq
	if !i.Listed {
		s.change(Change{GroupRoster, i.JID, "item", "", "listed", i.Seq})
	}
	if s.describeItem(i, n) || !i.Listed {
		i.Listed, i.Seq = true, seq
		size := itemSize + 2*len(i.JID) + len(i.Name)
		for _, g := range i.Groups {
			size += len(g) + 16
		}
		s.roster.put(key(i.JID), *i, size)
		i = s.roster.get(key(i.JID))
	}
	if now := s.shown(i); now != i.State {
		s.setState(i, now, seq)
	}
	i.sure = seq
}

// shown is the state after the roster has shown an item: what the client said
// after the server had sent this still counts. It is on its way as long as
// nothing that was sent later has been answered.
func (s *Session) shown(i *Item) State {
	now := i.rosterState()
	if i.sent == "" {
		return now
	}
	next := now
	if i.sent == "subscribed" && now&From == 0 {
		next |= PendingIn // it was there when the client answered
	}
	next = next.Sent(i.sent)
	if next == now || i.sentSeq < s.handled {
		i.sent = ""
		return now
	}
	return next
}

// itemOf finds the item that an element is about.
func (s *Session) itemOf(n *xmlstream.Node) *Item {
	a := n.FindAttr("", "jid")
	if a == nil {
		return nil
	}
	if i := find(&s.roster, a.Raw.Of(n.Unit())); i != nil {
		return i
	}
	return s.roster.get(key(attr(n, "jid", "")))
}

// enlist makes an item, with what is known of the stranger.
func (s *Session) enlist(k, jid string) *Item {
	i := Item{JID: jid}
	if was := s.strangers.get(k); was != nil {
		i = *was
		i.JID = jid
		s.strangers.remove(k)
	}
	return s.roster.put(k, i, itemSize+2*len(jid))
}

// contact is what is known of somebody, in the roster or not.
func (s *Session) contact(k string) *Item {
	if i := s.roster.get(k); i != nil {
		return i
	}
	return s.strangers.get(k)
}

// describeItem takes over what an item says about a contact, and tells whether
// anything is new.
func (s *Session) describeItem(i *Item, n *xmlstream.Node) bool {
	name, sub := attr(n, "name", i.Name), attr(n, "subscription", i.Subscription)
	if sub == "" {
		sub = "none"
	}
	ask := attr(n, "ask", "subscribe") == "subscribe"
	approved := attr(n, "approved", "true")
	isApproved := approved == "true" || approved == "1"
	groups := s.groupsOf(n, i.Groups)
	was := *i
	new := s.differ(GroupRoster, i.JID, "subscription", was.Subscription, sub, was.Seq)
	new = s.differ(GroupRoster, i.JID, "name", was.Name, name, was.Seq) || new
	new = s.differ(GroupRoster, i.JID, "ask", yes(was.Ask), yes(ask), was.Seq) || new
	new = s.differ(GroupRoster, i.JID, "approved", yes(was.Approved), yes(isApproved), was.Seq) || new
	if !sameGroups(groups, was.Groups) {
		s.change(Change{GroupRoster, i.JID, "groups", strings.Join(was.Groups, ", "), strings.Join(groups, ", "), was.Seq})
		new = true
	}
	i.Name, i.Subscription, i.Ask, i.Approved, i.Groups = name, sub, ask, isApproved, groups
	return new
}

// groupsOf are the groups of an item; old where they are the same.
func (s *Session) groupsOf(n *xmlstream.Node, old []string) []string {
	all := s.words[:0]
	for c := range n.Children() {
		if c.Name.Local == "group" && c.Name.Space == nsRoster && len(all) < maxGroups {
			was := ""
			if len(all) < len(old) {
				was = old[len(all)]
			}
			all = append(all, text(c, was))
		}
	}
	s.words = all
	if sameGroups(all, old) {
		return old
	}
	return append([]string(nil), all...)
}

func sameGroups(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// rosterState is the state that the roster shows. That the contact has asked
// does not show in it and lasts until it is answered (RFC 6121 §A.1).
func (i *Item) rosterState() State {
	now := i.State & PendingIn
	switch i.Subscription {
	case "to":
		now |= To
	case "from":
		now |= From
	case "both":
		now |= Both
	}
	if i.Ask && now&To == 0 {
		now |= PendingOut
	}
	if now&From != 0 {
		now &^= PendingIn
	}
	return now
}

// unlist takes a contact out of the roster, which ends both subscriptions
// (RFC 6121 §2.5.2).
func (s *Session) unlist(k string, i *Item, seq decode.Seq) {
	if i.Listed {
		s.change(Change{GroupRoster, i.JID, "item", "listed", "removed", i.Seq})
	}
	if i.State&^PendingIn != None {
		s.setState(i, None, seq)
	}
	left := Item{JID: i.JID, State: i.State, StateSeq: i.StateSeq, sure: seq}
	if s.roster.remove(k); left.State != None {
		s.strangers.put(k, left, itemSize+2*len(k))
	}
}

// rosterSet follows what the client asked of its roster and the server has
// granted (RFC 6121 §2.3.2, §2.5.2): a client that never fetched it gets no
// pushes.
func (s *Session) rosterSet(r *Request, seq decode.Seq) {
	w := r.wish
	if w == nil {
		return
	}
	k := key(w.JID)
	i := s.roster.get(k)
	if w.Subscription == "remove" {
		if i != nil {
			s.unlist(k, i, seq)
		}
		return
	}
	if s.rosterSeq != 0 || k == "" {
		return // the push says it better
	}
	if i == nil {
		i = s.enlist(k, w.JID)
	}
	if !i.Listed {
		s.change(Change{GroupRoster, i.JID, "item", "", "listed", 0})
	}
	s.differ(GroupRoster, i.JID, "name", i.Name, w.Name, i.Seq)
	i.Name, i.Listed, i.Seq = w.Name, true, seq
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
