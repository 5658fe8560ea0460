package ca

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
)

// Own is a certificate that the user brought along. It is shown to everybody,
// whatever they ask for.
type Own struct{ cert tls.Certificate }

// Choose gives the one certificate there is.
func (o *Own) Choose(*tls.ClientHelloInfo, string) (*tls.Certificate, error) { return &o.cert, nil }

// Certificate is the one there is. It must not be written to.
func (o *Own) Certificate() *tls.Certificate { return &o.cert }

// LoadOwn reads a certificate, with what stands behind it in its chain, and its
// key from PEM files, which may be one and the same: an empty keyFile means
// that. Errors are of type *Error.
func LoadOwn(certFile, keyFile string) (*Own, error) {
	if keyFile == "" {
		keyFile = certFile
	}
	chain, err := readChain(certFile)
	if err != nil {
		return nil, err
	}
	key, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return nil, &Error{Path: certFile, Text: "the certificate in it cannot be read", Err: err}
	}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(leaf.PublicKey) {
		return nil, &Error{Path: keyFile, Text: "the key is not that of the first certificate in " + certFile,
			Hint: "a file with a chain begins with the certificate of the domain"}
	}
	return &Own{tls.Certificate{Certificate: chain, PrivateKey: key, Leaf: leaf}}, nil
}

func readPEM(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	switch {
	case err != nil:
		return nil, &Error{Path: path, Text: "it cannot be read", Err: cause(err)}
	case !bytes.Contains(text, []byte("-----BEGIN ")):
		return nil, &Error{Path: path, Text: "it is no PEM file",
			Hint: "openssl x509 -inform DER, or openssl pkey -inform DER, makes one of a DER file"}
	}
	return text, nil
}

func readChain(path string) (chain [][]byte, err error) {
	text, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == pemCertificate {
			chain = append(chain, block.Bytes)
		}
	}
	if len(chain) == 0 {
		return nil, &Error{Path: path, Text: "there is no certificate in it"}
	}
	return chain, nil
}

func readKey(path string) (crypto.Signer, error) {
	text, err := readPEM(path)
	if err != nil {
		return nil, err
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		var key any
		var err error
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
			return nil, &Error{Path: path, Text: "the key is locked with a passphrase", Hint: "openssl pkey -in " + path + " unlocks it"}
		case block.Type == pemKey:
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case block.Type == "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case block.Type == "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		default:
			continue
		}
		if err != nil {
			return nil, &Error{Path: path, Text: "the key in it cannot be read", Err: err}
		}
		if signer, ok := key.(crypto.Signer); ok {
			return signer, nil
		}
		return nil, &Error{Path: path, Text: "the key in it cannot sign"}
	}
	return nil, &Error{Path: path, Text: "there is no key in it"}
}
