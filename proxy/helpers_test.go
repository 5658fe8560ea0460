package proxy

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/decode"
	"xmppscope/proxy/dial"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// heard is a tap that remembers.
type heard struct {
	t     *testing.T
	mu    sync.Mutex
	short bool // keeps no bytes
	// bytes of TCP by flow, leg and direction; marks and closes in order.
	raw   map[[3]int][]byte
	marks []decode.Mark
	ends  []string
	keys  []byte
	last  map[uint64]time.Time
	tale  map[int][]told
	up    map[[2]int]bool
}

func newHeard(t *testing.T) *heard {
	return &heard{t: t, raw: map[[3]int][]byte{}, last: map[uint64]time.Time{}, up: map[[2]int]bool{}}
}

func (h *heard) clock(flow uint64, t time.Time) {
	if t.Before(h.last[flow]) {
		h.t.Errorf("flow %d: time runs back from %v to %v", flow, h.last[flow], t)
	}
	h.last[flow] = t
}

func (h *heard) Open(flow uint64, leg Leg, _, _ netip.AddrPort, t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock(flow, t)
	h.up[[2]int{int(flow), int(leg)}] = true
}

func (h *heard) Data(flow uint64, leg Leg, dir decode.Dir, t time.Time, p []byte, marks ...decode.Mark) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock(flow, t)
	if !h.up[[2]int{int(flow), int(leg)}] {
		h.t.Errorf("flow %d leg %v speaks before it is open", flow, leg)
	}
	k := [3]int{int(flow), int(leg), int(dir)}
	if leg == LegClient {
		h.note(int(flow), t, marks, dir, p)
	}
	if !h.short {
		h.raw[k] = append(h.raw[k], p...)
	}
	h.keep(marks)
}

func (h *heard) keep(marks []decode.Mark) {
	for _, m := range marks {
		m.Text = bytes.Clone(m.Text)
		h.marks = append(h.marks, m)
	}
}

func (h *heard) Mark(flow uint64, t time.Time, marks ...decode.Mark) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock(flow, t)
	h.note(int(flow), t, marks, 0, nil)
	h.keep(marks)
}

// told is bytes of leg A or a mark, in the order of the tap.
type told struct {
	at   time.Time
	dir  decode.Dir
	data []byte
	mark *decode.Mark
}

func (h *heard) note(flow int, t time.Time, marks []decode.Mark, dir decode.Dir, p []byte) {
	if h.short {
		return
	}
	if h.tale == nil {
		h.tale = map[int][]told{}
	}
	for _, m := range marks {
		m.Text = bytes.Clone(m.Text)
		if m.Do != decode.MarkNote {
			h.tale[flow] = append(h.tale[flow], told{at: t, mark: &m})
		}
	}
	if len(p) > 0 {
		h.tale[flow] = append(h.tale[flow], told{at: t, dir: dir, data: bytes.Clone(p)})
	}
}

// story is what the tap was told of leg A of a flow.
func (h *heard) story(flow int) []told {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]told(nil), h.tale[flow]...)
}

func (h *heard) Close(flow uint64, leg Leg, dir decode.Dir, t time.Time, reset bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock(flow, t)
	h.ends = append(h.ends, fmt.Sprintf("%v %v %v", leg, dir, reset))
}

func (h *heard) Keys(line []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys = append(h.keys, line...)
}

func (h *heard) said(flow int, leg Leg, dir decode.Dir) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.raw[[3]int{flow, int(leg), int(dir)}])
}

// did lists the marks but notes, one a line.
func (h *heard) did() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var b strings.Builder
	names := map[decode.MarkKind]string{decode.MarkHold: "hold", decode.MarkRelease: "release", decode.MarkEdit: "edit", decode.MarkDrop: "drop", decode.MarkInsert: "insert"}
	for _, m := range h.marks {
		if names[m.Do] != "" {
			fmt.Fprintf(&b, "%s %v at %d+%d id %d %v %q\n", names[m.Do], m.Dir, m.At, m.N, m.ID, m.Origin, m.Text)
		}
	}
	return b.String()
}

func (h *heard) notes() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, m := range h.marks {
		if m.Do == decode.MarkNote {
			all = append(all, m.Note)
		}
	}
	return strings.Join(all, "\n")
}

// stage is a proxy between a listener of the test and clients of the test.
type stage struct {
	t      *testing.T
	proxy  *Proxy
	addr   string
	server net.Listener
	tap    *heard
}

func newStage(t *testing.T, set func(*Options)) *stage {
	t.Helper()
	server, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, server: server, tap: newHeard(t)}
	o := Options{
		Doors: []Door{{DoorStartTLS, "127.0.0.1:0"}},
		Dial: func(ctx context.Context, _ Facts) (Upstream, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, "tcp", server.Addr().String())
			return Upstream{Conn: c, Wrapping: dial.Auto}, err
		},
		Leaf:   func(f Facts) (*tls.Certificate, error) { return leafFor(t, "proxy of "+f.Domain), nil },
		Verify: func(tls.ConnectionState, Facts) Checked { return Checked{OK: true, Text: "as the test says"} },
		Tap:    s.tap, Keepalive: -1,
	}
	if set != nil {
		set(&o)
	}
	s.proxy, err = New(o)
	if err != nil {
		t.Fatal(err)
	}
	bound, err := s.proxy.Listen()
	if err != nil {
		t.Fatal(err)
	}
	s.addr = bound[0].Addr.String()
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { s.proxy.Run(ctx); close(over) }()
	t.Cleanup(func() {
		stop()
		server.Close()
		select {
		case <-over:
		case <-time.After(slack):
			t.Error("the proxy does not stop")
		}
	})
	return s
}

