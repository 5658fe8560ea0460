package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/web"
)

// This file lets the two legs be of different kinds: the lanes speak with a
// translation within the program, in the client's wrapping, and the translation
// speaks with the server.

// translate serves a client of the web whose server speaks something else.
func (c *Conn) translate(ask web.Head) error {
	serve, speaks := c.p.manager().Serve, "BOSH"
	if ask.Socket {
		o := c.p.webOptions()
		speaks, serve = "WebSocket", func(ctx context.Context, conn net.Conn, reach web.Reach) error {
			return web.ServeSocket(ctx, conn, reach, o)
		}
	}
	switch server := c.serverSpeaks(); {
	case ask.Socket:
		c.note(decode.FromInitiator, "the client speaks WebSocket and the server %s: a translation stands between them, which answers pings of its own and declares the namespaces that messages need", server)
	case c.b != nil:
		c.note(decode.FromInitiator, "the client speaks BOSH and the server %s: a translation stands between them, which keeps the session and answers the requests", server)
	default:
		c.note(decode.FromInitiator, "one more connection of a client of BOSH: a translation answers its requests")
	}
	c.talk = web.NewTalk(c.p.o.Bounds.Unit)
	far := c.between()
	c.background(func() {
		defer far.Close()
		if err := serve(c.ctx, far, c.reach); err != nil && !quiet(err) {
			c.note(decode.FromInitiator, "the translation of %s has ended: %s", speaks, plain(err))
		}
	})
	return c.run()
}

// serverSpeaks is what the server speaks, in words.
func (c *Conn) serverSpeaks() string {
	switch c.up.Wrapping {
	case dial.WebSocket:
		return "WebSocket"
	case dial.BOSH:
		return "BOSH"
	}
	return "a plain stream"
}

func (p *Proxy) webOptions() web.Options {
	return web.Options{Most: p.o.Bounds.Unit, Opening: p.o.Bounds.Opening}
}

// manager keeps the sessions of BOSH that are translated.
func (p *Proxy) manager() *web.BOSH {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bosh == nil {
		p.bosh = web.NewBOSH(p.webOptions(), p.work.Go)
	}
	return p.bosh
}

// translates tells whether requests are translated: it is known since the first
// of them, and the server is not called for every connection of a client.
func (p *Proxy) translates() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bosh != nil
}

// runPlain relays a client that speaks XML: to a server of the web by a
// translation.
func (c *Conn) runPlain() error {
	switch {
	case c.foreign || !c.up.Wrapping.Web():
		return c.run()
	case c.up.URL == nil:
		c.a.tell(nil)
		c.refuse("remote-connection-failed", "the server's leg is "+c.up.Wrapping.String()+", and nobody has said at what address", false)
		return nil
	}
	c.note(decode.FromInitiator, "the server speaks %s and the client a plain stream: a translation stands between them", c.serverSpeaks())
	far := c.between()
	c.guests.Add(1)
	c.beside(far, &stream{l: c.b})
	return c.run()
}

// beside lets a translation to a server of the web run: conn is its end of the
// client's plain stream, up is leg B.
func (c *Conn) beside(conn, up net.Conn) {
	u, o, w := c.up.URL, c.p.webOptions(), c.up.Wrapping
	c.background(func() {
		defer up.Close()
		err := error(nil)
		if w == dial.WebSocket {
			err = web.DialSocket(c.ctx, conn, up, u, o)
		} else {
			first := make(chan net.Conn, 1)
			first <- up
			err = web.DialBOSH(c.ctx, conn, func() (net.Conn, error) {
				select {
				case up := <-first:
					return up, nil
				default:
					return c.line()
				}
			}, u, o)
		}
		if err != nil && !quiet(err) {
			c.note(decode.FromReceiver, "the translation to %s has ended: %s", w, plain(err))
		}
	})
}

// quiet tells errors that only say that a connection has ended.
func quiet(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed) || isTimeout(err)
}

