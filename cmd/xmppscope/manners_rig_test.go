package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy/ca"
)

// visited is a practice server whose every connection is recorded, beside the
// wire.
type visited struct {
	*testing.T
	server *sandbox.Server
	trust  *x509.CertPool
	// persona is the certificate of the clients, if any.
	persona []tls.Certificate
	file    bytes.Buffer
	tap     *captures.Tap

	mu    sync.Mutex
	conns uint16
}

// Write takes lines of the server's key log.
func (v *visited) Write(line []byte) (int, error) {
	v.tap.Keys(line)
	return len(line), nil
}

// recorded is a connection, as the one who made it has it.
type recorded struct {
	net.Conn
	v       *visited
	flow    uint64
	said    [2]sync.Once // that a direction has ended
	reading sync.Mutex
	closed  atomic.Bool
}

// reach connects to a server, and records what passes. Servers do so through
// memory, where nothing is buffered, as domains of one process do.
func (v *visited) reach(s *sandbox.Server, w sandbox.Wrapping) (net.Conn, error) {
	connect := s.Dial
	if w != sandbox.Servers {
		connect = func(w sandbox.Wrapping) (net.Conn, error) { return dialled(s, w) }
	}
	nc, err := connect(w)
	if err != nil {
		return nil, err
	}
	v.mu.Lock()
	v.conns++
	r := &recorded{Conn: nc, v: v, flow: uint64(v.conns)}
	v.mu.Unlock()
	port := map[sandbox.Wrapping]uint16{sandbox.StartTLS: 5222, sandbox.DirectTLS: 5223, sandbox.HTTPS: 5281, sandbox.Component: 5347, sandbox.Servers: 5269}[w]
	here := netip.MustParseAddr("127.0.0.1")
	v.tap.Open(r.flow, false, netip.AddrPortFrom(here, 40000+uint16(r.flow)), netip.AddrPortFrom(here, port), time.Now())
	return r, nil
}

// dialled connects through TCP.
func dialled(s *sandbox.Server, w sandbox.Wrapping) (net.Conn, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer ln.Close()
	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		return nil, err
	}
	its, err := ln.Accept()
	if err != nil {
		_ = nc.Close()
		return nil, err
	}
	go s.Handle(its, w)
	return nc, nil
}

func (r *recorded) Write(p []byte) (int, error) {
	r.v.tap.Data(r.flow, false, decode.FromInitiator, time.Now(), p)
	return r.Conn.Write(p)
}

func (r *recorded) Read(p []byte) (int, error) {
	if r.closed.Load() {
		return 0, net.ErrClosed
	}
	return r.read(p)
}

func (r *recorded) read(p []byte) (int, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	n, err := r.Conn.Read(p)
	if n > 0 {
		r.v.tap.Data(r.flow, false, decode.FromReceiver, time.Now(), p[:n])
	}
	if err == io.EOF {
		r.ended(decode.FromReceiver)
	}
	return n, err
}

func (r *recorded) ended(dir decode.Dir) {
	r.said[dir&1].Do(func() { r.v.tap.End(r.flow, false, dir, time.Now(), false) })
}

// Close goes on reading until the other side ends, as somebody beside the wire
// would.
func (r *recorded) Close() error {
	if r.closed.Swap(true) {
		return nil
	}
	r.ended(decode.FromInitiator)
	_ = r.Conn.SetReadDeadline(time.Unix(1, 0)) // who reads still reads no more
	r.reading.Lock()
	_ = r.Conn.SetReadDeadline(time.Now().Add(slack))
	r.reading.Unlock()
	buf := make([]byte, 4<<10)
	for {
		if _, err := r.read(buf); err != nil {
			return r.Conn.Close()
		}
	}
}

// visit plays a table's row, and returns what is found by somebody beside the
// wire, above the level of notes.
func (m *manners) visit(t *testing.T, authority *ca.Authority) map[string][]lint.Finding {
	t.Helper()
	v := &visited{T: t, trust: authority.Pool()}
	v.tap = captures.NewTap(captures.TapOptions{Record: &v.file})
	conf := &tls.Config{GetCertificate: ca.GetCertificate(authority, "localhost", "localhost"), KeyLogWriter: v}
	o := sandbox.Options{Iterations: 4096, TLS: conf, Components: map[string]string{"echo.localhost": "hollow"}}
	o.Limits.Linger = slack
	if m.who != "" {
		i := newIssuer(t)
		pair, err := tls.X509KeyPair(i.person(t, m.who))
		if err != nil {
			t.Fatal(err)
		}
		v.persona, o.ClientCAs = []tls.Certificate{pair}, x509.NewCertPool()
		o.ClientCAs.AddCert(i.cert)
	}
	if err := o.Read(m.settings); err != nil {
		t.Fatal(err)
	}
	other := o
	other.Domain, other.Components = "montague.localhost", nil
	o.Peers, other.Peers = map[string]string{other.Domain: "there"}, map[string]string{"localhost": "here"}
	var servers [2]*sandbox.Server
	for i, so := range []*sandbox.Options{&o, &other} {
		so.Reach = func(context.Context, string) (net.Conn, error) { return v.reach(servers[1-i], sandbox.Servers) }
		var err error
		if servers[i], err = sandbox.New(*so); err != nil {
			t.Fatal(err)
		}
	}
	v.server = servers[0]
	if m.hand != nil {
		m.hand(v)
	}
	var playing sync.WaitGroup
	for _, script := range m.scripts {
		playing.Go(func() { v.play(script) })
	}
	playing.Wait()
	end, stop := context.WithTimeout(context.Background(), slack)
	defer stop()
	for _, s := range servers {
		if err := s.Shutdown(end); err != nil {
			t.Error(err)
		}
	}
	if err := v.tap.Close(); err != nil {
		t.Fatal(err)
	}
	return faultsIn(t, v.file.Bytes(), knowing(t, []string{"juliet@localhost=r0m30myr0m30", "romeo@localhost=wherefore"}))
}

