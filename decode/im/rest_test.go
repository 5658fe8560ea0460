package im_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"xmppscope/decode/im"
)

// A session that rests after every event knows what one knows that never does.
func TestRestChangesNothing(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		events := play(t, string(text))
		awake, resting := im.New(), im.New()
		for i := range events {
			awake.Event(&events[i], nil)
			resting.Event(&events[i], nil)
			resting.Rest()
		}
		want, got := awake.Facts(), resting.Facts()
		if len(want) != len(got) {
			t.Fatalf("%s: %d facts, not %d", f, len(got), len(want))
		}
		for i := range want {
			if want[i] != got[i] {
				t.Errorf("%s: %+v, not %+v", f, got[i], want[i])
			}
		}
	}
}

// What a session with a roster of 40 occupies while it rests.
func BenchmarkRest(b *testing.B) {
	items := strings.Repeat("<item jid='some.body.else@capulet.example' name='Somebody' subscription='both'><group>Friends</group></item>", 40)
	for i := range 40 {
		items = strings.Replace(items, "some.body.else", "contact"+string(rune('a'+i%26))+string(rune('a'+i/26)), 1)
	}
	events := play(b, "C: <stream:stream to='capulet.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\n"+
		"C: <iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>\nS: <iq type='result' id='r'><query xmlns='jabber:iq:roster'>"+items+"</query></iq>")
	for _, c := range []struct {
		name string
		do   func(*im.Session)
	}{{"awake", func(*im.Session) {}}, {"resting", (*im.Session).Rest}} {
		b.Run(c.name, func(b *testing.B) {
			const many = 1000
			var before, after runtime.MemStats
			for b.Loop() {
				runtime.GC()
				runtime.ReadMemStats(&before)
				all := make([]*im.Session, many)
				for i := range all {
					all[i] = fold(events)
					c.do(all[i])
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(all)
			}
			b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/many, "bytes/session")
		})
	}
}

// An answer that does not say whom it is from is about whom was asked, and where
// nobody was named about the account (RFC 6120 §8.1.2.1).
func TestWhoseAnswer(t *testing.T) {
	const head = `C: <?xml version='1.0'?><stream:stream to='capulet.lit' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S: <?xml version='1.0'?><stream:stream from='capulet.lit' id='a1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
S: <stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>
C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>
S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>juliet@capulet.lit/balcony</jid></bind></iq>
`
	const info = `<query xmlns='http://jabber.org/protocol/disco#info'><identity category='account' type='registered'/></query></iq>
`
	for _, c := range []struct{ to, from, whose string }{
		{"", "", "juliet@capulet.lit"},
		{" to='capulet.lit'", "", "capulet.lit"},
		{" to='juliet@capulet.lit'", "", "juliet@capulet.lit"},
		{" to='capulet.lit'", " from='rooms.capulet.lit'", "rooms.capulet.lit"},
	} {
		s := fold(play(t, head+"C: <iq type='get' id='d'"+c.to+"><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\nS: <iq type='result' id='d'"+c.from+">"+info))
		for _, who := range []string{"juliet@capulet.lit", "capulet.lit", "rooms.capulet.lit", ""} {
			if i, ok := s.Info(who, ""); ok != (who == c.whose) {
				t.Errorf("asked%s, answered%s: about %q is known: %t (%q)", c.to, c.from, who, ok, i.JID)
			}
		}
	}
}
