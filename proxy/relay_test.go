package proxy

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

func TestSession(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.meet(headC)
	login(c, u, true)
	c.say("<message to='a@b'><body>hi</body></message>")
	u.hears("<message to='a@b'><body>hi</body></message>")
	u.say("<presence from='a@b'/> <message>")
	c.hears("<presence from='a@b'/> <message>") // bytes do not wait for whole elements
	u.say("</message></stream:stream>")
	c.hears("</message></stream:stream>")
	c.say("</stream:stream>")
	u.hears("</stream:stream>")
	c.Close()
	u.hearsEnd("")
	u.Close()
	eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
	if did := s.tap.did(); did != "" {
		t.Errorf("marks where nothing was done: %s", did)
	}
	if a, b := s.tap.said(1, LegClient, 0), s.tap.said(1, LegServer, 0); a != b || !strings.Contains(a, "hi</body>") {
		t.Errorf("leg A was told %q, leg B %q", a, b)
	}
	if a, b := s.tap.said(1, LegClient, 1), s.tap.said(1, LegServer, 1); a != b || !strings.Contains(a, "</message>") {
		t.Errorf("leg A was told %q, leg B %q", a, b)
	}
}

func TestStartTLS(t *testing.T) {
	for _, x := range []struct {
		name     string
		client   uint16
		server   uint16
		want     uint16
		early    string
		pipeline bool
	}{
		{name: "1.3", want: tls.VersionTLS13},
		{name: "server has 1.2", server: tls.VersionTLS12, want: tls.VersionTLS12},
		{name: "client has 1.2", client: tls.VersionTLS12, want: tls.VersionTLS12},
		{name: "clear text before the answer", early: "<evil/>", want: tls.VersionTLS13},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := newStage(t, nil)
			c, u := s.greeted()
			c.say(starttls)
			u.hears(starttls)
			u.say(proceed + x.early)
			c.hears(proceed)
			ct, ut := both(t, c, u, &tls.Config{InsecureSkipVerify: true, ServerName: "example.org", MaxVersion: x.client},
				&tls.Config{Certificates: []tls.Certificate{*leafFor(t, "server")}, MaxVersion: x.server})
			for _, p := range []*peer{ct, ut} {
				if v := p.Conn.(*tls.Conn).ConnectionState().Version; v != x.want {
					t.Errorf("version %x, not %x", v, x.want)
				}
			}
			if cn := ct.Conn.(*tls.Conn).ConnectionState().PeerCertificates[0].Subject.CommonName; cn != "proxy of example.org" {
				t.Errorf("the client was shown %q", cn)
			}
			login(ct, ut, false)
			ct.say("<message><body>secret</body></message>")
			ut.hears("<message><body>secret</body></message>")
			ct.Close()
			ut.hearsEnd("")
			ut.Close()
			eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
			if x.early != "" && !strings.Contains(s.tap.notes(), `"<evil/>"`) {
				t.Errorf("no word about what was dropped: %s", s.tap.notes())
			}
			if !strings.Contains(string(s.tap.keys), "CLIENT_") {
				t.Error("no keys")
			}
			if strings.Contains(s.tap.said(1, LegClient, 0), "secret") {
				t.Error("the tap was told plaintext")
			}
		})
	}
}

func TestDirectTLS(t *testing.T) {
	s := newStage(t, nil)
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	done := make(chan *peer)
	go func() {
		u := s.accept()
		x := tls.Server(u.Conn, &tls.Config{Certificates: []tls.Certificate{*leafFor(t, "server")}, NextProtos: []string{"xmpp-client"}})
		x.Handshake()
		done <- &peer{t: t, Conn: x}
	}()
	c := (&peer{t: t, Conn: raw}).tls(false, &tls.Config{InsecureSkipVerify: true, ServerName: "example.org", NextProtos: []string{"xmpp-client"}})
	u := <-done
	if p := c.Conn.(*tls.Conn).ConnectionState().NegotiatedProtocol; p != "xmpp-client" {
		t.Errorf("ALPN %q", p)
	}
	if sni := u.Conn.(*tls.Conn).ConnectionState().ServerName; sni != "example.org" {
		t.Errorf("SNI %q", sni)
	}
	login(c, u, false)
}

func TestGarbage(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := newStage(t, nil)
		bytesFrom := func(start string) []byte {
			p := make([]byte, 1+r.IntN(200_000))
			for i := range p {
				p[i] = byte(r.IntN(256))
				if seed%3 == 1 {
					p[i] = "<>/ a='\"!-?&;x"[r.IntN(14)]
				}
			}
			return append([]byte(start), p...)
		}
		starts := []string{"", "<", headC, headC + "<message>", headC + starttls + "x"}
		up, down := bytesFrom(starts[seed%5]), bytesFrom(headS)
		if up[0] == 0x16 || up[0] >= 'A' && up[0] <= 'Z' {
			up[0] = 'x'
		}
		nc, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		c := &peer{t: t, Conn: nc}
		sent := r.Uint64()
		go pour(c, up, sent)
		u := s.accept()
		got := func(p *peer) chan []byte {
			ch := make(chan []byte, 1)
			go func() {
				h := sha256.New()
				p.SetReadDeadline(time.Now().Add(slack))
				_, err := io.Copy(h, p.Conn)
				if err != nil {
					t.Error(err)
				}
				ch <- h.Sum(nil)
			}()
			return ch
		}
		fromC, fromU := got(u), got(c)
		pour(u, down, r.Uint64())
		if want := sha256.Sum256(up); !bytes.Equal(<-fromC, want[:]) {
			t.Errorf("seed %d: the server got other bytes", seed)
		}
		if want := sha256.Sum256(down); !bytes.Equal(<-fromU, want[:]) {
			t.Errorf("seed %d: the client got other bytes", seed)
		}
		nc.Close()
	}
}

// pour says bytes in random pieces and ends.
func pour(p *peer, data []byte, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 2))
	for len(data) > 0 {
		n := min(len(data), 1+r.IntN(1+r.IntN(30_000)))
		p.say(string(data[:n]))
		data = data[n:]
	}
	p.Conn.(*net.TCPConn).CloseWrite()
}

// TestBulk: bytes that began to go on unit by unit go on as they come when the
// negotiation turns out to be over, and none is lost in between.
func TestBulk(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.greeted()
	c.say("<bulk/>")
	u.hears("<bulk/>")
	piece := bytes.Repeat([]byte(msg(strings.Repeat("x", 281))), 128)[:32<<10]
	const n = 300
	go func() {
		for range n {
			c.say(string(piece))
		}
	}()
	u.SetReadDeadline(time.Now().Add(slack))
	sum := sha256.New()
	if got, err := io.CopyN(sum, u.Conn, n*int64(len(piece))); err != nil {
		t.Fatalf("%v behind %d bytes", err, got)
	}
	want := sha256.New()
	for range n {
		want.Write(piece)
	}
	if !bytes.Equal(sum.Sum(nil), want.Sum(nil)) {
		t.Error("other bytes")
	}
}

// gate is a Gate of a function.
type gate func(c *Conn, e *decode.Event) Verdict

func (g gate) Decide(c *Conn, e *decode.Event) Verdict { return g(c, e) }
