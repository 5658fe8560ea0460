package lint

import (
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"testing"
)

// A signature of a key so long that the check takes minutes is left alone.
func TestHugeKeyIsNotUsed(t *testing.T) {
	for bits, fits := range map[uint]bool{4096: false, 20 << 10: true} {
		n := new(big.Int).Lsh(big.NewInt(1), bits)
		ca := &x509.Certificate{RawSubject: []byte("ca"), PublicKeyAlgorithm: x509.RSA, PublicKey: &rsa.PublicKey{N: n.Sub(n, big.NewInt(1)), E: 65537}}
		leaf := &x509.Certificate{RawIssuer: []byte("ca"), SignatureAlgorithm: x509.SHA256WithRSA, Signature: make([]byte, bits/8)}
		if found, ok := issuer([]*x509.Certificate{leaf, ca}, leaf); found != ca || ok != fits {
			t.Errorf("a key of %d bits: %v, want %v", bits, ok, fits)
		}
	}
}
