package im_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/im"
)

// login is a stream up to the bound resource, online the roster too.
const login = `C: <?xml version='1.0'?><stream:stream to='x.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S: <?xml version='1.0'?><stream:stream from='x.example' id='a1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@x.example/1</jid></bind></iq>
`

const online = login + `C: <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>
S: <iq type='result' id='r'><query xmlns='jabber:iq:roster'><item jid='a@x.example' subscription='both'/></query></iq>
`

// What comes in HTTP or WebSocket has its XML beside its bytes.
func TestCarriedXML(t *testing.T) {
	e := stanza(1, decode.FromReceiver, "<presence from='a@x.example/1' to='me@x.example/1'><show>xa</show></presence>")
	e.XML, e.Wire = e.Wire, []byte{0x81, 0x05}
	s := im.New()
	s.Event(&e, nil)
	if p, ok := s.Presence("a@x.example/1"); !ok || p.String() != "xa" {
		t.Errorf("have %v %t", p.String(), ok)
	}
}

func TestPresenceOfAccounts(t *testing.T) {
	s := fold(play(t, online+`S: <presence from='a@x.example' to='me@x.example/1' type='unavailable'/>
S: <presence from='a@x.example/phone' to='me@x.example/1'><priority>-1</priority></presence>
S: <presence from='a@x.example/desk' to='me@x.example/1'><show>dnd</show><priority>900</priority></presence>
S: <presence from='a@x.example/desk' to='me@x.example/1' type='unavailable'><status>bye</status></presence>
S: <presence from='b@y.example' to='me@x.example/1' type='error'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>`))
	var got []string
	for _, p := range s.Resources("A@x.example") {
		got = append(got, p.JID+" "+p.String()+" "+p.Status)
	}
	// the bare one that said nobody is there is gone
	if want := []string{"a@x.example/phone available ", "a@x.example/desk unavailable bye"}; !slices.Equal(got, want) {
		t.Errorf("have %q", got)
	}
	if p, _ := s.Presence("a@x.example/phone"); p.Priority != -1 || !p.Available() || p.Since == 0 {
		t.Errorf("have %+v", p)
	}
	if p, ok := s.Presence("b@y.example"); !ok || p.Condition != "remote-server-not-found" || p.Available() {
		t.Errorf("have %+v", p)
	}
	if _, ok := s.Presence("a@x.example/tablet"); ok {
		t.Error("nobody has seen the tablet")
	}
}

// A device that goes silently takes the others with it only where the bare
// address says so.
func TestBareUnavailable(t *testing.T) {
	s := fold(play(t, online+`S: <presence from='a@x.example/phone' to='me@x.example/1'/>
S: <presence from='a@x.example' to='me@x.example/1' type='unavailable'/>`))
	if p, _ := s.Presence("a@x.example/phone"); p.Type != "unavailable" {
		t.Errorf("have %s", p.String())
	}
}

func TestRequests(t *testing.T) {
	events := play(t, online+`C: <iq type='get' id='v' to='x.example'><query xmlns='jabber:iq:version'/></iq>
wait 31s
S: <iq type='get' id='p' from='x.example'><ping xmlns='urn:xmpp:ping'/></iq>
C: <iq type='result' id='p' to='x.example'/>`)
	s := fold(events)
	open := s.Pending(decode.FromInitiator)
	if len(open) != 1 || open[0].ID != "v" || open[0].Name.Space != "jabber:iq:version" || len(s.Pending(decode.FromReceiver)) != 0 {
		t.Fatalf("open are %+v", open)
	}
	if age := open[0].Age(events[len(events)-1].Time); age < 31*time.Second || age > 32*time.Second {
		t.Errorf("it is %v old", age)
	}
	if r, ok := s.Answered(); !ok || r.ID != "p" || r.Dir != decode.FromReceiver {
		t.Errorf("the last answer is to %+v", r)
	}
}

