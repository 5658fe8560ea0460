package verify

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
	"strings"
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

const (
	// maxSent is how much of a chain is looked at.
	maxSent = 32
	// maxModulus is the longest RSA key, in bits, that signatures are checked
	// with: the time grows with its square.
	maxModulus = 16 << 10
)

var oidAltName = asn1.ObjectIdentifier{2, 5, 29, 17}

// judgeChain looks for a path to an authority that is trusted. Where there is
// none because of one thing, it looks whether there were one but for that, so
// that all is told that is wrong. by is the kind of name that the certificate
// counts by.
func (c *Check) judgeChain(r *Result, chain []*x509.Certificate, by tlswire.IdentifierKind) {
	chain = chain[:min(len(chain), maxSent)]
	for _, sent := range chain {
		if k, ok := sent.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > maxModulus {
			r.add(WeakKey, true, spec.RFC(9325, "4.5"), "the key of "+who(sent)+" is so long that nothing is checked with it")
			return
		}
	}
	leaf := altNameRead(chain[0])
	o := x509.VerifyOptions{Roots: c.Roots, Intermediates: x509.NewCertPool(), CurrentTime: c.at(), KeyUsages: []x509.ExtKeyUsage{c.use()}}
	for _, sent := range chain[1:] {
		o.Intermediates.AddCert(sent)
	}
	c.judgeDates(r, chain[0])
	if t := withinLife(chain[0], o.CurrentTime); !t.Equal(o.CurrentTime) {
		o.CurrentTime = t // that was told; what else?
	}
	if !c.mayBeUsed(leaf) {
		c.wrongUse(r, leaf)
		o.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	}
	paths, err := leaf.Verify(o)
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage {
		c.wrongUse(r, chain[0])
		o.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
		paths, err = leaf.Verify(o)
	}
	if err != nil {
		c.tellPath(r, chain, err)
		return
	}
	c.trusted(r, paths, by)
}

// altNameRead is the certificate with its subjectAltName counted as read: one
// that is critical and has no names but XMPP's own is unknown to the library.
func altNameRead(leaf *x509.Certificate) *x509.Certificate {
	read := *leaf
	read.UnhandledCriticalExtensions = slices.DeleteFunc(slices.Clone(leaf.UnhandledCriticalExtensions), oidAltName.Equal)
	return &read
}

func (c *Check) use() x509.ExtKeyUsage {
	if c.Purpose == PeerServer {
		return x509.ExtKeyUsageClientAuth
	}
	return x509.ExtKeyUsageServerAuth
}

