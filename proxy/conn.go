package proxy

import (
	"context"
	"crypto/tls"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/ledger"
	"xmppscope/proxy/web"
)

// Conn is one proxied connection. Its methods may be called from any goroutine.
type Conn struct {
	p    *Proxy
	flow uint64
	ctx  context.Context
	quit context.CancelCauseFunc
	a, b *leg
	v    *leg // what the lanes take for leg B, where something stands before it; else nil
	lane [2]*lane

	mu    sync.Mutex
	facts Facts
	// ends counts the lanes that are over.
	ends  int
	ids   uint32
	begun bool // of what keeps alive
	asks  asks
	pings map[string]decode.Dir // pings that wait for an answer, by id: who asked

	over    atomic.Bool  // all is being closed
	leaving atomic.Bool  // the lanes are over
	shaking atomic.Int32 // where the handshake of leg A is
	guests  atomic.Int32 // what a translation has open on leg B
	parking atomic.Bool  // the lanes are to stop reading
	settled atomic.Bool  // the negotiation is over
	shifted atomic.Bool  // a filter needs units
	awaits  atomic.Bool  // an answer is to be kept back
	pending atomic.Int32 // the change of layers that was asked for

	// The decoder that knows what is true now. It is fed what the client gets
	// and what the server gets. The desk lends it memory, and its lock.
	desk *desk
	dec  *decode.Conn

	after behind

	fmu     sync.Mutex
	filters []Filter
	book    *ledger.Conn

	tapMu  sync.Mutex
	lastT  time.Time
	opened [2]bool
	ended  [2][2]bool

	// Of the beginning. refusal says why there is no server, said how much the
	// proxy itself has said to the client; foreign is set where it is not XMPP.
	up        Upstream
	refusal   string
	said      int64
	foreign   bool
	early     []byte               // what the client said above TLS before the lanes began
	hello     *tls.ClientHelloInfo // the client's, if it has sent one
	talk      *web.Talk            // of a client that speaks HTTP; else nil
	leaf      *tls.Certificate
	wantsCert bool
	checked   Checked

	done chan struct{}
}

// desk is memory for decoding that some connections share.
type desk struct {
	mu   sync.Mutex
	tree xmlstream.Tree
}

// ID is the number of the connection's flow, from 1.
func (c *Conn) ID() uint64 { return c.flow }

// Facts are what is known about the connection by now.
func (c *Conn) Facts() Facts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.facts
}

// State is what is true now, as both peers would have it.
func (c *Conn) State() *decode.State {
	c.catchUp()
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	return c.dec.State()
}

// Done is closed when the connection is over.
func (c *Conn) Done() <-chan struct{} { return c.done }

func (c *Conn) newFramer() *xmlstream.Framer {
	return xmlstream.NewFramer(xmlstream.Options{MaxUnit: c.p.o.Bounds.Unit})
}

