package sandbox

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"xmppscope/decode/xmlstream"
)

// stage is how far a connection has come.
type stage uint8

const (
	anonymous stage = iota // nobody has logged in
	authentic              // logged in, without a resource
	bound                  // with one
)

// conn is one connection. Its reader is one goroutine, to which all fields
// belong but those that say otherwise.
type conn struct {
	srv     *Server  // of the domain that is talked with
	home    *Server  // at whose door; any goroutine
	raw     net.Conn // TCP
	nc      net.Conn // what XML stands in: raw, or TLS around it
	out     *outbox  // any goroutine
	ids     *ids     // any goroutine
	begun   time.Time
	crowded bool // there are too many connections

	framer *xmlstream.Framer
	tree   xmlstream.Tree
	scope  *xmlstream.Scope // of the peer's stream header
	lang   string           // its xml:lang
	opened atomic.Bool      // our header was sent, for the stream at hand; any goroutine
	fresh  bool             // a stream header has to come next (RFC 6120 §4.3.3)
	peer   bool             // the peer has closed its stream
	far    far              // what is not a client; nil: a client
	id     string           // of the stream at hand
	web    bool             // inside HTTP, which has no STARTTLS
	sealed bool             // and HTTP is inside TLS

	tls     *secured // nil without TLS
	login   *login   // a login that has begun
	refused int
	stage   stage
	account *account
	session *session // written under Server.mu
	asked   bool     // whether the client is there (idle)

	ending atomic.Bool // by kick; any goroutine
	once   sync.Once
}

func newConn(s *Server, nc net.Conn, number uint64) *conn {
	c := &conn{srv: s, home: s, raw: nc, nc: nc, begun: time.Now(), fresh: true}
	c.out = newOutbox(nc, &s.o.Limits)
	c.out.spoil = c.spoil
	c.ids = newIDs(s.o.Seed, "connection "+strconv.FormatUint(number, 10))
	c.restart(nil)
	return c
}

// restart begins a new document; rest is what was read of it already.
func (c *conn) restart(rest []byte) {
	unit := c.srv.o.Limits.UnitBefore
	if c.stage != anonymous || c.far != nil {
		unit = c.srv.o.Limits.Unit
	}
	c.framer = xmlstream.NewFramer(c.limits(unit))
	c.fresh = true
	c.opened.Store(false)
	c.push(rest)
}

// push hands the framer what was read. White space before a stream header, as
// after the last element of the stream before, is passed over.
func (c *conn) push(p []byte) {
	if c.fresh && c.framer.Pending() == 0 {
		p = bytes.TrimLeft(p, " \t\r\n")
	}
	c.framer.Push(p)
}

func (c *conn) limits(unit int) xmlstream.Options {
	return xmlstream.Options{MaxUnit: unit, MaxDepth: 128, MaxAttrs: 128}
}

// run is the whole life of the connection.
func (c *conn) run(w Wrapping) {
	var writer sync.WaitGroup
	writer.Go(c.out.run)
	err := c.converse(w)
	c.finish(err)
	c.out.stop()
	c.cut()
	writer.Wait()
}

// converse reads until the stream ends. Its error says how.
func (c *conn) converse(w Wrapping) error {
	if w == DirectTLS || w == HTTPS {
		if err := c.handshake(nil); err != nil {
			return err
		}
	}
	switch w {
	case HTTP, HTTPS:
		if err := c.http(w); err != nil {
			return err
		}
	case Component:
		c.far = &component{conn: c}
		c.restart(nil)
	case Servers:
		c.far = &inPeer{conn: c, proved: map[pair]bool{}}
		c.restart(nil)
	}
	buf := make([]byte, 8<<10)
	for {
		for {
			u, ok := c.framer.Next()
			if !ok {
				break
			}
			if err := c.unit(u); err != nil {
				return err
			}
		}
		if err := c.wait(); err != nil {
			return err
		}
		n, err := c.nc.Read(buf)
		c.push(buf[:n])
		switch {
		case n > 0:
			c.asked = false
		case c.ending.Load():
			return errEnded
		case errors.Is(err, os.ErrDeadlineExceeded):
			if err := c.silent(); err != nil {
				return err
			}
		case err != nil:
			return err
		}
	}
}

// wait sets how long the next read may take.
func (c *conn) wait() error {
	l := &c.srv.o.Limits
	until := time.Now()
	switch {
	case c.stage != bound:
		until = c.begun.Add(l.Login)
	case c.asked:
		until = until.Add(l.Answer)
	default:
		until = until.Add(l.Idle)
	}
	if err := c.nc.SetReadDeadline(until); err != nil {
		return err
	}
	if c.ending.Load() { // kick may have set a deadline that this one undid
		return errEnded
	}
	return nil
}