// meet makes a connection through the proxy; what the client says first is what
// makes the proxy go to the server.
func (s *stage) meet(first string) (client, server *peer) {
	s.t.Helper()
	c, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	client = &peer{t: s.t, Conn: c}
	s.t.Cleanup(func() { c.Close() })
	client.say(first)
	return client, s.accept()
}

func (s *stage) accept() *peer {
	s.t.Helper()
	s.server.(*net.TCPListener).SetDeadline(time.Now().Add(slack))
	c, err := s.server.Accept()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	return &peer{t: s.t, Conn: c}
}

// peer is a side of the conversation.
type peer struct {
	net.Conn
	t *testing.T
}

func (p *peer) say(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.Conn, text); err != nil {
		p.t.Fatal(err)
	}
}

// hears waits for exactly this.
func (p *peer) hears(want string) {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(slack))
	got := make([]byte, len(want))
	n, err := io.ReadFull(p.Conn, got)
	if string(got[:n]) != want {
		p.t.Fatalf("heard %q (%v), not %q", got[:n], err, want)
	}
}

// hearsEnd waits for the end, and for text before it.
func (p *peer) hearsEnd(want string) {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(slack))
	got, err := io.ReadAll(p.Conn)
	if err != nil || !strings.Contains(string(got), want) {
		p.t.Fatalf("heard %q (%v), not %q and the end", got, err, want)
	}
}

// silent tells that nothing comes for a moment.
func (p *peer) silent() {
	p.t.Helper()
	p.SetReadDeadline(time.Now().Add(60 * time.Millisecond))
	var b [64]byte
	if n, err := p.Read(b[:]); n > 0 || !isTimeout(err) {
		p.t.Fatalf("heard %q (%v), not nothing", b[:n], err)
	}
}

func (p *peer) tls(server bool, config *tls.Config) *peer {
	p.t.Helper()
	p.SetDeadline(time.Now().Add(slack))
	c := tls.Client(p.Conn, config)
	if server {
		c = tls.Server(p.Conn, config)
	}
	if err := c.Handshake(); err != nil {
		p.t.Fatalf("handshake (server %v): %v", server, err)
	}
	p.SetDeadline(time.Time{})
	return &peer{t: p.t, Conn: c}
}

// greeted makes a connection on which both headers and an offer of STARTTLS have
// been said.
func (s *stage) greeted() (client, server *peer) {
	s.t.Helper()
	client, server = s.meet(headC)
	server.hears(headC)
	server.say(headS + features)
	client.hears(headS + features)
	return client, server
}

// agree lets two peers agree on TLS.
func agree(client, server *peer) {
	client.t.Helper()
	client.say(starttls)
	server.hears(starttls)
	server.say(proceed)
	client.hears(proceed)
}

// switching is a connection on which nothing but TLS may come next.
func (s *stage) switching() (client, server *peer) {
	s.t.Helper()
	client, server = s.greeted()
	agree(client, server)
	return client, server
}

// both runs the two sides of a handshake.
func both(t *testing.T, client, server *peer, c, s *tls.Config) (*peer, *peer) {
	t.Helper()
	done := make(chan *peer, 1)
	go func() {
		x := tls.Server(server.Conn, s)
		x.SetDeadline(time.Now().Add(slack))
		x.Handshake()
		x.SetDeadline(time.Time{})
		done <- &peer{t: t, Conn: x}
	}()
	return client.tls(false, c), <-done
}

var leaves sync.Map

func leafFor(t testing.TB, name string) *tls.Certificate {
	if c, ok := leaves.Load(name); ok {
		return c.(*tls.Certificate)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{"example.org"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, x, x, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	leaves.Store(name, c)
	return c
}

// slack is how long anything may take that comes at once on an idle computer.
const slack = time.Minute

// eventually waits for something to become true.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(slack); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

// What the peers of the tests say.
const (
	headC    = "<?xml version='1.0'?><stream:stream to='example.org' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	headS    = "<?xml version='1.0'?><stream:stream from='example.org' id='s1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	features = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
	starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	proceed  = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	sasl     = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
	auth     = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
	success  = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	bindable = "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
	bindC    = "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
	bindS    = "<iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>mbed@example.org/x</jid></bind></iq>"
)

// login brings two peers whose headers have not been said into a session.
func login(client, server *peer, first bool) {
	if !first {
		client.say(headC)
	}
	server.hears(headC)
	for _, turn := range []struct {
		from, to *peer
		text     string
	}{{server, client, headS + sasl}, {client, server, auth}, {server, client, success}, {client, server, headC},
		{server, client, headS + bindable}, {client, server, bindC}, {server, client, bindS}} {
		turn.from.say(turn.text)
		turn.to.hears(turn.text)
	}
}

// nothing is a tap that does nothing, so that what is told is made.
type nothing struct{}

func (nothing) Open(uint64, Leg, netip.AddrPort, netip.AddrPort, time.Time)     {}
func (nothing) Data(uint64, Leg, decode.Dir, time.Time, []byte, ...decode.Mark) {}
func (nothing) Mark(uint64, time.Time, ...decode.Mark)                          {}
func (nothing) Close(uint64, Leg, decode.Dir, time.Time, bool)                  {}
func (nothing) Keys([]byte)                                                     {}
