package ledger

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

func element(t testing.TB, xml string) *xmlstream.Node {
	t.Helper()
	var tree xmlstream.Tree
	n := tree.Parse([]byte(xml), xmlstream.MidStream(xmlstream.NSClient), xmlstream.Options{})
	if n == nil || tree.Err() != nil {
		t.Fatalf("%s: %v", xml, tree.Err())
	}
	return n
}

// play runs a transcript. A line is who sent it, what became of it if that is not
// "forwarded", and the element; "=>" and what went on in its place may follow.
// "#" is a remark, "---" a new connection with the same book.
func play(t *testing.T, script string) *Conn {
	t.Helper()
	book := &Book{}
	c := New(book)
	fates := map[string]Fate{"": Forwarded, "drop": Dropped, "inject": Injected, "tool": Synthetic}
	for i, line := range strings.Split(script, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line == "---":
			c = New(book)
			continue
		}
		head, xml, _ := strings.Cut(line, " ")
		who, fate, _ := strings.Cut(strings.TrimSuffix(head, ":"), "-")
		dir := decode.FromInitiator
		if who == "S" {
			dir = decode.FromReceiver
		}
		xml, want, _ := strings.Cut(xml, " => ")
		sm := " xmlns='urn:xmpp:sm:3'"
		for _, name := range []string{"<enabled", "<enable", "<resumed", "<resume", "<failed", "<a", "<r"} {
			if strings.HasPrefix(xml, name+" ") || strings.HasPrefix(xml, name+"/") || strings.HasPrefix(xml, name+">") {
				xml = name + sm + xml[len(name):]
				if want != "" {
					want = name + sm + want[len(name):]
				}
				break
			}
		}
		got, note := c.Unit(dir, element(t, xml), fates[fate])
		if string(got) != want {
			t.Errorf("line %d: %s\n got %q\nwant %q", i+1, line, got, want)
		}
		if (note != "") != (got != nil) {
			t.Errorf("line %d: note %q", i+1, note)
		}
	}
	return c
}

func TestUntouchedStreamsPassVerbatim(t *testing.T) {
	c := play(t, `
		C: <message/>
		C: <enable resume='true'/>
		C: <message/>
		S: <enabled id='x' resume='true'/>
		S: <presence/>
		S: <message/>
		C: <r/>
		S: <a h='1'/>
		S: <r/>
		C: <a h='2'/>
		S: <a h='7'/>`)
	if c.Shifted() {
		t.Error("shifted")
	}
	v := c.View()
	if d := v.Dirs[0]; !d.Counting || d.Sent != 1 || d.Delivered != 1 || d.Confirmed != 1 || d.Told != 1 || d.Shift() != 0 {
		t.Errorf("%+v", d)
	}
	if d := v.Dirs[1]; d.Sent != 2 || d.Confirmed != 2 || v.ID != "x" {
		t.Errorf("%+v", v)
	}
}

func TestDropsAndInjections(t *testing.T) {
	c := play(t, `
		C: <enable/>
		S: <enabled/>
		C: <message id='1'/>
		C-drop: <message id='2'/>
		C: <message id='3'/>
		# the server has the first only: the dropped one right behind it counts too
		S: <a h='1'/> => <a h='2'/>
		S: <a h='2'/> => <a h='3'/>
		C-inject: <iq/>
		# one dropped, one added: level again, but only behind the added one
		S: <a h='2'/> => <a h='3'/>
		S: <a h='3'/>
		C: <message id='4'/>
		S: <a h='4'/>
		# the other direction
		S: <message/>
		S-tool: <iq type='result'/>
		S: <message/>
		C: <a h='1'/>
		C: <a h='2'/> => <a h='1'/>
		C: <a h='3'/> => <a h='2'/>`)
	if !c.Shifted() {
		t.Error("the stream is not shifted")
	}
	v := c.View()
	if d := v.Dirs[1]; d.Shift() != -1 || d.Synthetic != 1 || d.Sent != 2 || d.Delivered != 3 {
		t.Errorf("%+v", d)
	}
	if d := v.Dirs[0]; d.Shift() != 0 || d.Dropped != 1 || d.Injected != 1 {
		t.Errorf("%+v", d)
	}
}

