package lint

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// certGroup is the certificate of the receiving entity (RFC 6120 §13.7).
var certGroup = Group{
	Kinds: []decode.Kind{decode.KindTLS, decode.KindNote, decode.KindOpen, decode.KindStanza, decode.KindNonza, decode.KindStreamError},
	Check: checkCert,
	Rules: []Rule{
		{Name: "cert-name-mismatch", Level: LevelError, Who: WhoReceiver, Needs: Outside | NeedPeer, Ref: spec.RFC(6120, "13.7.2.1"),
			Doc:    "The certificate of a server must be made out to the XMPP domain that the stream is for.",
			Advice: "certificates name the XMPP domain, not the machine that DNS leads to: have the domain added"},
		{Name: "cert-cn-only", Level: LevelWarning, Who: WhoReceiver, Needs: Outside | NeedPeer, Ref: spec.RFC(6125, "6.4.4"),
			Doc:    "A domain that stands in the subject of a certificate alone is not seen by modern clients.",
			Advice: "put the domain into subjectAltName as a DNS name"},
		{Name: "cert-untrusted", Level: LevelWarning, Who: WhoReceiver, Needs: Outside | NeedPeer, Ref: spec.RFC(6120, "13.7.2"),
			Doc: "A certificate is as good as who signed it: told here are those that sign themselves, chains that do not hold together, " +
				"and refusals by the other side, for whom a reader trusts is not known.",
			Advice: "get a certificate from an authority that clients know, or publish it by DANE or POSH"},
		{Name: "cert-wildcard", Level: LevelError, Who: WhoReceiver, Needs: Outside | NeedPeer, Ref: spec.RFC(6120, "13.7.1.2.1"),
			Doc:    "A star in a certificate stands for one whole label, the left-most one.",
			Advice: "write *.example.com, and add every domain of another depth by itself"},
		{Name: "cert-dates", Level: LevelError, Who: WhoReceiver, Needs: Outside | NeedPeer, Ref: spec.RFC(6120, "13.7.2"),
			Doc:    "A certificate is good between two dates only, and a stream should not outlive the one that it was opened with.",
			Advice: "renew it in time, compare the clocks of both machines, and close long streams with reset"},
		{Name: "cert-weak", Level: LevelError, Who: WhoReceiver, Needs: Outside | NeedPeer, Ref: spec.RFC(9325, "4.5"),
			Doc:    "A certificate with a short key, an old hash, or the right to sign others can be forged or misused.",
			Advice: "use a certificate with a key of at least 2048 bits (RSA) or 256 bits (ECDSA), signed with SHA-256 or better, and with cA FALSE"},
	},
}

// certFacts are what is known of the certificate of one conversation.
type certFacts struct {
	seq    decode.Seq // of the message that showed it
	names  []string   // at most maxCertNames
	cnOnly bool       // the one name stands in the subject
	judged bool       // the names against the domain
	until  time.Time
	reset  bool

	untrusted bool // was told
}

func checkCert(p *Pass) {
	e, m := p.Event, of(&p.own.certFacts)
	if e.State == nil || e.After == nil {
		return
	}
	switch e.Kind {
	case decode.KindTLS:
		switch {
		case e.Name.Local == "certificate" && e.Dir == decode.FromReceiver && m.seq == 0:
			certificate(p, m)
		case e.Name.Local == "alert" && e.Dir == decode.FromInitiator && e.Type == "unknown_ca" && m.seq != 0 && !m.untrusted:
			p.Report("cert-untrusted", "the initiating entity does not know who signed the certificate")
		}
	case decode.KindNote:
		if n := e.After.TLS.ServerNames; len(n) > 0 && m.seq == 0 {
			m.seq, m.names = e.Seq, n
			judgeNames(p, m, e.After.Domain)
		}
	case decode.KindOpen:
		if e.Dir == decode.FromInitiator && inTLS(e.State) && onSocket(e) {
			judgeNames(p, m, e.To)
		}
	case decode.KindStreamError:
		m.reset = true
	default:
		if !m.until.IsZero() && !m.reset && e.Time.Sub(m.until) > p.Timeout {
			m.until = time.Time{}
			p.Add(Finding{Rule: "cert-dates", Level: LevelWarning, Ref: spec.RFC(6120, "13.7.2.3"),
				Text: "the certificate has expired since the stream was opened, which goes on without a reset"})
		}
	}
}

