package decode

import (
	"testing"

	"xmppscope/decode/xmlstream"
)

// TestInsideSpaces keeps the marks of everyday namespaces apart: where two are
// one, rules read many stanzas for nothing.
func TestInsideSpaces(t *testing.T) {
	seen := map[Inside]string{}
	for _, space := range []string{"jabber:client", "urn:xmpp:receipts", "urn:xmpp:chat-markers:0",
		"http://jabber.org/protocol/chatstates", "urn:xmpp:sid:0", "urn:xmpp:message-correct:0",
		"urn:xmpp:occupant-id:0", "urn:xmpp:delay", "urn:xmpp:carbons:2", "urn:xmpp:mam:2",
		"http://jabber.org/protocol/muc", "http://jabber.org/protocol/muc#user", "urn:xmpp:hints",
		"urn:xmpp:forward:0", "http://jabber.org/protocol/caps", "vcard-temp:x:update",
		"eu.siacs.conversations.axolotl", "urn:xmpp:eme:0", "jabber:x:oob", "urn:xmpp:idle:1",
		"http://jabber.org/protocol/nick", "http://jabber.org/protocol/pubsub#event",
		"urn:xmpp:reactions:0", "urn:xmpp:fallback:0", "urn:xmpp:reply:0",
		"urn:ietf:params:xml:ns:xmpp-stanzas"} {
		mark := InsideSpace(space)
		if mark >= InsideBody || seen[mark] != "" {
			t.Errorf("the mark %x of %s is that of %q", uint64(mark), space, seen[mark])
		}
		seen[mark] = space
	}
}

// TestInside says what marks elements have, beside those of namespaces.
func TestInside(t *testing.T) {
	for text, want := range map[string]Inside{
		`<message/>`:                                                       0,
		`<message><body>a</body></message>`:                                InsideBody,
		`<message><body/><body/></message>`:                                InsideBody | InsideTwice | InsideSeveral,
		`<message><body/><subject/></message>`:                             InsideBody | InsideSubject | InsideSeveral,
		`<message><thread><b/></thread></message>`:                         InsideThread | InsideDeep,
		`<message><body>a<b xmlns='x'/></body></message>`:                  InsideBody | InsideDeep,
		`<message> <a xmlns='x'><b/></a></message>`:                        0,
		`<message><a xmlns='x'/>t<b xmlns='x'/></message>`:                 InsideSeveral,
		`<message><a xmlns='x'/><b xmlns='y'><c xmlns='x'/></b></message>`: InsideSeveral,
		`<message><p:a xmlns:p='x'/></message>`:                            InsidePrefix,
		`<message xml:lang='de'><body><![CDATA[a]]></body></message>`:      InsideBody | InsideLang | InsideCDATA,
		`<presence><show/><priority/><status/></presence>`:                 InsideShow | InsidePriority | InsideOther | InsideSeveral,
		`<iq><error/></iq>`:                                                InsideError,
		`<message><active xmlns='http://jabber.org/protocol/chatstates'/><gone xmlns='http://jabber.org/protocol/chatstates'/></message>`: InsideOdd | InsideSeveral,
		`<message><origin-id xmlns='urn:xmpp:sid:0' id='1'/><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='a'/></message>`:                  InsideSeveral,
		`<message><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='a'/><stanza-id xmlns='urn:xmpp:sid:0' id='1' by='b'/></message>`:           InsideOdd | InsideSeveral,
		`<message><stanza-id xmlns='urn:xmpp:sid:0' id='1' by=''/></message>`:                                                             InsideOdd,
		`<message><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/></message>`:                              InsideSeveral,
		`<message><received xmlns='urn:xmpp:receipts'/></message>`:                                                                        InsideReceipt,
		`<message><read xmlns='urn:xmpp:chat-markers:0'/></message>`:                                                                      InsideReceipt,
	} {
		var tree xmlstream.Tree
		n := tree.Parse([]byte(text), nil, xmlstream.Options{})
		if n == nil {
			t.Fatal(text)
		}
		got := insideOf(n)
		if !got.May(0) && got&^(1<<insideSpaces-1) == want|insideKnown && got&insideKnown != 0 {
			continue
		}
		t.Errorf("%s has the marks %b, not %b", text, uint64(got)>>insideSpaces, uint64(want|insideKnown)>>insideSpaces)
	}
	if !Inside(0).May(InsideBody) || Inside(0).Has(0) {
		t.Error("nothing is known, and yet something is ruled out or holds")
	}
	if in := insideKnown | InsideBody; !in.Has(InsideBody) || in.Has(InsideBody|InsideShow) {
		t.Error("a mark that is there does not hold, or one that is not there does")
	}
}
