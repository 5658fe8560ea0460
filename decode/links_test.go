package decode

import (
	"testing"
	"time"
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

func TestResumptionAndRedirectionAreJoined(t *testing.T) {
	var l Links
	play := func(from int, script string) (all []Event) {
		_, all = parseTranscript(t, script).play(whole)
		for i := range all {
			all[i].Seq = Seq(from + i)
			l.Note(&all[i])
		}
		return all
	}
	const open = "C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a' version='1.0'>\n" +
		"S: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>\n"
	play(1, open+"C: <enable xmlns='urn:xmpp:sm:3' resume='true'/>\nS: <enabled xmlns='urn:xmpp:sm:3' id='s-1' resume='true'/>\n"+
		"S: <stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>b</see-other-host></stream:error>\n")
	again := play(11, open+"C: <resume xmlns='urn:xmpp:sm:3' previd='s-1' h='0'/>\n")
	if again[0].Related != 5 || again[2].Related != 4 {
		t.Errorf("the new stream is about %d, the resumption about %d", again[0].Related, again[2].Related)
	}
}
