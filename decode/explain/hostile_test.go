package explain

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
)

// secretWords are what somebody could log in with, as the transcripts have
// them, in clear and in base64.
var secretWords = []string{"mirror", "rosemary", "AG1iZWQAbWlycm9y", "secret-token", "r0m30", "wrong\x00", "AHVzZXIAd3Jvbmc="}

func everything(x *Explanation) []string {
	all := append([]string{x.Title, x.What, x.Why, x.Expect}, x.More...)
	for _, n := range x.Notes {
		all = append(all, n.Text)
	}
	return all
}

func TestSecretsAreNeverTold(t *testing.T) {
	for name, script := range scripts(t) {
		events := playAll(t, script).events
		tree, s := new(xmlstream.Tree), im.New()
		for i := range events {
			s.Event(&events[i], nil)
			x := EventWith(tree, &events[i], s)
			for _, text := range everything(&x) {
				for _, s := range secretWords {
					if strings.Contains(text, s) {
						t.Errorf("%s, event %d tells the secret %q: %s", name, events[i].Seq, s, text)
					}
				}
			}
		}
	}
}

// wrapped plays one element inside a stream that is open and logged in.
func wrapped(t *testing.T, element string) []decode.Event {
	t.Helper()
	c := decode.NewConn(1, decode.Options{MidStream: true})
	at := time.Unix(0, 0)
	var all []decode.Event
	for p := []byte(element); len(p) > 0; {
		events, n := c.Feed(decode.FromReceiver, at, p)
		all = append(all, events...)
		p = p[n:]
	}
	return append(all, c.Finish(at)...)
}

func TestHugeAndHostileInputIsBounded(t *testing.T) {
	big := strings.Repeat("x", 100_000)
	many := strings.Repeat("<item jid='a@b' subscription='both'/>", 20_000)
	for name, element := range map[string]string{
		"long attribute":  "<message from='" + big + "' id='" + big + "' type='" + big + "'><body>" + big + "</body></message>",
		"long namespace":  "<iq type='get' id='1'><q xmlns='urn:" + big + "'/></iq>",
		"long names":      "<" + big + " xmlns='urn:x'><" + big + "/></" + big + ">",
		"many contacts":   "<iq type='result' id='1'><query xmlns='jabber:iq:roster'>" + many + "</query></iq>",
		"many payloads":   "<message>" + strings.Repeat("<x xmlns='urn:a'/>", 20_000) + "</message>",
		"many mechanisms": "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" + strings.Repeat("<mechanism>A</mechanism>", 20_000) + "</mechanisms></stream:features>",
		"many statuses":   "<presence from='r@c/n'><x xmlns='http://jabber.org/protocol/muc#user'>" + strings.Repeat("<status code='1'/>", 20_000) + "</x></presence>",
		"long condition":  "<stream:error><" + big + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
		"many errors":     "<iq type='error' id='1'><error>" + strings.Repeat("<a xmlns='urn:b'/>", 20_000) + "</error></iq>",
		"long mechanism":  "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><" + big + "/><text>" + big + "</text></failure>",
		"long ack":        "<a xmlns='urn:xmpp:sm:3' h='" + big + "'/>",
		"long tasks":      "<continue xmlns='urn:xmpp:sasl:2'><tasks>" + strings.Repeat("<task>"+big[:1000]+"</task>", 100) + "</tasks></continue>",
		"long priority":   "<presence from='a@b'><priority>" + big + "</priority><show>" + big + "</show></presence>",
		"unclosed":        "<message from='a'><body>" + big,
		"many features":   "<iq type='result' id='1'><query xmlns='http://jabber.org/protocol/disco#info'>" + strings.Repeat("<identity category='"+big[:5000]+"' type='a'/><feature var='"+big[:5000]+"'/>", 2000) + "</query></iq>",
		"many fields":     "<message><x xmlns='jabber:x:data' type='form'>" + strings.Repeat("<field var='"+big[:5000]+"' label='"+big[:5000]+"'>"+strings.Repeat("<value>"+big[:1000]+"</value>", 20)+"</field>", 1000) + "</x></message>",
		"deep copies":     "<message>" + strings.Repeat("<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'>", 60) + strings.Repeat("</message></forwarded></sent>", 60) + "</message>",
		"many room words": "<message from='r@c'><x xmlns='http://jabber.org/protocol/muc#user'>" + strings.Repeat("<invite from='"+big[:3000]+"'><reason>"+big[:3000]+"</reason></invite><status code='1'/>", 3000) + "</x></message>",
		"many items":      "<message><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='" + big + "'>" + strings.Repeat("<item id='"+big[:900]+"'/>", 9000) + "</items></event></message>",
		"many reactions":  "<message><reactions xmlns='urn:xmpp:reactions:0' id='" + big + "'>" + strings.Repeat("<reaction>"+big[:500]+"</reaction>", 9000) + "</reactions></message>",
		"many groups":     "<iq type='set' id='1'><query xmlns='jabber:iq:roster'><item jid='a@b'>" + strings.Repeat("<group>"+big[:2000]+"</group>", 3000) + "</item></query></iq>",
		"fields":          "<iq type='result' id='1'><query xmlns='jabber:iq:auth'>" + strings.Repeat("<z/>", 20_000) + "</query></iq>",
	} {
		events := wrapped(t, element)
		tree, s := new(xmlstream.Tree), im.New()
		for i := range events {
			s.Event(&events[i], nil)
			x := EventWith(tree, &events[i], s)
			if n := utf8.RuneCountInString(x.Title); n > 140 {
				t.Errorf("%s: a title of %d characters", name, n)
			}
			for _, text := range everything(&x) {
				if n := utf8.RuneCountInString(text); n > 2500 {
					t.Errorf("%s: a text of %d characters: %.80s", name, n, text)
				}
			}
			if len(x.Notes) > maxLines || len(x.More) > maxLines {
				t.Errorf("%s: %d notes, %d further lines", name, len(x.Notes), len(x.More))
			}
		}
	}
}

