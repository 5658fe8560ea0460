package sandbox

import (
	"xmppscope/decode/xmlstream"
)

// place is whose address a question went to.
type place uint8

const (
	toSelf   place = 1 << iota // the own account: its bare address, or none
	toServer                   // the domain
	toOther                    // the bare address of another account
)

// question is something that the server answers itself.
type question struct {
	name xmlstream.Name
	at   place
	get  func(*session, *request) // nil: only set
	set  func(*session, *request) // nil: only get
	// var is announced in service discovery; empty: nothing is.
	feature string
}

// questions is the table of what the server answers.
func questions() []question {
	return []question{
		{xmlstream.Name{Space: nsInfo, Local: "query"}, toSelf | toServer | toOther, discoInfo, nil, nsInfo},
		{xmlstream.Name{Space: nsItems, Local: "query"}, toSelf | toServer | toOther, discoItems, nil, nsItems},
		{xmlstream.Name{Space: nsRoster, Local: "query"}, toSelf, rosterGet, rosterSet, ""},
		{xmlstream.Name{Space: nsSession, Local: "session"}, toSelf | toServer, nil, sessionSet, ""},
		{xmlstream.Name{Space: nsPing, Local: "ping"}, toSelf | toServer, pingGet, nil, nsPing},
		{xmlstream.Name{Space: nsVersion, Local: "query"}, toServer, versionGet, nil, nsVersion},
		{xmlstream.Name{Space: nsTime, Local: "time"}, toServer, timeGet, nil, nsTime},
		{xmlstream.Name{Space: nsLast, Local: "query"}, toServer, lastGet, nil, nsLast},
		{xmlstream.Name{Space: nsCarbons, Local: "enable"}, toSelf, nil, carbonsEnable, nsCarbons},
		{xmlstream.Name{Space: nsCarbons, Local: "disable"}, toSelf, nil, carbonsDisable, ""},
		{xmlstream.Name{Space: nsBlocking, Local: "blocklist"}, toSelf, blocklistGet, nil, nsBlocking},
		{xmlstream.Name{Space: nsBlocking, Local: "block"}, toSelf, nil, blockSet, ""},
		{xmlstream.Name{Space: nsBlocking, Local: "unblock"}, toSelf, nil, unblockSet, ""},
		{xmlstream.Name{Space: nsPrivate, Local: "query"}, toSelf, privateGet, privateSet, nsPrivate},
		{xmlstream.Name{Space: nsVCard, Local: "vCard"}, toSelf | toOther, vcardGet, vcardSet, nsVCard},
		{xmlstream.Name{Space: nsMAM, Local: "query"}, toSelf, archiveGet, archiveSet, nsMAM},
		{xmlstream.Name{Space: nsPubSub, Local: "pubsub"}, toSelf | toOther, pubsubGet, pubsubSet, ""},
		{xmlstream.Name{Space: nsPubSubOwner, Local: "pubsub"}, toSelf, ownerGet, ownerSet, ""},
		{xmlstream.Name{Space: nsRegister, Local: "query"}, toSelf | toServer, registeredGet, registeredSet, ""},
		{xmlstream.Name{Space: nsBind, Local: "bind"}, toSelf | toServer, nil, bindAgain, ""},
	}
}

// request is a question at hand.
type request struct {
	*stanza
	at      place
	of      *account // whose address it is; nil for the domain's
	payload *xmlstream.Node
}

// result answers it. The payload is XML.
func (q *request) result(payload string) {
	from, _ := q.Attr("to")
	q.answer(element(payload, "iq", "type", "result", "id", q.id, "from", from, "to", q.from.String()))
}

// iq routes an iq, or answers it (RFC 6120 §8.2.3, RFC 6121 §8.5).
func (s *Server) iq(st *stanza) {
	asks := st.typ == "get" || st.typ == "set"
	payload := st.FirstElement()
	switch {
	case st.id == "":
		st.fail("bad-request", "An iq needs an id.")
		return
	case !asks && st.typ != "result" && st.typ != "error":
		st.fail("bad-request", "The type of an iq is get, set, result or error.")
		return
	case asks && (payload == nil || more(payload)):
		st.fail("bad-request", "A request has one element inside.")
		return
	case st.addressed && !s.local(st.to):
		s.away(st)
		return
	case st.to.Resource != "" && st.to.Local != "":
		s.iqTo(st)
		return
	case !asks:
		if st.s != nil { // else the answer to a push, or to a ping
			st.s.answered(st)
		}
		return
	}
	q := &request{stanza: st, payload: payload, of: s.owner(st.to)}
	switch {
	case !st.addressed:
		q.at, q.of = toSelf, s.owner(st.from)
	case st.to.Local == "":
		q.at = toServer
	case q.of != nil && q.of.bare == st.from.Bare():
		q.at = toSelf
	default:
		q.at = toOther
	}
	q.find()
}

// iqTo brings an iq to another client.
func (s *Server) iqTo(st *stanza) {
	var r *session
	if a := s.owner(st.to); a != nil {
		if st.blocked(a) {
			return
		}
		r = a.session(st.to.Resource)
	}
	if r == nil {
		if st.shuns() {
			return
		}
		st.fail("service-unavailable", "") // RFC 6121 §8.5.3.2.3
		return
	}
	r.deliver(parcel{xml: st.anew(st.to.String())})
}

// find finds who answers. The refusal is the same for what nobody knows and
// for whom nobody knows (RFC 6121 §8.5.1).
func (q *request) find() {
	for _, h := range questions() {
		if h.name != q.payload.Name || h.at&q.at == 0 {
			continue
		}
		if q.at == toOther && q.of == nil {
			break
		}
		do := h.get
		if q.typ == "set" {
			do = h.set
		}
		switch {
		case do == nil && q.typ == "set":
			q.fail("not-allowed", "This can only be asked for.")
		case do == nil:
			q.fail("bad-request", "This is done with a set.")
		default:
			do(q.s, q)
		}
		return
	}
	q.fail("service-unavailable", "")
}

// sessionSet does nothing, which is all that is left of it (RFC 6121 §1.4).
func sessionSet(_ *session, q *request) { q.result("") }

// bindAgain refuses a second resource on one stream (RFC 6120 §7.1).
func bindAgain(_ *session, q *request) {
	q.fail("not-allowed", "A resource is bound already.")
}
