package tlswire

import (
	"crypto/x509"
	"hash"
)

// Binding computes channel-binding data of a type (RFC 5929, RFC 9266) from
// what was seen. Where it cannot be computed data is nil and why says so in
// plain words.
func (d *Decoder) Binding(typ string) (data []byte, why string) {
	if !d.shake.chosen {
		return nil, "the TLS handshake was not seen"
	}
	for i := range bindings {
		if bindings[i].name == typ {
			return bindings[i].compute(d)
		}
	}
	return nil, "this type of channel binding is not known"
}

// bindings is the table of types.
var bindings = [...]struct {
	name    string
	compute func(*Decoder) ([]byte, string)
}{
	{"tls-unique", (*Decoder).unique},
	{"tls-server-end-point", (*Decoder).endPoint},
	{"tls-exporter", (*Decoder).exporter},
}

// unique is the first Finished of the latest handshake (RFC 5929 §3).
func (d *Decoder) unique() ([]byte, string) {
	s := &d.shake
	switch {
	case d.info.Version >= TLS13:
		return nil, "tls-unique is not defined for TLS 1.3 (RFC 9266 §3)"
	case !s.full() && s.lost:
		return nil, "bytes of the handshake are missing, so it cannot be told whose Finished was the first"
	}
	first := s.client
	if !s.full() {
		first = s.client ^ 1 // in a resumed session the server's
	}
	if s.verify[first] == nil {
		return nil, "the first Finished message could not be decrypted"
	}
	return s.verify[first], ""
}

// endPoint is a hash of the server's certificate (RFC 5929 §4).
func (d *Decoder) endPoint() ([]byte, string) {
	if len(d.info.ServerCerts) == 0 {
		if d.info.Resumed {
			return nil, "a resumed session shows no certificate"
		}
		return nil, "the server's certificate could not be seen"
	}
	return EndPoint(d.info.ServerCerts[0])
}

// EndPoint is tls-server-end-point of a server's leaf certificate in DER (RFC
// 5929 §4.1). Where the type is not defined for it data is nil and why says so.
func EndPoint(der []byte) (data []byte, why string) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, "the server's certificate cannot be read"
	}
	var h hash.Hash
	switch cert.SignatureAlgorithm {
	case x509.PureEd25519, x509.UnknownSignatureAlgorithm:
		return nil, "the certificate's signature has no hash of its own, so the type is not defined for it (RFC 5929 §4.1)"
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		h = sha384New()
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		h = sha512New()
	default: // MD5 and SHA-1 are replaced by SHA-256
		h = sha256New()
	}
	h.Write(der)
	return h.Sum(nil), ""
}

const (
	exporterLabel = "EXPORTER-Channel-Binding"
	exporterLen   = 32
)

// exporter is keying material of the connection itself (RFC 9266 §2).
func (d *Decoder) exporter() ([]byte, string) {
	s := &d.shake
	if s.suite == nil {
		return nil, "the cipher suite is none that can be read here"
	}
	if d.info.Version >= TLS13 {
		secret := d.secret("EXPORTER_SECRET")
		if len(secret) != s.suite.prf().Size() {
			return nil, "the key log has no EXPORTER_SECRET for this connection (OpenSSL writes it, Go does not)"
		}
		empty := s.suite.prf().Sum(nil)
		derived := expandLabel(s.suite.prf, secret, exporterLabel, empty, len(secret))
		return expandLabel(s.suite.prf, derived, "exporter", empty, exporterLen), ""
	}
	if !d.info.EMS {
		return nil, "without the extended master secret tls-exporter is not safe in TLS 1.2 (RFC 9266 §2)"
	}
	if s.master == nil {
		if s.master = d.masterSecret(); s.master == nil {
			return nil, "no keys for this connection"
		}
	}
	seed := append(append([]byte{}, s.hello.Random[:]...), s.server.Random[:]...)
	return prf(d.info.Version, s.suite.prf, s.master, exporterLabel, append(seed, 0, 0), exporterLen), ""
}
