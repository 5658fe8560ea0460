package sandbox

import (
	"slices"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// csiActive and csiInactive tell whether anybody looks at the client
// (XEP-0352 §4). While nobody does, presence is kept back: the last one of each.
func (c *conn) csiActive(*xmlstream.Node) error {
	c.session.inactive = false
	c.session.flush()
	return nil
}

func (c *conn) csiInactive(*xmlstream.Node) error {
	c.session.inactive = true
	return nil
}

// holdBack keeps a presence, in the place of an older one.
func (s *session) holdBack(p parcel) {
	s.held = slices.DeleteFunc(s.held, func(old parcel) bool { return old.presenceOf == p.presenceOf })
	s.held = append(s.held, p)
}

// flush sends what was kept back: order is kept, so before anything else.
func (s *session) flush() {
	all := s.held
	s.held = nil
	for _, p := range all {
		p.presenceOf = jid.JID{}
		s.pass(p)
	}
}
