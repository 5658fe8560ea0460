package ca

import (
	"crypto/tls"
	"slices"
)

// Source has a certificate for whoever says hello. It is safe for concurrent
// use.
type Source interface {
	// Choose gives the certificate to show in answer to a ClientHello, for a
	// stream that is addressed to domain; empty where that is not known yet, as in
	// direct TLS.
	Choose(hello *tls.ClientHelloInfo, domain string) (*tls.Certificate, error)
}

// GetCertificate is what tls.Config.GetCertificate wants, for a stream to a
// domain that is empty where it is not known yet. The fallback counts where
// neither that nor SNI gives a name that a certificate could be made out to.
func GetCertificate(from Source, domain, fallback string) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if len(subjects([]string{domain, hello.ServerName})) == 0 {
			return from.Choose(hello, fallback)
		}
		return from.Choose(hello, domain)
	}
}

// Choose makes a certificate for the domain of the stream and for the name in
// SNI (RFC 6066 §3), which differ where one of them is wrong.
func (a *Authority) Choose(hello *tls.ClientHelloInfo, domain string) (*tls.Certificate, error) {
	return a.choose(anybody, hello, domain)
}

// ForServers is the authority as servers are to see it that open streams: its
// certificates leave out what some of them cannot read.
func (a *Authority) ForServers() Source { return toServers{a} }

type toServers struct{ a *Authority }

func (s toServers) Choose(hello *tls.ClientHelloInfo, domain string) (*tls.Certificate, error) {
	return s.a.choose(servers, hello, domain)
}

func (a *Authority) choose(to reader, hello *tls.ClientHelloInfo, domain string) (*tls.Certificate, error) {
	var names []string
	for _, n := range []string{domain, hello.ServerName} {
		if n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	cert, err := a.ecdsaLeaf(to, names)
	if err != nil || takes(hello, cert) {
		return cert, err
	}
	other, err := a.rsaLeaf(to, names)
	if err != nil || takes(hello, other) {
		return other, err
	}
	return cert, nil // the handshake says why not
}

// takes tells whether a client can use a certificate of this kind; what it is
// made out to is looked at elsewhere.
func takes(hello *tls.ClientHelloInfo, cert *tls.Certificate) bool {
	h := *hello
	h.ServerName = ""
	return h.SupportsCertificate(cert) == nil
}
