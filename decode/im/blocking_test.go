package im_test

import (
	"testing"

	"xmppscope/decode/im"
)

// Who is blocked: asked for and granted, told by the server, listed (XEP-0191).
func TestBlocking(t *testing.T) {
	const (
		block   = "C: <iq type='set' id='b1'><block xmlns='urn:xmpp:blocking'><item jid='Paris@x.example'/><item jid='spam.example'/></block></iq>\n"
		granted = "S: <iq type='result' id='b1'/>\n"
	)
	list := func(items string) string {
		return "C: <iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>\nS: <iq type='result' id='l'><blocklist xmlns='urn:xmpp:blocking'>" +
			items + "</blocklist></iq>\n"
	}
	for _, c := range []struct {
		name, script, jid string
		want              bool
	}{
		{"only asked for", block, "paris@x.example", false},
		{"refused", block + "S: <iq type='error' id='b1'><error type='cancel'/></iq>", "paris@x.example", false},
		{"granted", block + granted, "paris@x.example/any", true},
		{"a whole domain", block + granted, "someone@spam.example/x", true},
		{"somebody else", block + granted, "romeo@x.example", false},
		{"told by the server", "S: <iq type='set' id='p'><block xmlns='urn:xmpp:blocking'><item jid='c@y.example/x'/></block></iq>", "c@y.example/x", true},
		{"another device of it", "S: <iq type='set' id='p'><block xmlns='urn:xmpp:blocking'><item jid='c@y.example/x'/></block></iq>", "c@y.example/z", false},
		{"told by a stranger", "S: <iq type='set' id='p' from='evil@z.example'><block xmlns='urn:xmpp:blocking'><item jid='c@y.example'/></block></iq>", "c@y.example", false},
		{"taken back", block + granted + "S: <iq type='set' id='p'><unblock xmlns='urn:xmpp:blocking'><item jid='paris@x.example'/></unblock></iq>", "paris@x.example", false},
		{"one taken back, the other not", block + granted + "S: <iq type='set' id='p'><unblock xmlns='urn:xmpp:blocking'><item jid='paris@x.example'/></unblock></iq>", "spam.example", true},
		{"all taken back", block + granted + "S: <iq type='set' id='p'><unblock xmlns='urn:xmpp:blocking'/></iq>", "spam.example", false},
		{"listed", list("<item jid='d@x.example'/>"), "d@x.example", true},
		{"not listed any more", block + granted + list("<item jid='d@x.example'/>"), "paris@x.example", false},
	} {
		s := fold(play(t, online+c.script))
		if got := s.Blocked(c.jid) != 0; got != c.want {
			t.Errorf("%s: %s is blocked: %t", c.name, c.jid, got)
		}
		if got := hasFact(s, im.GroupBlocked, "blocked"); c.want && !got {
			t.Errorf("%s: no fact tells", c.name)
		}
	}
}
