package sandbox

import (
	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// service is somebody who answers for a domain that is not the server's own:
// chat rooms, a component, another server. Server.mu is held when it is called,
// so it must not wait.
type service interface {
	// take handles a stanza to an address of the domain.
	take(*stanza)
}

// away brings a stanza to whom does not belong to the server's own domain.
func (s *Server) away(st *stanza) {
	v := s.service(st.to.Domain)
	switch {
	case v == nil:
		st.fail("remote-server-not-found", "This server knows no such other.")
	case st.s != nil && st.s.account.blocks(st.to):
		st.failWith("not-acceptable", "You have blocked this address.", element("", "blocked", "xmlns", nsBlocked))
	default:
		v.take(st)
	}
}

// post brings a stanza that is written already to whom it is addressed: a
// client, all that are there of an account, or another domain.
func (s *Server) post(to jid.JID, p parcel) {
	if !s.local(to) {
		if v := s.service(to.Domain); v != nil {
			if st := s.read(p.xml); st != nil {
				v.take(st)
			}
		}
		return
	}
	a := s.owner(to)
	if a == nil || a.blocks(p.presenceOf) {
		return
	}
	a.direct(to, p)
}

// read makes a stanza of one that the server wrote. Nil: it is none.
func (s *Server) read(xml string) *stanza {
	var t xmlstream.Tree
	var top *xmlstream.Scope
	n := t.Parse([]byte(xml), top.Bind("", xmlstream.NSClient), xmlstream.Options{MaxUnit: 2 * s.o.Limits.Unit, MaxDepth: 136, MaxAttrs: 136})
	if n == nil || len(t.Errs) > 0 {
		return nil
	}
	st := newStanza(s, n)
	if st.from.Domain == "" || st.to.Domain == "" {
		return nil
	}
	return st
}

// newStanza takes the addresses from an element that nobody has to vouch for
// any more; one that is no address stays empty.
func newStanza(s *Server, n *xmlstream.Node) *stanza {
	st := &stanza{Node: n, kind: n.Name.Local, srv: s}
	st.id, _ = n.Attr("id")
	st.typ, _ = n.Attr("type")
	if to, ok := n.Attr("to"); ok {
		st.to, _ = jid.Parse(to)
		st.addressed = true
	}
	from, _ := n.Attr("from")
	st.from, _ = jid.Parse(from)
	return st
}

// arrive handles a stanza that comes from outside the server's own domain, from
// a sender that was checked.
func (s *Server) arrive(st *stanza) {
	switch st.kind {
	case "iq":
		s.iq(st)
	case "message":
		s.message(st)
	case "presence":
		s.presenceFrom(st)
	}
}

// presenceFrom handles a presence from outside (RFC 6121 §3, §4.3.2).
func (s *Server) presenceFrom(st *stanza) {
	if !s.local(st.to) {
		s.away(st)
		return
	}
	a := s.owner(st.to)
	if a == nil {
		if st.typ == "subscribe" || st.typ == "probe" {
			s.post(st.from, parcel{xml: element("", "presence", "type", "unsubscribed", "id", st.id, "from", st.to.Bare().String(), "to", st.from.Bare().String())})
		}
		return
	}
	if a.blocks(st.from) {
		return
	}
	switch st.typ {
	case "subscribe", "subscribed", "unsubscribe", "unsubscribed":
		showed := a.showsTo(st.from)
		a.hear(st.from.Bare(), st.typ)
		if st.typ == "unsubscribe" && showed {
			a.showTo(st.from.Bare(), false)
		}
	case "probe":
		if !a.showsTo(st.from) {
			s.post(st.from, parcel{xml: element("", "presence", "type", "unsubscribed", "from", a.bare.String(), "to", st.from.Bare().String())})
			return
		}
		a.showTo(st.from.Bare(), true)
	case "", "unavailable", "error":
		a.direct(st.to, parcel{xml: st.anew(st.to.String()), presenceOf: st.from})
	}
}

// tellAfar brings a request for presence, or its answer, to another domain.
func (a *account) tellAfar(to jid.JID, typ string) {
	if a.srv.service(to.Domain) == nil {
		if typ == "subscribe" {
			a.hear(to, "unsubscribed")
		}
		return
	}
	if typ == "unsubscribed" {
		a.showTo(to, false)
	}
	a.srv.post(to, parcel{xml: element("", "presence", "type", typ, "from", a.bare.String(), "to", to.String())})
	if typ == "subscribed" {
		a.showTo(to, true)
	}
}
