package proxy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/ledger"
	"xmppscope/proxy/web"
)

// Proxy listens, and relays what comes.
type Proxy struct {
	o      Options
	log    *slog.Logger
	bufs   buffers
	desks  [16]desk
	work   sync.WaitGroup
	flows  atomic.Uint64
	webIDs atomic.Uint32
	binds  atomic.Bool

	lagging lagging
	bodies  bodies
	bosh    *web.BOSH // nil before the first

	mu      sync.Mutex
	doors   []openDoor
	conns   map[uint64]*Conn
	frozen  [2]bool
	stopped bool
}

type openDoor struct {
	kind DoorKind
	l    net.Listener
}

// New makes a Proxy that does not listen yet.
func New(o Options) (*Proxy, error) {
	if o.Dial == nil {
		return nil, errors.New("a proxy needs a way to the server")
	}
	for _, d := range o.Doors {
		if _, ok := entries[d.Kind]; !ok {
			return nil, fmt.Errorf("there is no door of the kind %q", d.Kind)
		}
	}
	o.Bounds.fill()
	if o.MaxConns <= 0 {
		o.MaxConns = 20000
	}
	if o.Keepalive == 0 {
		o.Keepalive = 30 * time.Second
	}
	if o.Book == nil {
		o.Book = &ledger.Book{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Proxy{o: o, log: o.Log, conns: map[uint64]*Conn{}}, nil
}

// fill sets the defaults.
func (b *Bounds) fill() {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	wait := func(v *time.Duration, d time.Duration) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&b.Lane, 1<<20)
	set(&b.Unit, 10<<20)
	set(&b.Requests, 1000)
	wait(&b.Opening, 60*time.Second)
	wait(&b.Handshake, 30*time.Second)
	wait(&b.Dial, 30*time.Second)
	if b.Linger == 0 {
		b.Linger = 5 * time.Minute
	}
}

func (p *Proxy) now() time.Time { return p.o.Now() }

// Listen opens the doors, all or none.
func (p *Proxy) Listen() ([]Bound, error) {
	var all []Bound
	for _, d := range p.o.Doors {
		l, err := net.Listen("tcp", d.Addr)
		if err != nil {
			p.shutDoors()
			return nil, fmt.Errorf("%s %s: %w", d.Kind, d.Addr, err)
		}
		p.mu.Lock()
		p.doors = append(p.doors, openDoor{d.Kind, l})
		p.mu.Unlock()
		all = append(all, Bound{d.Kind, addrOf(l.Addr())})
	}
	return all, nil
}

func (p *Proxy) shutDoors() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	for _, d := range p.doors {
		d.l.Close()
	}
}

// Run serves until ctx ends, and then closes all connections. It returns when
// nothing of the proxy runs any more.
func (p *Proxy) Run(ctx context.Context) error {
	p.mu.Lock()
	doors := slices.Clone(p.doors)
	p.mu.Unlock()
	var accepting sync.WaitGroup
	for _, d := range doors {
		accepting.Go(func() { p.accept(ctx, d) })
	}
	<-ctx.Done()
	p.shutDoors()
	accepting.Wait()
	for _, c := range p.Conns() {
		c.shut(context.Cause(ctx))
	}
	p.work.Wait()
	p.lagging.stop()
	return nil
}

// accept takes connections. What goes wrong for a while, such as too many open
// files, is said and waited for.
func (p *Proxy) accept(ctx context.Context, d openDoor) {
	pause := time.Duration(0)
	for {
		nc, err := d.l.Accept()
		switch {
		case err == nil:
			if pause > 0 {
				p.log.Warn("connections are taken again", "door", d.l.Addr().String())
			}
			pause = 0
			p.Serve(ctx, nc, d.kind)
			continue
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return
		}
		if pause == 0 {
			p.log.Error("no connection can be taken for the moment", "door", d.l.Addr().String(), "why", err)
		}
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return
		}
	}
}

// Serve relays one connection that was taken elsewhere, as if it had come in at
// a door. It does not wait. Nil where there are too many.
func (p *Proxy) Serve(ctx context.Context, nc net.Conn, kind DoorKind) *Conn {
	c := p.newConn(ctx, nc, kind)
	p.mu.Lock()
	full := p.stopped || len(p.conns) >= p.o.MaxConns
	if !full {
		p.conns[c.flow] = c
	}
	p.mu.Unlock()
	if full {
		c.quit(nil)
		nc.Close()
		p.log.Warn("a connection is not served: there are too many", "from", fmt.Sprint(nc.RemoteAddr()))
		return nil
	}
	p.work.Go(c.serve)
	return c
}

func (p *Proxy) newConn(ctx context.Context, nc net.Conn, kind DoorKind) *Conn {
	c := &Conn{p: p, flow: p.flows.Add(1), done: make(chan struct{})}
	c.ctx, c.quit = context.WithCancelCause(ctx)
	c.a = &leg{which: LegClient, c: c, raw: nc}
	c.facts = Facts{Flow: c.flow, Door: kind, Client: addrOf(nc.RemoteAddr())}
	c.desk = &p.desks[c.flow%uint64(len(p.desks))]
	c.dec = decode.NewConn(decode.ConnID(c.flow), decode.Options{Tree: &c.desk.tree, XML: xmlstream.Options{MaxUnit: p.o.Bounds.Unit}})
	for _, f := range p.o.Filters {
		c.filters = append(c.filters, f(c))
	}
	c.filters = append(c.filters, c.ownFilters()...)
	return c
}

func (p *Proxy) drop(c *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c.flow)
	p.bodies.ended(c.flow)
}

// Conns are the connections that are open, in the order in which they came.
func (p *Proxy) Conns() []*Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]*Conn, 0, len(p.conns))
	for _, c := range p.conns {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Conn) int { return int(a.flow) - int(b.flow) })
	return all
}

// Freeze stops a direction of all connections, those to come included.
func (p *Proxy) Freeze(d decode.Dir) {
	p.mu.Lock()
	p.frozen[d&1] = true
	p.mu.Unlock()
	for _, c := range p.Conns() {
		c.Freeze(d)
	}
}

// Thaw lets a direction of all connections go on.
func (p *Proxy) Thaw(d decode.Dir) {
	p.mu.Lock()
	p.frozen[d&1] = false
	p.mu.Unlock()
	for _, c := range p.Conns() {
		c.Thaw(d)
	}
}
