package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"time"
)

// slowest bounds what a misbehaviour may wait.
const slowest = time.Minute

// spoil is what the misbehaviours of bytes and time make of a write.
func (c *conn) spoil(sent int, p []byte) (s spoiled) {
	s.p = p
	if n, on := c.home.does("slow"); on {
		s.wait = min(time.Duration(n)*time.Millisecond, slowest)
	}
	if n, on := c.home.does("xml-broken"); on && sent <= n && n < sent+len(p) {
		s.p = slices.Concat(p[:n-sent], []byte("<&"), p[n-sent:])
	}
	for _, name := range []string{"dead", "cut"} {
		if n, on := c.home.does(name); on && n < sent+len(p) {
			s.p = s.p[:max(0, n-sent)]
			s.cut = name == "cut"
		}
	}
	return s
}

// shown is the TLS with the certificate to show: the server's own, or one with
// the fault that is asked for.
func (s *Server) shown() *tls.Config {
	now := time.Now()
	t := &x509.Certificate{Subject: pkix.Name{CommonName: s.o.Domain}, DNSNames: []string{s.o.Domain}, NotBefore: now.Add(-48 * time.Hour), NotAfter: now.Add(48 * time.Hour)}
	_, name := s.does("certificate-name")
	_, expired := s.does("certificate-expired")
	_, alone := s.does("certificate-self-signed")
	switch {
	case name:
		t.Subject.CommonName, t.DNSNames = "elsewhere.example", []string{"elsewhere.example"}
	case expired:
		t.NotAfter = now.Add(-24 * time.Hour)
	case !alone:
		return s.o.TLS
	}
	cert, err := forged(t)
	if err != nil {
		return s.o.TLS
	}
	return &tls.Config{Certificates: []tls.Certificate{*cert}}
}

// forged is a certificate that signs itself.
func forged(t *x509.Certificate) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t.SerialNumber = big.NewInt(time.Now().UnixNano())
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// mute stays connected without a word where that is asked for, until the client
// goes or a minute has passed.
func (c *conn) mute() bool {
	_, open := c.home.does("close-unanswered")
	if n, dead := c.home.does("dead"); !open && (!dead || !c.out.past(n)) {
		return false
	}
	_ = c.nc.SetReadDeadline(time.Now().Add(slowest))
	buf := make([]byte, 1<<10)
	for !c.ending.Load() {
		if _, err := c.nc.Read(buf); err != nil {
			break
		}
	}
	return true
}