// TestLevelAgain: once all is confirmed and the counts are equal, bytes pass.
func TestLevelAgain(t *testing.T) {
	c := play(t, `
		C: <enable/>
		S: <enabled/>
		C-drop: <message/>
		C-inject: <message/>
		C: <message/>
		S: <a h='2'/>`)
	if c.Shifted() {
		t.Error("still shifted")
	}
}

func TestDropBeforeAnythingWasDelivered(t *testing.T) {
	play(t, `
		C: <enable/>
		S: <enabled/>
		C-drop: <message/>
		S: <a h='0'/> => <a h='1'/>
		C: <message/>
		S: <a h='1'/> => <a h='2'/>`)
}

// TestTooHigh: a peer that confirms what it never got is found out, by as much.
func TestTooHigh(t *testing.T) {
	c := play(t, `
		C: <enable/>
		S: <enabled/>
		C: <message/>
		C-drop: <message/>
		S: <a h='3'/> => <a h='4'/>`)
	c.Waits(decode.FromInitiator, 5)
	xml, _ := c.Unit(decode.FromReceiver, element(t, "<a xmlns='urn:xmpp:sm:3' h='2'/>"), Forwarded)
	if string(xml) != "<a xmlns='urn:xmpp:sm:3' h='8'/>" { // 2 decided, 5 waiting, 1 too many
		t.Errorf("%s", xml)
	}
	if got := string(c.Answer(decode.FromInitiator)); got != "<a xmlns='urn:xmpp:sm:3' h='0'/>" {
		t.Errorf("the tool says %s", got)
	}
}

func TestResume(t *testing.T) {
	c := play(t, `
		C: <enable resume='true'/>
		S: <enabled id='one' resume='true'/>
		C: <message id='1'/>
		C-drop: <message id='2'/>
		C: <message id='3'/>
		S: <message id='a'/>
		S-inject: <message id='x'/>
		S: <message id='b'/>
		---
		# the client got a and x, not b; the server got 1, not 3
		C: <resume previd='one' h='2'/> => <resume previd='one' h='1'/>
		S: <resumed previd='one' h='1'/> => <resumed previd='one' h='2'/>
		# both send again what is missing
		C: <message id='3'/>
		S: <message id='b'/>
		S: <a h='2'/> => <a h='3'/>
		C: <a h='3'/> => <a h='2'/>
		---
		C: <resume h='3' previd='one'/> => <resume h='2' previd='one'/>
		S: <failed h='2'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed> => <failed h='3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
		C: <enable/>
		S: <enabled id='two'/>
		C: <message/>
		S: <a h='1'/>`)
	if c.Shifted() || c.View().ID != "two" {
		t.Errorf("%+v", c.View())
	}
}

// TestResumeOfAnUnknownStream: it began before the tool stood there.
func TestResumeOfAnUnknownStream(t *testing.T) {
	c := play(t, `
		C: <resume previd='old' h='4294967295'/>
		S: <resumed previd='old' h='4294967294'/>
		C: <message/>
		C-drop: <message/>
		C: <message/>
		S: <a h='4294967295'/> => <a h='0'/>
		S: <a h='0'/> => <a h='1'/>
		S: <message/>
		C: <a h='0'/>`)
	if v := c.View(); !v.Resumed || v.ID != "old" || v.Dirs[0].Shift() != 1 {
		t.Errorf("%+v", v)
	}
}