// mayBeUsed tells that the certificate itself is for this purpose; what those
// above it allow is seen on the path.
func (c *Check) mayBeUsed(leaf *x509.Certificate) bool {
	return len(leaf.ExtKeyUsage)+len(leaf.UnknownExtKeyUsage) == 0 ||
		slices.Contains(leaf.ExtKeyUsage, c.use()) || slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// wrongUse: the certificate was not given for this. Servers that log in with
// that of a server only are let in: many authorities give no other.
func (c *Check) wrongUse(r *Result, leaf *x509.Certificate) {
	ref := spec.RFC(5280, "4.2.1.12")
	if c.Purpose != PeerServer {
		r.add(WrongUse, true, ref, "the certificate, or an authority above it, is not for servers")
		return
	}
	server := slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	r.add(WrongUse, !server, ref, "the certificate is not for those who open a connection")
}

// judgeDates tells when a certificate is good, if not now.
func (c *Check) judgeDates(r *Result, of *x509.Certificate) {
	now, ref := c.at(), spec.RFC(5280, "4.1.2.5")
	what := "the certificate"
	if !bytes.Equal(of.RawSubject, of.RawIssuer) && of.IsCA {
		what = "the certificate of " + who(of)
	}
	switch {
	case now.After(of.NotAfter):
		r.add(Expired, true, ref, what+" expired on "+of.NotAfter.UTC().Format(dateForm)+", "+span(now.Sub(of.NotAfter))+" ago")
	case now.Before(of.NotBefore):
		r.add(NotYetValid, true, ref, what+" is good from "+of.NotBefore.UTC().Format(dateForm)+" on, in "+span(of.NotBefore.Sub(now)))
	}
}

// withinLife is the time nearest to t at which a certificate is good.
func withinLife(of *x509.Certificate, t time.Time) time.Time {
	switch {
	case t.After(of.NotAfter):
		return of.NotAfter
	case t.Before(of.NotBefore):
		return of.NotBefore
	}
	return t
}

// tellPath says in words why there is no path.
func (c *Check) tellPath(r *Result, chain []*x509.Certificate, err error) {
	var invalid x509.CertificateInvalidError
	var critical x509.UnhandledCriticalExtension
	var none x509.SystemRootsError
	switch {
	case errors.As(err, &none):
		r.add(NoRoots, true, spec.RFC(6120, "13.7.2"), "this machine has no list of authorities to trust")
	case errors.As(err, &critical):
		r.add(BrokenChain, true, spec.RFC(5280, "4.2"), "a certificate of the chain has an extension that must be understood and is not")
	case errors.As(err, &invalid):
		c.tellInvalid(r, invalid)
	default:
		c.tellUnknown(r, chain)
	}
}

func (c *Check) tellInvalid(r *Result, e x509.CertificateInvalidError) {
	path := spec.RFC(5280, "6.1")
	switch e.Reason {
	case x509.Expired:
		before := len(r.Problems)
		c.judgeDates(r, e.Cert)
		if len(r.Problems) == before { // good now, and not when the others were
			r.add(BrokenChain, true, path, "there was no time when all certificates of the chain were good")
		}
	case x509.CANotAuthorizedForThisName, x509.NameConstraintsWithoutSANs, x509.CANotAuthorizedForExtKeyUsage:
		r.add(NameConstraint, true, spec.RFC(5280, "4.2.1.10"), "an authority of the chain may not sign for this name")
	case x509.TooManyConstraints:
		r.add(NameConstraint, true, spec.RFC(5280, "4.2.1.10"), "the chain has so many names and constraints that they are not compared")
	case x509.NotAuthorizedToSign:
		r.add(BrokenChain, true, path, "the certificate of "+who(e.Cert)+" signed another, and is not that of an authority")
	case x509.TooManyIntermediates:
		r.add(BrokenChain, true, path, "the chain is longer than an authority in it allows")
	default:
		r.add(BrokenChain, true, path, "the chain does not hold together at the certificate of "+who(e.Cert))
	}
}

// tellUnknown follows the chain from the certificate upwards to where it ends.
func (c *Check) tellUnknown(r *Result, chain []*x509.Certificate) {
	known := c.RootsName
	if known == "" {
		known = "the authorities of this machine"
	}
	trust, path := spec.RFC(6120, "13.7.2"), spec.RFC(5280, "6.1")
	at := chain[0]
	for range chain {
		if bytes.Equal(at.RawSubject, at.RawIssuer) {
			if at == chain[0] {
				r.add(SelfSigned, true, trust, "the certificate is signed by itself and by nobody who is known")
			} else {
				r.add(UnknownAuthority, true, trust, "the chain ends at "+who(at)+", who is not among "+known)
			}
			return
		}
		next, err := issuer(chain, at)
		var insecure x509.InsecureAlgorithmError
		switch {
		case next == nil:
			r.add(UnknownAuthority, true, trust, "the issuer "+word(at.Issuer.String())+" is not among "+known+", and its certificate was not sent along")
			return
		case errors.As(err, &insecure):
			r.add(WeakKey, true, spec.RFC(9325, "4.5"), "the certificate of "+who(at)+" is signed with "+at.SignatureAlgorithm.String()+", which can be forged")
			return
		case errors.As(err, new(x509.ConstraintViolationError)):
			r.add(BrokenChain, true, path, "the certificate of "+who(next)+" signed another, and is not that of an authority")
			return
		case err != nil:
			r.add(BrokenChain, true, path, "the signature on the certificate of "+who(at)+" is not that of "+who(next))
			return
		}
		if before := len(r.Problems); next != chain[0] {
			if c.judgeDates(r, next); len(r.Problems) > before {
				return
			}
		}
		at = next
	}
	r.add(BrokenChain, true, path, "the certificates of the chain sign each other in a circle")
}

// issuer finds the certificate that signed another; err is what is wrong with
// the signature where only the name fits.
func issuer(chain []*x509.Certificate, of *x509.Certificate) (found *x509.Certificate, err error) {
	for _, next := range chain {
		if next == of || !bytes.Equal(next.RawSubject, of.RawIssuer) {
			continue
		}
		why := of.CheckSignatureFrom(next)
		if why == nil {
			return next, nil
		}
		if found == nil {
			found, err = next, why
		}
	}
	return found, err
}

// trusted notes the first path on which the name is allowed.
func (c *Check) trusted(r *Result, paths [][]*x509.Certificate, by tlswire.IdentifierKind) {
	ref, _ := c.reference()
	for _, path := range paths {
		if by != 0 && by != tlswire.DNSID && by != tlswire.IPID && !allowed(path, ref.ascii) {
			continue
		}
		r.Trusted, r.Chain = true, nil
		for _, one := range path[:min(len(path), maxLinks)] {
			r.Chain = append(r.Chain, link(one))
		}
		return
	}
	r.add(NameConstraint, true, spec.RFC(5280, "4.2.1.10"), "an authority of the chain may not sign for this name")
}

// allowed holds a domain that stands in a certificate otherwise than as a DNS
// name against the constraints on DNS names: XMPP's own names must be no way
// around them.
func allowed(path []*x509.Certificate, domain string) bool {
	for _, up := range path[1:] {
		if slices.ContainsFunc(up.ExcludedDNSDomains, func(d string) bool { return below(domain, d) }) {
			return false
		}
		if len(up.PermittedDNSDomains) > 0 && !slices.ContainsFunc(up.PermittedDNSDomains, func(d string) bool { return below(domain, d) }) {
			return false
		}
	}
	return true
}

// below tells that a domain is in the tree that a constraint names; one that
// begins with a dot leaves the top of it out.
func below(domain, constraint string) bool {
	constraint = strings.ToLower(constraint)
	if strings.HasPrefix(constraint, ".") {
		return strings.HasSuffix(domain, constraint)
	}
	return constraint == "" || domain == constraint || strings.HasSuffix(domain, "."+constraint)
}

// judgeStrength looks at the key of a certificate and at what it may do.
func judgeStrength(r *Result, leaf *x509.Certificate) {
	if k, ok := leaf.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
		r.add(WeakKey, false, spec.RFC(9325, "4.5"), keyWord(leaf)+", is too short a key")
	}
	const sign = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement
	if leaf.KeyUsage != 0 && leaf.KeyUsage&sign == 0 {
		r.add(WrongUse, true, spec.RFC(5280, "4.2.1.3"), "the key of the certificate is not for connections")
	}
}
