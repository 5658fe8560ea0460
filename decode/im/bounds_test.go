package im_test

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
)

// stanza is an event as decode makes it of a stanza.
func stanza(seq int, dir decode.Dir, xml string) decode.Event {
	return stanzas(new(xmlstream.Tree), seq, dir, xml)
}

// stanzas is the same for many.
func stanzas(tree *xmlstream.Tree, seq int, dir decode.Dir, xml string) decode.Event {
	e := decode.Event{Seq: decode.Seq(seq), Dir: dir, Kind: decode.KindStanza, Wire: []byte(xml), Scope: xmlstream.MidStream("jabber:client")}
	n := e.Element(tree)
	e.Name = n.Name
	e.ID, _ = n.Attr("id")
	e.Type, _ = n.Attr("type")
	e.From, _ = n.Attr("from")
	e.To, _ = n.Attr("to")
	if c := n.FirstElement(); c != nil {
		e.Payload = c.Name
	}
	return e
}

const push = "<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='user%d@example.com' name='User' subscription='both'><group>All</group></item></query></iq>"

const occupant = "<presence from='room@muc.example.com/nick%d' to='me@example.com/x'><x xmlns='http://jabber.org/protocol/muc#user'>" +
	"<item affiliation='none' role='participant'/></x></presence>"

// Large accounts fit: a roster of 100,000 and a room of 50,000.
func TestLargeFits(t *testing.T) {
	if testing.Short() {
		t.Skip("large")
	}
	s := im.New()
	var tree xmlstream.Tree
	for i := range 100_000 {
		e := stanzas(&tree, i+1, decode.FromReceiver, fmt.Sprintf(push, i))
		s.Event(&e, nil)
	}
	for i := range 50_000 {
		e := stanzas(&tree, 100_001+i, decode.FromReceiver, fmt.Sprintf(occupant, i))
		s.Event(&e, nil)
	}
	r, _ := s.Room("room@muc.example.com")
	if _, ok := s.Item("user0@example.com"); !ok || r.Occupants != 50_000 || r.Forgotten != 0 {
		t.Errorf("the first item is there: %t; %d occupants", ok, r.Occupants)
	}
	perGroup := map[string]int{}
	for _, f := range s.Facts() {
		perGroup[f.Group]++
	}
	for group, n := range perGroup {
		if n > 201 {
			t.Errorf("%d lines about %s", n, group)
		}
	}
	// the pushes were never answered: those are too many
	if got := len(s.Pending(decode.FromReceiver)); got != 4096 || !hasFact(s, im.GroupLimits, "95904 of requests") {
		t.Errorf("%d requests are open", got)
	}
}

func hasFact(s *im.Session, group, part string) bool {
	for _, f := range s.Facts() {
		if f.Group == group && strings.Contains(f.Value, part) {
			return true
		}
	}
	return false
}

// What a hostile peer makes up is forgotten, oldest first, and told.
func TestHostileIsBounded(t *testing.T) {
	var tree xmlstream.Tree
	for _, c := range []struct {
		name, xml, part string
		n               int
	}{
		{"rooms", "<presence from='r%d@muc.example.com/n' to='me@example.com/x'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>", "occupants and rooms", 1100},
		{"resources", "<presence from='a@example.com/%d' to='me@example.com/x'/>", "presences", 300},
		{"programs", "<presence from='a@example.com/1' to='me@example.com/x'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='%d'/></presence>", "capabilities", 4200},
		{"answers", "<iq type='result' id='d' from='a%d@example.com/1' to='me@example.com/x'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", "answers", 4200},
	} {
		s := im.New()
		for i := range c.n {
			e := stanzas(&tree, i+1, decode.FromReceiver, fmt.Sprintf(c.xml, i))
			s.Event(&e, nil)
		}
		if !hasFact(s, im.GroupLimits, c.part) {
			t.Errorf("%s: nothing was forgotten: %v", c.name, s.Facts()[len(s.Facts())-1])
		}
	}
	s := im.New()
	for i := range 1100 {
		e := stanza(i+1, decode.FromInitiator, fmt.Sprintf("<iq type='set' id='%d'><query xmlns='urn:xmpp:mam:2' queryid='%d'/></iq>", i, i))
		s.Event(&e, nil)
	}
	if got := len(s.Queries()); got != 1024 {
		t.Errorf("%d queries are remembered", got)
	}
	// an address that is too long to be one is nobody
	long := strings.Repeat("a", 4000) + "@example.com"
	for _, xml := range []string{"<presence from='" + long + "'/>", "<presence type='subscribe' from='" + long + "'/>",
		"<iq type='set'><query xmlns='jabber:iq:roster'><item jid='" + long + "'/></query></iq>"} {
		e := stanza(1, decode.FromReceiver, xml)
		s.Event(&e, nil)
	}
	if _, ok := s.Presence(long); ok || s.Subscription(long)&im.PendingIn != 0 {
		t.Error("an address of 4000 bytes is kept")
	}
}

