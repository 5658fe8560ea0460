package proxy

import (
	"fmt"
	"net"
	"testing"
	"time"

	"xmppscope/decode/httpwire"
	"xmppscope/proxy/web"
)

// While something is held over WebSocket inside TLS, both sides hear pings, their
// pongs come through, and the conversation goes on.
func TestSocketBreathes(t *testing.T) {
	s := newStage(t, func(o *Options) {
		gated(o)
		o.Tap, o.Keepalive = newWitness(), 40*time.Millisecond
	})
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	done := make(chan *peer)
	go func() { done <- s.accept().tls(true, serverTLS(t)) }()
	cp := (&peer{t: t, Conn: raw}).tls(false, anyTLS)
	up := <-done
	cp.say(wsAsk)
	up.hears(wsAsk)
	up.say(wsAnswer + "\r\n")
	cp.hears(wsAnswer + "\r\n")
	o := httpwire.ParseExtensions("")
	c := &socket{peer: cp, r: httpwire.NewWebSocket(o[1]), mask: true}
	u := &socket{peer: up, r: httpwire.NewWebSocket(o[0])}
	c.tell(wsOpen)
	u.gets(wsOpen)
	u.tell(wsOpened)
	c.gets(wsOpened)
	u.tell(wsBound)
	c.gets(wsBound)
	for round := range 3 {
		c.tell(wsMsg("HOLD"))
		for i := range 5 {
			u.gets("@9")
			u.say(string(web.Frame(web.OpPong, nil, false)))
			u.tell(wsMsg(fmt.Sprint("s", i)))
			c.breathes(wsMsg(fmt.Sprint("s", i)))
			c.tell(wsMsg("y"))
		}
		conn := s.proxy.Conns()[0]
		if err := conn.Release(conn.Held()[0].ID, Verdict{}); err != nil {
			t.Fatal(round, err)
		}
		u.breathes(wsMsg("HOLD"))
		for range 5 {
			u.breathes(wsMsg("y"))
		}
	}
}

// breathes waits for a message, pings and pongs before it left out.
func (s *socket) breathes(want string) {
	s.t.Helper()
	for {
		if len(s.queue) > 0 && (s.queue[0] == "@9" || s.queue[0] == "@10") {
			s.queue = s.queue[1:]
			continue
		}
		if len(s.queue) > 0 {
			s.gets(want)
			return
		}
		var buf [4096]byte
		s.SetReadDeadline(time.Now().Add(slack))
		n, err := s.Read(buf[:])
		if err != nil {
			s.t.Fatalf("waiting for %q: %v", want, err)
		}
		s.read(buf[:n])
	}
}