// play plays a script with a client of its own; its first line may name a door.
func (v *visited) play(script string) {
	o := practice.Options{TLS: &tls.Config{RootCAs: v.trust, Certificates: v.persona}, Attempts: 1, Patience: slack}
	wrapping := sandbox.StartTLS
	if door, rest, ok := strings.Cut(script, "!"); ok && len(door) < 5 {
		script, wrapping = rest, map[string]sandbox.Wrapping{"tls": sandbox.DirectTLS, "ws": sandbox.HTTPS, "bosh": sandbox.HTTPS}[door]
		o.Door = webDoors[door]
	}
	o.Dial = func(ctx context.Context) (net.Conn, error) {
		nc, err := v.reach(v.server, wrapping)
		if err != nil || wrapping == sandbox.StartTLS {
			return nc, err
		}
		t := tls.Client(nc, &tls.Config{RootCAs: v.trust, ServerName: "localhost"})
		return t, t.HandshakeContext(ctx)
	}
	lines, err := practice.Parse(strings.ReplaceAll(script, "LOGIN", "open\nstarttls\nlogin SCRAM-SHA-256"))
	if err == nil {
		err = practice.New(o).Play(v.Context(), lines)
	}
	if err != nil {
		v.Error(err)
	}
}

// hand is a connection whose every word is the test's.
type hand struct {
	v  *visited
	nc io.ReadWriter
}

func (h *hand) say(text string) {
	if _, err := h.nc.Write([]byte(text)); err != nil {
		h.v.Error(err)
	}
}

// until reads until a text has come.
func (h *hand) until(text string) string {
	var got strings.Builder
	buf := make([]byte, 1)
	for !strings.Contains(got.String(), text) {
		if _, err := h.nc.Read(buf); err != nil {
			h.v.Errorf("%s never comes: %v; this does: %s", text, err, got.String())
			break
		}
		got.WriteByte(buf[0])
	}
	return got.String()
}

// byHand opens a connection for a hand.
func (v *visited) byHand(w sandbox.Wrapping) (*hand, net.Conn) {
	nc, err := v.reach(v.server, w)
	if err != nil {
		v.Fatal(err)
	}
	_ = nc.SetDeadline(time.Now().Add(slack))
	return &hand{v, nc}, nc
}

// component connects one, which answers somebody (XEP-0114).
func (v *visited) component() {
	h, nc := v.byHand(sandbox.Component)
	h.say("<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='echo.localhost'>")
	_, rest, _ := strings.Cut(h.until("'>"), " id='")
	id, _, _ := strings.Cut(rest, "'")
	sum := sha1.Sum([]byte(id + "hollow"))
	h.say("<handshake>" + hex.EncodeToString(sum[:]) + "</handshake>")
	h.until("<handshake/>")
	v.play("LOGIN juliet r0m30myr0m30\nbind b\nC: <iq type='get' id='e' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>\nS: iq id=e\n" +
		"C: <message type='chat' id='m' to='cave@echo.localhost'><body>Hist!</body></message>\nclose")
	h.until("</message>")
	h.say("<message type='chat' id='n' to='juliet@localhost' from='cave@echo.localhost'><body>ist!</body></message></stream:stream>")
	h.until("</stream:stream>")
	_ = nc.Close()
}

// compressed logs in by hand and goes on compressed (XEP-0138).
func (v *visited) compressed() {
	const open = "<?xml version='1.0'?><stream:stream from='juliet@localhost' to='localhost' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	h, raw := v.byHand(sandbox.StartTLS)
	h.say(open)
	h.until("</stream:features>")
	h.say("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	h.until("/>")
	t := tls.Client(raw, &tls.Config{RootCAs: v.trust, ServerName: "localhost"})
	h.nc = t
	h.say(open)
	h.until("</stream:features>")
	h.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAByMG0zMG15cjBtMzA=</auth>")
	h.until("<success")
	h.until(">")
	h.say(open)
	h.until("</stream:features>")
	h.say("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
	h.until("<compressed xmlns='http://jabber.org/protocol/compress'/>")
	z := &zipped{under: t}
	z.out = zlib.NewWriter(t)
	h.nc = z
	h.say(open)
	h.until("</stream:features>")
	h.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	h.until("</iq>")
	h.say("<presence/><iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>")
	h.until("id='p'")
	h.say("</stream:stream>")
	h.until("</stream:stream>")
	_ = t.CloseWrite()
	_, _ = io.Copy(io.Discard, t)
	_ = raw.Close()
}

// zipped is a client's end of a compressed stream.
type zipped struct {
	under io.Reader
	in    io.Reader // made by the first read
	out   *zlib.Writer
}

func (z *zipped) Write(p []byte) (int, error) {
	n, err := z.out.Write(p)
	if err == nil {
		err = z.out.Flush()
	}
	return n, err
}

func (z *zipped) Read(p []byte) (n int, err error) {
	if z.in == nil {
		if z.in, err = zlib.NewReader(z.under); err != nil {
			return 0, err
		}
	}
	return z.in.Read(p)
}
