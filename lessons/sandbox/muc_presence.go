package sandbox

import (
	"slices"
	"strconv"
	"time"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// presence comes into a room, changes there, or leaves it (XEP-0045 §7).
func (rs *rooms) presence(r *room, st *stanza) {
	var o *occupant
	if r != nil {
		o = r.at(st.from)
	}
	switch st.typ {
	case "unavailable":
		if o != nil {
			r.leave(o, st.children(nsMUC, nsMUCUser))
		}
	case "error": // the client cannot be reached any more (XEP-0045 §18.2)
		if o != nil {
			r.leave(o, "")
		}
	case "":
		switch {
		case o == nil:
			rs.join(r, st)
		case st.to.Resource == "" || st.to.Resource == o.nick:
			if st.Child(nsMUC, "x") != nil {
				r.welcome(o, st, "")
				return
			}
			o.inside = st.children(nsMUC, nsMUCUser, nsOccupantID)
			r.show(o, "")
		default:
			r.rename(o, st)
		}
	}
}

// join lets somebody in, or not (XEP-0045 §7.2).
func (rs *rooms) join(r *room, st *stanza) {
	x := st.Child(nsMUC, "x")
	password := child(x, nsMUC, "password")
	switch {
	case st.to.Resource == "":
		st.fail("jid-malformed", "A nick is needed: room/nick.")
		return
	case r == nil && len(rs.all) >= maxRooms:
		st.fail("resource-constraint", "There are too many rooms.")
		return
	case r == nil:
	case r.affiliation(st.from) == "outcast":
		st.fail("forbidden", "You are banned from this room.")
		return
	case r.locked && r.affiliation(st.from) != "owner":
		st.fail("item-not-found", "The room is not open yet.")
		return
	case r.membersOnly && r.affiliation(st.from) == "none":
		st.fail("registration-required", "Only members may come in.")
		return
	case r.password != "" && r.affiliation(st.from) != "owner" && (password == nil || password.Text() != r.password):
		st.fail("not-authorized", "The room has a password.")
		return
	case r.named(st.to.Resource) != nil:
		st.fail("conflict", "Somebody has this nick already.")
		return
	case len(r.occupants) >= maxOccupants:
		st.fail("service-unavailable", "The room is full.")
		return
	}
	created := ""
	if r == nil {
		r = rs.open(st.to.Bare())
		r.locked = x != nil // a client that knows no rooms gets one that is open (XEP-0045 §10.1.1)
		r.affiliations[st.from.Bare()] = "owner"
		created = "201"
	}
	o := &occupant{nick: st.to.Resource, jid: st.from, role: r.roleFor(st.from), inside: st.children(nsMUC, nsMUCUser, nsOccupantID)}
	r.occupants = append(r.occupants, o)
	r.welcome(o, st, created)
}

// welcome sends a newcomer what is so in the room: who is there, itself, what
// was said, the subject, in this order (XEP-0045 §7.1).
func (r *room) welcome(o *occupant, st *stanza, created string) {
	for _, other := range r.occupants {
		if other != o {
			r.send(o, r.presenceOf(other, o, "", "", "", ""), r.address(other))
		}
	}
	r.show(o, created)
	for _, xml := range r.since(child(st.Child(nsMUC, "x"), nsMUC, "history")) {
		r.send(o, xml, jid.JID{})
	}
	r.send(o, r.subjectXML(), jid.JID{})
}

// subjectXML is the subject as newcomers get it; there is always one, even if
// empty (XEP-0045 §7.2.15).
func (r *room) subjectXML() string {
	from := r.bare
	from.Resource = r.saidBy
	inside := "<subject/>"
	if r.subject != "" {
		inside = text(r.subject, "subject") + element("", "delay", "xmlns", nsDelay, "from", r.bare.String(), "stamp", stamp(r.subjectAt))
	}
	return element(inside, "message", "type", "groupchat", "from", from.String())
}

// since is what was said lately, as much as the newcomer wants (XEP-0045
// §7.2.14).
func (r *room) since(wish *xmlstream.Node) (all []string) {
	most, chars := givenHistory, 1<<20
	var from time.Time
	if wish != nil {
		most = maxHistory
		if v, ok := wish.Attr("maxstanzas"); ok {
			if n, err := strconv.Atoi(v); err == nil && n >= 0 {
				most = min(n, maxHistory)
			}
		}
		if v, ok := wish.Attr("maxchars"); ok {
			if n, err := strconv.Atoi(v); err == nil {
				chars = n
			}
		}
		if v, ok := wish.Attr("seconds"); ok {
			if n, err := strconv.Atoi(v); err == nil && n >= 0 && n < 1<<30 {
				from = time.Now().Add(-time.Duration(n) * time.Second)
			}
		}
		if v, ok := wish.Attr("since"); ok {
			if t, err := time.Parse(time.RFC3339, v); err == nil {
				from = t
			}
		}
	}
	for i := len(r.history) - 1; i >= 0 && len(all) < most; i-- {
		h := r.history[i]
		if chars -= len(h.xml); chars < 0 || h.at.Before(from) {
			break
		}
		all = append(all, insert(h.xml, element("", "delay", "xmlns", nsDelay, "from", r.bare.String(), "stamp", stamp(h.at))))
	}
	slices.Reverse(all)
	return all
}

// show tells everybody of an occupant's presence; itself last, with 110.
func (r *room) show(o *occupant, created string) {
	for _, other := range r.occupants {
		if other != o {
			r.send(other, r.presenceOf(o, other, "", "", "", ""), r.address(o))
		}
	}
	r.send(o, r.presenceOf(o, o, "", "", "", statuses(created)), jid.JID{})
}

// presenceOf writes an occupant's presence as another one may see it: because
// stands in its item, extra beside that.
func (r *room) presenceOf(o, viewer *occupant, typ, newNick, because, extra string) string {
	role := o.role
	if typ == "unavailable" && newNick == "" {
		role = "none"
	}
	real := ""
	if r.whois || viewer.role == "moderator" || viewer == o {
		real = o.jid.String()
	}
	item := element(because, "item", "affiliation", r.affiliation(o.jid), "role", role, "jid", real, "nick", newNick)
	if viewer == o {
		item += statuses("110")
		if r.whois {
			item += statuses("100")
		}
	}
	x := element(item+extra, "x", "xmlns", nsMUCUser)
	inside := o.inside
	if typ != "" {
		inside = ""
	}
	return element(inside+r.identity(o)+x, "presence", "type", typ, "from", r.address(o).String())
}

// leave takes somebody out (XEP-0045 §7.14).
func (r *room) leave(o *occupant, inside string) { r.remove(o, inside, "", "") }

// remove takes an occupant out, and says by whom and why where somebody did it.
func (r *room) remove(o *occupant, inside, because, code string) {
	for _, other := range r.occupants {
		xml := r.presenceOf(o, other, "unavailable", "", because, statuses(code))
		r.send(other, xml[:len(xml)-len("</presence>")]+inside+"</presence>", jid.JID{})
	}
	r.occupants = slices.DeleteFunc(r.occupants, func(x *occupant) bool { return x == o })
	r.close()
}

// rename gives an occupant another nick (XEP-0045 §7.6).
func (r *room) rename(o *occupant, st *stanza) {
	if r.named(st.to.Resource) != nil {
		st.fail("conflict", "Somebody has this nick already.")
		return
	}
	for _, other := range r.occupants {
		r.send(other, r.presenceOf(o, other, "unavailable", st.to.Resource, "", statuses("303")), jid.JID{})
	}
	o.nick = st.to.Resource
	o.inside = st.children(nsMUC, nsMUCUser, nsOccupantID)
	r.show(o, "")
}
