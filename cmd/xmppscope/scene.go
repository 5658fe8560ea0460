package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy"
	"xmppscope/proxy/ca"
	"xmppscope/proxy/dial"
)

// patience is how long everybody in a scene waits: a person may read long at a
// step.
const patience = 12 * time.Hour

// scene is a practice server, practice clients and the proxy between them, in
// this process.
type scene struct {
	// title is what the screen calls it, roots what the server's authority is
	// called where it is spoken of.
	title, roots string
	// says stands before what is told of its clients; tell, where set, is told it
	// instead of standard error.
	says string
	tell func(line string)
	// acts are clients that play one after the other, cast clients that do so at
	// the same time.
	acts []practice.Act
	cast []player
	// drama, where set, is played by clients of its own.
	drama *practice.Drama
	// server, where set, changes the practice server before it is made.
	server func(*sandbox.Options) error
	// peers are servers of other domains, each with what changes it.
	peers []peer
	// dns is what the proxy asks for names, where that is not this computer.
	dns    dial.Resolver
	paused bool // everything is held from the first unit on
	stays  bool // it goes on when the clients have come to their end
	over   func()
	// pause is how long a client waits after a refused login, at first; tries is
	// how often it logs in.
	pause time.Duration
	tries int
	// knows are the accounts whose passwords the proxy is told; nil is all.
	knows []string

	authority *ca.Authority
	sites     []*site // the practice server, and its peers
	doors     chan map[proxy.DoorKind]string
	holds     func() bool // tells whether the proxy holds something
}

// peer is a server of another domain.
type peer struct {
	domain string
	server func(*sandbox.Options) error
}

// site is a server that runs.
type site struct {
	server  *sandbox.Server
	at      map[sandbox.Wrapping]string
	serving sync.WaitGroup
}

// play runs a scene with the flags of a proxy until it ends or ctx does.
func (e *env) play(ctx context.Context, pf *proxyFlags, sc *scene) error {
	j := &proxying{e: e, flags: pf}
	defer j.close()
	if sc.tell == nil {
		sc.tell = func(line string) { fmt.Fprintf(e.err, "%s: %s\n", sc.says, line) }
	}
	down, err := j.before(sc)
	if err != nil {
		return err
	}
	defer down()
	j.source = sc.authority
	if err := j.prepare(); err != nil {
		return err
	}
	sc.holds = func() bool { return len(j.session.Held()) > 0 }
	if sc.paused {
		j.session.Gate().SetMode(gate.Paused)
	}
	j.actor = func(ctx context.Context, bound []proxy.Bound, stop func()) {
		if !sc.stays {
			defer stop()
		}
		doors := map[proxy.DoorKind]string{}
		for _, b := range bound {
			doors[b.Kind] = b.Addr.String()
		}
		sc.doors <- doors
		sc.clients(ctx)
		j.settle(ctx)
		if sc.over != nil {
			sc.over()
		}
	}
	return j.run(ctx)
}

// before puts the proxy before the servers of a scene, whose passwords it is told.
func (j *proxying) before(sc *scene) (down func(), err error) {
	if sc.authority, err = ca.New(); err != nil {
		return nil, err
	}
	sc.doors = make(chan map[proxy.DoorKind]string, 1)
	if err := sc.open(); err != nil {
		sc.shut()
		return nil, err
	}
	main := sc.sites[0]
	j.flags.domain, j.title = main.server.Domain(), sc.title
	if sc.dns == nil {
		j.flags.to = main.at[sandbox.StartTLS]
	} else {
		j.dialing.Resolver, j.dialing.DNSTimeout = sc.dns, silence
	}
	j.route, j.server = sc.route, main.server
	j.check.Roots, j.check.RootsName = sc.authority.Pool(), sc.roots
	for _, h := range sc.sites {
		j.domains = append(j.domains, h.server.Domain())
		for _, a := range h.server.Accounts() {
			if sc.knows != nil && !slices.Contains(sc.knows, a.User) {
				continue
			}
			jid := a.User + "@" + h.server.Domain()
			j.flags.capture.passwords = append(j.flags.capture.passwords, jid+"="+a.Password)
			j.accounts = append(j.accounts, inspector.Disarm(jid+" password "+a.Password))
		}
	}
	return sc.shut, nil
}

// open starts the servers.
func (sc *scene) open() error {
	own := peer{server: sc.server}
	for _, p := range append([]peer{own}, sc.peers...) {
		o := sandbox.Options{Domain: p.domain, Peers: map[string]string{}}
		o.Limits.Login, o.Limits.Idle, o.Limits.Answer, o.Limits.Peer = patience, patience, patience, patience
		if p.server != nil {
			if err := p.server(&o); err != nil {
				return err
			}
		}
		if o.Domain == "" {
			o.Domain = "localhost"
		}
		if p.domain == "" {
			own.domain = o.Domain
		}
		for _, other := range append([]peer{own}, sc.peers...) {
			if other.domain != o.Domain && o.Peers[other.domain] == "" {
				o.Peers[other.domain] = throughProxy
			}
		}
		o.Reach = sc.reach(o.Peers)
		o.TLS = &tls.Config{GetCertificate: ca.GetCertificate(sc.authority, o.Domain, o.Domain)}
		h := &site{at: map[sandbox.Wrapping]string{}}
		var err error
		if h.server, err = sandbox.New(o); err != nil {
			return err
		}
		sc.sites = append(sc.sites, h)
		for _, w := range sc.wrappings() {
			if err := h.open(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// wrappings are those that the servers of the scene need.
func (sc *scene) wrappings() []sandbox.Wrapping {
	all := []sandbox.Wrapping{sandbox.StartTLS}
	if len(sc.cast) > 0 {
		all = append(all, sandbox.DirectTLS, sandbox.HTTPS)
	}
	if len(sc.peers) > 0 {
		all = append(all, sandbox.Servers)
	}
	return all
}

// open takes connections at a free port of this computer.
func (h *site) open(w sandbox.Wrapping) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return cannot("127.0.0.1", err)
	}
	h.at[w] = ln.Addr().String()
	h.serving.Go(func() { _ = h.server.Serve(ln, w) }) // it ends with the server
	return nil
}

// shut ends the servers.
func (sc *scene) shut() {
	end, stop := context.WithTimeout(context.Background(), goodbye)
	defer stop()
	var all sync.WaitGroup
	for _, h := range sc.sites {
		all.Go(func() {
			_ = h.server.Shutdown(end) // those who are left are cut off
			h.serving.Wait()
		})
	}
	all.Wait()
}

// route is where the proxy goes with a connection; empty for where DNS says.
func (sc *scene) route(f *proxy.Facts) string {
	h := sc.sites[0]
	for _, other := range sc.sites {
		if other.server.Domain() == f.Domain {
			h = other
		}
	}
	switch {
	case f.Service() == dial.Server:
		return h.at[sandbox.Servers]
	case f.Door == proxy.DoorWS:
		return "wss://" + h.at[sandbox.HTTPS] + "/ws"
	case f.Door == proxy.DoorBOSH:
		return "https://" + h.at[sandbox.HTTPS] + "/bosh"
	case sc.dns != nil:
		return ""
	case f.Direct:
		return h.at[sandbox.DirectTLS]
	}
	return h.at[sandbox.StartTLS]
}

// settle waits a little until every connection has come to its end. Those
// between servers stay open for what may come.
func (j *proxying) settle(ctx context.Context) {
	for range 50 {
		open := 0
		for _, c := range j.p.Conns() {
			if f := c.Facts(); f.Service() != dial.Server {
				open++
			}
		}
		if open == 0 || ctx.Err() != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