// An event that no decoder would make must not hurt either.
func TestOddEvents(t *testing.T) {
	for _, k := range append(decode.Kinds(), decode.KindNone, 99) {
		for _, s := range append(decode.Steps(), decode.StepNone, 200) {
			for _, typ := range []string{"", "get", "error", "odd"} {
				for d := range decode.Dir(2) {
					e := &decode.Event{Kind: k, Step: s, Dir: d, Type: typ}
					x := Event(e)
					if x.Title == "" && k != decode.KindNone && k < 99 {
						t.Errorf("no title for kind %v, step %v, type %q", k, s, typ)
					}
				}
			}
		}
	}
}

func FuzzEvent(f *testing.F) {
	for _, seed := range []string{
		"<message from='a'><body>x</body></message>",
		"<iq type='error' id='1'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
		"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>",
		"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a'>",
		"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>",
		"<db:result xmlns:db='jabber:server:dialback' from='a' to='b'>k</db:result>",
		"<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>a/b</authorization-identifier></success>",
		"<message from='r@c/n' type='groupchat'><x xmlns='http://jabber.org/protocol/muc#user'><invite/><decline/></x><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>",
		"<presence from='r@c/n' type='unavailable'><x xmlns='http://jabber.org/protocol/muc#user'><item role='none' nick='m'><actor/></item><status code='303'/><destroy/></x></presence>",
		"<presence from='a@b/c'><priority>-1</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/><show>xa</show></presence>",
		"<iq type='result' id='1'><query xmlns='http://jabber.org/protocol/disco#info' node='n#v'><identity category='client' type='pc'/><feature var='a'/><x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>f</value></field></x></query></iq>",
		"<iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n'><item id='i'><list xmlns='eu.siacs.conversations.axolotl'/></item></publish></pubsub></iq>",
		"<message><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></sent></message></forwarded></result></message>",
		"<iq type='set' id='1'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate'><content><description/><transport/></content><reason/></jingle></iq>",
		"<iq type='set' id='1'><command xmlns='http://jabber.org/protocol/commands'><actions/><note/></command></iq>",
		"<presence type='subscribe' from='a@b' to='c@d'/><presence type='subscribed' from='a@b' to='c@d'/>",
		"<message><encrypted xmlns='urn:xmpp:omemo:2'/><body/></message>",
	} {
		f.Add([]byte(seed), uint8(0))
		f.Add([]byte(seed), uint8(3))
	}
	f.Fuzz(func(t *testing.T, data []byte, how uint8) {
		c := decode.NewConn(1, decode.Options{MidStream: how&2 != 0})
		var events []decode.Event
		for p := data; len(p) > 0; {
			got, n := c.Feed(decode.Dir(how&1), time.Unix(0, 0), p)
			if events = append(events, got...); n == 0 && len(got) == 0 {
				t.Fatalf("%d bytes are neither taken nor told", len(p))
			}
			p = p[n:]
		}
		events = append(events, c.Finish(time.Unix(0, 0))...)
		tree, s := new(xmlstream.Tree), im.New()
		for i := range events {
			s.Event(&events[i], nil)
			x := EventWith(tree, &events[i], s)
			size := int32(len(events[i].Text()))
			for _, n := range x.Notes {
				if n.Span.Start < 0 || n.Span.Start >= n.Span.End || n.Span.End > size {
					t.Fatalf("a note on %v of %d bytes", n.Span, size)
				}
			}
			if Who(&events[i]) == "" {
				t.Fatal("nobody sent it")
			}
		}
	})
}
