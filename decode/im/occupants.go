package im

import (
	"iter"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Occupant is somebody in a room, known by a nick (XEP-0045 §4.1).
type Occupant struct {
	// Presence is what was seen last; its JID is the room's address with the
	// nick.
	Presence
	Nick string
	// Role and Affiliation are as the room gives them (XEP-0045 §5.1, §5.2),
	// each with the event that set it.
	Role, Affiliation       string
	RoleSeq, AffiliationSeq decode.Seq
	// Real is the address behind the nick, where the room shows it.
	Real string
	// ID is the one that stays when the nick changes (XEP-0421).
	ID string
	// Joined is the event with which the client first saw the occupant.
	Joined decode.Seq
}

// Occupant is somebody in a room, by the room's address with the nick.
func (s *Session) Occupant(jid string) (Occupant, bool) {
	if r := s.room(jid); r != nil {
		if o := r.inside.get(resource(jid)); o != nil {
			return *o, true
		}
	}
	return Occupant{}, false
}

// Occupants are those in a room, in the order of coming.
func (s *Session) Occupants(room string) iter.Seq[Occupant] {
	return func(yield func(Occupant) bool) {
		r := s.room(room)
		if r == nil {
			return
		}
		for _, o := range r.inside.all() {
			if !yield(*o) {
				return
			}
		}
	}
}

// roomPresence takes presence that comes from a room. It is false where the
// address is none.
func (s *Session) roomPresence(k string, e *decode.Event, n *xmlstream.Node) bool {
	x := n.Child(nsMUCUser, "x")
	r := s.room(k)
	if r == nil {
		if x == nil || e.Type == "error" {
			return false
		}
		r = s.makeRoom(k)
	}
	nick := resource(e.From)
	codes := s.readCodes(x)
	self := nick != "" && r.State < RoomLeft && (nick == r.Nick || nick == r.Wanted && r.State == RoomJoining)
	for _, c := range codes {
		self = self || c == 110
	}
	if !self && nick != "" && r.State >= RoomLeft && r.StateSeq > s.lost {
		return true // from before the goodbye
	}
	switch {
	case e.Type == "error":
		s.roomError(r, nick, e)
	case nick == "":
		// The room itself: its avatar, or that it is no more.
		s.gone(r, x, e)
	case e.Type == "unavailable":
		s.out(r, nick, self, x, e, n)
	default:
		s.in(r, nick, self, x, e, n)
	}
	return true
}

// roomError takes a refusal: of the entry or of a new nick (XEP-0045 §7.2, §7.6).
func (s *Session) roomError(r *Room, nick string, e *decode.Event) {
	if r.State == RoomJoining {
		s.leave(r, RoomRefused, e.Condition, e.Seq)
		return
	}
	if r.Wanted != "" && (nick == r.Wanted || nick == "") {
		s.change(Change{GroupRooms, r.JID, "wanted nick", r.Wanted, "", r.WantedSeq})
		r.Wanted = ""
	}
}

// gone notes that a room was destroyed (XEP-0045 §10.9).
func (s *Session) gone(r *Room, x *xmlstream.Node, e *decode.Event) bool {
	if x == nil || e.Type != "unavailable" {
		return false
	}
	d := x.Child(nsMUCUser, "destroy")
	if d == nil {
		return false
	}
	s.leave(r, RoomDestroyed, text(d.Child(nsMUCUser, "reason"), ""), e.Seq)
	r.Alternate = attr(d, "jid", "")
	return true
}

// in takes the presence of somebody inside.
func (s *Session) in(r *Room, nick string, self bool, x *xmlstream.Node, e *decode.Event, n *xmlstream.Node) {
	o := r.inside.get(nick)
	if o == nil {
		fresh := Occupant{Nick: nick, Joined: e.Seq}
		fresh.JID = e.From
		s.place(r, nick, fresh)
		o = r.inside.get(nick)
	}
	if o == nil {
		return
	}
	was := *o
	s.update(&o.Presence, GroupRooms, e.From, e, n)
	if x != nil {
		s.standing(o, x, e.Seq)
	}
	if c := n.Child(nsOccupant, "occupant-id"); c != nil {
		o.ID = attr(c, "id", o.ID)
	}
	if len(o.Status)+len(o.Real)+len(o.ID) != len(was.Status)+len(was.Real)+len(was.ID) {
		s.place(r, nick, *o)
	}
	if !self {
		return
	}
	for _, c := range s.codes {
		if c != 110 {
			s.keepCode(r, c, e.Seq)
		}
	}
	s.setNick(r, nick, e.Seq)
	if r.State != RoomJoined {
		r.Wanted = "" // the room may have given another one (status 210)
	}
	if r.Self == 0 {
		r.Self = e.Seq
	}
	if r.State != RoomJoined && r.State != RoomLeaving {
		s.setRoom(r, RoomJoined, "", e.Seq)
	}
}

// standing takes over role and affiliation.
func (s *Session) standing(o *Occupant, x *xmlstream.Node, seq decode.Seq) {
	item := x.Child(nsMUCUser, "item")
	if item == nil {
		return
	}
	if role := attr(item, "role", o.Role); s.differ(GroupRooms, o.JID, "role", o.Role, role, o.RoleSeq) {
		o.Role, o.RoleSeq = role, seq
	}
	if a := attr(item, "affiliation", o.Affiliation); s.differ(GroupRooms, o.JID, "affiliation", o.Affiliation, a, o.AffiliationSeq) {
		o.Affiliation, o.AffiliationSeq = a, seq
	}
	if jid := attr(item, "jid", o.Real); jid != "" {
		o.Real = jid
	}
}

// place puts an occupant into a room and keeps all rooms within their bound.
func (s *Session) place(r *Room, nick string, o Occupant) {
	before := r.inside.bytes
	r.inside.put(nick, o, occupantSize+2*len(o.JID)+len(o.Status)+len(o.Real)+len(o.ID))
	s.occupants += r.inside.bytes - before
	for s.occupants > maxOccupantSize && s.forgetRoom(r) {
	}
}

func (s *Session) unplace(r *Room, nick string) {
	before := r.inside.bytes
	r.inside.remove(nick)
	s.occupants += r.inside.bytes - before
}

// out takes the goodbye of somebody, or a change of nick, which begins like one
// (XEP-0045 §7.6).
func (s *Session) out(r *Room, nick string, self bool, x *xmlstream.Node, e *decode.Event, n *xmlstream.Node) {
	codes := s.codes
	var item *xmlstream.Node
	if x != nil {
		item = x.Child(nsMUCUser, "item")
	}
	for _, c := range codes {
		if c == 303 && item != nil {
			if to := attr(item, "nick", ""); to != "" {
				s.rename(r, nick, to, self, e.Seq)
				return
			}
		}
	}
	if self && s.gone(r, x, e) {
		return
	}
	reason := why(codes, item)
	if o := r.inside.get(nick); o != nil {
		now := "left"
		if reason != "" {
			now += ": " + reason
		}
		s.change(Change{GroupRooms, o.JID, "presence", o.Presence.String(), now, o.Presence.Seq})
		s.unplace(r, nick)
	}
	if !self {
		return
	}
	if r.State >= RoomLeft {
		return
	}
	to := RoomLeft
	if reason != "" {
		to = RoomRemoved
	}
	s.leave(r, to, reason, e.Seq)
}

// rename gives an occupant another nick.
func (s *Session) rename(r *Room, from, to string, self bool, seq decode.Seq) {
	s.change(Change{GroupRooms, r.JID + "/" + from, "nick", from, to, 0})
	if o := r.inside.get(from); o != nil {
		next := *o
		next.Nick, next.JID = to, r.JID+"/"+to
		s.unplace(r, from)
		s.place(r, to, next)
	}
	if self {
		s.setNick(r, to, seq)
	}
}
