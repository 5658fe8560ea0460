package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy"
)

// player is a client of a scene.
type player struct {
	course.Client
	script practice.Script
}

// webDoors are those where clients come in by HTTP.
var webDoors = map[string]practice.Door{"ws": practice.WebSocket, "bosh": practice.BOSH}

// How long a client waits at most for the one before it to have begun, and how
// often it looks whether that is held.
const (
	headStart = 30 * time.Second
	heldLook  = 100 * time.Millisecond
)

// newPlayer reads the script of a client.
func newPlayer(c course.Client) (player, error) {
	script, err := practice.Parse(c.Script)
	if err != nil {
		err = fmt.Errorf("the script of %s: %w", c.Who, err)
	}
	return player{c, script}, err
}

// clients play: the acts one after the other, and the cast at the same time, each
// when the one before gives the cue or has done its first line, so that
// conversations are numbered as they are listed. What goes wrong is told: it may be what somebody wanted to see.
func (sc *scene) clients(ctx context.Context) {
	doors := <-sc.doors
	sc.doors <- doors // servers look there too
	var playing sync.WaitGroup
	defer playing.Wait()
	if sc.drama != nil {
		sc.enact(ctx, doors)
	}
	if len(sc.acts) > 0 {
		playing.Go(func() {
			for _, act := range sc.acts {
				a, err := newPlayer(course.Client{Who: act.Who, Script: act.Script})
				if err != nil {
					sc.tell(err.Error())
					continue
				}
				if sc.perform(ctx, &a, doors, func() {}); ctx.Err() != nil {
					return
				}
			}
		})
	}
	for i := range sc.cast {
		begun := make(chan struct{})
		begins := sync.OnceFunc(func() { close(begun) })
		playing.Go(func() {
			defer begins()
			sc.perform(ctx, &sc.cast[i], doors, begins)
		})
		sc.await(ctx, begun)
	}
}

// await waits until a client has begun, or is held at that.
func (sc *scene) await(ctx context.Context, begun <-chan struct{}) {
	tick := time.NewTicker(heldLook)
	defer tick.Stop()
	for until := time.Now().Add(headStart); time.Now().Before(until); {
		select {
		case <-begun:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			if sc.holds() {
				return
			}
		}
	}
}

// perform plays one client.
func (sc *scene) perform(ctx context.Context, a *player, doors map[proxy.DoorKind]string, begins func()) {
	if err := sc.client(a, doors, begins).Play(ctx, a.script); err != nil && ctx.Err() == nil {
		sc.tell(a.Who + ": " + inspector.Disarm(err.Error()))
	}
}

// enact plays a drama.
func (sc *scene) enact(ctx context.Context, doors map[proxy.DoorKind]string) {
	passwords := map[string]string{}
	for _, a := range sc.sites[0].server.Accounts() {
		passwords[a.User] = a.Password
	}
	err := sc.drama.Perform(ctx, func(who string) *practice.Client {
		return sc.client(&player{Client: course.Client{Who: who}}, doors, func() {})
	}, func(user string) (string, bool) {
		password, ok := passwords[user]
		return password, ok
	})
	if err != nil && ctx.Err() == nil {
		sc.tell(inspector.Disarm(err.Error()))
	}
}

// client is the practice client of a player, at its door.
func (sc *scene) client(a *player, doors map[proxy.DoorKind]string, begins func()) *practice.Client {
	h := sc.sites[0]
	for _, other := range sc.sites {
		if other.server.Domain() == a.At {
			h = other
		}
	}
	o := practice.Options{Dial: sc.dialer(a, h, doors), Domain: h.server.Domain(), TLS: sc.trust(h),
		Patience: patience, Pause: sc.pause, Attempts: sc.tries, Door: webDoors[a.Door],
		Tell: func(p practice.Progress) {
			switch p.State {
			case practice.Waiting:
				sc.tell(fmt.Sprintf("%s: %s; trying again in %v", a.Who, inspector.Disarm(strings.TrimSuffix(p.Why, ".")), p.Pause))
			case practice.Done:
				if p.Step.Verb == practice.Cue || !a.script.Cues() {
					begins()
				}
			}
		}}
	return practice.New(o)
}

// trust is what clients of a server trust.
func (sc *scene) trust(h *site) *tls.Config {
	return &tls.Config{RootCAs: sc.authority.Pool(), ServerName: h.server.Domain()}
}

// dialer makes the connections of a client.
func (sc *scene) dialer(a *player, h *site, doors map[proxy.DoorKind]string) func(context.Context) (net.Conn, error) {
	kind, wrapping := proxy.DoorStartTLS, sandbox.StartTLS
	switch a.Door {
	case "tls":
		kind, wrapping = proxy.DoorTLS, sandbox.DirectTLS
	case "ws":
		kind, wrapping = proxy.DoorWS, sandbox.HTTPS
	case "bosh":
		kind, wrapping = proxy.DoorBOSH, sandbox.HTTPS
	}
	addr := doors[kind]
	if a.Unseen {
		addr = h.at[wrapping]
	}
	return func(ctx context.Context) (net.Conn, error) {
		nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil || a.Door == "" {
			return nc, err
		}
		conf := sc.trust(h)
		if a.Door == "tls" {
			conf.NextProtos = []string{"xmpp-client"} // XEP-0368 §3
		}
		t := tls.Client(nc, conf)
		if err := t.HandshakeContext(ctx); err != nil {
			_ = nc.Close()
			return nil, err
		}
		return t, nil
	}
}

// throughProxy is the address of a peer that is reached through the proxy.
const throughProxy = "the proxy"

// reach is how servers of the scene reach each other: through the proxy, and
// others by their addresses.
func (sc *scene) reach(peers map[string]string) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, domain string) (net.Conn, error) {
		if addr := peers[domain]; addr != throughProxy {
			return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		}
		select {
		case doors := <-sc.doors:
			sc.doors <- doors
			return (&net.Dialer{}).DialContext(ctx, "tcp", doors[proxy.DoorStartTLS])
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
