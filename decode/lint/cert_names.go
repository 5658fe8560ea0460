package lint

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// judgeNames holds the names of the certificate against the domain of the
// stream, once that is known (RFC 6120 §13.7.2.1, RFC 6125 §6.4).
func judgeNames(p *Pass, m *certFacts, domain string) {
	s := p.Event.After
	if m.judged || len(m.names) == 0 || domain == "" || s.Profile == decode.ProfileComponent {
		return
	}
	m.judged = true
	service := certService(s)
	want := ascii(domainPart(domain))
	deep := ""
	for _, n := range m.names {
		switch matchName(n, want, service) {
		case nameMatches:
			if m.cnOnly {
				p.Add(Finding{Rule: "cert-cn-only", Seq: m.seq, Text: short(domain) + " stands in the subject of the certificate only"})
			}
			return
		case nameTooDeep:
			deep = n
		}
	}
	if deep != "" {
		p.Add(Finding{Rule: "cert-wildcard", Seq: m.seq, Ref: spec.RFC(6125, "6.4.3"),
			Text: "the star of " + short(deep) + " stands for one label and so not for " + short(domain)})
		return
	}
	p.Add(Finding{Rule: "cert-name-mismatch", Seq: m.seq,
		Text: "the stream is for " + short(domain) + ", the certificate for " + short(strings.Join(m.names, ", "))})
}

// certService is the service of the SRV-IDs that count for a stream (RFC 6120
// §13.7.1.2.1).
func certService(s *decode.State) string {
	if s.Profile == decode.ProfileS2S {
		return "_xmpp-server."
	}
	return "_xmpp-client."
}

// fit is how a name of a certificate fits a domain.
type fit uint8

const (
	nameDiffers fit = iota
	nameMatches
	nameTooDeep // a wildcard that would have to stand for several labels
)

func matchName(name, want, service string) fit {
	if strings.HasPrefix(name, "_") {
		rest, ok := cutPrefixFold(name, service)
		if ok && ascii(rest) == want {
			return nameMatches
		}
		return nameDiffers
	}
	rest, star := strings.CutPrefix(name, "*.")
	if !star {
		if ascii(name) == want {
			return nameMatches
		}
		return nameDiffers
	}
	head, ok := strings.CutSuffix(want, "."+ascii(rest))
	switch {
	case !ok || head == "":
		return nameDiffers
	case strings.Contains(head, "."):
		return nameTooDeep
	}
	return nameMatches
}

// domainPart is the domain of an address: a header may say more than it should.
func domainPart(jid string) string {
	jid = bare(jid)
	if _, domain, user := strings.Cut(jid, "@"); user {
		return domain
	}
	return jid
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// wholeStar tells that a name has no star, or one that is its whole left-most
// label (RFC 6120 §13.7.1.2.1).
func wholeStar(name string) bool {
	rest, _ := strings.CutPrefix(name, "*.")
	return !strings.Contains(rest, "*")
}

// Names of subjectAltName (RFC 5280 §4.2.1.6) that count besides DNS names:
// XmppAddr (RFC 6120 §13.7.1.4) and SRVName (RFC 4985 §2), as DER.
var (
	oidAltName  = asn1.ObjectIdentifier{2, 5, 29, 17}
	derXmppAddr = []byte{6, 8, 0x2b, 6, 1, 5, 5, 7, 8, 5}
	derSRVName  = []byte{6, 8, 0x2b, 6, 1, 5, 5, 7, 8, 7}
)

// subjectOnly tells that the certificate has its name in the subject and none
// in subjectAltName.
func subjectOnly(leaf *x509.Certificate) bool {
	if len(leaf.DNSNames) > 0 {
		return false
	}
	for _, x := range leaf.Extensions {
		if x.Id.Equal(oidAltName) && (bytes.Contains(x.Value, derXmppAddr) || bytes.Contains(x.Value, derSRVName)) {
			return false
		}
	}
	return true
}
