package proxy

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/decode"
)

const nsBind = "http://jabber.org/protocol/httpbind"

func post(rid int, sid, inner string) string {
	more := ""
	if sid != "" {
		more = " sid='" + sid + "'"
	}
	body := fmt.Sprintf("<body xmlns='%s' rid='%d'%s to='example.org'>%s</body>", nsBind, rid, more, inner)
	return fmt.Sprintf("POST /http-bind HTTP/1.1\r\nHost: example.org\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func reply(sid, inner string) string {
	more := ""
	if sid != "" {
		more = " sid='" + sid + "' wait='60' hold='1'"
	}
	body := fmt.Sprintf("<body xmlns='%s'%s>%s</body>", nsBind, more, inner)
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// chunked is a reply in two chunks.
func chunked(inner string) string {
	body := fmt.Sprintf("<body xmlns='%s'>%s</body>", nsBind, inner)
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", 10, body[:10], len(body)-10, body[10:])
}

// overBOSH is a session of BOSH through the proxy, over one connection.
func overBOSH(t *testing.T, set func(*Options)) (s *stage, c, u *peer) {
	s = newStage(t, set)
	c, u = s.meet(post(1, "", ""))
	u.hears(post(1, "", ""))
	u.say(reply("s1", ""))
	c.hears(reply("s1", ""))
	return s, c, u
}

// TestBodies: children are dropped, changed and put in, in both directions, and
// the messages of HTTP around them stay right.
func TestBodies(t *testing.T) {
	rid := 1
	_, c, u := overBOSH(t, gated)
	for _, x := range []struct{ said, heard string }{
		{wsMsg("x"), wsMsg("x")},
		{wsMsg("x") + wsMsg("DROP") + wsMsg("y"), wsMsg("x") + wsMsg("y")},
		{wsMsg("EDIT") + wsMsg("y"), "<message>edited</message>" + wsMsg("y")},
		{wsMsg("AROUND"), "<a xmlns='jabber:client'/>" + wsMsg("AROUND") + "<b xmlns='jabber:client'/>"},
		{wsMsg("DROP"), ""},
	} {
		rid++
		c.say(post(rid, "s1", x.said))
		u.hears(post(rid, "s1", x.heard))
		u.say(reply("", x.said))
		c.hears(reply("", x.heard))
	}
	c.say(post(rid+1, "s1", ""))
	u.hears(post(rid+1, "s1", ""))
	u.say(chunked(wsMsg("DROP") + wsMsg("z")))
	c.hears(reply("", wsMsg("z")))
	c.say(post(rid+2, "s1", ""))
	u.hears(post(rid+2, "s1", ""))
	u.say(chunked(wsMsg("z")))
	c.hears(chunked(wsMsg("z")))
}

// boshWitness reads a recording of one connection as sessions.
func boshWitness(t *testing.T, s *stage, flow int) string {
	t.Helper()
	c, all := decode.NewConn(1, decode.Options{}), decode.NewSessions(decode.Options{})
	var b strings.Builder
	list := func(events []decode.Event) {
		for i := range events {
			_, made := all.Take(1, &events[i])
			for _, e := range made {
				if e.Kind == decode.KindStanza || e.Held || e.Origin != decode.OriginWire {
					fmt.Fprintf(&b, "%d %v %v %v held %v %s\n", e.Seq, e.Dir, e.Kind, e.Origin, e.Held, e.XML)
				}
			}
		}
	}
	for _, h := range s.tap.story(flow) {
		if h.mark != nil {
			list(c.Mark(h.at, *h.mark))
			continue
		}
		for p := h.data; len(p) > 0; {
			events, n := c.Feed(h.dir, h.at, p)
			list(events)
			p = p[n:]
		}
	}
	return b.String()
}

// TestBodiesGoOn: connections of BOSH have no header, and are not ended for want
// of one; one whose first request does not end is.
func TestBodiesGoOn(t *testing.T) {
	s, c, u := overBOSH(t, nil)
	s.proxy.Conns()[0].late()
	c.say(post(2, "s1", wsMsg("x")))
	u.hears(post(2, "s1", wsMsg("x")))
	raw, slow := s.meet("POST /http-bind HTTP/1.1\r\nHost: example.org\r\nContent-Length: 100\r\n\r\n<body")
	defer slow.Close()
	eventually(t, "the second relays", func() bool { return len(s.proxy.Conns()) == 2 && s.proxy.Conns()[1].way(0) != nil })
	s.proxy.Conns()[1].late()
	raw.hearsEnd("")
}

// TestBodyHeld: a body waits as a whole, and can be changed as a whole; the
// recording tells it with one number.
func TestBodyHeld(t *testing.T) {
	for d, want := range []string{
		"5 initiator http wire held true \n5 initiator http edited held false \n6 initiator stanza edited held false <message xmlns='jabber:client'>new</message>\n",
		"6 receiver http wire held true \n6 receiver http edited held false \n7 receiver stanza edited held false <message xmlns='jabber:client'>new</message>\n",
	} {
		s, c, u := overBOSH(t, gated)
		conn := s.proxy.Conns()[0]
		old := fmt.Sprintf("<body xmlns='%s' rid='2' sid='s1' to='example.org'>%s</body>", nsBind, wsMsg("HOLD"))
		if d == 0 {
			c.say(post(2, "s1", wsMsg("HOLD")))
		} else {
			c.say(post(2, "s1", ""))
			u.hears(post(2, "s1", ""))
			u.say(reply("", wsMsg("HOLD")))
			old = fmt.Sprintf("<body xmlns='%s'>%s</body>", nsBind, wsMsg("HOLD"))
		}
		eventually(t, "it is held", func() bool { return len(conn.Held()) == 1 })
		h := conn.Held()[0]
		if string(h.XML) != old {
			t.Errorf("held is %q", h.XML)
		}
		if err := conn.Release(h.ID, Verdict{Do: Edit, XML: []byte(strings.Replace(old, "HOLD", "new", 1))}); err != nil {
			t.Fatal(err)
		}
		if d == 0 {
			u.hears(post(2, "s1", wsMsg("new")))
		} else {
			c.hears(reply("", wsMsg("new")))
		}
		if got := boshWitness(t, s, 1); got != want {
			t.Errorf("recorded as\n%snot\n%s", got, want)
		}
	}
}

// TestBodiesRecorded: the recording tells of each child what became of it.
func TestBodiesRecorded(t *testing.T) {
	for d, who := range []string{"initiator", "receiver"} {
		s, c, u := overBOSH(t, gated)
		said, heard := wsMsg("AROUND")+wsMsg("DROP")+wsMsg("y")+wsMsg("EDIT")+wsMsg("x"), "<a xmlns='jabber:client'/>"+wsMsg("AROUND")+"<b xmlns='jabber:client'/>"+wsMsg("y")+"<message>edited</message>"+wsMsg("x")
		if d == 0 {
			c.say(post(2, "s1", said))
			u.hears(post(2, "s1", heard))
		} else {
			c.say(post(2, "s1", ""))
			u.hears(post(2, "s1", ""))
			u.say(reply("", said))
			c.hears(reply("", heard))
		}
		var got []string
		for line := range strings.SplitSeq(strings.TrimSpace(boshWitness(t, s, 1)), "\n") {
			words := strings.SplitN(line, " ", 7)
			if words[1] == who {
				got = append(got, words[3]+" "+words[6])
			}
		}
		want := []string{"edited ", "injected <a xmlns='jabber:client'/>", "wire " + wsMsg("AROUND"), "injected <b xmlns='jabber:client'/>", "dropped " + wsMsg("DROP"), "wire " + wsMsg("y"), "edited <message>edited</message>", "wire " + wsMsg("x")}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: recorded as\n%s\nnot\n%s", who, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
