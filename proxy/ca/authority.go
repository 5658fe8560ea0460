package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"time"
)

const (
	day = 24 * time.Hour
	// rootLife is how long the authority is good: it has to be trusted by hand,
	// so seldom.
	rootLife = 3650 * day
	// backdate is for clocks that are behind.
	backdate = day
)

// Authority signs certificates for domains. It is safe for concurrent use.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	path string
	made bool
	now  func() time.Time

	leaves leaves
	rsa    sharedRSA
}

// New makes an authority that lives in memory only, as a demonstration needs.
func New() (*Authority, error) { return create(time.Now) }

func create(now func() time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	id, err := keyID(key.Public())
	if err != nil {
		return nil, err
	}
	from := now().Add(-2 * backdate).UTC() // earlier than any certificate that it signs
	root := &x509.Certificate{
		SerialNumber: serial,
		// Two authorities of one name confuse those who look for issuers by name.
		Subject:               pkix.Name{Organization: []string{"xmppscope"}, CommonName: "xmppscope CA " + hex.EncodeToString(id[:4])},
		NotBefore:             from,
		NotAfter:              from.Add(rootLife),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
		SubjectKeyId:          id,
		AuthorityKeyId:        id,
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate of the authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the certificate of the authority: %w", err)
	}
	return &Authority{cert: cert, key: key, made: true, now: now}, nil
}

// newSerial is a random positive number of at most 127 bits (RFC 5280
// §4.1.2.2).
func newSerial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	return n.Add(n, big.NewInt(1)), nil
}

// keyID is the identifier of a public key (RFC 7093 §2, method 1).
func keyID(public any) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("encode a public key: %w", err)
	}
	sum := sha256.Sum256(der)
	return sum[:20], nil
}

// Certificate is that of the authority. It must not be written to.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// PEM is the certificate of the authority as a text file has it.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: pemCertificate, Bytes: a.cert.Raw})
}

// Path is the file that holds the certificate, for programs that are to trust
// it; empty for an authority in memory.
func (a *Authority) Path() string { return a.path }

// Made tells that the authority was made just now and so is trusted by nobody
// yet.
func (a *Authority) Made() bool { return a.made }

// Pool trusts this authority alone.
func (a *Authority) Pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// Fingerprint is the SHA-256 of the certificate of the authority, as people
// compare it: AA:BB:….
func (a *Authority) Fingerprint() string { return Fingerprint(a.cert) }

// Fingerprint is the SHA-256 of a certificate: AA:BB:….
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	var b strings.Builder
	for i, x := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02X", x)
	}
	return b.String()
}
