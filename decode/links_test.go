package decode

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/decode/sasl"
)

// The receiving server opens a connection back to verify the key: both are
// joined by the id of the first stream (XEP-0220 §2.1, figure of the whole).
func TestDialbackIsJoined(t *testing.T) {
	const head = "<stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams' "
	first, second := NewConn(1, Options{}), NewConn(2, Options{})
	var l Links
	var all []*Event
	say := func(c *Conn, dir Dir, text string) {
		for _, e := range feedAll(c, dir, time.Unix(0, 0), []byte(text)) {
			e.Seq = Seq(len(all) + 1)
			l.Note(&e)
			all = append(all, &e)
		}
	}
	say(first, FromInitiator, head+"from='montague.example' to='capulet.example'>")
	say(first, FromReceiver, head+"id='D60' from='capulet.example' to='montague.example'>")
	say(first, FromInitiator, "<db:result from='montague.example' to='capulet.example'>key</db:result>")
	say(second, FromInitiator, head+"from='capulet.example' to='montague.example'>")
	say(second, FromReceiver, head+"id='X1' from='montague.example' to='capulet.example'>")
	say(second, FromInitiator, "<db:verify from='capulet.example' to='montague.example' id='D60'>key</db:verify>")
	say(second, FromReceiver, "<db:verify from='montague.example' to='capulet.example' id='D60' type='valid'/>")
	say(first, FromReceiver, "<db:result from='capulet.example' to='montague.example' type='valid'/>")
	for i, want := range []Seq{0, 0, 0, 0, 0, 3, 3, 6} {
		if all[i].Related != want {
			t.Errorf("event %d (%s) is about %d, want %d", i+1, all[i].Step, all[i].Related, want)
		}
	}
}

// playLinked plays transcripts one after the other through the same Links.
func playLinked(t *testing.T, scripts ...string) (all []Event) {
	var l Links
	for _, script := range scripts {
		_, events := parseTranscript(t, script).play(whole)
		for i := range events {
			events[i].Seq = Seq(len(all) + 1)
			l.Note(&events[i])
			all = append(all, events[i])
		}
	}
	return all
}

