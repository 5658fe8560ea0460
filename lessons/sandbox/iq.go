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
		{xmlstream.Name{Space: nsCarbons, Local: "enable"}, toSelf | toServer, nil, carbonsEnable, nsCarbons},
		{xmlstream.Name{Space: nsCarbons, Local: "disable"}, toSelf | toServer, nil, carbonsDisable, ""},
		{xmlstream.Name{Space: nsPrivate, Local: "query"}, toSelf, privateGet, privateSet, nsPrivate},
		{xmlstream.Name{Space: nsVCard, Local: "vCard"}, toSelf | toOther, vcardGet, vcardSet, nsVCard},
		{xmlstream.Name{Space: nsBind, Local: "bind"}, toSelf | toServer, nil, bindAgain, ""},
	}
}

// request is a question at hand.
type request struct {
	*stanza
	s       *session
	at      place
	of      *account // whose address it is; nil for the domain's
	payload *xmlstream.Node
}

// result answers it. The payload is XML.
func (q *request) result(payload string) {
	from, _ := q.Attr("to")
	q.s.deliver(parcel{xml: element(payload, "iq", "type", "result", "id", q.id, "from", from, "to", q.s.jid.String())})
}

func (q *request) fail(condition, why string) { q.s.fail(q.stanza, condition, why) }

// iq routes an iq, or answers it (RFC 6120 §8.2.3, RFC 6121 §8.5).
func (s *session) iq(st *stanza) {
	asks := st.typ == "get" || st.typ == "set"
	payload := st.FirstElement()
	switch {
	case st.id == "":
		s.fail(st, "bad-request", "An iq needs an id.")
		return
	case !asks && st.typ != "result" && st.typ != "error":
		s.fail(st, "bad-request", "The type of an iq is get, set, result or error.")
		return
	case asks && (payload == nil || more(payload)):
		s.fail(st, "bad-request", "A request has one element inside.")
		return
	case st.addressed && !s.srv.local(st.to):
		s.fail(st, "remote-server-not-found", "This server knows no other.")
		return
	case st.to.Resource != "" && st.to.Local != "":
		s.iqTo(st)
		return
	case !asks:
		return // the answer to a push, or to a ping
	}
	q := &request{stanza: st, s: s, payload: payload, of: s.srv.owner(st.to)}
	switch {
	case !st.addressed:
		q.at, q.of = toSelf, s.account
	case st.to.Local == "":
		q.at = toServer
	case q.of == s.account:
		q.at = toSelf
	default:
		q.at = toOther
	}
	s.answer(q)
}

// iqTo brings an iq to another client.
func (s *session) iqTo(st *stanza) {
	var r *session
	if a := s.srv.owner(st.to); a != nil {
		r = a.session(st.to.Resource)
	}
	if r == nil {
		s.fail(st, "service-unavailable", "") // RFC 6121 §8.5.3.2.3
		return
	}
	r.deliver(parcel{xml: s.from(st, s.jid, st.to.String())})
}

// answer finds who answers. The refusal is the same for what nobody knows and
// for whom nobody knows (RFC 6121 §8.5.1).
func (s *session) answer(q *request) {
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
			do(s, q)
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