// certificate judges the chain by itself.
func certificate(p *Pass, m *certFacts) {
	e := p.Event
	chain, err := tlswire.ParseCertificates(e.Wire, e.State.TLS.Version)
	if err != nil || len(chain) == 0 {
		return
	}
	m.seq = e.Seq
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return
	}
	m.names, m.cnOnly = tlswire.CertificateNames(chain[0]), subjectOnly(leaf)
	if len(m.names) > maxCertNames {
		m.names, m.judged = nil, true // too many to be looked at
	}
	judgeDates(p, m, leaf)
	var certs []*x509.Certificate
	for _, der := range chain[:min(len(chain), maxChain)] {
		if c, err := x509.ParseCertificate(der); err == nil {
			certs = append(certs, c)
		}
	}
	judgeStrength(p, certs)
	if why := broken(certs); why != "" {
		m.untrusted = true
		p.Report("cert-untrusted", why)
	}
	for _, n := range leaf.DNSNames {
		if !wholeStar(n) {
			p.Report("cert-wildcard", "the name "+short(n)+" has a star that is not its whole left-most label")
			break
		}
	}
	judgeNames(p, m, e.State.Domain)
}

// maxChain is how much of a chain is looked at, maxCertNames how many names of
// a certificate.
const (
	maxChain     = 10
	maxCertNames = 1000
	// maxModulus is the longest RSA key that signatures are checked with, in
	// bits: the time grows with its square.
	maxModulus = 16 << 10
)

const day = "2 January 2006"

func judgeDates(p *Pass, m *certFacts, leaf *x509.Certificate) {
	at := p.Event.Time
	switch {
	case at.Year() < 1990: // the capture has no clock
	case at.Before(leaf.NotBefore):
		p.Report("cert-dates", "the certificate is good from "+leaf.NotBefore.UTC().Format(day)+" on, which is later than this")
	case at.After(leaf.NotAfter):
		p.Report("cert-dates", "the certificate was good until "+leaf.NotAfter.UTC().Format(day))
	default:
		m.until = leaf.NotAfter
	}
}

// judgeStrength looks at keys and signatures. That of a certificate on itself
// protects nothing.
func judgeStrength(p *Pass, chain []*x509.Certificate) {
	for i, c := range chain {
		what := "the certificate"
		if i > 0 {
			what = fmt.Sprintf("certificate %d of the chain", i+1)
		}
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() < 2048 {
			p.Report("cert-weak", fmt.Sprintf("%s has an RSA key of %d bits", what, k.N.BitLen()))
		}
		switch c.SignatureAlgorithm {
		case x509.MD2WithRSA, x509.MD5WithRSA, x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
			if i == 0 || !ownIssuer(c) {
				p.Report("cert-weak", fmt.Sprintf("%s is signed with %s", what, c.SignatureAlgorithm))
			}
		}
	}
	if len(chain) > 0 && chain[0].BasicConstraintsValid && chain[0].IsCA {
		p.Add(Finding{Rule: "cert-weak", Ref: spec.RFC(6120, "13.7.1.1"), Text: "the certificate of a server may sign others: cA is TRUE"})
	}
}

func ownIssuer(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// broken says why nobody can trust a chain, whatever roots they have; empty
// where that depends on the roots. Its certificates may stand in any order
// (RFC 8446 §4.4.2).
func broken(chain []*x509.Certificate) string {
	if len(chain) == 0 {
		return ""
	}
	leaf := chain[0]
	if ownIssuer(leaf) {
		return "the certificate is signed by itself"
	}
	at := leaf
	for range chain {
		next, fits := issuer(chain, at)
		switch {
		case next == nil:
			return "" // the next one is a root, or not sent
		case !fits:
			return "the signature on the certificate of " + short(at.Subject.String()) + " is not that of the issuer that was sent along"
		case ownIssuer(next):
			return "" // a root that the reader may trust
		}
		at = next
	}
	return ""
}

// issuer finds the certificate that signed another; where only the name fits
// and the signature does not, fits is false.
func issuer(chain []*x509.Certificate, of *x509.Certificate) (found *x509.Certificate, fits bool) {
	for _, c := range chain {
		if c == of || !bytes.Equal(c.RawSubject, of.RawIssuer) {
			continue
		}
		if k, ok := c.PublicKey.(*rsa.PublicKey); ok && k.N.BitLen() > maxModulus {
			return c, true // not worth the time
		}
		err := c.CheckSignature(of.SignatureAlgorithm, of.RawTBSCertificate, of.Signature)
		var insecure x509.InsecureAlgorithmError
		if err == nil || errors.As(err, &insecure) || errors.Is(err, x509.ErrUnsupportedAlgorithm) {
			return c, true
		}
		found = c
	}
	return found, false
}