// nextID numbers what is held.
func (c *Conn) nextID() uint32 {
	if c.talk != nil && !c.talk.Side(decode.FromInitiator).Frames() {
		// A session of BOSH goes over several connections: there is no second of
		// the number in any of them.
		return webIDs + c.p.webIDs.Add(1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids++
	return c.ids
}

// webIDs is below what messages of HTTP have for numbers.
const webIDs = 1 << 20

// watched tells whether the gate wants to see units.
func (c *Conn) watched() bool {
	g := c.p.o.Gate
	if g == nil {
		return false
	}
	if w, ok := g.(Watcher); ok {
		return w.Watching(c)
	}
	return true
}

// inline tells whether units must be whole before they go on.
func (c *Conn) inline(l *lane) bool {
	return !c.settled.Load() || c.shifted.Load() || c.awaits.Load() || c.watched() || l.web != nil && (l.web.Spoiled() || c.p.bodies.waiting.Load() > 0)
}

// previewText is the event that a unit would be if it went on now.
func (c *Conn) previewText(dir decode.Dir, xml []byte) *decode.Event {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	e := c.dec.Preview(dir, c.p.now(), xml)
	return &e
}

// feed tells the decoder what goes on.
func (c *Conn) feed(dir decode.Dir, p []byte) {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	c.decode(dir, p, false)
}

// observe tells the decoder and the filters what has gone on.
func (c *Conn) observe(dir decode.Dir, p []byte) {
	c.fmu.Lock()
	defer c.fmu.Unlock()
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	c.decode(dir, p, true)
	c.shift()
}

// decode is called with the desk held, and with fmu where the filters are to
// see what passes.
func (c *Conn) decode(dir decode.Dir, p []byte, seen bool) {
	for t := c.p.now(); len(p) > 0; {
		events, n := c.dec.Feed(dir, t, p)
		p = p[n:]
		for i := range events {
			c.remember(&events[i])
			if c.talk != nil {
				c.p.bodies.take(c.flow, &events[i])
			}
			if seen {
				c.seen(&events[i])
			}
		}
		if n == 0 && len(events) == 0 {
			break
		}
	}
	if !c.settled.Load() && c.pending.Load() == noChange && settled(c.dec.State()) {
		c.settled.Store(true)
	}
}

// settled tells whether the negotiation is over: nothing changes layers or
// identities any more.
func settled(s *decode.State) bool {
	if s.Phase == decode.PhaseExchange { // stanzas are exchanged, whatever went before
		return true
	}
	switch s.Profile {
	case decode.ProfileC2S:
		return s.JID != "" || s.Resumed
	case decode.ProfileS2S:
		return len(s.Pairs) > 0
	case decode.ProfileComponent:
		return s.Authenticated
	}
	return false
}

func (c *Conn) seen(e *decode.Event) {
	for _, f := range c.filters {
		if o, ok := f.(Observer); ok {
			o.Observe(e, func() *xmlstream.Node { return e.Element(&c.desk.tree) })
		}
	}
}

// rewrite asks the filters about what is to be sent or has been dropped. What
// they add is not rewritten again.
func (c *Conn) rewrite(p Passing) (all Rewritten) {
	if len(c.filters) == 0 {
		return all
	}
	c.fmu.Lock()
	defer c.fmu.Unlock()
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	for _, f := range c.filters {
		e := *p.Event
		e.Wire, e.XML = p.XML, nil
		p.Element = func() *xmlstream.Node { return e.Element(&c.desk.tree) }
		r := f.Rewrite(p)
		all.Before = append(all.Before, r.Before...)
		all.After = append(all.After, r.After...)
		all.Why = join(all.Why, r.Why)
		if r.XML != nil {
			p.XML, all.XML = r.XML, r.XML
		}
		if r.Drop {
			all.Drop = true
			break
		}
	}
	c.shift()
	return all
}

func (c *Conn) shift() {
	on := false
	for _, f := range c.filters {
		on = on || f.Shifted()
	}
	c.shifted.Store(on)
}

// background runs something that may have to wait for a peer.
func (c *Conn) background(do func()) { c.p.work.Go(do) }

// laneOver counts the lanes that pass nothing on any more, and closes when both
// do not and both peers have ended, or soon after.
func (c *Conn) laneOver(*lane) {
	c.mu.Lock()
	c.ends++
	n := c.ends
	c.mu.Unlock()
	switch linger := c.p.o.Bounds.Linger; {
	case c.over.Load(): // it is being closed; whoever does so need not be waited for by Run
	case n >= 2:
		c.rest()
		c.timer(goodbye)
	case linger > 0:
		c.lingers(linger)
	}
}

// goodbye is how long a peer that was told the end has to end its side.
const goodbye = 2 * time.Second

// timer closes the connection after a while.
func (c *Conn) timer(d time.Duration) {
	c.background(func() {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			c.leave()
		case <-c.ctx.Done():
		}
	})
}

// rest closes where there is nothing left to do.
func (c *Conn) rest() {
	c.mu.Lock()
	n := c.ends
	c.mu.Unlock()
	if n >= 2 && c.a.finished.Load() && c.beyond().finished.Load() {
		c.background(c.leave)
	}
}

// leave closes, where nobody else uses the leg to the server: a session of BOSH
// may go on over other connections of the client.
func (c *Conn) leave() {
	c.leaving.Store(true)
	if c.guests.Load() == 0 {
		c.shut(nil)
	}
}

// shut closes both legs and ends the lanes.
func (c *Conn) shut(cause error) {
	if c.over.Swap(true) {
		return
	}
	c.quit(cause)
	c.mu.Lock()
	b, v, lanes := c.b, c.v, c.lane
	c.mu.Unlock()
	c.a.close()
	b.close()
	v.close()
	for _, l := range lanes {
		if l != nil {
			l.mu.Lock()
			l.die()
			l.mu.Unlock()
		}
	}
}
