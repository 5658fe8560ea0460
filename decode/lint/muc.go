package lint

import (
	"fmt"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// mucGroup is rooms (XEP-0045).
var mucGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkMUC,
	Rules: []Rule{
		{Name: "muc-join-shape", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(45, "7.2.1"),
			Doc:    "To enter a room, a client sends available presence to the room's address with a nick behind it.",
			Advice: "send presence without a type to room@service/nick"},
		{Name: "muc-join-order", Level: LevelError, Who: WhoReceiver, Ref: spec.XEP(45, "7.1"), Needs: NeedBoth | NeedWhole,
			Doc:    "A room first shows who is there, then the newcomer itself, then what was said, then the subject.",
			Advice: "send the newcomer's own presence after all others and before the history"},
		{Name: "muc-user-forged", Level: LevelWarning, Who: WhoInitiator, Ref: spec.XEP(45, "17.3"),
			Doc:    "Roles, addresses and status codes are for the room to tell, not for who is in it.",
			Advice: "leave them out; a room takes them out anyway"},
	},
}

const (
	maxEntries = 256
	// entryTime is how long a room may take to show itself to a newcomer. Who
	// appears later has just come.
	entryTime = 5 * time.Second
)

// entry is the entering of a room: when the own presence came, and somebody who
// was shown after it.
type entry struct {
	asked decode.Seq
	at    time.Time
	late  decode.Seq
	who   string
	tag   xmlstream.Span // of late
}

// entries is the memory of mucGroup, by room.
type entries struct{ of map[string]*entry }

func checkMUC(p *Pass) {
	e := p.Event
	if e.State.Profile != decode.ProfileC2S {
		return
	}
	switch {
	case e.Dir == decode.FromInitiator:
		if e.Name.Local == "presence" && e.Inside.May(mayMUC|mayMUCUser) {
			checkJoin(p)
		}
	case p.IM() == nil || e.From == "":
	case e.Name.Local == "presence" && e.Type == "" && e.Inside.May(mayMUCUser):
		of(&p.own.entries).occupant(p, p.IM())
	case e.Name.Local == "message" && e.Type == "groupchat":
		of(&p.own.entries).message(p, p.IM())
	}
}

func checkJoin(p *Pass) {
	e := p.Event
	n := p.Node()
	if n == nil {
		return
	}
	if x := n.Child(nsMUCUser, "x"); x != nil && !mayBeServers(e) {
		for c := range x.Children() {
			if c.Name.Space == nsMUCUser && (c.Name.Local == "status" || c.Name.Local == "item") {
				p.ReportAt("muc-user-forged", c.Tag, fmt.Sprintf("the client sends <%s/>, which only the room may tell", c.Name.Local))
				break
			}
		}
	}
	x := n.Child(nsMUC, "x")
	switch {
	case x == nil:
	case e.Type != "" && e.Type != "unavailable":
		p.ReportAt("muc-join-shape", attrSpan(p, "type"), fmt.Sprintf("the presence that enters the room has the type \"%s\"", short(e.Type)))
	case e.Type == "" && e.To != "" && resourceOf(e.To) == "":
		p.ReportAt("muc-join-shape", attrSpan(p, "to"), fmt.Sprintf("no nick stands behind %s", short(e.To)))
	}
}

// occupant looks at who is shown in a room.
func (m *entries) occupant(p *Pass, s *im.Session) {
	e := p.Event
	r, ok := s.Room(e.From)
	if !ok || r.Asked == 0 || r.Self == 0 {
		return
	}
	x := m.of[r.JID]
	if x == nil || x.asked != r.Asked {
		if r.Self != e.Seq {
			return
		}
		if m.of == nil || len(m.of) >= maxEntries {
			m.of = map[string]*entry{}
		}
		m.of[r.JID] = &entry{asked: r.Asked, at: e.Time}
		return
	}
	if o, in := s.Occupant(e.From); in && o.Joined == e.Seq && x.late == 0 && r.SubjectSeq == 0 && e.Time.Sub(x.at) < entryTime {
		x.late, x.who, x.tag = e.Seq, e.From, place("muc-join-order", e, p.Node())
	}
}

// delayed tells whether a message says itself that it was kept: the mark may be
// that of another namespace.
func delayed(p *Pass) bool {
	n := p.Node()
	return n != nil && n.Child(nsDelay, "delay") != nil
}

// message looks at what a room delivers: the subject ends what it tells a
// newcomer.
func (m *entries) message(p *Pass, s *im.Session) {
	e := p.Event
	r, ok := s.Room(e.From)
	if !ok || r.Asked == 0 {
		return
	}
	if r.Self == 0 {
		if r.First == e.Seq && r.State == im.RoomJoining && e.Inside.May(mayDelay) && delayed(p) {
			p.Report("muc-join-order", "history comes before the client's own presence in the room")
		}
		return
	}
	if x := m.of[r.JID]; x != nil && x.late != 0 && r.SubjectSeq == e.Seq {
		p.Add(Finding{Rule: "muc-join-order", Seq: x.late, Span: x.tag, Text: fmt.Sprintf("%s is shown after the client's own presence, which must come last", short(x.who))})
		x.late = 0
	}
}