// One answer with more than is kept says so, and its hash is not judged.
func TestLongAnswers(t *testing.T) {
	var b strings.Builder
	b.WriteString("<iq type='result' id='d' from='a@x.example'><query xmlns='http://jabber.org/protocol/disco#info' node='n#v'>")
	for i := range 2000 {
		fmt.Fprintf(&b, "<feature var='f%d'/>", i)
	}
	b.WriteString("</query></iq>")
	e := stanza(1, decode.FromReceiver, b.String())
	s := im.New()
	s.Event(&e, nil)
	if i, ok := s.Info("a@x.example", "n#v"); !ok || !i.Cut || len(i.Features) != 1024 || !i.Has("f7") || i.Has("f1999") {
		t.Errorf("cut %t, %d features", i.Cut, len(i.Features))
	}
	e = stanza(2, decode.FromReceiver, "<presence from='a@x.example/1'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>")
	s.Event(&e, nil)
	if c, ok := s.Caps("a@x.example/1"); !ok || c.Verdict != im.CapsUnknown {
		t.Errorf("%s", c.Verdict)
	}
	b.Reset()
	b.WriteString("<iq type='set'><query xmlns='jabber:iq:roster'>")
	for i := range 200 {
		fmt.Fprintf(&b, "<item jid='u%d@x.example' subscription='none'/>", i)
	}
	b.WriteString("</query></iq>")
	e = stanza(3, decode.FromReceiver, b.String())
	s.Event(&e, nil)
	if list, more := s.Changes(); len(list) != 64 || more < 300 {
		t.Errorf("%d changes and %d more", len(list), more)
	}
}

// An event that changes nothing costs no allocation.
func TestUnchangedIsFree(t *testing.T) {
	const room = "<presence from='room@muc.example.com/Romeo' to='me@example.com/x'><show>away</show><x xmlns='http://jabber.org/protocol/muc#user'>" +
		"<item affiliation='owner' role='moderator' jid='romeo@example.com/a'/><status code='110'/><status code='100'/></x></presence>"
	for name, xml := range map[string]string{
		"presence": "<presence from='Romeo@example.com/orchard' to='me@example.com/x'><show>away</show><status>In the garden</status>" +
			"<priority>5</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>",
		"occupant":    room,
		"message":     "<message from='romeo@example.com/orchard' to='me@example.com/x' type='chat'><body>hi</body></message>",
		"subscribe":   "<presence from='romeo@example.com' to='me@example.com' type='subscribe'/>",
		"unavailable": "<presence from='romeo@example.com/orchard' to='me@example.com/x' type='unavailable'/>",
		"talk":        "<message from='room@muc.example.com/Romeo' to='me@example.com/x' type='groupchat'><body>hi</body></message>",
	} {
		s := im.New()
		var tree xmlstream.Tree
		e := stanza(1, decode.FromReceiver, strings.Replace(xml, "Romeo@", "romeo@", 1))
		first := stanza(1, decode.FromReceiver, room)
		s.Event(&first, nil)
		s.Event(&e, nil)
		n := e.Element(&tree)
		e.Seq = 2
		if got := testing.AllocsPerRun(100, func() { s.Event(&e, n) }); got != 0 {
			t.Errorf("%s: %v allocations", name, got)
		}
		if list, _ := s.Changes(); len(list) != 0 {
			t.Errorf("%s: %v", name, list)
		}
	}
}

func BenchmarkSession(b *testing.B) {
	events := []decode.Event{
		stanza(1, decode.FromReceiver, "<presence from='romeo@example.com/orchard' to='me@example.com/x'><show>away</show></presence>"),
		stanza(2, decode.FromReceiver, "<message from='romeo@example.com/orchard' to='me@example.com/x' type='chat'><body>hi</body></message>"),
		stanza(3, decode.FromInitiator, "<iq type='get' id='p' to='example.com'><ping xmlns='urn:xmpp:ping'/></iq>"),
		stanza(4, decode.FromReceiver, "<iq type='result' id='p' from='example.com'/>"),
		stanza(5, decode.FromReceiver, fmt.Sprintf(occupant, 1)),
	}
	events[3].Reply = 3
	b.ReportAllocs()
	s := im.New()
	for i := range b.N {
		s.Event(&events[i%len(events)], nil)
	}
}