// TestLateDelivery: the older connection still delivers while the client asks to
// resume.
func TestLateDelivery(t *testing.T) {
	book := &Book{}
	older, newer := New(book), New(book)
	say := func(c *Conn, dir decode.Dir, xml string, fate Fate) string {
		out, _ := c.Unit(dir, element(t, xml), fate)
		return string(out)
	}
	say(older, 0, "<enable xmlns='urn:xmpp:sm:3'/>", Forwarded)
	say(older, 1, "<enabled xmlns='urn:xmpp:sm:3' id='i'/>", Forwarded)
	say(newer, 0, "<resume xmlns='urn:xmpp:sm:3' previd='i' h='0'/>", Forwarded)
	say(older, 0, "<message xmlns='jabber:client'/>", Dropped)
	say(older, 0, "<message xmlns='jabber:client'/>", Forwarded)
	older.Waits(decode.FromInitiator, 7)
	if got := say(newer, 1, "<resumed xmlns='urn:xmpp:sm:3' previd='i' h='1'/>", Forwarded); got != "<resumed xmlns='urn:xmpp:sm:3' previd='i' h='2'/>" {
		t.Error(got)
	}
	if d := newer.View().Dirs[0]; d.Sent != 2 || d.Waiting != 0 {
		t.Errorf("%+v", d)
	}
}

func TestInsideSASL2(t *testing.T) {
	play(t, `
		C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='1'/></bind></authenticate>
		S: <success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='i' resume='1'/></bound></success>
		C-drop: <message/>
		C: <message/>
		S-inject: <message/>
		S: <a h='1'/> => <a h='2'/>
		---
		C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><initial-response>eA==</initial-response><resume xmlns='urn:xmpp:sm:3' previd="i"  h="1" /><bind xmlns='urn:xmpp:bind:0'/></authenticate> => <authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><initial-response>eA==</initial-response><resume xmlns='urn:xmpp:sm:3' previd="i"  h="0" /><bind xmlns='urn:xmpp:bind:0'/></authenticate>
		S: <success xmlns='urn:xmpp:sasl:2'><resumed xmlns='urn:xmpp:sm:3' h='1' previd='i'/></success> => <success xmlns='urn:xmpp:sasl:2'><resumed xmlns='urn:xmpp:sm:3' h='2' previd='i'/></success>
		C: <message/>
		S: <a h='2'/> => <a h='3'/>`)
	c := play(t, `
		C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3'/></bind></authenticate>
		C-drop: <message/>
		S: <failure xmlns='urn:xmpp:sasl:2'/>
		S: <a h='0'/>`)
	if c.Shifted() || c.View().Dirs[0].Counting {
		t.Errorf("a login that failed counts: %+v", c.View())
	}
	c = play(t, `
		C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3'/></bind></authenticate>
		S: <success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'/></success>`)
	if c.View().Dirs[0].Counting {
		t.Error("a login without <enabled/> counts")
	}
}

func TestOddities(t *testing.T) {
	play(t, `
		S: <a h='1'/>
		S: <resumed previd='x' h='4'/>
		C: <enable/>
		S: <failed/>
		C-drop: <message/>
		S: <a h='0'/>
		C: <enable/>
		S: <enabled/>
		C-drop: <message/>
		C: <enable/>
		S: <enabled/>
		S: <a h='0'/> => <a h='1'/>
		S: <a h='x'/>
		S: <a h='-1'/>
		S: <a h='+0'/>
		S: <a h='4294967296'/>
		S: <a/>
		S-inject: <a h='0'/>
		C: <resume/>
		C: <resume h='zz' previd='a'/>`)
}

// TestInsideABody: on BOSH the element is part of a larger unit, and only its own
// bytes come back.
func TestInsideABody(t *testing.T) {
	c := play(t, "C: <enable/>\nS: <enabled/>\nC-drop: <message/>")
	body := element(t, "<body xmlns='http://jabber.org/protocol/httpbind'><a xmlns='urn:xmpp:sm:3'  h = \"0\" /></body>")
	xml, _ := c.Unit(decode.FromReceiver, body.FirstElement(), Forwarded)
	if string(xml) != `<a xmlns='urn:xmpp:sm:3'  h = "1" />` {
		t.Errorf("%s", xml)
	}
}

