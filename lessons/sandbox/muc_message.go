package sandbox

import (
	"strings"
	"time"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// message is said to everybody, to one, or is an invitation.
func (r *room) message(st *stanza) {
	o := r.at(st.from)
	x := st.Child(nsMUCUser, "x")
	switch {
	case st.typ == "error":
		if o != nil { // the client cannot be reached any more (XEP-0045 §18.2)
			r.leave(o, "")
		}
	case st.to.Resource != "" && st.typ == "groupchat":
		st.fail("bad-request", "A message to one person is no groupchat.")
	case o == nil && child(x, nsMUCUser, "decline") == nil:
		st.fail("not-acceptable", "You are not in this room.")
	case st.to.Resource != "":
		r.private(o, st)
	case child(x, nsMUCUser, "invite") != nil, child(x, nsMUCUser, "decline") != nil:
		r.invitation(st, x)
	case st.typ != "groupchat":
		st.fail("bad-request", "A room takes messages of type groupchat.")
	case o.role == "visitor":
		st.fail("forbidden", "Visitors may not speak here.")
	default:
		r.say(o, st)
	}
}

// say brings a message to everybody, the sender among them (XEP-0045 §7.4).
func (r *room) say(o *occupant, st *stanza) {
	xml := without(st.as(r.address(o), ""), st, func(n *xmlstream.Node) bool {
		by, _ := n.Attr("by")
		return n.Name.Space == nsOccupantID || n.Name.Space == nsStanzaID && by == r.bare.String() || n.Name.Space == nsMUCUser
	})
	subject, body := st.Child(xmlstream.NSClient, "subject"), st.Child(xmlstream.NSClient, "body")
	if subject != nil && body == nil && st.Child(xmlstream.NSClient, "thread") == nil { // XEP-0045 §8.1
		if o.role != "moderator" && !r.anySubject {
			st.fail("forbidden", "Only moderators change the subject.")
			return
		}
		r.subject, r.subjectAt = subject.Text(), time.Now()
		r.saidBy = o.nick
		r.everybody(xml)
		return
	}
	xml = insert(xml, r.identity(o))
	if body != nil {
		now := time.Now()
		id := r.archive.add(xml, r.address(o), now)
		xml = insert(xml, element("", "stanza-id", "xmlns", nsStanzaID, "by", r.bare.String(), "id", id))
		r.history = append(r.history, said{xml, now})
		if len(r.history) > maxHistory {
			r.history = r.history[1:]
		}
	}
	r.everybody(xml)
}

// without takes children out of a stanza that was written anew: what is inside
// stands there as it was written.
func without(xml string, st *stanza, drop func(*xmlstream.Node) bool) string {
	for n := range st.Children() {
		if drop(n) {
			xml = strings.Replace(xml, string(n.Wire()), "", 1)
		}
	}
	return xml
}

// private brings a message to one occupant (XEP-0045 §7.5).
func (r *room) private(o *occupant, st *stanza) {
	to := r.named(st.to.Resource)
	if to == nil {
		st.fail("item-not-found", "Nobody has this nick.")
		return
	}
	xml := without(st.as(r.address(o), ""), st, func(n *xmlstream.Node) bool { return n.Name.Space == nsMUCUser || n.Name.Space == nsOccupantID })
	r.send(to, insert(xml, element("", "x", "xmlns", nsMUCUser)), jid.JID{})
}

// pass brings an iq to an occupant and its answer back (XEP-0045 §7.5 says the
// same of messages).
func (r *room) pass(st *stanza) {
	o, to := r.at(st.from), r.named(st.to.Resource)
	switch {
	case o == nil:
		st.fail("not-acceptable", "You are not in this room.")
	case to == nil:
		st.fail("item-not-found", "Nobody has this nick.")
	default:
		r.send(to, st.as(r.address(o), ""), jid.JID{})
	}
}

// invitation is brought to whom it is for, and a refusal back (XEP-0045 §7.8.2).
func (r *room) invitation(st *stanza, x *xmlstream.Node) {
	name := "invite"
	n := child(x, nsMUCUser, name)
	if n == nil {
		name = "decline"
		n = child(x, nsMUCUser, name)
	}
	v, _ := n.Attr("to")
	to, err := jid.Parse(v)
	if err != nil {
		st.fail("jid-malformed", "")
		return
	}
	if name == "invite" && r.membersOnly {
		if a := r.affiliation(st.from); a != "owner" && a != "admin" {
			st.fail("forbidden", "Only admins invite here.")
			return
		}
		if r.affiliation(to) == "none" {
			r.affiliations[to.Bare()] = "member"
		}
	}
	reason := ""
	if t := n.Child(nsMUCUser, "reason"); t != nil {
		reason = text(t.Text(), "reason")
	}
	inside := element(reason, name, "from", st.from.Bare().String())
	if name == "invite" && r.password != "" {
		inside += text(r.password, "password")
	}
	xml := element(element(inside, "x", "xmlns", nsMUCUser), "message", "from", r.bare.String(), "to", to.String())
	if t := r.in.srv.read(xml); t != nil {
		r.in.srv.arrive(t)
	}
}
