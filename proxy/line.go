package proxy

import (
	"errors"
	"net"
	"sync"
)

// A client of BOSH needs more than one connection to its server (XEP-0124 §11).
// The first is leg B; each other one is a flow of its own in the record, which
// has a server's leg alone.

// line opens one more connection to the server, with TLS where that is to have
// it.
func (c *Conn) line() (net.Conn, error) {
	n := &Conn{p: c.p, flow: c.p.flows.Add(1), ctx: c.ctx, facts: c.Facts(), hello: c.hello, leaf: c.leaf}
	n.a = &leg{which: LegClient, c: n, raw: c.a.raw, unseen: true}
	l := &line{of: n}
	if why := n.dial(); why != "" {
		return nil, errors.New(why)
	}
	l.stream = &stream{l: n.b}
	n.guests.Add(1)
	if n.sealed(true) {
		if why := n.raise(n.helloOr(), true); why != "" {
			_ = l.Close()
			return nil, errors.New(why)
		}
	}
	return l, nil
}

// line is such a connection. Unlike leg B it ends when it is closed.
type line struct {
	*stream
	of   *Conn
	once sync.Once
}

func (l *line) Close() error {
	l.once.Do(func() {
		_ = l.stream.Close()
		_ = l.l.raw.Close()
		l.of.abandoned()
		if f, ok := l.of.p.o.Tap.(Forgetter); ok {
			f.Forget(l.of.flow)
		}
	})
	return nil
}
