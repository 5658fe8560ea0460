package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"testing"
	"time"
)

// issuer is who signs the certificates of a stage. Those of servers have DNS-IDs
// alone: ejabberd 23.01 ends a stream at a certificate of a server that has an
// XmppAddr too.
type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{key: newKey(t)}
	x := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Verona Issuer"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, x, x, &i.key.PublicKey, i.key)
	if err != nil {
		t.Fatal(err)
	}
	if i.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return i
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// PEM is the issuer's certificate.
func (i *issuer) PEM() []byte { return block("CERTIFICATE", i.cert.Raw) }

// server makes a certificate for domains, and its key, in PEM.
func (i *issuer) server(t *testing.T, domains ...string) (chain, key []byte) {
	t.Helper()
	return i.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: domains[0]}, DNSNames: domains})
}

// person makes a certificate for a user's address (RFC 6120 §13.7.1.4), and its
// key.
func (i *issuer) person(t *testing.T, jid string) (chain, key []byte) {
	t.Helper()
	text, err := asn1.MarshalWithParams(jid, "utf8")
	if err != nil {
		t.Fatal(err)
	}
	name, err := asn1.MarshalWithParams(struct {
		ID    asn1.ObjectIdentifier
		Value asn1.RawValue
	}{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5}, asn1.RawValue{Class: asn1.ClassContextSpecific, IsCompound: true, Bytes: text}}, "tag:0")
	if err != nil {
		t.Fatal(err)
	}
	names, err := asn1.Marshal([]asn1.RawValue{{FullBytes: name}})
	if err != nil {
		t.Fatal(err)
	}
	return i.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: jid}, ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: names}}})
}

func (i *issuer) sign(t *testing.T, x *x509.Certificate) (chain, secret []byte) {
	t.Helper()
	key := newKey(t)
	x.SerialNumber, x.NotBefore, x.NotAfter = big.NewInt(time.Now().UnixNano()), i.cert.NotBefore, i.cert.NotAfter
	x.KeyUsage, x.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	der, err := x509.CreateCertificate(rand.Reader, x, i.cert, &key.PublicKey, i.key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("CERTIFICATE", der), block("PRIVATE KEY", raw)
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func write(t *testing.T, file string, parts ...[]byte) {
	t.Helper()
	if err := os.WriteFile(file, bytes.Join(parts, nil), 0o600); err != nil {
		t.Fatal(err)
	}
}
