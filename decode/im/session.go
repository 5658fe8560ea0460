package im

import (
	"bytes"
	"hash/maphash"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Session is what is known of one conversation after the events so far. It is
// made with [New] and is not safe for concurrent use. All of its answers are
// copies; they stay true to the moment in which they were given.
type Session struct {
	c2s bool
	// own is the client's own presence, lost the last event that told of missing
	// bytes.
	own  Presence
	lost decode.Seq
	// ownSeq is the event that told own.JID.
	ownSeq decode.Seq

	// roster holds who is in it, strangers who only has or had a say about a
	// subscription.
	roster, strangers   table[string, Item]
	rosterSeq, wholeSeq decode.Seq
	version             string
	versionSeq          decode.Seq
	contacts            table[string, contact]
	directed            table[string, decode.Seq]
	rooms               table[string, *Room]
	occupants           int // bytes of those of all rooms
	roomless            int // occupants and rooms that were forgotten
	pending             [2]table[decode.Seq, Request]
	// handled is the last request of the client that was answered: what was sent
	// before it has been seen by the server.
	handled decode.Seq
	// early are answers whose request did not come before them.
	early    [2][]early
	answered Request
	// clients are announcements by the hash of what they say, named by that of the
	// nodes that they stand for.
	clients, named table[uint64, *Announced]
	seed           maphash.Seed
	infos          table[string, *Info]
	nodes          table[string, *Info]
	items          table[string, *Items]
	server         *Announced
	domain         string // of the server
	queries        table[string, Query]
	carbons        bool
	blocked        table[string, decode.Seq]
	carbonsSeq     decode.Seq

	changes []Change
	more    int

	// lazy gives the element of the event at hand, if the caller can; tree reads
	// it otherwise.
	lazy  func() *xmlstream.Node
	tree  *xmlstream.Tree
	words []string
	codes []int
	buf   []byte
	terms map[string]string
}

// New is a session before its first event.
func New() *Session {
	return &Session{
		c2s:       true,
		roster:    newTable[string, Item](maxItems, maxRosterSize),
		strangers: newTable[string, Item](maxStrangers, 4<<20),
		contacts:  newTable[string, contact](maxContacts, maxPresenceSize),
		directed:  newTable[string, decode.Seq](maxDirected, 4<<20),
		rooms:     newTable[string, *Room](maxRooms, maxRooms*2*maxJID),
		pending: [2]table[decode.Seq, Request]{newTable[decode.Seq, Request](maxRequests, 16<<20),
			newTable[decode.Seq, Request](maxRequests, 16<<20)},
		clients: newTable[uint64, *Announced](maxClients, 8<<20),
		named:   newTable[uint64, *Announced](2*maxClients, 8<<20),
		seed:    maphash.MakeSeed(),
		infos:   newTable[string, *Info](maxInfos, maxInfoSize),
		nodes:   newTable[string, *Info](maxInfos, maxInfoSize),
		items:   newTable[string, *Items](maxInfos, maxInfoSize),
		blocked: newTable[string, decode.Seq](maxBlocked, 8<<20),
		queries: newTable[string, Query](maxQueries, 4<<20),
	}
}

// Event takes the next event of the conversation. n is its element, where the
// caller has parsed it; nil makes the session parse what it needs itself. What
// the event changed is in [Session.Changes].
func (s *Session) Event(e *decode.Event, n *xmlstream.Node) { s.event(e, n, nil) }

// EventFunc is Event for a caller that parses on demand: node is called where
// the element matters, and gives the element of e or nil.
func (s *Session) EventFunc(e *decode.Event, node func() *xmlstream.Node) { s.event(e, nil, node) }

func (s *Session) event(e *decode.Event, n *xmlstream.Node, lazy func() *xmlstream.Node) {
	s.lazy = lazy
	s.changes, s.more, s.answered = s.changes[:0], 0, Request{}
	switch e.Kind {
	case decode.KindGap:
		s.lost = e.Seq
	case decode.KindFeatures:
		if e.Dir == decode.FromReceiver {
			s.features(e, n)
		}
	case decode.KindStanza:
		s.stanza(e, n)
	}
	if e.After != nil {
		s.follow(e)
	}
}

func (s *Session) stanza(e *decode.Event, n *xmlstream.Node) {
	if e.State != nil {
		s.c2s = e.State.Profile == decode.ProfileC2S || e.State.Profile == decode.ProfileUnknown
	}
	s.learn(e)
	switch e.Name.Local {
	case "iq":
		s.iq(e, n)
	case "presence":
		if s.c2s {
			s.presence(e, n)
		} else if k := key(e.From); k != "" && (e.Type == "" || e.Type == "unavailable" || e.Type == "error") {
			if n = s.node(e, n); n != nil {
				s.seen(k, e.From, e, n)
			}
		}
	case "message":
		s.message(e, n)
	}
}

// learn finds out who the client is from what is delivered to it, where the
// binding of the resource was not seen.
func (s *Session) learn(e *decode.Event) {
	if s.own.JID == "" && s.c2s && e.Dir == decode.FromReceiver && strings.Contains(e.To, "/") && len(e.To) <= maxJID &&
		(e.After == nil || e.After.JID == "") {
		s.identify(e.To, e.Seq)
	}
}

func (s *Session) identify(jid string, seq decode.Seq) {
	s.differ(GroupAccount, "", "jid", s.own.JID, jid, s.ownSeq)
	s.own.JID, s.ownSeq = jid, seq
}

// follow takes over what the negotiation settles.
func (s *Session) follow(e *decode.Event) {
	if jid := e.After.JID; jid != "" && jid != s.own.JID && len(jid) <= maxJID {
		s.identify(jid, e.Seq)
	}
	if on := e.After.Carbons; on != s.carbons {
		s.differ(GroupAccount, "", "carbons", yes(s.carbons), yes(on), s.carbonsSeq)
		s.carbons, s.carbonsSeq = on, e.Seq
	}
}

// node is the element of an event, parsed at the latest now.
func (s *Session) node(e *decode.Event, n *xmlstream.Node) *xmlstream.Node {
	switch {
	case n != nil:
		return n
	case s.lazy != nil:
		return s.lazy()
	case s.tree == nil:
		s.tree = new(xmlstream.Tree)
	}
	return e.Element(s.tree)
}

// message follows a message: a room's talk, or results of an archive. Texts are
// not kept.
func (s *Session) message(e *decode.Event, n *xmlstream.Node) {
	if e.Dir != decode.FromReceiver {
		return
	}
	if e.Payload.Space == nsMAM && e.Payload.Local == "result" {
		s.archived(e, s.node(e, n))
	}
	if s.c2s && (e.Type == "groupchat" || e.Inside.May(mayMUCUser) && bytes.Contains(e.Text(), []byte(nsMUCUser))) {
		s.roomMessage(e, n)
	}
}

// JID is the client's full address, and the event that told it.
func (s *Session) JID() (jid string, seq decode.Seq) { return s.own.JID, s.ownSeq }

// Inherit takes over what an older session knew whose stream this one resumes
// (XEP-0198 §5): nothing of it has ended. The older one must not be used after.
func (s *Session) Inherit(old *Session) {
	if old == nil || old == s {
		return
	}
	changes, more := s.changes, s.more
	*s = *old
	s.changes, s.more = changes, more
	*old = *New()
}