// related writes which event each event is about, those about none left out.
func related(all []Event) string {
	var b strings.Builder
	for i := range all {
		if all[i].Related != 0 {
			fmt.Fprintf(&b, "%d>%d ", all[i].Seq, all[i].Related)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestResumptionAndRedirectionAreJoined(t *testing.T) {
	const open = "C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>\n" +
		"S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>\n"
	const enable = open + "C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>\nS: <enabled xmlns='urn:xmpp:sm:3' id='s-1' resume='true'/>\n"
	const login = open + "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><resume xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3'/></bind></authenticate>\nS: <success xmlns='urn:xmpp:sasl:2'>"
	const moved = "S: <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>b</see-other-host></stream:error>\n"
	for _, c := range []struct {
		name    string
		scripts []string
		want    string
	}{
		{"both", []string{enable + moved, open + "C: <resume xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/>\nS: <resumed xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/>\n"}, "6>5 8>4 9>4"},
		{"a redirection is followed once", []string{open + moved, open, open}, "4>3"},
		{"a resumption that fails", []string{enable, open + "C: <resume xmlns='urn:xmpp:sm:3' previd='other' h='0'/>\nS: <failed xmlns='urn:xmpp:sm:3'/>\n"}, ""},
		{"inside a login", []string{enable, login + "<resumed xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/></success>\n"}, "7>4 8>4"},
		{"made inside a login", []string{login + "<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='s-1'/></bound></success>\n",
			open + "C: <resume xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/>\n"}, "7>4"},
	} {
		if got := related(playLinked(t, c.scripts...)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A resumed stream goes on as who the older one was, and with what it had
// switched on, until it says otherwise (XEP-0198 §5).
func TestResumedStreamsInherit(t *testing.T) {
	const open = "C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>\n" +
		"S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>\n"
	login := func(user string) string {
		return open + "C: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + user + "</auth>\n" +
			"S: <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>\n" + open
	}
	const juliet, romeo = "AGp1bGlldABwdw==", "AHJvbWVvAHB3" // their passwords are pw
	first := login(juliet) + "C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>\n" +
		"S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@a/x</jid></bind></iq>\n" +
		"C: <enable xmlns='urn:xmpp:sm:3' resume='true'/><presence/>\nS: <enabled xmlns='urn:xmpp:sm:3' id='s-1' resume='true'/>\n" +
		"C: <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\nS: <iq type='result' id='c'/>\nC reset\n"
	const resume = "C: <resume xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/>\nS: <resumed xmlns='urn:xmpp:sm:3' previd='s-1' h='2'/>\n" +
		"C: <presence/><presence type='unavailable'/><presence/><iq type='set' id='d'><disable xmlns='urn:xmpp:carbons:2'/></iq>\nS: <iq type='result' id='d'/>\n"
	play := func(user string) (all []string, jid string) {
		var l Links
		var seq Seq
		for conn, script := range []string{first, login(user) + resume} {
			_, events := parseTranscript(t, script).play(whole)
			for i := range events {
				e := &events[i]
				seq++
				e.Seq, e.Conn = seq, ConnID(conn+1)
				l.Note(e)
				if conn == 1 && (e.Step == StepSMResume || e.Kind == KindStanza) {
					all = append(all, fmt.Sprint(e.Step, " ", e.State.JID, ">", e.After.JID, " ", e.After.Available, " ", e.After.Carbons))
				}
			}
		}
		return all, l.JID(2)
	}
	all, jid := play(juliet)
	want := []string{"sm-resume > false false", "sm-resume >juliet@a/x true true", "exchange juliet@a/x>juliet@a/x true true",
		"presence-unavailable juliet@a/x>juliet@a/x false true", "presence-initial juliet@a/x>juliet@a/x true true",
		"carbons-enable juliet@a/x>juliet@a/x true true", "carbons-enable juliet@a/x>juliet@a/x true false"}
	if strings.Join(all, "\n") != strings.Join(want, "\n") || jid != "juliet@a/x" {
		t.Errorf("have %q of %q, want %q", all, jid, want)
	}
	if all, jid := play(romeo); jid != "" || !strings.HasSuffix(all[1], " > false false") {
		t.Errorf("somebody else inherits: %q of %q", all, jid)
	}
}

// Law 5 for what heirs may need.
func TestHeirsAreBounded(t *testing.T) {
	var h heirs
	for i := range 2 * maxLinks {
		n := nameLink(fmt.Sprint(i))
		e := Event{Conn: ConnID(i), After: &State{JID: "a@b/c", Identity: "a@b"}}
		h.mayResume(e.Conn, n)
		h.keep(&e)
		h.inherit(&e, n)
	}
	if len(h.name) > maxLinks || len(h.last) > maxLinks || len(h.heir) > maxLinks || len(h.order) > maxLinks || len(h.names) > maxLinks || len(h.whose) > maxLinks {
		t.Errorf("%d names, %d states, %d heirs", len(h.name), len(h.last), len(h.heir))
	}
}

// Several domains on one stream, verified on one connection (XEP-0220 §2.6).
func TestPiggybackedDialbackIsJoined(t *testing.T) {
	const open = "C: <stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams' from='a' to='b'>\n" +
		"S: <stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams' id='%s'>\n"
	got := related(playLinked(t,
		fmt.Sprintf(open, "S1")+"C: <db:result from='a' to='b'>k1</db:result><db:result from='x.a' to='b'>k2</db:result>\n",
		fmt.Sprintf(open, "S2")+"C: <db:verify from='b' to='x.a' id='S1'>k2</db:verify><db:verify from='b' to='a' id='S1'>k1</db:verify><db:verify from='b' to='a' id='S9'>k1</db:verify>\n"+
			"S: <db:verify from='a' to='b' id='S1' type='valid'/>\n"))
	if want := "7>4 8>3 10>3"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A token that one conversation shows verifies the login of another by it
// (XEP-0484 §3.3, §3.4).
func TestTokensAreHandedOn(t *testing.T) {
	const open = "C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>\n" +
		"S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>\n"
	const give = open + "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AHVzZXIAcGVuY2ls</initial-response><request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/></authenticate>\n" +
		"S: <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>user@a</authorization-identifier><token xmlns='urn:xmpp:fast:0' token='%s'/></success>\n"
	const use = open + "C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-NONE'><initial-response>dXNlcgDJ3s0Hg2BTkXBlL/Va7wheuz6Y984Q7IUG1CzK1FTBIQ==</initial-response><fast xmlns='urn:xmpp:fast:0'/></authenticate>\n" +
		"S: <success xmlns='urn:xmpp:sasl:2'><additional-data>A2D8IgtS1ZgCWDRVqSooMxdFIIHOheV4kO6/xvrG2Nw=</additional-data><authorization-identifier>user@a</authorization-identifier></success>\n"
	all := playLinked(t, fmt.Sprintf(give, "secret-token:fast-example"), fmt.Sprintf(give, "a-later-one"), use)
	last := &all[len(all)-1]
	if v := sasl.Verify(last.SASL, nil); !v.Verified {
		t.Errorf("with the token: %+v", v)
	}
	if v := sasl.Verify(last.SASL, &sasl.Secret{Password: "pencil", Token: "pencil"}); !v.Verified {
		t.Errorf("with the token and a password: %+v", v)
	}
	all = playLinked(t, use)
	last = &all[len(all)-1]
	if v := sasl.Verify(last.SASL, &sasl.Secret{Password: "pencil", Token: "pencil"}); v.Known {
		t.Errorf("a password is no token: %+v", v)
	}
	var k tokens
	for i := range 3 * maxAccounts {
		k.add(nameLink(fmt.Sprint(i/20)), fmt.Sprint(i))
		k.add(nameLink(fmt.Sprint(i)), strings.Repeat("x", maxToken+1))
	}
	if len(k.of) > maxAccounts || len(k.of[nameLink("0")]) != maxTokens || k.of[nameLink("0")][0] != "19" {
		t.Errorf("%d accounts, tokens of one: %q", len(k.of), k.of[nameLink("0")])
	}
}

// Law 5: names of any length and number are forgotten in the end.
func TestLinksAreBounded(t *testing.T) {
	var l links
	for i := range 3 * maxLinks {
		l.add(nameLink(fmt.Sprint(i)), Seq(i+1))
	}
	if len(l.seq) != maxLinks || len(l.order) != maxLinks {
		t.Errorf("%d names, %d in order", len(l.seq), len(l.order))
	}
	if nameLink("a", "b") == nameLink("a b") {
		t.Error("two words are taken for one")
	}
}
