package sandbox

import (
	"slices"

	"xmppscope/decode/jid"
)

// mucConfig names the form of an owner.
const mucConfig = "http://jabber.org/protocol/muc#roomconfig"

// mayOwn refuses those who are no owner.
func (r *room) mayOwn(q *request) bool {
	if r.affiliation(q.from) == "owner" {
		return true
	}
	q.fail("forbidden", "Only an owner does this.")
	return false
}

// ownerGet sends the form with how the room is (XEP-0045 §10.2).
func (r *room) ownerGet(q *request) {
	if !r.mayOwn(q) {
		return
	}
	whois := "moderators"
	if r.whois {
		whois = "anyone"
	}
	f := form("form", mucConfig, "The room "+r.bare.String(),
		field{"muc#roomconfig_roomname", "text-single", "Name", []string{r.title}},
		field{"muc#roomconfig_roomdesc", "text-single", "Description", []string{r.description}},
		field{"muc#roomconfig_persistentroom", "boolean", "Kept when the last one leaves", boolean(r.persistent)},
		field{"muc#roomconfig_publicroom", "boolean", "Listed", boolean(!r.hidden)},
		field{"muc#roomconfig_membersonly", "boolean", "For members only", boolean(r.membersOnly)},
		field{"muc#roomconfig_moderatedroom", "boolean", "Moderated", boolean(r.moderated)},
		field{"muc#roomconfig_changesubject", "boolean", "Everybody may change the subject", boolean(r.anySubject)},
		field{"muc#roomconfig_passwordprotectedroom", "boolean", "With a password", boolean(r.password != "")},
		field{"muc#roomconfig_roomsecret", "text-private", "Password", []string{r.password}},
		field{"muc#roomconfig_whois", "text-single", "Who sees real addresses (moderators or anyone)", []string{whois}})
	q.result(element(f, "query", "xmlns", nsMUCOwner))
}

// ownerSet takes the form back: filled in, empty for a room as it comes, or
// cancelled; or destroys the room (XEP-0045 §10.1.2, §10.1.3, §10.9).
func (r *room) ownerSet(q *request) {
	if !r.mayOwn(q) {
		return
	}
	if d := q.payload.Child(nsMUCOwner, "destroy"); d != nil {
		q.result("")
		r.destroy(forwarded(d, d.Scope, "", "", ""))
		return
	}
	x := q.payload.Child(nsForms, "x")
	typ := attr(x, "type")
	switch {
	case x == nil || typ != "submit" && typ != "cancel":
		q.fail("bad-request", "A form is needed, filled in or cancelled.")
		return
	case typ == "cancel" && r.locked:
		q.result("")
		r.destroy(element("", "destroy"))
		return
	case typ == "cancel":
		q.result("")
		return
	}
	r.fill(submitted(q.payload))
	opened := r.locked
	r.locked = false
	q.result("")
	if !opened {
		r.everybody(element(element(statuses("104"), "x", "xmlns", nsMUCUser), "message", "type", "groupchat", "from", r.bare.String()))
	}
	if r.membersOnly {
		for _, o := range slices.Clone(r.occupants) {
			if r.affiliation(o.jid) == "none" {
				r.remove(o, "", "", "322")
			}
		}
	}
}

// fill takes the values of a form; fields that are not there stay.
func (r *room) fill(values map[string][]string) {
	for name, to := range map[string]*string{"roomname": &r.title, "roomdesc": &r.description, "roomsecret": &r.password} {
		if v, ok := values["muc#roomconfig_"+name]; ok {
			*to = first(v)
		}
	}
	for name, to := range map[string]*bool{"persistentroom": &r.persistent, "membersonly": &r.membersOnly,
		"moderatedroom": &r.moderated, "changesubject": &r.anySubject} {
		if v, ok := values["muc#roomconfig_"+name]; ok {
			*to = truth(v)
		}
	}
	if v, ok := values["muc#roomconfig_publicroom"]; ok {
		r.hidden = !truth(v)
	}
	if v, ok := values["muc#roomconfig_whois"]; ok {
		r.whois = first(v) == "anyone"
	}
	if v, ok := values["muc#roomconfig_passwordprotectedroom"]; ok && !truth(v) {
		r.password = ""
	}
}

// destroy takes the room away, with everybody in it.
func (r *room) destroy(notice string) {
	for _, o := range r.occupants {
		x := element(element("", "item", "affiliation", "none", "role", "none")+notice+statuses("110"), "x", "xmlns", nsMUCUser)
		r.send(o, element(x, "presence", "type", "unavailable", "from", r.address(o).String()), jid.JID{})
	}
	r.occupants = nil
	delete(r.in.all, r.bare)
}
