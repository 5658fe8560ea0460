package proxy

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"xmppscope/proxy/dial"
)

// upstream sets what is spoken with the server.
func upstream(w dial.Wrapping) func(*Options) {
	return func(o *Options) {
		inner := o.Dial
		o.Dial = func(ctx context.Context, f Facts) (Upstream, error) {
			u, err := inner(ctx, f)
			u.Wrapping = w
			return u, err
		}
	}
}

func serverTLS(t *testing.T) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{*leafFor(t, "server")}}
}

var anyTLS = &tls.Config{InsecureSkipVerify: true, ServerName: "example.org"}

// TestClientDirectServerStartTLS: the proxy asks the server for STARTTLS.
func TestClientDirectServerStartTLS(t *testing.T) {
	s := newStage(t, upstream(dial.StartTLS))
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	done := make(chan *peer)
	go func() {
		u := s.accept()
		u.hears("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.org' version='1.0'>")
		u.say(headS + features)
		u.hears(starttls)
		u.say(proceed)
		done <- u.tls(true, serverTLS(t))
	}()
	c := (&peer{t: t, Conn: raw}).tls(false, anyTLS)
	u := <-done
	login(c, u, false)
	if said := s.tap.said(1, LegServer, 0); !strings.Contains(said, starttls) {
		t.Errorf("the tap heard of leg B %q", said)
	}
}

// TestClientStartTLSServerDirect: the proxy asks the client for STARTTLS.
func TestClientStartTLSServerDirect(t *testing.T) {
	s := newStage(t, upstream(dial.TLS))
	c, u := s.meet(headC)
	head := make([]byte, 4096)
	n, _ := c.Read(head)
	if got := string(head[:n]); !strings.HasSuffix(got, "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>") || !strings.Contains(got, "from='example.org'") {
		t.Fatalf("the client hears %q", got)
	}
	c.say(starttls)
	c.hears(proceed)
	c, u = both(t, c, u, anyTLS, serverTLS(t))
	login(c, u, false)
	want := fmt.Sprintf("drop initiator at 0+%d id 0 dropped \"\"\ninsert receiver at 0+%d id 0 synthetic \"\"\ndrop initiator at %d+%d id 0 dropped \"\"\ninsert receiver at %d+%d id 0 synthetic \"\"\n",
		len(headC), n, len(headC), len(starttls), n, len(proceed))
	if did := s.tap.did(); did != want {
		t.Errorf("did\n%snot\n%s", did, want)
	}
}

func TestBadCertificate(t *testing.T) {
	no := func(o *Options) {
		o.Verify = func(tls.ConnectionState, Facts) Checked { return Checked{Text: "it is for <somebody> else"} }
	}
	t.Run("starttls", func(t *testing.T) {
		s := newStage(t, no)
		c, u := s.switching()
		c, u = both(t, c, u, anyTLS, serverTLS(t))
		c.say(headC)
		c.hearsEnd("<stream:error><remote-connection-failed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>xmppscope: the server&apos;s certificate is not good: it is for &lt;somebody&gt; else</text></stream:error></stream:stream>")
		c.Close()
		u.hearsEnd("")
		eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
	})
	t.Run("insecure", func(t *testing.T) {
		s := newStage(t, func(o *Options) { no(o); o.Insecure = true })
		c, u := s.switching()
		c, u = both(t, c, u, anyTLS, serverTLS(t))
		login(c, u, false)
		if n := s.tap.notes(); !strings.Contains(n, "INSECURE") {
			t.Errorf("notes: %s", n)
		}
	})
}

func TestNoServer(t *testing.T) {
	set := func(o *Options) {
		o.Dial = func(context.Context, Facts) (Upstream, error) { return Upstream{}, errors.New("connection refused") }
	}
	s := newStage(t, set)
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	c := &peer{t: t, Conn: raw}
	c.say(headC)
	c.hearsEnd("<remote-connection-failed xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>xmppscope: the server was not reached: connection refused</text></stream:error></stream:stream>")
	c.Close()
	if raw, err = net.Dial("tcp", s.addr); err != nil {
		t.Fatal(err)
	}
	c = (&peer{t: t, Conn: raw}).tls(false, anyTLS)
	c.say(headC)
	c.hearsEnd("remote-connection-failed")
	c.Close()
}

