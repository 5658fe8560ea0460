package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
)

// TestClientDistrusts: a client that does not take our certificate is said to be
// the one who ended the handshake, and what to do about it is said too.
func TestClientDistrusts(t *testing.T) {
	end := fmt.Sprintf("%v %v ", LegClient, decode.FromInitiator)
	for name, test := range map[string]struct {
		config func(*peer) *tls.Config
		note   string
	}{
		"says so": {func(*peer) *tls.Config { return &tls.Config{ServerName: "example.org"} }, "the client refuses our certificate (tls: bad certificate)"},
		// As OpenSSL does it in TLS 1.3.
		"says so in the clear": {func(c *peer) *tls.Config {
			return &tls.Config{InsecureSkipVerify: true, ServerName: "example.org", VerifyPeerCertificate: func([][]byte, [][]*x509.Certificate) error {
				c.say("\x15\x03\x03\x00\x02\x02\x30")
				c.Close()
				return errors.New("no")
			}}
		}, "the client refuses our certificate (tls: unknown certificate authority)"},
		"leaves": {func(c *peer) *tls.Config {
			return &tls.Config{InsecureSkipVerify: true, ServerName: "example.org", VerifyPeerCertificate: func([][]byte, [][]*x509.Certificate) error {
				c.Close()
				return errors.New("no")
			}}
		}, "the client left the handshake after it had been shown our certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			c, u := s.switching()
			done := make(chan struct{})
			go func() {
				defer close(done)
				tls.Server(u.Conn, serverTLS(t)).Handshake()
			}()
			if err := tls.Client(c.Conn, test.config(c)).Handshake(); err == nil {
				t.Error("the client took the certificate")
			}
			c.Close()
			<-done
			eventually(t, "the connection is gone", func() bool { return len(s.proxy.Conns()) == 0 })
			if n := s.tap.notes(); !strings.Contains(n, test.note) || !strings.Contains(n, "xmppscope ca") {
				t.Errorf("notes: %s", n)
			}
			s.tap.mu.Lock()
			defer s.tap.mu.Unlock()
			if name == "leaves" && !slices.ContainsFunc(s.tap.ends, func(e string) bool { return strings.HasPrefix(e, end) }) {
				t.Errorf("ends: %q", s.tap.ends)
			}
		})
	}
}
