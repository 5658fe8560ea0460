package dial

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

const (
	features = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
	opening  = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' from='capulet.test' version='1.0'>"
	ask      = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	proceed  = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
)

// certificate is one for capulet.test that nobody vouches for.
func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "capulet.test"}, DNSNames: []string{"capulet.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// pair is both ends of a TCP connection on loopback.
func pair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err = net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// expect reads until what was said ends in want.
func expect(t *testing.T, c io.Reader, want string) {
	var got []byte
	var b [1]byte
	for !bytes.HasSuffix(got, []byte(want)) {
		if _, err := c.Read(b[:]); err != nil {
			t.Errorf("got %q and then %v, want %q", got, err, want)
			return
		}
		got = append(got, b[0])
	}
}

func say(c io.Writer, text string) { _, _ = io.WriteString(c, text) }

func trusting(c *tls.Config) *tls.Config { c.InsecureSkipVerify = true; return c }

// TestRaise plays the server's half of each negotiation. What the server says
// last comes out of the leg first.
func TestRaise(t *testing.T) {
	cert := certificate(t)
	secure := func(c net.Conn) *tls.Conn {
		return tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"xmpp-client", "http/1.1"}})
	}
	ws := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
	wire := []byte("GET /ws HTTP/1.1\r\nHost: capulet.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n")
	wsURL := &url.URL{Scheme: "ws", Host: "capulet.test", Path: "/ws"}
	for _, c := range []struct {
		name   string
		u      Upstream
		server func(c net.Conn)
		reads  string // what is read from the leg
		is     error
		text   string // of the error
		check  func(*testing.T, *Leg)
	}{
		{"plain", Upstream{Wrapping: Plain}, func(c net.Conn) { say(c, "<a/>") }, "<a/>", nil, "", nil},
		{"STARTTLS", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			expect(t, c, "to='capulet.test' version='1.0'>")
			say(c, opening+" \n"+features)
			expect(t, c, ask)
			say(c, proceed)
			s := secure(c)
			say(s, "<a/>")
		}, "<a/>", nil, "", func(t *testing.T, l *Leg) {
			if l.TLS == nil || l.TLS.ServerName != "capulet.test" || l.TLS.NegotiatedProtocol != "" {
				t.Errorf("TLS: %+v", l.TLS)
			}
			var said strings.Builder
			for _, s := range l.Before {
				said.WriteString(s.Dir.String()[:1] + string(s.Wire) + "|")
			}
			if got := said.String(); !strings.HasSuffix(got, "|r"+opening+"|r \n|r"+features+"|i"+ask+"|r"+proceed+"|") {
				t.Errorf("before: %s", got)
			}
		}},
		{"STARTTLS, bytes behind proceed", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+features)
			expect(t, c, ask)
			say(c, proceed+"<evil/>")
			s := secure(c)
			say(s, "<a/>")
		}, "<a/>", nil, "", func(t *testing.T, l *Leg) {
			if string(l.Dropped) != "<evil/>" {
				t.Errorf("dropped %q", l.Dropped)
			}
		}},
		{"STARTTLS is not offered", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+"<stream:features><bind xmlns='b'/><x xmlns='x'/></stream:features>")
		}, "", ErrNoStartTLS, "the features are bind, x", nil},
		{"STARTTLS is not offered, and need not be", Upstream{Wrapping: Auto}, func(c net.Conn) {
			say(c, opening+"<stream:features/><a/>")
		}, opening + "<stream:features/><a/>", nil, "", func(t *testing.T, l *Leg) {
			if !l.Opened || l.Wrapping != Plain || l.Before[0].Dir != decode.FromInitiator {
				t.Errorf("%+v", l)
			}
		}},
		{"STARTTLS fails", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+features+"<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>")
		}, "", ErrRefused, "refused STARTTLS", nil},
		{"a stream error", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+"<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>not here</text></stream:error></stream:stream>")
		}, "", ErrRefused, "stream error host-unknown: not here", nil},
		{"a redirection", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>[::1]:9</see-other-host></stream:error></stream:stream>")
		}, "", ErrRefused, "see-other-host [::1]:9", nil},
		{"it hangs up", Upstream{Wrapping: StartTLS}, func(c net.Conn) { expect(t, c, "version='1.0'>"); say(c, opening); c.Close() }, "", ErrRefused, "it closed the connection", nil},
		{"it closes the stream", Upstream{Wrapping: StartTLS}, func(c net.Conn) { say(c, opening+"</stream:stream>") }, "", ErrRefused, "it closed the stream", nil},
		{"it speaks another protocol", Upstream{Wrapping: StartTLS}, func(c net.Conn) { say(c, "SSH-2.0-OpenSSH_9\r\n<") }, "", ErrProtocol, `no XMPP: it begins with "SSH-2.0`, nil},
		{"another root", Upstream{Wrapping: StartTLS}, func(c net.Conn) { say(c, "<html><body>") }, "", ErrProtocol, "", nil},
		{"broken XML", Upstream{Wrapping: StartTLS}, func(c net.Conn) { say(c, opening+"<a></b>") }, "", ErrProtocol, "broken XML", nil},
		{"a stanza instead of features", Upstream{Wrapping: StartTLS}, func(c net.Conn) { say(c, opening+"<message/>") }, "", ErrProtocol, "<message", nil},
		{"endless features", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+"<stream:features>"+strings.Repeat("<x/>", maxBefore/4+10))
			_, _ = io.Copy(io.Discard, c)
		}, "", ErrProtocol, "", nil},
		{"endless white space", Upstream{Wrapping: StartTLS}, func(c net.Conn) {
			say(c, opening+strings.Repeat(" ", maxBefore+10))
			_, _ = io.Copy(io.Discard, c)
		}, "", ErrProtocol, "KiB without an end", nil},
		{"silence", Upstream{Wrapping: StartTLS, Timeout: 50 * time.Millisecond}, func(c net.Conn) { expect(t, c, ">") }, "", ErrUnreachable, "no answer within 50ms", nil},
		{"silence in TLS", Upstream{Wrapping: TLS, Timeout: 50 * time.Millisecond}, func(net.Conn) {}, "", ErrUnreachable, "no answer within 50ms", nil},
		{"direct TLS", Upstream{Wrapping: TLS}, func(c net.Conn) { say(secure(c), "<a/>") }, "<a/>", nil, "", func(t *testing.T, l *Leg) {
			if l.TLS == nil || l.TLS.NegotiatedProtocol != "xmpp-client" {
				t.Errorf("TLS: %+v", l.TLS)
			}
		}},
		{"clear text where TLS belongs", Upstream{Wrapping: TLS}, func(c net.Conn) { say(c, opening) }, "", ErrTLS, "", nil},
		{"WebSocket", Upstream{Wrapping: WebSocket, URL: wsURL, Wire: wire}, func(c net.Conn) {
			expect(t, c, "\r\n\r\n")
			say(c, ws+"\x81\x04<a/>")
		}, "\x81\x04<a/>", nil, "", func(t *testing.T, l *Leg) {
			if string(l.Response) != ws || !bytes.Equal(l.Request, wire) {
				t.Errorf("%q %q", l.Request, l.Response)
			}
		}},
		{"WebSocket with another key", Upstream{Wrapping: WebSocket, URL: wsURL}, func(c net.Conn) { say(c, ws) }, "", ErrProtocol, "does not fit the key", nil},
		{"WebSocket, not found", Upstream{Wrapping: WebSocket, URL: wsURL}, func(c net.Conn) { say(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") }, "", ErrRefused, "404 Not Found", nil},
		{"WebSocket, no HTTP", Upstream{Wrapping: WebSocket, URL: wsURL}, func(c net.Conn) { say(c, opening+"\r\n\r\n"); c.Close() }, "", ErrProtocol, "no HTTP", nil},
		{"WebSocket without an address", Upstream{Wrapping: WebSocket}, func(net.Conn) {}, "", ErrUsage, "", nil},
		{"a domain that is none", Upstream{Wrapping: TLS, Domain: "a b"}, func(net.Conn) {}, "", ErrUsage, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, server := pair(t)
			done := make(chan struct{})
			go func() { defer close(done); c.server(server) }()
			if c.u.Domain == "" {
				c.u.Domain = "capulet.test"
			}
			c.u.TLS = trusting
			l, err := Raise(context.Background(), client, c.u, new(Trail))
			if !errors.Is(err, c.is) || err != nil && !strings.Contains(err.Error(), c.text) {
				t.Fatalf("error %v, want %v: %s", err, c.is, c.text)
			}
			if err != nil {
				if _, err := client.Write([]byte{0}); !errors.Is(err, net.ErrClosed) {
					t.Errorf("the connection is not closed: %v", err)
				}
				server.Close()
				<-done
				return
			}
			got := make([]byte, len(c.reads))
			if _, err := io.ReadFull(l.Conn, got); err != nil || string(got) != c.reads {
				t.Errorf("read %q, %v; want %q", got, err, c.reads)
			}
			if c.check != nil {
				c.check(t, l)
			}
			<-done
		})
	}
}

