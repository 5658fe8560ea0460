package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/web"
)

// This file lets the two legs be of different kinds: the lanes speak with a
// translation within the program, in the client's wrapping, and the translation
// speaks with the server.

// translate serves a client of the web whose server speaks a plain stream.
func (c *Conn) translate(ask web.Head) error {
	if !ask.Socket {
		c.refuseWeb("the server's leg is " + c.up.Wrapping.String() + ", which is not what the client speaks")
		return nil
	}
	c.note(decode.FromInitiator, "the client speaks WebSocket and the server does not: a translation stands between them, which answers pings of its own and declares the namespaces that messages need")
	c.talk = web.NewTalk(c.p.o.Bounds.Unit)
	far := c.between()
	c.background(func() {
		defer far.Close()
		o := web.Options{Most: c.p.o.Bounds.Unit, Opening: c.p.o.Bounds.Opening}
		if err := web.ServeSocket(c.ctx, far, c.reach, o); err != nil && !quiet(err) {
			c.note(decode.FromInitiator, "the translation has ended: %s", plain(err))
		}
	})
	return c.run()
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
func (c *Conn) reach(_ context.Context, domain, from string) (net.Conn, error) {
	c.mu.Lock()
	if domain != "" {
		if c.up.Domain == c.facts.Domain {
			c.up.Domain = domain // the other was but the host of the request
		}
		c.facts.Domain = domain
	}
	c.facts.From, c.facts.Content = from, "jabber:client"
	c.mu.Unlock()
	if c.b.tls == nil && c.up.Wrapping != dial.Plain {
		h := &tls.ClientHelloInfo{SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12}}
		if why := c.raise(h, true); why != "" {
			return nil, errors.New(why)
		}
		c.agreedB()
	}
	return &stream{l: c.b}, nil
}

// agreedB records what TLS of leg B has come to.
func (c *Conn) agreedB() {
	state := c.b.tls.ConnectionState()
	c.note(decode.FromReceiver, "TLS to the server: %s", agreed(&state))
}

// stream is a leg as a connection: above TLS, and told to the tap.
type stream struct {
	l    *leg
	rest []byte
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
	return nil
}

func (s *stream) LocalAddr() net.Addr                { return s.l.raw.LocalAddr() }
func (s *stream) RemoteAddr() net.Addr               { return s.l.raw.RemoteAddr() }
func (s *stream) SetDeadline(t time.Time) error      { return s.l.raw.SetDeadline(t) }
func (s *stream) SetReadDeadline(t time.Time) error  { return s.l.raw.SetReadDeadline(t) }
func (s *stream) SetWriteDeadline(t time.Time) error { return s.l.raw.SetWriteDeadline(t) }
