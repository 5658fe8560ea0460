package im

import (
	"iter"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Bounds of rooms.
const (
	maxRooms        = 1 << 10
	maxOccupants    = 1 << 16  // of one room
	maxOccupantSize = 64 << 20 // bytes, of all rooms together
	maxCodes        = 32       // status codes of a room, or of one stanza
	occupantSize    = presenceSize + 160
)

// RoomState says where the client stands with a room.
type RoomState uint8

const (
	// RoomJoining: asked to enter, not yet answered (XEP-0045 §7.2.1).
	RoomJoining RoomState = iota + 1
	// RoomJoined: inside.
	RoomJoined
	// RoomLeaving: said goodbye, not yet answered (XEP-0045 §7.14).
	RoomLeaving
	// RoomLeft: outside by its own will.
	RoomLeft
	// RoomRefused: not let in.
	RoomRefused
	// RoomRemoved: kicked, banned, or put out for another reason; Room.Why says
	// which.
	RoomRemoved
	// RoomDestroyed: there is no room any more (XEP-0045 §10.9).
	RoomDestroyed
)

func (r RoomState) String() string {
	if int(r) < len(roomWords) {
		return roomWords[r]
	}
	return ""
}

var roomWords = [...]string{"", "joining", "joined", "leaving", "left", "refused", "removed", "destroyed"}

// Code is a status code of a room (XEP-0045 §15.6) and the event that brought it
// last.
type Code struct {
	Number int
	Seq    decode.Seq
}

// Room is a room of XEP-0045 that the client is, was or wants to be in.
type Room struct {
	// JID is the room's bare address.
	JID string
	// State is where the client stands; Why adds the reason where it was refused
	// or put out: a stanza error, a status code in words, what somebody gave as
	// the reason.
	State    RoomState
	Why      string
	StateSeq decode.Seq
	// Nick is the client's own, as the room has confirmed it; Wanted one that it
	// has asked for and not got yet.
	Nick, Wanted       string
	NickSeq, WantedSeq decode.Seq
	// Asked is the client's request to enter, Self the room's first presence of
	// the client itself (status 110), First the first message of the room; zero
	// where not seen.
	Asked, Self, First decode.Seq
	// Messages counts those that the room has delivered.
	Messages int
	// Subject is the last one, SubjectBy the nick that set it. SubjectSeq is zero
	// before the first; an empty one is set, too.
	Subject, SubjectBy string
	SubjectSeq         decode.Seq
	// Codes are the status codes about the room or the client, at most 32, each
	// with the event that brought it last.
	Codes []Code
	// Alternate is where a destroyed room says to go.
	Alternate string
	// Occupants counts who is inside, Forgotten who is no longer known for want
	// of room.
	Occupants, Forgotten int

	inside table[string, Occupant]
}

// Room is a room by its bare address; a resource is ignored.
func (s *Session) Room(jid string) (Room, bool) {
	r := s.room(jid)
	if r == nil {
		return Room{}, false
	}
	return r.copy(), true
}

// HasRoom tells whether an address is that of a room or of somebody in it.
func (s *Session) HasRoom(jid string) bool { return s.rooms.len() > 0 && s.room(jid) != nil }

// Rooms are all of them, in the order of coming.
func (s *Session) Rooms() iter.Seq[Room] {
	return func(yield func(Room) bool) {
		for _, r := range s.rooms.all() {
			if !yield((*r).copy()) {
				return
			}
		}
	}
}

func (r *Room) copy() Room {
	c := *r
	c.Codes = append([]Code(nil), r.Codes...)
	c.Occupants, c.Forgotten = r.inside.len(), r.inside.forgotten
	return c
}

func (s *Session) room(jid string) *Room {
	if r := s.rooms.get(key(jid)); r != nil {
		return *r
	}
	return nil
}

// makeRoom adds a room; the oldest of too many is forgotten with its occupants.
func (s *Session) makeRoom(k string) *Room {
	r := &Room{JID: k, inside: newTable[string, Occupant](maxOccupants, maxOccupantSize)}
	if s.rooms.len() == maxRooms {
		s.forgetRoom(nil)
	}
	s.rooms.put(k, r, len(k))
	return r
}

// forgetRoom forgets the oldest room that is not this one.
func (s *Session) forgetRoom(but *Room) bool {
	for k, r := range s.rooms.all() {
		if *r != but {
			s.occupants -= (*r).inside.bytes
			s.roomless++
			s.rooms.remove(k)
			return true
		}
	}
	return false
}

func (s *Session) setRoom(r *Room, to RoomState, why string, seq decode.Seq) {
	was := roomWord(r)
	r.State, r.Why = to, why
	if s.differ(GroupRooms, r.JID, "state", was, roomWord(r), r.StateSeq) {
		r.StateSeq = seq
	}
}

func roomWord(r *Room) string {
	if r.Why != "" {
		return r.State.String() + ": " + r.Why
	}
	return r.State.String()
}

// leave ends the client's stay; who is inside is not known any more.
func (s *Session) leave(r *Room, to RoomState, why string, seq decode.Seq) {
	s.setRoom(r, to, why, seq)
	s.occupants -= r.inside.bytes
	r.inside.clear()
	r.Wanted = ""
}

// wantedSince is the event that asked for the wanted nick, if there is one.
func (r *Room) wantedSince() decode.Seq {
	if r.Wanted == "" {
		return 0
	}
	return r.WantedSeq
}

func (s *Session) setNick(r *Room, nick string, seq decode.Seq) {
	if s.differ(GroupRooms, r.JID, "nick", r.Nick, nick, r.NickSeq) {
		r.Nick, r.NickSeq = nick, seq
	}
	if r.Wanted == nick {
		r.Wanted = ""
	}
}

// roomPresenceSent takes what the client tells a room. It is false where the
// address is none.
func (s *Session) roomPresenceSent(e *decode.Event, n *xmlstream.Node) bool {
	k, nick := key(e.To), resource(e.To)
	r := s.room(k)
	if e.Type == "unavailable" {
		if r == nil {
			return false
		}
		if r.State < RoomLeaving {
			s.setRoom(r, RoomLeaving, "", e.Seq)
		}
		return true
	}
	join := false
	if r == nil || r.State >= RoomLeft {
		if n = s.node(e, n); n == nil || n.Child(nsMUC, "x") == nil {
			return r != nil // to a room outside of which it stands, without a join
		}
		join = true
	}
	if r == nil {
		r = s.makeRoom(k)
	}
	if join {
		s.setRoom(r, RoomJoining, "", e.Seq)
		s.setNick(r, "", e.Seq)
		r.Asked, r.Self, r.First, r.Messages, r.Codes, r.Alternate = e.Seq, 0, 0, 0, nil, ""
		r.SubjectSeq, r.Subject, r.SubjectBy = 0, "", ""
	}
	if nick != r.Nick && nick != r.Wanted {
		s.change(Change{GroupRooms, r.JID, "wanted nick", r.Wanted, nick, r.wantedSince()})
		r.Wanted, r.WantedSeq = nick, e.Seq
	}
	return true
}

// roomMessage takes what a room sends: its subject and what changes about it.
func (s *Session) roomMessage(e *decode.Event, n *xmlstream.Node) {
	r := s.room(e.From)
	if r == nil {
		// A room talks to those only who are inside: the way in was not seen.
		k := key(e.From)
		if e.Type != "groupchat" || k == "" {
			return
		}
		r = s.makeRoom(k)
		s.setRoom(r, RoomJoined, "", e.Seq)
	}
	if e.Type == "error" {
		return
	}
	if e.Type == "groupchat" {
		if r.Messages++; r.First == 0 {
			r.First = e.Seq
		}
		if e.Payload.Local == "body" && e.Payload.Space == e.Name.Space {
			return // talk
		}
	}
	if n = s.node(e, n); n == nil {
		return
	}
	if x := n.Child(nsMUCUser, "x"); x != nil && resource(e.From) == "" {
		s.keepCodes(r, x, e.Seq)
	}
	if sub := n.Child(n.Name.Space, "subject"); sub != nil && e.Type == "groupchat" &&
		n.Child(n.Name.Space, "body") == nil && n.Child(n.Name.Space, "thread") == nil {
		s.setSubject(r, text(sub, r.Subject), resource(e.From), e.Seq)
	}
}

func (s *Session) setSubject(r *Room, subject, by string, seq decode.Seq) {
	if r.SubjectSeq == 0 || subject != r.Subject || by != r.SubjectBy {
		s.change(Change{GroupRooms, r.JID, "subject", r.Subject, subject, r.SubjectSeq})
		r.Subject, r.SubjectBy, r.SubjectSeq = subject, by, seq
	}
}