// between puts a pipe in the place of the server; far is its other end.
func (c *Conn) between() (far net.Conn) {
	near, far := web.Pipe()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.v = &leg{which: LegServer, c: c, raw: near, unseen: true}
	return far
}

// beyond is the leg that the lanes take for the server's.
func (c *Conn) beyond() *leg {
	if c.v != nil {
		return c.v
	}
	return c.b
}

// reach makes leg B ready for the header of a stream (see [web.Reach]).
func (c *Conn) reach(domain, from string) (net.Conn, error) {
	c.mu.Lock()
	b := c.b
	c.mu.Unlock()
	if b == nil || b.gone.Load() { // of a session that came before
		if why := c.dial(); why != "" {
			return nil, errors.New(why)
		}
		c.byPort()
		b.close()
	}
	c.mu.Lock()
	if domain != "" {
		if c.up.Domain == c.facts.Domain {
			c.up.Domain = domain // the other was but the host of the request
		}
		c.facts.Domain = domain
	}
	c.facts.From, c.facts.Content = from, "jabber:client"
	c.mu.Unlock()
	if c.up.Wrapping.Web() && c.up.URL == nil {
		return nil, errors.New("the server's leg is " + c.up.Wrapping.String() + ", and nobody has said at what address")
	}
	if c.b.tls == nil && c.sealed(true) {
		h := &tls.ClientHelloInfo{SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12}}
		if why := c.raise(h, true); why != "" {
			return nil, errors.New(why)
		}
		c.agreedB()
	}
	c.guests.Add(1)
	up := &stream{l: c.b}
	if !c.up.Wrapping.Web() {
		return up, nil
	}
	near, far := web.Pipe()
	c.beside(far, up)
	return near, nil
}

// agreedB records what TLS of leg B has come to.
func (c *Conn) agreedB() {
	state := c.b.tls.ConnectionState()
	c.note(decode.FromReceiver, "TLS to the server: %s", agreed(&state))
	c.mark(exporter(decode.MarkExporterBeyond, &state)...)
	var a *tls.ConnectionState
	if c.a.tls != nil {
		s := c.a.tls.ConnectionState()
		a = &s
	}
	c.tellFilters(a, &state)
}

// stream is a leg as a connection: above TLS, and told to the tap.
type stream struct {
	l      *leg
	rest   []byte
	closed atomic.Bool
}

func (s *stream) Read(p []byte) (int, error) {
	l := s.l
	for len(s.rest) == 0 {
		if l.tls != nil {
			got, err := l.next(p)
			if len(got) > 0 {
				l.tell(nil)
				return len(got), nil
			}
			if err != nil {
				return 0, s.over(err)
			}
		}
		if err := l.fill(); err != nil {
			return 0, s.over(err)
		}
		if l.tls == nil {
			got, _ := l.next(nil)
			s.rest = clone(got)
			l.tell(nil)
		}
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// over records that the server has ended.
func (s *stream) over(err error) error {
	l := s.l
	l.cool()
	l.tell(nil)
	if !isTimeout(err) && !l.finished.Swap(true) && !l.c.over.Load() {
		l.c.closed(l.which, l.from(), isReset(err))
	}
	return err
}

func (s *stream) Write(p []byte) (int, error) {
	if err := s.l.write(p, nil); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close says the end; the connection itself is closed with the other leg.
func (s *stream) Close() error {
	s.l.finish(true)
	if !s.closed.Swap(true) && s.l.c.guests.Add(-1) == 0 && s.l.c.leaving.Load() {
		s.l.c.background(func() { s.l.c.shut(nil) })
	}
	return nil
}

func (s *stream) LocalAddr() net.Addr                { return s.l.raw.LocalAddr() }
func (s *stream) RemoteAddr() net.Addr               { return s.l.raw.RemoteAddr() }
func (s *stream) SetDeadline(t time.Time) error      { return s.l.raw.SetDeadline(t) }
func (s *stream) SetReadDeadline(t time.Time) error  { return s.l.raw.SetReadDeadline(t) }
func (s *stream) SetWriteDeadline(t time.Time) error { return s.l.raw.SetWriteDeadline(t) }
