package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"

	"xmppscope/inspector"
	"xmppscope/proxy"
	"xmppscope/proxy/ca"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/verify"
)

// This file is about certificates: which we show, and which we trust.

// certificates finds what we show, and what we trust.
func (j *proxying) certificates() error {
	pf := j.flags
	if pf.cert == "" && pf.key != "" {
		return usage("--key", "belongs to --cert", "")
	}
	if pf.clientCert == "" && pf.clientKey != "" {
		return usage("--client-key", "belongs to --client-cert", "")
	}
	switch {
	case j.observes():
	case j.source != nil: // given, as by the demonstration
	case pf.cert != "":
		own, err := ca.LoadOwn(pf.cert, pf.key)
		if err != nil {
			return caFailure(err)
		}
		j.source = own
	default:
		a, err := openCA()
		if err != nil {
			return err
		}
		j.source, j.trust = a, a.Path()
	}
	if pf.clientCert != "" {
		own, err := ca.LoadOwn(pf.clientCert, pf.clientKey)
		if err != nil {
			return caFailure(err)
		}
		j.o.ClientCert = own.Certificate()
	}
	if pf.caFile != "" {
		roots, err := verify.LoadRoots(pf.caFile)
		if err != nil {
			return cannot(pf.caFile, err)
		}
		j.check.Roots, j.check.RootsName = roots, pf.caFile
	}
	return nil
}

// domainOf is the domain that the server's certificate must be for.
func (j *proxying) domainOf(f *proxy.Facts) string {
	switch {
	case slices.Contains(j.domains, f.Domain):
		return f.Domain
	case j.flags.domain != "":
		return j.flags.domain
	case f.Domain != "":
		return f.Domain
	}
	host, _, err := net.SplitHostPort(j.flags.to)
	if err != nil {
		host = j.flags.to
	}
	return strings.Trim(host, "[]")
}

func (j *proxying) verify(cs tls.ConnectionState, f proxy.Facts) proxy.Checked {
	check := j.check
	check.Domain = j.domainOf(&f)
	if j.overWeb() && cs.ServerName != "" {
		check.Domain = cs.ServerName // the host of the URL
	}
	if f.Service() == dial.Server {
		check.Purpose = verify.ServerStream
	}
	r := check.Certificates(cs.PeerCertificates)
	text := certificateWords(&r)
	if !r.OK && !j.flags.insecure {
		j.distrusted.Do(func() {
			fmt.Fprintf(j.e.err, "xmppscope: the certificate of %s is not good: %s\nhint: --ca-file FILE trusts another authority, --insecure goes on all the same\n", brief(check.Domain, 100), brief(text, 600))
		})
	}
	return proxy.Checked{OK: r.OK, Text: text}
}

// brief is wire text for standard error, of which no more than most bytes are
// shown: a client's `to` and a server's names may be long.
func brief(s string, most int) string {
	if len(s) > most {
		s = s[:most] + "…"
	}
	return inspector.Disarm(s)
}

// certificateWords says in one line what a certificate is worth.
func certificateWords(r *verify.Result) string {
	var words []string
	if r.Match != "" {
		words = append(words, fmt.Sprintf("it is made out to %s (%s)", r.Match, r.MatchKind))
	}
	if len(r.Chain) > 0 {
		words = append(words, "valid until "+r.Chain[0].Until.UTC().Format("2006-01-02"))
	}
	for _, p := range r.Problems {
		words = append(words, p.String())
	}
	return strings.Join(words, "; ")
}

// leaf is made out to the name that the server's certificate was good for, and to
// no other that the client names in SNI: whoever changes `to` in clear text
// would choose what is checked, and the client could not see it. With --domain
// the user has said what stands for whatever clients ask for.
func (j *proxying) leaf(f proxy.Facts) (*tls.Certificate, error) {
	domain, source := j.domainOf(&f), j.source
	if a, ok := source.(*ca.Authority); ok && f.Service() == dial.Server {
		source = a.ForServers()
	}
	hello := &tls.ClientHelloInfo{ServerName: f.SNI, SignatureSchemes: nil, SupportedVersions: []uint16{tls.VersionTLS12, tls.VersionTLS13}}
	if j.flags.domain == "" && !j.flags.insecure {
		hello.ServerName = ""
		if cert, err := source.Choose(hello, domain); err == nil {
			return cert, nil
		}
		hello.ServerName = f.SNI // no certificate fits the domain, so the server was refused
	}
	return ca.GetCertificate(source, f.Domain, domain)(hello)
}