// Without a fetched roster there are no pushes: the answer to the own wish counts.
func TestRosterWish(t *testing.T) {
	const start = login +
		"C: <iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@x.example' name='A'/></query></iq>\n"
	if _, ok := fold(play(t, start+"S: <iq type='error' id='1'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")).Item("a@x.example"); ok {
		t.Error("a wish that was refused came true")
	}
	s := fold(play(t, start+"S: <iq type='result' id='1'/>"))
	if i, ok := s.Item("a@x.example"); !ok || i.Name != "A" || s.Subscription("a@x.example").Known() {
		t.Errorf("have %+v", i)
	}
	s = fold(play(t, start+"S: <iq type='result' id='1'/>\nC: <iq type='set' id='2'><query xmlns='jabber:iq:roster'>"+
		"<item jid='a@x.example' subscription='remove'/></query></iq>\nS: <iq type='result' id='2'/>"))
	if _, ok := s.Item("a@x.example"); ok {
		t.Error("it is still there")
	}
}

// A new answer replaces the whole list, but not a request that waits.
func TestRosterAgain(t *testing.T) {
	s := fold(play(t, online+`S: <presence from='c@x.example' to='me@x.example' type='subscribe'/>
C: <iq type='get' id='r2'><query xmlns='jabber:iq:roster'/></iq>
S: <iq type='result' id='r2'><query xmlns='jabber:iq:roster' ver='9'><item jid='b@x.example' subscription='to'/></query></iq>`))
	var got []string
	for i := range s.Roster() {
		got = append(got, i.JID)
	}
	if !slices.Equal(got, []string{"b@x.example"}) || s.Subscription("a@x.example") != im.None || s.Subscription("c@x.example") != im.PendingIn {
		t.Errorf("listed are %v, a is %s, c is %s", got, s.Subscription("a@x.example"), s.Subscription("c@x.example"))
	}
	if v, seq := s.RosterVersion(); v != "9" || seq == 0 {
		t.Errorf("version %q since %d", v, seq)
	}
}

// Presence that was on its way when the client had left does not bring it back.
func TestLateOccupants(t *testing.T) {
	const room = online + `C: <presence/>
C: <presence to='r@muc.example/Me'><x xmlns='http://jabber.org/protocol/muc'/></presence>
S: <presence from='r@muc.example/Me2' to='me@x.example/1'><x xmlns='http://jabber.org/protocol/muc#user'><item role='participant' affiliation='none'/><status code='110'/><status code='210'/></x></presence>
`
	const late = "S: <presence from='r@muc.example/B' to='me@x.example/1'><x xmlns='http://jabber.org/protocol/muc#user'><item role='visitor' affiliation='none'/></x></presence>\n"
	s := fold(play(t, room))
	if r, _ := s.Room("r@muc.example/any"); r.State != im.RoomJoined || r.Nick != "Me2" || r.Wanted != "" || r.Asked == 0 || r.Self <= r.Asked {
		t.Errorf("have %+v", r)
	}
	s = fold(play(t, room+"C: <presence type='unavailable'/>\n"+late))
	if r, _ := s.Room("r@muc.example"); r.State != im.RoomLeft || r.Occupants != 0 {
		t.Errorf("%s with %d occupants", r.State, r.Occupants)
	}
	// somebody else's goodbye is his alone
	s = fold(play(t, room+late+"S: <presence from='r@muc.example/B' to='me@x.example/1' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' affiliation='none'/><status code='307'/></x></presence>"))
	if r, _ := s.Room("r@muc.example"); r.State != im.RoomJoined || r.Occupants != 1 {
		t.Errorf("%s with %d occupants", r.State, r.Occupants)
	}
	if o, ok := s.Occupant("r@muc.example/Me2"); !ok || o.Role != "participant" || o.RoleSeq == 0 || o.Joined == 0 {
		t.Errorf("have %+v", o)
	}
}

// A resumed stream goes on with what the older one knew.
func TestInherit(t *testing.T) {
	old := fold(play(t, online))
	s := im.New()
	s.Inherit(old)
	if _, ok := s.Item("a@x.example"); !ok {
		t.Error("the roster is lost")
	}
	if len(old.Facts()) != 0 {
		t.Error("the older one still knows something")
	}
	s.Inherit(s)
	s.Inherit(nil)
	if jid, _ := s.JID(); jid != "me@x.example/1" {
		t.Errorf("it belongs to %q", jid)
	}
}

