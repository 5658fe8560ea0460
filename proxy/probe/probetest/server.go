// Package probetest is a server of XMPP on loopback for tests: STARTTLS or
// direct TLS, PLAIN and SCRAM-SHA-256, binding, and an answer to everything. It
// does as its Script says instead where it has one.
//
// It knows what a server says. It must not know who asks.
package probetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/xdg-go/scram"

	"xmppscope/decode/xmlstream"
)

const (
	nsTLS  = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL = "urn:ietf:params:xml:ns:xmpp-sasl"
)

// Server is what the server is like. Domain and Cert are needed.
type Server struct {
	Domain string
	Cert   tls.Certificate
	// Roots are for the test to keep: who vouches for Cert.
	Roots *x509.CertPool
	// Direct: TLS from the first byte. Clear: no TLS at all.
	Direct, Clear bool
	// MinVersion and MaxVersion are those of TLS; 0 is as Go has it.
	MinVersion, MaxVersion uint16
	// Mechanisms are offered once they may be; Extra is XML among the features.
	Mechanisms []string
	Extra      string
	// Passwords are those of the accounts.
	Passwords map[string]string
	// Script, where set, has the connection for itself.
	Script func(net.Conn)

	mu    sync.Mutex
	heard strings.Builder
	open  map[net.Conn]bool
	done  sync.WaitGroup
	l     net.Listener
}

// NewCertificate makes one for a domain that nobody vouches for but itself, and
// the pool that does.
func NewCertificate(domain string) (tls.Certificate, *x509.CertPool, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: domain}, DNSNames: []string{domain},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(90 * 24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pool, nil
}

// Start listens on a free port of loopback.
func (s *Server) Start() (netip.AddrPort, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	s.l, s.open = l, map[net.Conn]bool{}
	s.done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.open[c] = true
			s.mu.Unlock()
			s.done.Go(func() { s.serve(c) })
		}
	})
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

// Close ends the server and its connections, and waits for them.
func (s *Server) Close() {
	s.l.Close()
	s.mu.Lock()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.done.Wait()
}

// Heard is all XML that clients sent.
func (s *Server) Heard() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.String()
}

func (s *Server) serve(c net.Conn) {
	defer func() {
		c.Close()
		s.mu.Lock()
		delete(s.open, c)
		s.mu.Unlock()
	}()
	if s.Script != nil {
		s.Script(c)
		return
	}
	t := &talk{s: s, conn: c}
	if s.Direct {
		t.secure()
	}
	t.run()
}

// talk is one connection.
type talk struct {
	s      *Server
	conn   net.Conn
	tls    bool
	framer *xmlstream.Framer
	tree   xmlstream.Tree
	scope  *xmlstream.Scope
	scram  *scram.ServerConversation
	user   string
}

func (t *talk) secure() {
	t.conn = tls.Server(t.conn, &tls.Config{Certificates: []tls.Certificate{t.s.Cert}, MinVersion: t.s.MinVersion, MaxVersion: t.s.MaxVersion,
		NextProtos: []string{"xmpp-client", "xmpp-server"}})
	t.tls = true
}

// say fails only where the client is gone, which the next read shows.
func (t *talk) say(format string, values ...any) { _, _ = fmt.Fprintf(t.conn, format, values...) }

func (t *talk) run() {
	t.framer = xmlstream.NewFramer(xmlstream.Options{})
	buf := make([]byte, 4<<10)
	for {
		u, ok := t.framer.Next()
		if !ok {
			n, err := t.conn.Read(buf)
			if err != nil {
				return
			}
			t.framer.Push(buf[:n])
			continue
		}
		t.s.mu.Lock()
		t.s.heard.Write(u.Wire)
		t.s.mu.Unlock()
		switch u.Kind {
		case xmlstream.Header:
			t.header(u.Wire)
		case xmlstream.Element:
			if n := t.tree.Parse(u.Wire, t.scope, xmlstream.Options{}); n != nil {
				t.element(n, u.Wire)
			}
		case xmlstream.Close:
			t.say("</stream:stream>")
			return
		}
	}
}

func (t *talk) header(wire []byte) {
	_, t.scope = t.tree.ParseHeader(wire, xmlstream.Options{})
	t.say("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='%s' from='%s' version='1.0' xml:lang='en'>", rand.Text(), t.s.Domain)
	t.say("<stream:features>")
	switch {
	case t.user != "":
		t.say("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
	case !t.tls && !t.s.Clear:
		t.say("<starttls xmlns='%s'><required/></starttls>", nsTLS)
	default:
		t.say("<mechanisms xmlns='%s'><mechanism>%s</mechanism></mechanisms>%s", nsSASL, strings.Join(t.s.Mechanisms, "</mechanism><mechanism>"), t.s.Extra)
	}
	t.say("</stream:features>")
}

func (t *talk) element(n *xmlstream.Node, wire []byte) {
	switch n.Name.Local {
	case "starttls":
		t.say("<proceed xmlns='%s'/>", nsTLS)
		t.secure()
		t.framer.Take()
	case "auth":
		mechanism, _ := n.Attr("mechanism")
		t.login(mechanism, decode(n.Text()))
	case "response":
		t.login("SCRAM-SHA-256", decode(n.Text()))
	case "iq":
		id, _ := n.Attr("id")
		if b := n.FirstElement(); b != nil && b.Name.Local == "bind" {
			t.say("<iq type='result' id='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>%s@%s/test</jid></bind></iq>", id, t.user, t.s.Domain)
			return
		}
		t.say("<iq type='result' id='%s'/>", id)
	default:
		_, _ = t.conn.Write(wire)
	}
}

func decode(text string) string {
	p, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	return string(p)
}

func (t *talk) login(mechanism, message string) {
	refuse := func() { t.say("<failure xmlns='%s'><not-authorized/></failure>", nsSASL) }
	accept := func(user, proof string) {
		t.say("<success xmlns='%s'>%s</success>", nsSASL, base64.StdEncoding.EncodeToString([]byte(proof)))
		t.user = user
	}
	if mechanism == "PLAIN" {
		parts := strings.Split(message, "\x00")
		if len(parts) != 3 || t.s.Passwords[parts[1]] == "" || t.s.Passwords[parts[1]] != parts[2] {
			refuse()
			return
		}
		accept(parts[1], "")
		return
	}
	if t.scram == nil {
		server, err := scram.SHA256.NewServer(t.credentials)
		if err != nil {
			refuse()
			return
		}
		t.scram = server.NewConversation()
	}
	answer, err := t.scram.Step(message)
	switch {
	case err != nil:
		t.scram = nil
		refuse()
	case t.scram.Valid():
		accept(t.scram.Username(), answer)
	default:
		t.say("<challenge xmlns='%s'>%s</challenge>", nsSASL, base64.StdEncoding.EncodeToString([]byte(answer)))
	}
}

func (t *talk) credentials(user string) (scram.StoredCredentials, error) {
	password, known := t.s.Passwords[user]
	if !known {
		return scram.StoredCredentials{}, fmt.Errorf("nobody is called %s", user)
	}
	c, err := scram.SHA256.NewClient(user, password, "")
	if err != nil {
		return scram.StoredCredentials{}, err
	}
	return c.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt and pepper", Iters: 4096})
}
