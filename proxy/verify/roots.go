package verify

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// LoadRoots reads the authorities to trust from a PEM file, instead of those of
// the system. A certificate that signs itself and is no authority is trusted as
// itself.
func LoadRoots(path string) (*x509.CertPool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, fmt.Errorf("%s: it cannot be read: %w", path, err)
	}
	if !bytes.Contains(text, []byte("-----BEGIN ")) {
		return nil, fmt.Errorf("%s: it is no PEM file", path)
	}
	pool, count := x509.NewCertPool(), 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		count++
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("%s: certificate %d in it cannot be read: %w", path, count, err)
		}
		pool.AddCert(cert)
	}
	if count == 0 {
		return nil, fmt.Errorf("%s: there is no certificate in it", path)
	}
	return pool, nil
}
