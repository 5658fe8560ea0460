package im

import (
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Bounds of presence.
const (
	maxContacts     = 1 << 17
	maxPresenceSize = 64 << 20 // bytes, of all together
	maxResources    = 256      // of one bare address
	maxDirected     = 4096
	presenceSize    = 192 // bytes, without its strings
)

// Presence is the last presence of one full or bare address (RFC 6121 §4.7).
type Presence struct {
	JID string
	// Type is empty for available, or unavailable, or error.
	Type string
	// Show is away, chat, dnd, xa or empty, as the wire has it; Status the free
	// text.
	Show, Status string
	// Priority is 0 where none is given or it is no number of one byte.
	Priority int8
	// Caps are the capabilities that it announces; nil where it does not.
	Caps *Announced
	// Condition is that of an error.
	Condition string
	// Seq is the event that changed one of these last, Since the one that made
	// it available or unavailable.
	Seq, Since decode.Seq
}

// Available tells whether the address is online.
func (p *Presence) Available() bool { return p.Seq != 0 && p.Type == "" }

// String says it in words: available, away, unavailable.
func (p *Presence) String() string {
	switch {
	case p.Seq == 0:
		return ""
	case p.Type != "":
		return p.Type
	case p.Show != "":
		return p.Show
	}
	return "available"
}

// contact is who is seen under one bare address, in the order of coming.
type contact struct{ resources []Presence }

// Own is the presence that the client has sent to all (RFC 6121 §4.2); its JID is
// the client's own, as far as it is known.
func (s *Session) Own() Presence { return s.own }

// Presence is the last presence of an address, in a room too. It is false where
// none was seen.
func (s *Session) Presence(jid string) (Presence, bool) {
	if o, ok := s.Occupant(jid); ok {
		return o.Presence, true
	}
	c := s.contacts.get(key(jid))
	if c == nil {
		return Presence{}, false
	}
	if i := c.index(resource(jid)); i >= 0 {
		return c.resources[i], true
	}
	return Presence{}, false
}

// Resources are the presences that were seen of an account, by its bare address,
// in the order of coming. Who has gone is still among them.
func (s *Session) Resources(jid string) []Presence {
	if c := s.contacts.get(key(jid)); c != nil {
		return append([]Presence(nil), c.resources...)
	}
	return nil
}

// Directed tells whether the client has sent its presence to an address alone,
// and when (RFC 6121 §4.6); zero where it has not, or has taken it back.
func (s *Session) Directed(jid string) decode.Seq {
	if d := s.directed.get(jid); d != nil {
		return *d
	}
	return 0
}

func (c *contact) index(resource string) int {
	for i := range c.resources {
		if _, r, _ := strings.Cut(c.resources[i].JID, "/"); r == resource {
			return i
		}
	}
	return -1
}

// presence follows a presence stanza of a client's conversation.
func (s *Session) presence(e *decode.Event, n *xmlstream.Node) {
	switch {
	case Subscribing(e.Type):
		s.subscribe(e)
	case e.Dir == decode.FromReceiver:
		s.arrived(e, n)
	case e.Type != "" && e.Type != "unavailable":
	case e.To == "":
		s.ownPresence(e, n)
	default:
		s.directedPresence(e, n)
	}
}

// ownPresence takes what the client tells everybody.
func (s *Session) ownPresence(e *decode.Event, n *xmlstream.Node) {
	if n = s.presenceNode(e, n); n == nil {
		return
	}
	name := s.own.JID
	s.update(&s.own, GroupAccount, name, e, n)
	if e.Type == "unavailable" {
		// The server tells everybody who had got directed presence, rooms too
		// (RFC 6121 §4.6.3).
		s.directed.clear()
		for _, r := range s.rooms.all() {
			if r := *r; r.State < RoomLeft {
				s.leave(r, RoomLeft, "the client went offline", e.Seq)
			}
		}
	}
}

// directedPresence takes what the client tells one address: a room that it joins
// or leaves, or anybody.
func (s *Session) directedPresence(e *decode.Event, n *xmlstream.Node) {
	if len(e.To) > maxJID || s.roomPresenceSent(e, n) {
		return
	}
	if e.Type == "unavailable" {
		if d := s.directed.get(e.To); d != nil {
			s.change(Change{GroupPresence, e.To, "directed", "available", "unavailable", *d})
			s.directed.remove(e.To)
		}
		return
	}
	if s.directed.get(e.To) == nil {
		s.change(Change{GroupPresence, e.To, "directed", "", "available", 0})
		s.directed.put(e.To, e.Seq, 64+len(e.To))
	}
}

// arrived takes what the server delivers.
func (s *Session) arrived(e *decode.Event, n *xmlstream.Node) {
	switch e.Type {
	case "", "unavailable", "error":
	default:
		return
	}
	from := e.From
	if from == "" {
		from = bare(s.own.JID) // from the account itself (RFC 6120 §8.1.2.1)
	}
	k := key(from)
	if k == "" {
		return
	}
	if n = s.presenceNode(e, n); n == nil || s.roomPresence(k, e, n) {
		return
	}
	s.seen(k, from, e, n)
}

// tellingPresence are the marks of all that presence is read for.
var tellingPresence = decode.InsideShow | decode.InsidePriority | decode.InsideOther | decode.InsideSpace(nsCaps) |
	decode.InsideSpace(nsCaps2) | decode.InsideSpace(nsOccupant) | mayMUCUser

// presenceNode is node for presence, of which most says nothing but its type.
func (s *Session) presenceNode(e *decode.Event, n *xmlstream.Node) *xmlstream.Node {
	if n == nil && !e.Inside.May(tellingPresence) {
		return &xmlstream.Node{Kind: xmlstream.ElementNode, Name: e.Name}
	}
	return s.node(e, n)
}

// seen takes over the presence of an account.
func (s *Session) seen(k, from string, e *decode.Event, n *xmlstream.Node) {
	c := s.contacts.get(k)
	if c == nil {
		c = s.contacts.put(k, contact{}, len(k)+64)
	}
	if from == bare(from) && e.Type == "unavailable" {
		// It speaks for all devices (RFC 6121 §4.3.2).
		for i := range c.resources {
			s.update(&c.resources[i], GroupPresence, c.resources[i].JID, e, nil)
		}
	}
	if b := c.index(""); e.Type == "" && b >= 0 && from != bare(from) && c.resources[b].Type != "" {
		c.resources = append(c.resources[:b], c.resources[b+1:]...) // not all are gone any more
	}
	i := c.index(resource(from))
	if i < 0 {
		if len(c.resources) == maxResources {
			c.resources = append(c.resources[:0], c.resources[1:]...)
			s.contacts.forgotten++
		}
		c.resources = append(c.resources, Presence{JID: from})
		i = len(c.resources) - 1
	}
	if s.update(&c.resources[i], GroupPresence, from, e, n) {
		size := len(k) + 64
		for j := range c.resources {
			size += presenceSize + len(c.resources[j].JID) + len(c.resources[j].Status)
		}
		s.contacts.put(k, *c, size)
	}
}

// update takes over what a presence stanza says; without n only its type.
func (s *Session) update(p *Presence, group, name string, e *decode.Event, n *xmlstream.Node) bool {
	was := *p
	p.Type, p.Condition = e.Type, e.Condition
	if e.Type != "" {
		p.Show, p.Status, p.Priority, p.Caps = "", "", 0, nil
	}
	if n != nil {
		s.describe(p, &was, e, n)
	}
	if *p == was && was.Seq != 0 {
		return false
	}
	if p.Type != was.Type || was.Since == 0 {
		p.Since = e.Seq
	}
	p.Seq = e.Seq
	s.differ(group, name, "presence", was.String(), p.String(), was.Seq)
	s.differ(group, name, "status", was.Status, p.Status, was.Seq)
	if p.Type == "" {
		s.differ(group, name, "priority", priorityWord(&was), priorityWord(p), was.Seq)
	}
	if p.Caps != was.Caps && p.Caps != nil {
		s.change(Change{GroupCapabilities, name, "announced", was.Caps.String(), p.Caps.String(), was.Seq})
		s.checkAnnounced(p.Caps, e.Seq)
	}
	return true
}

// describe reads the children of a presence stanza.
func (s *Session) describe(p, was *Presence, e *decode.Event, n *xmlstream.Node) {
	p.Status = text(n.Child(n.Name.Space, "status"), was.Status)
	if e.Type != "" {
		return
	}
	p.Show = text(n.Child(n.Name.Space, "show"), was.Show)
	p.Priority = 0
	if c := n.Child(n.Name.Space, "priority"); c != nil {
		if v, err := strconv.ParseInt(string(c.Inner()), 10, 8); err == nil {
			p.Priority = int8(v)
		}
	}
	p.Caps = s.announced(n, e.Seq)
}

func priorityWord(p *Presence) string {
	if p.Priority == 0 {
		return ""
	}
	return strconv.Itoa(int(p.Priority))
}
