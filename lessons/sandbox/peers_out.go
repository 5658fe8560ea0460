package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"xmppscope/decode/xmlstream"
)

// peerQueue is how many stanzas wait for another server meanwhile.
const peerQueue = 200

// outPeer is another server. Server.mu guards it.
type outPeer struct {
	srv    *Server
	domain string
	ways   map[string]*way // by the domain here that sends
}

// way is what one domain here sends to another one: a connection of its own,
// where that is needed.
type way struct {
	*outPeer
	from    string
	running bool
	ready   *dialed // once the domain is proved
	queue   []string
}

// take sends a stanza to the other server, and connects where that is needed.
func (p *outPeer) take(st *stanza) {
	w := p.ways[st.from.Domain]
	if w == nil {
		w = &way{outPeer: p, from: st.from.Domain}
		p.ways[st.from.Domain] = w
	}
	if w.ready != nil {
		w.ready.out.put(st.anew(st.to.String()))
		return
	}
	if len(w.queue) >= peerQueue {
		st.fail("resource-constraint", "")
		return
	}
	w.queue = append(w.queue, st.anew(st.to.String()))
	if !w.running {
		w.running = p.srv.background(w.run)
	}
}

// run is one connection to the other server, from its beginning to its end.
func (p *way) run() {
	s := p.srv
	d, err := s.reach(pair{p.from, p.domain})
	if err == nil {
		defer d.close()
		err = p.prove(d)
	}
	s.mu.Lock()
	if err != nil {
		waiting := p.queue
		p.queue, p.running = nil, false
		condition, why := "remote-server-timeout", "The other server cannot be reached."
		if errors.Is(err, errInvalid) { // XEP-0220 §2.1.1
			condition, why = "internal-server-error", "The other server does not believe who we are."
		}
		for _, xml := range waiting {
			if st := s.read(xml); st != nil {
				st.fail(condition, why)
			}
		}
		s.mu.Unlock()
		return
	}
	p.ready = d
	for _, xml := range p.queue {
		d.out.put(xml)
	}
	p.queue = nil
	s.mu.Unlock()
	for err == nil { // nothing but answers to dialback comes here, and the end
		if err = d.until(time.Time{}); err == nil {
			_, err = d.next()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ready, p.running = nil, false
}

// errPeer is another server that does not do as it should.
var errPeer = errors.New("sandbox: the other server refuses")

// errInvalid is another server that was told that the key is not ours.
var errInvalid = errors.New("sandbox: the key is refused")

// prove shows the key, and waits for the verdict (XEP-0220 §2.1).
func (p *way) prove(d *dialed) error {
	key := text(p.srv.dialbackKey(p.domain, p.from, d.id), "db:result", "from", p.from, "to", p.domain)
	d.out.put(key)
	n, err := d.next()
	switch {
	case err != nil:
		return err
	case n.Name != xmlstream.Name{Space: nsDialback, Local: "result"}:
		return errPeer
	case attr(n, "type") == "invalid":
		return errInvalid
	case attr(n, "type") != "valid":
		return errPeer
	}
	return nil
}

// verify asks the server of the domain that sends whether a key is its own.
func (s *Server) verify(of pair, key, id string) bool {
	d, err := s.reach(pair{of.to, of.from})
	if err != nil {
		return false
	}
	defer func() { // the verdict does not wait for a goodbye
		if !s.background(d.close) {
			d.close()
		}
	}()
	d.out.put(text(key, "db:verify", "from", of.to, "to", of.from, "id", id))
	n, err := d.next()
	return err == nil && n.Name == xmlstream.Name{Space: nsDialback, Local: "verify"} && attr(n, "type") == "valid" && attr(n, "id") == id
}

// dialed is a connection that this server has opened. Its reader is one
// goroutine.
type dialed struct {
	srv    *Server
	raw    net.Conn
	nc     net.Conn
	out    *outbox
	framer *xmlstream.Framer
	scope  *xmlstream.Scope
	id     string
}

// reach connects to the server of a domain, with TLS where it offers that. The
// certificate is not asked for a name: dialback proves the domain.
func (s *Server) reach(who pair) (*dialed, error) {
	nc, err := s.dialPeer(who.to)
	if err != nil {
		return nil, err
	}
	if !s.track(nc) {
		_ = nc.Close()
		return nil, ErrClosed
	}
	d := &dialed{srv: s, raw: nc, nc: nc, out: newOutbox(nc, &s.o.Limits)}
	if !s.background(d.out.run) {
		s.untrack(nc)
		_ = nc.Close()
		return nil, ErrClosed
	}
	n, err := d.begin(who)
	if err == nil && n.Child(nsTLS, "starttls") != nil {
		if err = d.secure(who.to); err == nil {
			n, err = d.begin(who)
		}
	}
	if err == nil && n.Child(nsDialbackFeature, "dialback") == nil {
		err = errPeer
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// dialPeer connects, through memory to a domain of this process that nobody has
// given an address.
func (s *Server) dialPeer(domain string) (net.Conn, error) {
	at := s.way(domain)
	if n := s.neighbour(at); n != nil && s.o.Peers[at] == "" {
		return n.Dial(Servers)
	}
	ctx, stop := context.WithTimeout(context.Background(), s.o.Limits.Peer)
	defer stop()
	return s.o.Reach(ctx, at)
}

// begin opens a stream and returns the features.
func (d *dialed) begin(who pair) (*xmlstream.Node, error) {
	d.framer = xmlstream.NewFramer(d.limits())
	d.out.put(serverHeader(who.from, who.to, ""))
	n, err := d.next()
	if err == nil && n.Name != (xmlstream.Name{Space: xmlstream.NSStreams, Local: "features"}) {
		err = errPeer
	}
	return n, err
}

func (d *dialed) secure(domain string) error {
	d.out.put(element("", "starttls", "xmlns", nsTLS))
	n, err := d.next()
	if err != nil {
		return err
	}
	if n.Name.Local != "proceed" {
		return errPeer
	}
	t := tls.Client(d.raw, &tls.Config{ServerName: domain, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
	late := time.Now().Add(d.srv.o.Limits.Peer)
	_ = d.raw.SetWriteDeadline(late)
	err = d.until(late)
	if err == nil {
		err = t.Handshake()
	}
	if err != nil {
		_ = d.raw.Close() // in the clear there is nothing more to say
		return err
	}
	d.nc = t
	d.out.change(t)
	return d.until(late)
}

func (d *dialed) limits() xmlstream.Options {
	return xmlstream.Options{MaxUnit: d.srv.o.Limits.Unit, MaxDepth: 128, MaxAttrs: 128}
}

// next is the next element; a header before it is noted.
func (d *dialed) next() (*xmlstream.Node, error) {
	buf := make([]byte, 8<<10)
	if d.id == "" {
		if err := d.until(time.Now().Add(d.srv.o.Limits.Peer)); err != nil {
			return nil, err
		}
	}
	for {
		for u, ok := d.framer.Next(); ok; u, ok = d.framer.Next() {
			var t xmlstream.Tree
			wire := append([]byte(nil), u.Wire...)
			switch u.Kind {
			case xmlstream.Space:
			case xmlstream.Header:
				root, inside := t.ParseHeader(wire, d.limits())
				if root == nil || len(t.Errs) > 0 {
					return nil, errPeer
				}
				d.id, d.scope = attr(root, "id"), inside
			case xmlstream.Element:
				n := t.Parse(wire, d.scope, d.limits())
				if n == nil || len(t.Errs) > 0 || n.Name == (xmlstream.Name{Space: xmlstream.NSStreams, Local: "error"}) {
					return nil, errPeer
				}
				return n, nil
			default:
				return nil, errPeer
			}
		}
		n, err := d.nc.Read(buf)
		d.framer.Push(buf[:n])
		if err != nil && n == 0 {
			return nil, err
		}
	}
}

// close ends the stream, TLS and the connection (RFC 6120 §4.4). It waits a
// little for the other server to do so too.
func (d *dialed) close() {
	linger := d.srv.o.Limits.Linger
	d.out.hurry(linger)
	d.out.last("</stream:stream>")
	_ = d.nc.SetReadDeadline(time.Now().Add(linger))
	peer := false
	farewell(d.nc, d.framer, &peer)
	d.out.drain()
	d.out.stop()
	if t, ok := d.nc.(*tls.Conn); ok {
		closeTLS(t, d.raw, linger)
	}
	d.srv.untrack(d.raw)
	_ = d.raw.Close()
}

// until is how long the next read may take; the zero time is no end. It fails
// where Shutdown has said that there is to be none.
func (d *dialed) until(at time.Time) error {
	_ = d.nc.SetReadDeadline(at) // a closed one fails in Read
	if d.srv.isClosed() {
		return ErrClosed
	}
	return nil
}
