package sandbox

import (
	"slices"
	"strings"

	"xmppscope/decode/xmlstream"
)

// roomQuestion is something that the service or a room answers.
type roomQuestion struct {
	name     xmlstream.Name
	get, set func(*room, *request) // nil: not that
}

// roomQuestions is the table of what a room answers.
func roomQuestions() []roomQuestion {
	return []roomQuestion{
		{xmlstream.Name{Space: nsInfo, Local: "query"}, (*room).info, nil},
		{xmlstream.Name{Space: nsItems, Local: "query"}, (*room).items, nil},
		{xmlstream.Name{Space: nsPing, Local: "ping"}, func(_ *room, q *request) { q.result("") }, nil},
		{xmlstream.Name{Space: nsMUCAdmin, Local: "query"}, (*room).adminGet, (*room).adminSet},
		{xmlstream.Name{Space: nsMUCOwner, Local: "query"}, (*room).ownerGet, (*room).ownerSet},
		{xmlstream.Name{Space: nsMAM, Local: "query"}, (*room).archiveForm, (*room).archiveQuery},
	}
}

// ask answers an iq to a room.
func (r *room) ask(st *stanza) {
	q, ok := st.request()
	if !ok {
		return
	}
	for _, h := range roomQuestions() {
		if h.name != q.payload.Name {
			continue
		}
		do := h.get
		if q.typ == "set" {
			do = h.set
		}
		if do != nil {
			do(r, q)
			return
		}
	}
	q.fail("service-unavailable", "")
}

// request is the question in an iq; it is refused where there is not one
// (RFC 6120 §8.2.3).
func (st *stanza) request() (*request, bool) {
	payload := st.FirstElement()
	switch {
	case st.id == "":
		st.fail("bad-request", "An iq needs an id.")
	case st.typ != "get" && st.typ != "set":
		st.fail("bad-request", "The type of an iq is get, set, result or error.")
	case payload == nil || more(payload):
		st.fail("bad-request", "A request has one element inside.")
	default:
		return &request{stanza: st, payload: payload}, true
	}
	return nil, false
}

// ask answers an iq to the service (XEP-0045 §6.2, §6.3).
func (rs *rooms) ask(st *stanza) {
	q, ok := st.request()
	if !ok {
		return
	}
	switch {
	case q.typ == "get" && q.payload.Name == xmlstream.Name{Space: nsInfo, Local: "query"}:
		q.result(described(entity("conference", "text", "Chat rooms"), nsInfo, nsItems, nsMUC, nsPing))
	case q.typ == "get" && q.payload.Name == xmlstream.Name{Space: nsItems, Local: "query"}:
		all := []string{}
		for j, r := range rs.all {
			if !r.hidden && !r.locked {
				all = append(all, element("", "item", "jid", j.String(), "name", r.title))
			}
		}
		slices.Sort(all)
		q.result(element(strings.Join(all, ""), "query", "xmlns", nsItems))
	case q.typ == "get" && q.payload.Name == xmlstream.Name{Space: nsPing, Local: "ping"}:
		q.result("")
	default:
		q.fail("service-unavailable", "")
	}
}

func entity(category, kind, name string) string {
	return element("", "identity", "category", category, "type", kind, "name", name)
}

// described is an answer of service discovery (XEP-0030 §3.1).
func described(inside string, vars ...string) string {
	var b strings.Builder
	b.WriteString(inside)
	for _, v := range vars {
		b.WriteString(element("", "feature", "var", v))
	}
	return element(b.String(), "query", "xmlns", nsInfo)
}

// info tells what a room is (XEP-0045 §6.4).
func (r *room) info(q *request) {
	choose := func(v bool, yes, no string) string {
		if v {
			return yes
		}
		return no
	}
	q.result(described(entity("conference", "text", r.title), nsInfo, nsItems, nsMUC, nsMAM, nsStanzaID, nsOccupantID,
		choose(r.persistent, "muc_persistent", "muc_temporary"), choose(r.hidden, "muc_hidden", "muc_public"),
		choose(r.membersOnly, "muc_membersonly", "muc_open"), choose(r.moderated, "muc_moderated", "muc_unmoderated"),
		choose(r.password != "", "muc_passwordprotected", "muc_unsecured"), choose(r.whois, "muc_nonanonymous", "muc_semianonymous")))
}

// items lists who is in the room, to those who are (XEP-0045 §6.5).
func (r *room) items(q *request) {
	var b strings.Builder
	if r.at(q.from) != nil {
		for _, o := range r.occupants {
			b.WriteString(element("", "item", "jid", r.address(o).String(), "name", o.nick))
		}
	}
	q.result(element(b.String(), "query", "xmlns", nsItems))
}