// TestSwitchRefused: what stands behind a request for TLS is XML after all.
func TestSwitchRefused(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.greeted()
	c.say(starttls + "<a/>")
	u.hears(starttls)
	u.silent()
	u.say("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	c.hears("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	u.hears("<a/>")
	c.say("<b/>")
	u.hears("<b/>")
}

// TestEarlyHello: a ClientHello that does not wait for <proceed/> (XEP-0305).
func TestEarlyHello(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.greeted()
	done := make(chan *tls.Conn)
	go func() {
		x := tls.Client(&eager{Conn: c.Conn, first: starttls, skip: len(proceed)}, anyTLS)
		if err := x.Handshake(); err != nil {
			t.Error(err)
		}
		done <- x
	}()
	u.hears(starttls)
	time.Sleep(20 * time.Millisecond)
	u.say(proceed)
	u = u.tls(true, serverTLS(t))
	login(&peer{t: t, Conn: <-done}, u, false)
	if n := s.tap.notes(); strings.Contains(n, "dropped") {
		t.Errorf("notes: %s", n)
	}
}

// eager puts something before what is written first, and skips what is read
// first.
type eager struct {
	net.Conn
	first string
	skip  int
}

func (e *eager) Write(p []byte) (int, error) {
	if e.first == "" {
		return e.Conn.Write(p)
	}
	_, err := e.Conn.Write(append([]byte(e.first), p...))
	e.first = ""
	return len(p), err
}

func (e *eager) Read(p []byte) (int, error) {
	if e.skip > 0 {
		if _, err := io.ReadFull(e.Conn, make([]byte, e.skip)); err != nil {
			return 0, err
		}
		e.skip = 0
	}
	return e.Conn.Read(p)
}

// TestCompression: nothing is cut inside zlib.
func TestCompression(t *testing.T) {
	_, c, u, _ := inSession(t, gated)
	c.say("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
	u.hears("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
	u.say("<compressed xmlns='http://jabber.org/protocol/compress'/>\x78\x9c")
	c.hears("<compressed xmlns='http://jabber.org/protocol/compress'/>\x78\x9c")
	c.say("\x78\x9cxyz<")
	u.hears("\x78\x9cxyz<")
	u.say("abc")
	c.hears("abc")
}

func TestDoors(t *testing.T) {
	for _, x := range []struct {
		name, says, hears string
		kind              DoorKind
		ok                bool
	}{
		{"name", "\x05\x02\x02\x00\x05\x01\x00\x03\x0bexample.org\x14\x66", "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", DoorSOCKS5, true},
		{"IPv6", "\x05\x01\x00\x05\x01\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x14\x66", "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", DoorSOCKS5, true},
		{"elsewhere", "\x05\x01\x00\x05\x01\x00\x01\x08\x08\x08\x08\x00\x50", "\x05\x00\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00", DoorSOCKS5, false},
		{"bind", "\x05\x01\x00\x05\x02\x00\x01\x08\x08\x08\x08\x00\x50", "\x05\x00\x05\x07\x00\x01\x00\x00\x00\x00\x00\x00", DoorSOCKS5, false},
		{"password only", "\x05\x01\x02", "\x05\xff", DoorSOCKS5, false},
		{"connect", "CONNECT example.org:5222 HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 Connection established\r\n\r\n", DoorConnect, true},
		{"connect elsewhere", "CONNECT example.com:5222 HTTP/1.1\r\n\r\n", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DoorConnect, false},
		{"get", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 405 Method Not Allowed\r\nAllow: CONNECT\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", DoorConnect, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := newStage(t, func(o *Options) {
				o.Doors[0].Kind = x.kind
				o.Allow = func(to string) error {
					if to == "example.org:5222" || to == "[::1]:5222" {
						return nil
					}
					return errors.New("not there")
				}
			})
			raw, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			c := &peer{t: t, Conn: raw}
			defer c.Close()
			c.say(x.says)
			c.hears(x.hears)
			if !x.ok {
				c.hearsEnd("")
				return
			}
			c.say(headC)
			u := s.accept()
			login(c, u, true)
			if said := s.tap.said(1, LegClient, 0); !strings.HasPrefix(said, headC) {
				t.Errorf("the record begins with %q", said)
			}
		})
	}
}

// TestLateStartTLS: stanzas before STARTTLS are against all rules, and no reason
// to miss it.
func TestLateStartTLS(t *testing.T) {
	s := newStage(t, nil)
	c, u := s.greeted()
	c.say(msg("x"))
	u.hears(msg("x"))
	u.say(msg("y"))
	c.hears(msg("y"))
	if conn := s.proxy.Conns()[0]; !conn.settled.Load() {
		t.Error("all is still framed")
	}
	agree(c, u)
	c, u = both(t, c, u, anyTLS, serverTLS(t))
	login(c, u, false)
}
