package tlswire

import (
	"crypto/x509"
	"slices"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Names in a certificate's subjectAltName that no library takes apart: XmppAddr
// (RFC 6120 §13.7.1.4) and SRVName (RFC 4985 §2).
var (
	oidXmppAddr = []byte{0x2b, 6, 1, 5, 5, 7, 8, 5} // 1.3.6.1.5.5.7.8.5
	oidSRVName  = []byte{0x2b, 6, 1, 5, 5, 7, 8, 7} // 1.3.6.1.5.5.7.8.7
	oidAltName  = []int{2, 5, 29, 17}
)

// IdentifierKind is a type of identifier, by the names of RFC 6125 §1.8.
type IdentifierKind uint8

// The kinds of identifiers that XMPP knows. CN-ID is the common name of the
// subject.
const (
	DNSID IdentifierKind = iota + 1
	SRVID
	XmppAddr
	IPID
	CNID
)

func (k IdentifierKind) String() string {
	switch k {
	case DNSID:
		return "DNS-ID"
	case SRVID:
		return "SRV-ID"
	case XmppAddr:
		return "XmppAddr"
	case IPID:
		return "IP address"
	case CNID:
		return "CN-ID"
	}
	return ""
}

// Identifier is a name that a certificate is made out to. The text comes from
// the wire and may hold any byte.
type Identifier struct {
	Kind IdentifierKind
	Text string
	// Fault is why the name counts for nothing: it is of another type of string
	// than its kind allows. Empty for a good one.
	Fault string
}

// Identifiers are the names in a certificate: DNS names, then XmppAddr and SRV
// names, then addresses, then the common name of the subject.
func Identifiers(c *x509.Certificate) (all []Identifier) {
	for _, n := range c.DNSNames {
		all = append(all, Identifier{Kind: DNSID, Text: n})
	}
	for _, e := range c.Extensions {
		if e.Id.Equal(oidAltName) {
			all = append(all, otherNames(e.Value)...)
		}
	}
	for _, ip := range c.IPAddresses {
		all = append(all, Identifier{Kind: IPID, Text: ip.String()})
	}
	if c.Subject.CommonName != "" {
		all = append(all, Identifier{Kind: CNID, Text: c.Subject.CommonName})
	}
	return all
}

// CertificateNames are the identities in a certificate (DER): DNS names,
// XmppAddr and SRV names, each once; the common name where there is none of
// them. They come from the wire.
func CertificateNames(der []byte) []string {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	var names []string
	seen := map[string]bool{}
	for _, id := range Identifiers(c) {
		if id.Kind == IPID || id.Kind == CNID && len(names) > 0 || seen[id.Text] {
			continue
		}
		seen[id.Text] = true
		names = append(names, id.Text)
	}
	return names
}

// otherNames finds the otherName forms of a subjectAltName (RFC 5280 §4.2.1.6).
func otherNames(ext []byte) (all []Identifier) {
	s := cryptobyte.String(ext)
	var list cryptobyte.String
	if !s.ReadASN1(&list, asn1.SEQUENCE) {
		return nil
	}
	for !list.Empty() {
		var one, oid, explicit, text cryptobyte.String
		var tag asn1.Tag
		if !list.ReadAnyASN1(&one, &tag) {
			return all
		}
		if tag != asn1.Tag(0).ContextSpecific().Constructed() ||
			!one.ReadASN1(&oid, asn1.OBJECT_IDENTIFIER) || !one.ReadASN1(&explicit, asn1.Tag(0).ContextSpecific().Constructed()) {
			continue
		}
		kind := otherKind(oid)
		if kind != 0 && explicit.ReadAnyASN1(&text, &tag) {
			all = append(all, Identifier{Kind: kind, Text: string(text), Fault: stringFault(kind, tag, text)})
		}
	}
	return all
}

func otherKind(oid []byte) IdentifierKind {
	switch {
	case slices.Equal(oid, oidXmppAddr):
		return XmppAddr
	case slices.Equal(oid, oidSRVName):
		return SRVID
	}
	return 0
}

// stringFault holds the type of an otherName's value against that of its kind:
// UTF8String for XmppAddr, IA5String for SRVName.
func stringFault(kind IdentifierKind, tag asn1.Tag, text []byte) string {
	switch {
	case kind == XmppAddr && tag != asn1.UTF8String:
		return "it is no UTF8String"
	case kind == XmppAddr && !utf8.Valid(text):
		return "it is not valid UTF-8"
	case kind == SRVID && tag != asn1.IA5String:
		return "it is no IA5String"
	case kind == SRVID && slices.ContainsFunc(text, func(b byte) bool { return b >= utf8.RuneSelf }):
		return "it has characters outside ASCII"
	}
	return ""
}
