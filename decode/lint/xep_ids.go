package lint

import (
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// messageIDGroup is the ids by which later messages refer to earlier ones.
var messageIDGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkMessageIDs,
	Rules: []Rule{
		{Name: "stanza-id-dup", Level: LevelError, Ref: spec.XEP(359, "3"),
			Doc:    "Everybody who gives a message an id gives it one, and says who gave it.",
			Advice: "write one stanza-id with id and by; take out those that claim to be yours"},
		{Name: "correction-foreign", Level: LevelError, Ref: spec.XEP(308, "4"),
			Doc:    "Only who wrote a message may correct it.",
			Advice: "show such a correction as a message of its own"},
	},
}

// maxAuthors bounds the messages whose author is remembered.
const maxAuthors = 1 << 10

// authors is the memory of messageIDGroup: who wrote what. Almost nothing is
// ever corrected, so it is a list that is searched then: keys are hashes of the
// chat and the id, of the messages in turn. Those who talk in turn share one
// entry.
type authors struct {
	keys []uint64
	who  []*author
	last [2]*author // of each direction
	next int        // the oldest, where the list is full
}

// author is an address and, in rooms, the id that stays when the nick changes.
type author struct{ jid, occupant string }

func checkMessageIDs(p *Pass) {
	e := p.Event
	if e.Name.Local != "message" || e.Type == "error" {
		return
	}
	if e.Inside.May(mayStanzaID) && e.Inside.May(decode.InsideOdd) {
		checkStanzaIDs(p)
	}
	m := of(&p.own.authors)
	if e.Inside.May(mayCorrect) {
		m.correct(p)
	}
	if e.ID != "" && e.Payload.Local != "" && len(e.ID) < maxResumeID {
		m.note(p)
	}
}

func checkStanzaIDs(p *Pass) {
	n := p.Node()
	if n == nil {
		return
	}
	var givers []string
	for c := range n.Children() {
		if c.Name.Space != nsStanzaID || c.Name.Local != "stanza-id" || len(givers) >= 64 {
			continue
		}
		by, _ := c.Attr("by")
		switch id, _ := c.Attr("id"); {
		case id == "":
			p.ReportAt("stanza-id-dup", c.Tag, "the stanza-id has no id")
			return
		case by == "":
			p.ReportAt("stanza-id-dup", c.Tag, "the stanza-id does not say by whom it is")
			return
		case slices.Contains(givers, by):
			p.ReportAt("stanza-id-dup", c.Tag, fmt.Sprintf("there are two stanza-ids by %s", short(by)))
			return
		}
		givers = append(givers, by)
	}
}

// chat is where a message belongs and who wrote it. What a client says in a room
// comes back from there and counts then.
func chat(p *Pass) (where string, who author, ok bool) {
	e := p.Event
	own := ownJID(p)
	if e.State.Profile != decode.ProfileC2S || e.To == "" && e.From == "" || len(e.To)+len(e.From) > 2*maxAddress {
		return "", author{}, false
	}
	if e.Dir == decode.FromInitiator {
		return bare(e.To), author{jid: bare(own)}, e.Type != "groupchat" && own != "" && e.To != ""
	}
	who = author{jid: bare(e.From)}
	room := e.Type == "groupchat"
	if s := p.IM(); s != nil && !room {
		room = s.HasRoom(e.From)
	}
	if room {
		who.jid = e.From
		if e.Inside.May(mayOccupant) {
			if n := p.Node(); n != nil {
				who.occupant = occupantOf(n)
			}
		}
	}
	return bare(e.From), who, e.From != ""
}

func occupantOf(n *xmlstream.Node) string {
	if o := n.Child(nsOccupant, "occupant-id"); o != nil {
		v, _ := o.Attr("id")
		return v
	}
	return ""
}

func (m *authors) note(p *Pass) {
	where, who, ok := chat(p)
	if !ok {
		return
	}
	k := p.engine.hash(where, p.Event.ID)
	one := m.last[p.Event.Dir&1]
	if one == nil || *one != who {
		one = &author{who.jid, who.occupant}
		m.last[p.Event.Dir&1] = one
	}
	if len(m.keys) < maxAuthors {
		m.keys, m.who = append(m.keys, k), append(m.who, one)
		return
	}
	m.keys[m.next], m.who[m.next] = k, one
	m.next = (m.next + 1) % maxAuthors
}

// wrote is who wrote a message; nobody where two have used the id, or none.
func (m *authors) wrote(k uint64) (who author) {
	for i := range m.keys {
		switch x := m.who[i]; {
		case m.keys[i] != k:
		case who.jid == "":
			who = *x
		case !sameAuthor(who, *x):
			return author{}
		}
	}
	return who
}

func sameAuthor(a, b author) bool {
	return sameAddress(a.jid, b.jid) || a.occupant != "" && a.occupant == b.occupant
}

func (m *authors) correct(p *Pass) {
	n := p.Node()
	if n == nil {
		return
	}
	r := n.Child(nsCorrect, "replace")
	if r == nil {
		return
	}
	where, who, ok := chat(p)
	id, _ := r.Attr("id")
	if !ok {
		return
	}
	old := m.wrote(p.engine.hash(where, id))
	if old.jid != "" && !sameAuthor(old, who) {
		p.ReportAt("correction-foreign", r.Tag, fmt.Sprintf("%s corrects the message \"%s\", which %s wrote", short(who.jid), short(id), short(old.jid)))
	}
}
