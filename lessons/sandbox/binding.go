package sandbox

import (
	"crypto"
	_ "crypto/sha256" // for crypto.Hash
	_ "crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"slices"

	"github.com/xdg-go/scram"
)

// AllBindings are the types of channel binding, best first: tls-exporter
// (RFC 9266), tls-server-end-point (RFC 5929 §4), and tls-unique (RFC 5929 §3),
// which TLS 1.3 does not define.
func AllBindings() []string {
	return []string{string(scram.ChannelBindingTLSExporter), string(scram.ChannelBindingTLSServerEndpoint), string(scram.ChannelBindingTLSUnique)}
}

// bindings are those to offer on a TLS connection.
func (o *Options) bindings(state tls.ConnectionState, leaf []byte) []scram.ChannelBinding {
	if o.Bindings == nil && state.Version >= tls.VersionTLS13 {
		return nil
	}
	return o.among(possible(state, leaf))
}

// among are those of them that the options allow.
func (o *Options) among(all []scram.ChannelBinding) []scram.ChannelBinding {
	return slices.DeleteFunc(all, func(cb scram.ChannelBinding) bool {
		return o.Bindings != nil && !slices.Contains(o.Bindings, string(cb.Type))
	})
}

// possible are those that a TLS connection allows.
func possible(state tls.ConnectionState, leaf []byte) (all []scram.ChannelBinding) {
	if cb, err := scram.NewTLSExporterBinding(&state); err == nil {
		all = append(all, cb)
	}
	if hash := endPoint(leaf); hash != nil {
		all = append(all, scram.ChannelBinding{Type: scram.ChannelBindingTLSServerEndpoint, Data: hash})
	}
	if len(state.TLSUnique) > 0 {
		all = append(all, scram.NewTLSUniqueBinding(state.TLSUnique))
	}
	return all
}

// endPoint is the hash of the certificate that was sent: with the hash of its
// signature, and with SHA-256 where that is MD5 or SHA-1 (RFC 5929 §4.1).
func endPoint(leaf []byte) []byte {
	cert, err := x509.ParseCertificate(leaf)
	if err != nil {
		return nil
	}
	h := crypto.SHA256
	switch cert.SignatureAlgorithm {
	case x509.SHA384WithRSA, x509.ECDSAWithSHA384, x509.SHA384WithRSAPSS:
		h = crypto.SHA384
	case x509.SHA512WithRSA, x509.ECDSAWithSHA512, x509.SHA512WithRSAPSS:
		h = crypto.SHA512
	case x509.PureEd25519:
		return nil // no hash belongs to it
	}
	d := h.New()
	d.Write(leaf)
	return d.Sum(nil)
}
