package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
	"xmppscope/proxy/dial"
)

// This file is the beginning of a connection: what the client's first bytes
// are, where it wants to go, and the two legs made ready.

// serve is the life of a connection.
func (c *Conn) serve() {
	defer c.finish()
	c.a.raw.SetDeadline(c.p.now().Add(c.p.o.Bounds.Opening))
	if err := c.enter(); err != nil {
		c.p.log.Info("a client was turned away", "flow", c.flow, "why", err)
		return
	}
	c.open(LegClient)
	if err := c.a.fill(); err != nil {
		if isTimeout(err) {
			c.note(decode.FromInitiator, "the client has said nothing for %v", c.p.o.Bounds.Opening)
		}
		c.closed(LegClient, decode.FromInitiator, isReset(err))
		return
	}
	isWeb, err := c.isWeb()
	if err != nil {
		c.closed(LegClient, decode.FromInitiator, isReset(err))
		return
	}
	switch {
	case isWeb:
		err = c.serveWeb()
	case c.a.in[0] == 0x16 && c.observes():
		err = c.serveSealed()
	case c.a.in[0] == 0x16:
		err = c.serveTLS()
	default:
		first := c.a.in[0]
		err = c.serveClear(isSpace(first) || first == '<' || first == 0xEF)
	}
	if err != nil {
		c.note(decode.FromInitiator, "the connection comes to nothing: %s", plain(err))
	}
}

// finish ends what serve began.
func (c *Conn) finish() {
	c.shut(nil)
	c.abandoned()
	c.farewell()
	c.p.drop(c)
	if f, ok := c.p.o.Tap.(Forgetter); ok {
		f.Forget(c.flow)
	}
	close(c.done)
}

// open tells the tap of a leg.
func (c *Conn) open(leg Leg) {
	c.tapMu.Lock()
	defer c.tapMu.Unlock()
	c.opened[leg], c.ended[leg] = true, [2]bool{}
	if tap := c.p.o.Tap; tap != nil {
		from, to := addrOf(c.a.raw.RemoteAddr()), addrOf(c.a.raw.LocalAddr())
		if leg == LegServer {
			from, to = addrOf(c.b.raw.LocalAddr()), addrOf(c.b.raw.RemoteAddr())
		}
		tap.Open(c.flow, leg, from, to, c.stamp(time.Time{}))
	}
}

