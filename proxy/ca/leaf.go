package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"sync"
	"time"
)

const (
	// leafLife with backdate stays under the 398 days that clients accept.
	leafLife = 396 * day
	// renewal is how long before its end a certificate is replaced.
	renewal = 30 * day
	rsaBits = 2048
)

// sharedRSA is one RSA key for all certificates that need one: it takes long to
// make.
type sharedRSA struct {
	once sync.Once
	key  *rsa.PrivateKey
	err  error
}

func (s *sharedRSA) get() (*rsa.PrivateKey, error) {
	s.once.Do(func() { s.key, s.err = rsa.GenerateKey(rand.Reader, rsaBits) })
	return s.key, s.err
}

// Leaf is a certificate with an ECDSA key that is made out to all names: domains
// in either form of IDNA, or IP addresses. At most 16 names count, and what can
// be no domain is left out; where nothing remains the error is a *NameError.
// What it returns is shared and must not be written to.
func (a *Authority) Leaf(names ...string) (*tls.Certificate, error) {
	return a.ecdsaLeaf(anybody, names)
}

func (a *Authority) ecdsaLeaf(to reader, names []string) (*tls.Certificate, error) {
	return a.leaf("ecdsa", to, names, func() (crypto.Signer, x509.KeyUsage, error) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		return key, x509.KeyUsageDigitalSignature, err
	})
}

// LeafRSA is a certificate like that of Leaf with an RSA key, for clients that
// offer nothing else in TLS 1.2.
func (a *Authority) LeafRSA(names ...string) (*tls.Certificate, error) {
	return a.rsaLeaf(anybody, names)
}

func (a *Authority) rsaLeaf(to reader, names []string) (*tls.Certificate, error) {
	return a.leaf("rsa", to, names, func() (crypto.Signer, x509.KeyUsage, error) {
		key, err := a.rsa.get()
		return key, x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, err
	})
}

// keyMaker makes the key of a certificate and says what that is for.
type keyMaker func() (crypto.Signer, x509.KeyUsage, error)

func (a *Authority) leaf(kind string, to reader, names []string, key keyMaker) (*tls.Certificate, error) {
	all := subjects(names)
	if len(all) == 0 {
		return nil, &NameError{Names: names}
	}
	return a.leaves.get(cacheKey(string(to)+kind, all), a.now(), func() (*tls.Certificate, error) { return a.mint(all, to, key) })
}

func (a *Authority) mint(all []subject, to reader, make keyMaker) (*tls.Certificate, error) {
	key, usage, err := make()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	names, err := altName(all, to)
	if err != nil {
		return nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	id, err := keyID(key.Public())
	if err != nil {
		return nil, err
	}
	now := a.now().UTC()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{"xmppscope"}, CommonName: commonName(all)},
		NotBefore:    later(now.Add(-backdate), a.cert.NotBefore),
		NotAfter:     earlier(now.Add(leafLife), a.cert.NotAfter),
		KeyUsage:     usage,
		// A server is a client too where it opens streams to others (XEP-0178 §3).
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
		SubjectKeyId:          id,
		ExtraExtensions:       []pkix.Extension{names},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read a certificate of our own: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