// silent is what happens when nothing has come for the time of wait: a client
// that is logged in is asked once whether it is there (RFC 6120 §4.6.1).
func (c *conn) silent() error {
	if c.stage != bound {
		return &streamError{condition: "connection-timeout", text: "The login took too long."}
	}
	if c.asked {
		return &streamError{condition: "connection-timeout", text: "There was no answer."}
	}
	if c.session == nil { // whoever is no client gets white space (RFC 6120 §4.6.1)
		c.send(" ")
		return nil
	}
	c.asked = true
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	c.session.askWhetherThere()
	return nil
}

// kick ends the stream from outside: any goroutine may call it, and it does
// not wait.
func (c *conn) kick(e *streamError) {
	c.once.Do(func() {
		c.ending.Store(true)
		if c.opened.Load() {
			c.out.last(c.altered(e.xml() + "</stream:stream>"))
		} else { // an error needs a stream to stand in (RFC 6120 §4.9.1.2)
			c.out.last("")
		}
		_ = c.raw.SetReadDeadline(time.Unix(1, 0))
	})
}

// cut closes the connection under everything.
func (c *conn) cut() { _ = c.raw.Close() }

// send writes to the peer. A peer that does not read is given up.
func (c *conn) send(xml string) {
	if !c.out.put(c.altered(xml)) {
		c.kick(&streamError{condition: "policy-violation", text: "Too much waits to be read."})
	}
}

// finish says the last words, gives the session up, and waits a little for the
// peer's end tag (RFC 6120 §4.4).
func (c *conn) finish(err error) {
	var se *streamError
	switch {
	case errors.As(err, &se):
		c.leave(true)
		c.once.Do(func() { c.out.last(c.altered(c.header()) + c.altered(se.xml()+"</stream:stream>")) })
	case c.ending.Load():
		c.leave(true)
	case c.peer && c.mute():
		c.leave(true)
		return
	case c.peer:
		c.leave(true)
		c.once.Do(func() {
			c.out.last(c.altered("</stream:stream>"))
		})
	default: // cut off
		c.leave(false)
		return
	}
	c.out.hurry(5 * c.srv.o.Limits.Linger)
	_ = c.nc.SetReadDeadline(time.Now().Add(c.srv.o.Limits.Linger))
	farewell(c.nc, c.framer, &c.peer)
	c.out.drain()
	if _, rude := c.srv.does("tls-cut"); c.tls != nil && !rude {
		closeTLS(c.tls.conn, c.raw, c.srv.o.Limits.Linger)
	}
}

// closeTLS says that TLS ends here, reads until the peer says so too, and closes
// the connection: both may say it at the same time, and neither may wait for the
// other to read it.
func closeTLS(t *tls.Conn, raw net.Conn, linger time.Duration) {
	var said sync.WaitGroup
	said.Go(func() { _ = t.CloseWrite() }) // the peer may be gone
	_ = raw.SetReadDeadline(time.Now().Add(linger))
	buf := make([]byte, 4<<10)
	for {
		if _, err := t.Read(buf); err != nil {
			break
		}
	}
	// The peer has read what it wanted to, or has gone: what is still being
	// written to it has a moment.
	late := time.AfterFunc(linger, func() { _ = raw.Close() })
	defer late.Stop()
	said.Wait()
	_ = raw.Close()
}

// farewell reads until the peer closes its stream too, which it notes, and
// forgets what it reads.
func farewell(nc net.Conn, framer *xmlstream.Framer, peer *bool) {
	buf := make([]byte, 4<<10)
	for !*peer {
		n, err := nc.Read(buf)
		framer.Push(buf[:n])
		for u, ok := framer.Next(); ok; u, ok = framer.Next() {
			*peer = *peer || u.Kind == xmlstream.Close || u.Kind == xmlstream.Opaque
		}
		if err != nil {
			return
		}
	}
}

// leave gives the session up. One whose stream was not closed may come back,
// where that was agreed.
func (c *conn) leave(closed bool) {
	c.srv.mu.Lock()
	defer c.srv.mu.Unlock()
	if c.far != nil {
		c.far.leave()
	}
	if c.session == nil || c.session.conn != c {
		if c.session == nil && c.account != nil && c.account.passing {
			c.srv.part(c.account)
		}
		return
	}
	if closed || !c.session.sm.sleep(c.session) {
		c.session.end()
	}
}
