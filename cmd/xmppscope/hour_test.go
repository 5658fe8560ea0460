package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/inspector/gate"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy"
	"xmppscope/proxy/dial"
)

// TestHoldForAnHour: a stanza is held for an hour of a clock of its own. The
// practice server lets go of clients that do not answer within a minute when they
// were silent for ten; it must not let go of this one, nor the client of it.
func TestHoldForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := sandbox.New(sandbox.Options{Clear: true})
		if err != nil {
			t.Fatal(err)
		}
		g := gate.New(nil)
		b, err := gate.ParseBreak(`once name == "message" and dir == "initiator"`)
		if err != nil {
			t.Fatal(err)
		}
		g.Add(b)
		p, err := proxy.New(proxy.Options{Gate: g, Dial: func(context.Context, proxy.Facts) (proxy.Upstream, error) {
			nc, err := s.Dial(sandbox.StartTLS)
			return proxy.Upstream{Conn: nc, Wrapping: dial.Auto}, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() { over <- p.Run(ctx) }()
		client := practice.New(practice.Options{Patience: 3 * time.Hour, Dial: func(context.Context) (net.Conn, error) {
			ours, theirs := net.Pipe()
			p.Serve(ctx, theirs, proxy.DoorStartTLS)
			return ours, nil
		}})
		script, err := practice.Parse("open\nlogin PLAIN mbed mirror\nbind board\nsm\npresence\n" +
			"C: <message to='mbed@localhost/board' id='held'/>\nS: message id=held\nping\nclose")
		if err != nil {
			t.Fatal(err)
		}
		played := make(chan error, 1)
		go func() { played <- client.Play(ctx, script) }()
		time.Sleep(time.Hour)
		synctest.Wait()
		conns := p.Conns()
		if len(conns) != 1 || len(conns[0].Held()) == 0 {
			t.Fatalf("after an hour there are %d connections", len(conns))
		}
		said, heard := conns[0].Clocks()
		for who, c := range map[string]proxy.Clock{"client": said, "server": heard} {
			if quiet := time.Since(c.LastOut); quiet > 2*time.Minute || c.Ended {
				t.Errorf("the %s has heard nothing for %v (%+v)", who, quiet, c)
			}
		}
		for _, h := range conns[0].Held() {
			if h.Asked && strings.Contains(string(h.XML), "held") {
				if err := conns[0].Release(h.ID, proxy.Verdict{}); err != nil {
					t.Error(err)
				}
			}
		}
		if err := <-played; err != nil {
			t.Errorf("the client: %v", err)
		}
		stop()
		<-over
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
}
