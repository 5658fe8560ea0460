package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// Bounds of chat rooms.
const (
	maxRooms     = 200
	maxOccupants = 200
	maxHistory   = 50
	givenHistory = 20 // messages that somebody gets who says nothing of it
)

// Room is a chat room that is there from the beginning (XEP-0045), open to all
// and kept where nobody is in it.
type Room struct {
	// Name is the localpart of its address.
	Name, Title, Subject string
	// Owners are localparts of accounts.
	Owners []string
}

// DefaultRooms are those of the lessons. The slice is new each time.
func DefaultRooms() []Room {
	return []Room{{Name: "verona", Title: "The market place of Verona", Subject: "Civil blood", Owners: []string{"juliet", "romeo"}}}
}

// rooms is the service for chat rooms. Server.mu guards it and what is in it.
type rooms struct {
	srv    *Server
	domain string
	all    map[jid.JID]*room
}

// room is one of them.
type room struct {
	in     *rooms
	bare   jid.JID
	locked bool // until its owner has said how it shall be (XEP-0045 §10.1.2)
	roomConfig
	occupants    []*occupant // in the order in which they came
	affiliations map[jid.JID]string
	subject      string // text
	saidBy       string // the nick of who set it
	subjectAt    time.Time
	history      []said
	archive      archive
}

// roomConfig is what an owner can choose (XEP-0045 §10.2).
type roomConfig struct {
	title, description, password                                  string
	persistent, hidden, membersOnly, moderated, whois, anySubject bool
}

// said is a message that newcomers get, without its recipient.
type said struct {
	xml string
	at  time.Time
}

// occupant is somebody in a room.
type occupant struct {
	nick, role string
	jid        jid.JID
	inside     string // of the last presence
}

// addRooms opens the service and the rooms of the options.
func (s *Server) addRooms() error {
	domain := "rooms." + s.o.Domain
	rs := &rooms{srv: s, domain: domain, all: map[jid.JID]*room{}}
	s.services[domain] = rs
	all := s.o.Rooms
	if all == nil {
		all = DefaultRooms()
	}
	for _, o := range all {
		j, err := jid.Parse(o.Name + "@" + domain)
		if err != nil || j.Local == "" || j.Resource != "" {
			return fmt.Errorf("room %q: no localpart of an address", o.Name)
		}
		r := rs.open(j)
		r.title, r.subject, r.persistent = o.Title, o.Subject, true
		r.saidBy = ""
		for _, name := range o.Owners {
			if a := s.accounts[name]; a != nil {
				r.affiliations[a.bare] = "owner"
			}
		}
	}
	return nil
}

func (rs *rooms) open(j jid.JID) *room {
	r := &room{in: rs, bare: j, affiliations: map[jid.JID]string{}, subjectAt: time.Now()}
	r.archive.ids = newIDs(rs.srv.o.Seed, "archive of "+j.String())
	r.title = j.Local
	rs.all[j] = r
	return r
}

// take handles what is sent to the service, to a room or to somebody in it.
func (rs *rooms) take(st *stanza) {
	r := rs.all[st.to.Bare()]
	switch {
	case st.kind == "presence" && st.to.Local != "":
		rs.presence(r, st)
	case st.kind == "presence":
	case st.kind == "iq" && (st.typ == "result" || st.typ == "error") && st.to.Resource == "":
	case st.kind == "iq" && st.to.Local == "":
		rs.ask(st)
	case r == nil:
		st.fail("item-not-found", "There is no such room.")
	case st.kind == "message":
		r.message(st)
	case st.to.Resource != "":
		r.pass(st)
	default:
		r.ask(st)
	}
}

// at is the occupant with an address of a client, or nil.
func (r *room) at(j jid.JID) *occupant {
	for _, o := range r.occupants {
		if o.jid == j {
			return o
		}
	}
	return nil
}

// named is the occupant with a nick, or nil.
func (r *room) named(nick string) *occupant {
	for _, o := range r.occupants {
		if o.nick == nick {
			return o
		}
	}
	return nil
}

// affiliation is what somebody is to the room for good (XEP-0045 §5.2).
func (r *room) affiliation(j jid.JID) string {
	if a := r.affiliations[j.Bare()]; a != "" {
		return a
	}
	return "none"
}

// roleFor is what somebody may do who comes in (XEP-0045 §5.1.2).
func (r *room) roleFor(j jid.JID) string {
	switch a := r.affiliation(j); {
	case a == "owner" || a == "admin":
		return "moderator"
	case a == "none" && r.moderated:
		return "visitor"
	}
	return "participant"
}

// address is an occupant's address in the room.
func (r *room) address(o *occupant) jid.JID {
	j := r.bare
	j.Resource = o.nick
	return j
}

// identity is the same for somebody each time, and tells nobody who it is
// (XEP-0421 §4).
func (r *room) identity(o *occupant) string {
	h := sha256.Sum256([]byte(r.in.srv.epoch + " " + r.bare.String() + " " + o.jid.Bare().String()))
	return element("", "occupant-id", "xmlns", nsOccupantID, "id", hex.EncodeToString(h[:12]))
}

// send brings a stanza without recipient to an occupant.
func (r *room) send(to *occupant, xml string, of jid.JID) {
	r.in.srv.post(to.jid, parcel{xml: addressed(xml, to.jid), presenceOf: of})
}

// everybody sends a stanza to all.
func (r *room) everybody(xml string) {
	for _, o := range slices.Clone(r.occupants) {
		r.send(o, xml, jid.JID{})
	}
}

// close takes a room away that nobody is in and nobody keeps.
func (r *room) close() {
	if len(r.occupants) == 0 && !r.persistent {
		delete(r.in.all, r.bare)
	}
}

// children writes what is inside a stanza anew, without the elements of some
// namespaces.
func (st *stanza) children(without ...string) string {
	var b strings.Builder
	for n := range st.Children() {
		if !slices.Contains(without, n.Name.Space) {
			b.WriteString(forwarded(n, n.Scope, "", "", ""))
		}
	}
	return b.String()
}

// statuses are codes of what happened (XEP-0045 §15.6.2).
func statuses(codes ...string) string {
	var b strings.Builder
	for _, c := range codes {
		if c != "" {
			b.WriteString(element("", "status", "code", c))
		}
	}
	return b.String()
}

// child is a child of an element that may not be there.
func child(n *xmlstream.Node, space, local string) *xmlstream.Node {
	if n == nil {
		return nil
	}
	return n.Child(space, local)
}

// attr is an attribute of an element that may not be there.
func attr(n *xmlstream.Node, name string) string {
	if n == nil {
		return ""
	}
	v, _ := n.Attr(name)
	return v
}
