package sandbox

import (
	"strings"

	"xmppscope/decode/xmlstream"
)

// maxWishes is how many nodes a client can be told of.
const maxWishes = 200

// wishes is what a client wants to be told of, as its capabilities say
// (XEP-0163 §4.3.2).
type wishes struct {
	caps  string // node and hash that were asked about last
	asked string // the id of the question
	nodes map[string]bool
}

// heedCaps looks at the capabilities in a client's presence, and asks the client
// what they stand for where they are new (XEP-0115 §6.2). Each client is asked
// for itself: what one says of a hash is never believed of another.
func (s *session) heedCaps(st *stanza) {
	c := st.Child(nsCaps, "c")
	if c == nil || s.conn == nil {
		return
	}
	node := attr(c, "node") + "#" + attr(c, "ver")
	if node == s.wishes.caps || len(node) > maxName {
		return
	}
	s.wishes.caps, s.wishes.asked = node, "caps-"+s.conn.ids.id(6)
	s.deliver(parcel{xml: element(element("", "query", "xmlns", nsInfo, "node", node), "iq", "type", "get", "id", s.wishes.asked,
		"from", s.srv.o.Domain, "to", s.jid.String())})
}

// answered takes a client's answer to a question of the server.
func (s *session) answered(st *stanza) {
	if s.wishes.asked == "" || st.id != s.wishes.asked {
		return
	}
	s.wishes.asked = ""
	q := st.Child(nsInfo, "query")
	if st.typ != "result" || q == nil {
		return
	}
	before := s.wishes.nodes
	s.wishes.nodes = map[string]bool{}
	for f := range q.Children() {
		name, wants := strings.CutSuffix(attr(f, "var"), "+notify")
		if f.Name == (xmlstream.Name{Space: nsInfo, Local: "feature"}) && wants && len(s.wishes.nodes) < maxWishes {
			s.wishes.nodes[name] = true
		}
	}
	s.lastOf(s.account, before)
	for _, i := range s.account.roster {
		if a := s.srv.owner(i.jid); a != nil && i.sub&subTo != 0 && a != s.account && !s.account.apart(i.jid) {
			s.lastOf(a, before)
		}
	}
}

// lastOf tells the client of the last item of each node of an account that it
// newly wants to know of (XEP-0163 §4.3.4).
func (s *session) lastOf(a *account, before map[string]bool) {
	for _, n := range a.nodes {
		if len(n.items) > 0 && !before[n.name] && n.opens(a, s.jid) {
			s.told(a, n, element(n.items[len(n.items)-1].xml(), "items", "node", n.name))
		}
	}
}

// notify tells of a change in a node: the own clients, and those of contacts who
// see the account's presence, all of them only where their capabilities say so
// (XEP-0163 §4.3).
func (a *account) notify(n *node, inside string) {
	for _, s := range a.sessions {
		s.told(a, n, inside)
	}
	for _, i := range a.roster {
		b := a.srv.owner(i.jid)
		if b == nil || b == a || !n.opens(a, i.jid) || i.sub&subFrom == 0 || a.apart(i.jid) {
			continue
		}
		for _, s := range b.sessions {
			s.told(a, n, inside)
		}
	}
}

// told tells one client, if it wants to know.
func (s *session) told(a *account, n *node, inside string) {
	if s.presence == "" || !s.wishes.nodes[n.name] {
		return
	}
	event := element(inside, "event", "xmlns", nsPubSubEvent)
	s.deliver(parcel{xml: element(event, "message", "type", "headline", "from", a.bare.String(), "to", s.jid.String())})
}
