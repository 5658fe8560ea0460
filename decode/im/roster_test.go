package im_test

import (
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/im"
)

func pushOf(item string) string {
	return "S: <iq type='set' id='p'><query xmlns='jabber:iq:roster'><item " + item + "/></query></iq>\n"
}

// What a push says about a subscription, where the client has said something
// meanwhile (RFC 6121 §2.1.6, §A).
func TestPushesAndStanzas(t *testing.T) {
	const (
		ask      = "C: <presence to='b@x.example' type='subscribe'/>\n"
		asked    = "S: <presence from='b@x.example' to='me@x.example' type='subscribe'/>\n"
		question = "C: <iq type='get' id='v' to='x.example'><ping xmlns='urn:xmpp:ping'/></iq>\n"
		answer   = "S: <iq type='result' id='v' from='x.example' to='me@x.example/1'/>\n"
	)
	for _, c := range []struct{ name, script, want string }{
		{"who asked still waits", asked + pushOf("jid='b@x.example' name='B' subscription='none'"), "None + Pending In"},
		{"who asked still waits beside the other direction", asked + pushOf("jid='b@x.example' subscription='to'"), "To + Pending In"},
		{"what is granted does not wait", asked + pushOf("jid='b@x.example' subscription='from'"), "From"},
		{"a push from before the own request", ask + pushOf("jid='b@x.example' subscription='none'"), "None + Pending Out"},
		{"one from after it", ask + question + answer + pushOf("jid='b@x.example' subscription='none'"), "None"},
		{"the request shows, and then not any more", ask + pushOf("jid='b@x.example' subscription='none' ask='subscribe'") +
			pushOf("jid='b@x.example' subscription='none'"), "None"},
		{"the own cancellation is on its way", "C: <presence to='a@x.example' type='unsubscribe'/>\n" + pushOf("jid='a@x.example' subscription='both' name='A'"), ""},
		{"a pre-approval changes nothing yet", "C: <presence to='b@x.example' type='subscribed'/>\n" + pushOf("jid='b@x.example' subscription='none' approved='true'"), "None"},
		{"to with ask is to", pushOf("jid='b@x.example' subscription='to' ask='subscribe'"), "To"},
	} {
		s := fold(play(t, online+c.script))
		jid, want := "b@x.example", c.want
		if want == "" {
			jid, want = "a@x.example", "From"
		}
		if got := s.Subscription(jid); got.String() != want || !got.Known() {
			t.Errorf("%s: %s, known %t, want %s", c.name, got, got.Known(), want)
		}
	}
	s := fold(play(t, online+pushOf("jid='b@x.example' subscription='none' approved='true'")))
	if i, _ := s.Item("b@x.example"); !i.Approved || i.Ask {
		t.Errorf("have %+v", i)
	}
}

// An empty answer says that the client's version is the newest (RFC 6121 §2.6.3).
func TestRosterNewest(t *testing.T) {
	s := fold(play(t, login+"C: <iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='7'/></iq>\nS: <iq type='result' id='r'/>"))
	if v, seq := s.RosterVersion(); v != "7" || seq == 0 {
		t.Errorf("version %q since %d", v, seq)
	}
}

// Directed presence ends with the goodbye to all (RFC 6121 §4.6.3).
func TestDirected(t *testing.T) {
	const hello = online + "C: <presence/>\nC: <presence to='n@y.example/w'/>\n"
	s := fold(play(t, hello))
	if s.Directed("n@y.example/w") == 0 {
		t.Error("nobody was told")
	}
	if s = fold(play(t, hello+"C: <presence type='unavailable'/>")); s.Directed("n@y.example/w") != 0 {
		t.Error("it does not end")
	}
}

// A message with a text does not set the subject (XEP-0045 §7.2.15).
func TestSubjectStandsAlone(t *testing.T) {
	s := im.New()
	for i, xml := range []string{
		"<message type='groupchat' from='r@muc.example/A' to='me@x.example/1'><subject>first</subject></message>",
		"<message type='groupchat' from='r@muc.example/B' to='me@x.example/1'><subject>second</subject><body>hi</body></message>",
		"<message type='groupchat' from='r@muc.example/B' to='me@x.example/1'><subject>third</subject><thread>t</thread></message>",
	} {
		e := stanza(i+1, decode.FromReceiver, xml)
		s.Event(&e, nil)
	}
	if r, _ := s.Room("r@muc.example"); r.Subject != "first" || r.SubjectBy != "A" || r.SubjectSeq != 1 || r.Messages != 3 {
		t.Errorf("have %+v", r)
	}
}

// An answer without a node is about the one that was asked for.
func TestAskedNode(t *testing.T) {
	s := fold(play(t, online+`C: <iq type='get' id='d' to='a@x.example/1'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>
S: <iq type='result' id='d' from='a@x.example/1'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='f'/></query></iq>`))
	if i, ok := s.Info("a@x.example/1", "n"); !ok || !i.Has("f") {
		t.Errorf("have %+v", i)
	}
}