// TestWebSocketOverTLS: the request is ours, the key fits, and a tap sees the
// records of TLS only.
func TestWebSocketOverTLS(t *testing.T) {
	cert := certificate(t)
	client, server := pair(t)
	go func() {
		s := tls.Server(server, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}})
		var head []byte
		for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
			var b [1]byte
			if _, err := s.Read(b[:]); err != nil {
				t.Error(err)
				return
			}
			head = append(head, b[0])
		}
		_, rest, _ := strings.Cut(string(head), "Sec-WebSocket-Key: ")
		key, _, _ := strings.Cut(rest, "\r\n")
		if !strings.HasPrefix(string(head), "GET /ws?a=b HTTP/1.1\r\nHost: capulet.test\r\n") || !strings.Contains(string(head), "Origin: https://capulet.test\r\n") {
			t.Errorf("request %q", head)
		}
		say(s, "HTTP/1.1 101 x\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\nSec-WebSocket-Protocol: xmpp\r\nSec-WebSocket-Accept: "+accept(key)+"\r\n\r\n")
		say(s, "\x81\x00")
	}()
	tap := &tapConn{}
	l, err := Raise(context.Background(), client, Upstream{Wrapping: WebSocket, URL: &url.URL{Scheme: "wss", Host: "capulet.test", Path: "/ws", RawQuery: "a=b"},
		Header: map[string][]string{"Origin": {"https://capulet.test"}}, TLS: trusting, Tap: func(c net.Conn) net.Conn { tap.Conn = c; return tap }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got [2]byte
	if _, err := io.ReadFull(l.Conn, got[:]); err != nil || got != [2]byte{0x81, 0} {
		t.Error(got, err)
	}
	if tap.seen.Len() == 0 || tap.seen.Bytes()[0] != 0x16 || bytes.Contains(tap.seen.Bytes(), []byte("HTTP/1.1")) {
		t.Errorf("the tap saw %d bytes", tap.seen.Len())
	}
}

type tapConn struct {
	net.Conn
	seen bytes.Buffer
}

func (c *tapConn) Write(p []byte) (int, error) { c.seen.Write(p); return c.Conn.Write(p) }

func TestRaiseEndsWithItsContext(t *testing.T) {
	client, _ := pair(t)
	why := errors.New("enough")
	ctx, stop := context.WithCancelCause(context.Background())
	time.AfterFunc(20*time.Millisecond, func() { stop(why) })
	if _, err := Raise(ctx, client, Upstream{Wrapping: StartTLS, Domain: "capulet.test"}, nil); !errors.Is(err, why) {
		t.Error(err)
	}
}

func TestHeader(t *testing.T) {
	for _, c := range []struct {
		s            Service
		domain, from string
		want         string
	}{
		{Client, "a.test", "", "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='a.test' version='1.0'>"},
		{Server, "a.test", "b.test", "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' to='a.test' from='b.test' version='1.0'>"},
		{Component, "a.test", "", "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='a.test'>"},
		{Client, "'><x a='\n", "", "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='&apos;>&lt;x a=&apos;&#10;' version='1.0'>"},
	} {
		if got := string(Header(c.s, c.domain, c.from)); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
