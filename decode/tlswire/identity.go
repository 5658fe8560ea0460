package tlswire

import (
	"crypto/x509"
	"slices"

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

// CertificateNames are the identities in a certificate (DER): DNS names,
// XmppAddr and SRV names, each once; the common name where there is none of
// them. They come from the wire.
func CertificateNames(der []byte) []string {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	names := slices.Clone(c.DNSNames)
	for _, e := range c.Extensions {
		if e.Id.Equal(oidAltName) {
			names = append(names, otherNames(e.Value)...)
		}
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = append(names, c.Subject.CommonName)
	}
	unique := names[:0]
	for _, n := range names {
		if !slices.Contains(unique, n) {
			unique = append(unique, n)
		}
	}
	return unique
}

// otherNames finds the otherName forms of a subjectAltName (RFC 5280 §4.2.1.6).
func otherNames(ext []byte) (all []string) {
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
		if (string(oid) == string(oidXmppAddr) || string(oid) == string(oidSRVName)) && explicit.ReadAnyASN1(&text, &tag) {
			all = append(all, string(text))
		}
	}
	return all
}