func TestEdited(t *testing.T) {
	c := play(t, "C: <enable/>\nS: <enabled/>")
	c.Edited(decode.FromInitiator, 1, 3) // one became three
	ack := func(h, want int) {
		t.Helper()
		xml, _ := c.Unit(decode.FromReceiver, element(t, fmt.Sprintf("<a xmlns='urn:xmpp:sm:3' h='%d'/>", h)), Forwarded)
		got := string(xml)
		if xml == nil {
			got = fmt.Sprintf("<a xmlns='urn:xmpp:sm:3' h='%d'/>", h)
		}
		if got != fmt.Sprintf("<a xmlns='urn:xmpp:sm:3' h='%d'/>", want) {
			t.Errorf("h=%d became %s, want %d", h, got, want)
		}
	}
	ack(2, 0)
	ack(3, 1)
	c.Edited(decode.FromInitiator, 1, 0) // one became none
	ack(3, 2)
	c.Edited(decode.FromInitiator, 0, 1) // a nonza became a stanza
	ack(4, 2)
	c.Stanza(decode.FromInitiator, Forwarded, 3)
	ack(7, 5)
}

func TestAnswer(t *testing.T) {
	c := play(t, "C: <enable/>")
	if c.Answer(decode.FromInitiator) != nil {
		t.Error("an answer before the server agreed to count")
	}
	c = play(t, `
		C: <enable/>
		S: <enabled/>
		C: <message/>
		C: <message/>
		S: <a h='1'/>
		C: <r/>`)
	if got := string(c.Answer(decode.FromInitiator)); got != "<a xmlns='urn:xmpp:sm:3' h='1'/>" {
		t.Errorf("%s: the server has confirmed one", got)
	}
	if got := string(c.Answer(decode.FromReceiver)); got != "<a xmlns='urn:xmpp:sm:3' h='0'/>" {
		t.Error(got)
	}
}

func TestBookIsBounded(t *testing.T) {
	book := &Book{}
	for i := range maxStreams + 5 {
		c := New(book)
		c.Unit(decode.FromInitiator, element(t, "<enable xmlns='urn:xmpp:sm:3'/>"), Forwarded)
		c.Unit(decode.FromReceiver, element(t, fmt.Sprintf("<enabled xmlns='urn:xmpp:sm:3' id='%d'/>", i)), Forwarded)
		if i == maxStreams+4 {
			c.Ended()
		}
	}
	if n := book.Streams(); n != maxStreams-1 || len(book.order) != n {
		t.Errorf("%d streams, %d in order", n, len(book.order))
	}
	c := New(book)
	c.Unit(decode.FromReceiver, element(t, "<enabled xmlns='urn:xmpp:sm:3' id='"+strings.Repeat("i", maxID+1)+"'/>"), Forwarded)
	if book.Streams() != maxStreams-1 {
		t.Error("an endless id is kept")
	}
}

// TestNeverConfirmed: what is kept of a silent receiver has a bound, and what is
// claimed stays on the safe side.
func TestNeverConfirmed(t *testing.T) {
	var l, exact lane
	l.begin()
	exact.begin()
	want := []uint32{0}
	for i := range 5 * maxRuns {
		switch i % 3 {
		case 0:
			l.forward()
			want = append(want, l.sent)
		case 1:
			l.drop()
			want[len(want)-1] = l.sent
		default:
			l.insert(Injected)
			want = append(want, l.sent)
		}
	}
	if len(l.runs) > maxRuns {
		t.Fatalf("%d runs", len(l.runs))
	}
	last := uint32(0)
	for h := range want {
		x := l.sender(uint32(h))
		if x > want[h] || x < last {
			t.Fatalf("h=%d became %d after %d; %d is right", h, x, last, want[h])
		}
		last = x
	}
	if last != l.sent {
		t.Errorf("all confirmed is %d, want %d", last, l.sent)
	}
}
