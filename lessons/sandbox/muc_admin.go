package sandbox

import (
	"slices"
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// rank orders affiliations (XEP-0045 §5.2).
func rank(affiliation string) int {
	return slices.Index([]string{"outcast", "none", "member", "admin", "owner"}, affiliation)
}

// adminGet lists who has a role or an affiliation (XEP-0045 §9).
func (r *room) adminGet(q *request) {
	it := q.payload.Child(nsMUCAdmin, "item")
	role, affiliation := attr(it, "role"), attr(it, "affiliation")
	if !r.mayAdminister(q) {
		return
	}
	var b strings.Builder
	switch {
	case role != "":
		for _, o := range r.occupants {
			if o.role == role {
				b.WriteString(element("", "item", "affiliation", r.affiliation(o.jid), "role", o.role, "nick", o.nick, "jid", o.jid.String()))
			}
		}
	case rank(affiliation) >= 0:
		all := []string{}
		for j, a := range r.affiliations {
			if a == affiliation {
				all = append(all, element("", "item", "affiliation", a, "jid", j.String()))
			}
		}
		slices.Sort(all)
		b.WriteString(strings.Join(all, ""))
	default:
		q.fail("bad-request", "A list is of a role or of an affiliation.")
		return
	}
	q.result(element(b.String(), "query", "xmlns", nsMUCAdmin))
}

// mayAdminister refuses those who are neither moderator nor admin.
func (r *room) mayAdminister(q *request) bool {
	o := r.at(q.from)
	if o != nil && o.role == "moderator" || rank(r.affiliation(q.from)) >= rank("admin") {
		return true
	}
	q.fail("forbidden", "")
	return false
}

// adminSet changes roles and affiliations: it kicks, gives and takes voice,
// bans, and makes members, admins and owners (XEP-0045 §8, §9, §10).
func (r *room) adminSet(q *request) {
	if !r.mayAdminister(q) {
		return
	}
	var items []*xmlstream.Node
	for n := range q.payload.Children() {
		if n.Name == (xmlstream.Name{Space: nsMUCAdmin, Local: "item"}) {
			items = append(items, n)
		}
	}
	if len(items) == 0 {
		q.fail("bad-request", "There is no item.")
		return
	}
	for _, n := range items {
		if condition := r.change(q, n, false); condition != "" {
			q.fail(condition, "")
			return
		}
	}
	q.result("")
	for _, n := range items {
		r.change(q, n, true)
	}
}

// change does what one item asks for; without really, it only tells what
// forbids it.
func (r *room) change(q *request, n *xmlstream.Node, really bool) string {
	role, _ := n.Attr("role")
	affiliation, _ := n.Attr("affiliation")
	nick, _ := n.Attr("nick")
	if role != "" {
		o := r.named(nick)
		switch {
		case o == nil:
			return "item-not-found"
		case !slices.Contains([]string{"none", "visitor", "participant", "moderator"}, role):
			return "bad-request"
		case rank(r.affiliation(o.jid)) > rank(r.affiliation(q.from)), role != "moderator" && rank(r.affiliation(o.jid)) >= rank("admin"):
			return "not-allowed"
		case role == "moderator" && rank(r.affiliation(q.from)) < rank("admin"):
			return "forbidden"
		}
		if really {
			r.setRole(o, role, why(n, r.at(q.from)))
		}
		return ""
	}
	v, _ := n.Attr("jid")
	j, err := jid.Parse(v)
	if v == "" && r.named(nick) != nil {
		j, err = r.named(nick).jid.Bare(), nil
	}
	own := rank(r.affiliation(q.from))
	switch {
	case err != nil:
		return "jid-malformed"
	case rank(affiliation) < 0:
		return "bad-request"
	case own < rank("admin"):
		return "forbidden"
	case own < rank("owner") && (rank(affiliation) >= rank("admin") || rank(r.affiliation(j)) >= rank("admin")):
		return "not-allowed"
	case r.affiliation(j) == "owner" && affiliation != "owner" && r.owners() == 1:
		return "conflict" // there is always an owner (XEP-0045 §10.5)
	case len(r.affiliations) >= 500 && affiliation != "none":
		return "resource-constraint"
	}
	if really {
		r.setAffiliation(j.Bare(), affiliation, why(n, r.at(q.from)))
	}
	return ""
}

func (r *room) owners() (n int) {
	for _, a := range r.affiliations {
		if a == "owner" {
			n++
		}
	}
	return n
}

// why is who did it and for what reason, as it stands in an item.
func why(n *xmlstream.Node, by *occupant) string {
	inside := ""
	if by != nil {
		inside = element("", "actor", "nick", by.nick)
	}
	if t := n.Child(nsMUCAdmin, "reason"); t != nil {
		inside += text(t.Text(), "reason")
	}
	return inside
}

// setRole gives an occupant a role; none puts it out, with 307.
func (r *room) setRole(o *occupant, role, because string) {
	if role == "none" {
		r.remove(o, "", because, "307")
		return
	}
	o.role = role
	r.show(o, "")
}

// setAffiliation makes somebody something to the room, whether it is there or
// not.
func (r *room) setAffiliation(j jid.JID, affiliation, because string) {
	if affiliation == "none" {
		delete(r.affiliations, j)
	} else {
		r.affiliations[j] = affiliation
	}
	for _, o := range slices.Clone(r.occupants) {
		if o.jid.Bare() != j {
			continue
		}
		switch {
		case affiliation == "outcast":
			r.remove(o, "", because, "301")
		case affiliation == "none" && r.membersOnly:
			r.remove(o, "", because, "321")
		default:
			o.role = r.roleFor(o.jid)
			r.show(o, "")
		}
	}
}