// Between servers there is no roster and nobody's room: requests and presence
// are followed, nothing else.
func TestServers(t *testing.T) {
	e := stanza(1, decode.FromInitiator, "<presence from='a@x.example' to='b@y.example' type='subscribe'/>")
	p := stanza(2, decode.FromInitiator, "<presence from='a@x.example/1' to='r@muc.y.example/A'><x xmlns='http://jabber.org/protocol/muc#user'/></presence>")
	q := stanza(3, decode.FromReceiver, "<iq type='set' id='1' from='b@y.example'><query xmlns='jabber:iq:roster'><item jid='z@y.example' subscription='both'/></query></iq>")
	s := im.New()
	for _, e := range []decode.Event{e, p, q} {
		e.State = &decode.State{Profile: decode.ProfileS2S}
		s.Event(&e, nil)
	}
	if _, ok := s.Item("z@y.example"); ok {
		t.Error("there is no roster between servers")
	}
	if _, ok := s.Presence("a@x.example/1"); !ok || len(s.Pending(decode.FromReceiver)) != 1 {
		t.Error("presence and requests are followed")
	}
	if slices.Collect(s.Rooms()) != nil || s.Subscription("b@y.example")&^im.Unsure != im.None {
		t.Error("nobody stands in the middle")
	}
}

func TestVarsTable(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range im.Vars() {
		if v.Group == "" || v.Doc == "" || seen[v.Group] {
			t.Errorf("%q: %q", v.Group, v.Doc)
		}
		seen[v.Group] = true
		if f := v.Facts(im.New()); len(f) != 0 {
			t.Errorf("before the first event %s has %v", v.Group, f)
		}
	}
}

// Where the directions do not keep step an answer may come before its request:
// that is not open.
func TestEarlyAnswer(t *testing.T) {
	s := im.New()
	for i, c := range []struct {
		dir decode.Dir
		xml string
	}{
		{decode.FromReceiver, "<iq type='result' id='1' from='x.example'/>"},
		{decode.FromReceiver, "<iq type='result' id='2' from='y.example'/>"},
		{decode.FromInitiator, "<iq type='get' id='1' to='x.example'><ping xmlns='urn:xmpp:ping'/></iq>"},
		{decode.FromInitiator, "<iq type='get' id='1' to='x.example'><ping xmlns='urn:xmpp:ping'/></iq>"},
		{decode.FromInitiator, "<iq type='get' id='2' to='x.example'><ping xmlns='urn:xmpp:ping'/></iq>"},
	} {
		e := stanza(i+1, c.dir, c.xml)
		s.Event(&e, nil)
	}
	var open []decode.Seq
	for _, r := range s.Pending(decode.FromInitiator) {
		open = append(open, r.Seq)
	}
	if !slices.Equal(open, []decode.Seq{4, 5}) {
		t.Errorf("open are %v", open)
	}
}

// What the server announces in its features is held against its answer, asked
// with the node or without.
func TestServerCaps(t *testing.T) {
	const start = `C: <?xml version='1.0'?><stream:stream to='x.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S: <?xml version='1.0'?><stream:stream from='x.example' id='a1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>` + sha1C + `</stream:features>
C: <iq type='get' id='d' to='x.example'><query xmlns='http://jabber.org/protocol/disco#info'NODE/></iq>
S: <iq type='result' id='d' from='x.example'><query xmlns='http://jabber.org/protocol/disco#info'NODE>` + exodus + `</query></iq>`
	for _, node := range []string{"", " node='n#QgayPKawpkPSDYmwT/WM94uAlu0='"} {
		s := fold(play(t, strings.ReplaceAll(start, "NODE", node)))
		if c, ok := s.Caps(""); !ok || c.Verdict != im.CapsMatch || !hasFact(s, im.GroupCapabilities, "matches") {
			t.Errorf("%q: %s", node, c.Verdict)
		}
		if list, _ := s.Changes(); len(list) == 0 || list[len(list)-1].Now != "matches" {
			t.Errorf("%q: %v", node, list)
		}
	}
}