// addrOf is an address of TCP; of anything else it is none.
func addrOf(a net.Addr) netip.AddrPort {
	if t, ok := a.(*net.TCPAddr); ok {
		ap := t.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	return netip.AddrPort{}
}

// serveTLS serves a client that began with TLS (XEP-0368).
func (c *Conn) serveTLS() error {
	c.mu.Lock()
	c.facts.Direct = true
	c.mu.Unlock()
	if err := c.secure(true); err != nil {
		return err
	}
	if c.refusal != "" {
		c.refuse("remote-connection-failed", c.refusal, false)
		return nil
	}
	return c.above()
}

// serveSealed serves a client whose TLS is not touched.
func (c *Conn) serveSealed() error {
	c.mu.Lock()
	c.facts.Direct = true
	c.mu.Unlock()
	c.note(decode.FromInitiator, "%s", untouched)
	if why := c.dial(); why != "" {
		return errors.New(why)
	}
	c.foreign = true
	return c.run()
}

// serveClear serves a client that began with XML, or with what nobody knows.
func (c *Conn) serveClear(xml bool) error {
	if xml {
		if err := c.firstHeader(); err != nil {
			return err
		}
	} else {
		c.note(decode.FromInitiator, "this is not XMPP: what the client says first is neither XML nor TLS; all is relayed as it comes")
	}
	if why := c.dial(); why != "" {
		if xml {
			c.refuse("remote-connection-failed", why, false)
			return nil
		}
		return errors.New(why)
	}
	if xml && (c.up.Wrapping == dial.TLS || c.up.Wrapping.Web() && c.overTLS()) {
		if err := c.ask(); err != nil {
			return err
		}
		if err := c.secure(false); err != nil {
			return err
		}
		if c.refusal != "" {
			c.refuse("remote-connection-failed", c.refusal, false)
			return nil
		}
	}
	c.foreign = !xml
	return c.runPlain()
}

// firstHeader reads up to the end of the client's first header, for where it
// wants to go. Nothing is taken from what it has said.
func (c *Conn) firstHeader() error {
	f := c.newFramer()
	var said []byte
	for {
		said = append(said, c.a.in...)
		f.Push(c.a.in)
		c.a.in = nil
		for u, ok := f.Next(); ok; u, ok = f.Next() {
			if u.Kind == xmlstream.Space && len(said) < 64<<10 {
				continue
			}
			c.greet(u)
			c.a.in = said
			return nil
		}
		if p := f.Unread(); len(said) > 64<<10 || len(p) > 0 && p[0] != '<' && p[0] != 0xEF && !isSpace(p[0]) {
			c.a.in = said
			return nil
		}
		if err := c.a.fill(); err != nil {
			c.a.in = said
			if errors.Is(err, io.EOF) {
				return nil // what there is goes on
			}
			if isTimeout(err) {
				err = fmt.Errorf("the client has not finished its first header for %v", c.p.o.Bounds.Opening)
			}
			c.a.next(nil)
			c.a.tell(nil)
			return err
		}
	}
}

// greet takes what a header tells.
func (c *Conn) greet(u xmlstream.Unit) {
	if u.Kind != xmlstream.Header {
		return
	}
	c.desk.mu.Lock()
	root, scope := c.desk.tree.ParseHeader(u.Wire, xmlstream.Options{})
	var to, from string
	if root != nil {
		to, _ = root.Attr("to")
		from, _ = root.Attr("from")
	}
	content, _ := scope.Lookup("")
	c.desk.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.facts.From, c.facts.Content = from, content
	if to != "" {
		c.facts.Domain = to
	}
}

// dial opens leg B. It returns why that came to nothing.
func (c *Conn) dial() string {
	ctx, stop := context.WithTimeout(c.ctx, c.p.o.Bounds.Dial)
	defer stop()
	up, err := c.p.o.Dial(ctx, c.Facts())
	for _, n := range up.Notes {
		c.note(decode.FromInitiator, "%s", n)
	}
	if err != nil {
		return "the server was not reached: " + strings.TrimPrefix(plain(err), dial.ErrUnreachable.Error()+": ")
	}
	if up.Domain == "" {
		up.Domain = c.Facts().Domain
	}
	c.up = up
	c.mu.Lock()
	c.b = &leg{which: LegServer, c: c, raw: up.Conn}
	c.facts.Upstream = addrOf(up.Conn.RemoteAddr())
	c.mu.Unlock()
	c.open(LegServer)
	c.elsewhere()
	return ""
}

// elsewhere says that a client of SOCKS5 or CONNECT does not get the port that
// it asked for: where the proxy leads is not its clients' to say.
func (c *Conn) elsewhere() {
	f := c.Facts()
	if _, port, err := net.SplitHostPort(f.Asked); err == nil && f.Upstream.IsValid() && port != strconv.Itoa(int(f.Upstream.Port())) {
		c.note(decode.FromInitiator, "the client asks at the door %s for %s; where this proxy leads was told to the proxy, and is %s", f.Door, legible([]byte(f.Asked)), f.Upstream)
	}
}

// run relays until both directions have ended.
func (c *Conn) run() error {
	c.a.raw.SetDeadline(time.Time{})
	c.mu.Lock()
	c.lane[0] = newLane(c, decode.FromInitiator, c.a, c.beyond())
	c.lane[1] = newLane(c, decode.FromReceiver, c.beyond(), c.a)
	c.mu.Unlock()
	c.p.mu.Lock()
	for d, l := range c.lane {
		l.frozen = c.p.frozen[d]
	}
	c.p.mu.Unlock()
	c.lane[1].planned = c.said
	c.lane[0].base = c.a.read - int64(len(c.early))
	c.lane[0].done = c.lane[0].base
	if c.foreign {
		c.lane[0].opaque.Store(true)
		c.lane[1].opaque.Store(true)
	}
	if c.over.Load() {
		return nil
	}
	if !c.foreign {
		c.p.work.Add(1) // Run waits for it where it has begun
		late := time.AfterFunc(c.p.o.Bounds.Opening, func() {
			defer c.p.work.Done()
			c.late()
		})
		defer func() {
			if late.Stop() {
				c.p.work.Done()
			}
		}()
	}
	c.background(c.lane[1].run)
	if p := c.early; len(p) > 0 {
		c.early = nil
		c.lane[0].take(p)
	}
	c.lane[0].run()
	<-c.lane[1].exit
	<-c.ctx.Done()
	return nil
}

// late ends a connection whose client has made TLS, or begun a request, and then
// said nothing. BOSH has no header that any of its connections would begin with.
func (c *Conn) late() {
	first, begun := "header", c.State().Headers[decode.FromInitiator] > 0
	if c.talk != nil && !c.talk.Side(decode.FromInitiator).Frames() {
		first, begun = "request", c.talk.Asked()
	}
	if !begun && !c.lane[0].opaque.Load() && c.lane[0].empty() {
		c.note(decode.FromInitiator, "the client has not finished its first %s for %v", first, c.p.o.Bounds.Opening)
		c.shut(nil)
	}
}

// empty tells whether nothing of the lane waits.
func (l *lane) empty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.wait) == 0
}
