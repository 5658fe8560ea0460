package ca

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	asn "golang.org/x/crypto/cryptobyte/asn1"

	"xmppscope/decode/jid"
)

// maxNames is how many names one certificate is made out to, maxCommon the most
// characters of a common name (RFC 5280 App. A).
const (
	maxNames  = 16
	maxCommon = 64
)

// Object identifiers of a subjectAltName (RFC 5280 §4.2.1.6) and of the names
// in it that are XMPP's own: XmppAddr (RFC 6120 §13.7.1.4), SRVName (RFC 4985
// §2).
var (
	oidAltName  = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidXmppAddr = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5}
	oidSRVName  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 7}
)

// services are what the names of SRV-IDs begin with: a domain is served to
// clients and servers alike.
var services = [...]string{"_xmpp-client.", "_xmpp-server."}

// NameError tells that no certificate can be made out to any of the names.
type NameError struct{ Names []string }

func (e *NameError) Error() string {
	if len(e.Names) == 0 {
		return "no name that a certificate could be made out to"
	}
	name := e.Names[0]
	return "no certificate can be made out to " + strconv.Quote(name[:min(len(name), 100)])
}

// subject is one name of a certificate: a domain or an IP address.
type subject struct {
	ascii string     // A-labels; empty for an address
	text  string     // as XMPP writes it
	ip    netip.Addr // invalid for a domain
}

// subjects brings names into the form in which certificates have them; what can
// be no domain is left out. They come from the wire.
func subjects(names []string) (all []subject) {
	for _, n := range names {
		if s, ok := readName(n); ok && !slices.Contains(all, s) && len(all) < maxNames {
			all = append(all, s)
		}
	}
	return all
}

func readName(name string) (subject, bool) {
	if ip, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		text := ip.String()
		if ip.Is6() {
			text = "[" + text + "]"
		}
		return subject{text: text, ip: ip}, true
	}
	// A stream may be addressed to more than a domain, against the rules.
	a := jid.Read(name)
	if a.ASCII == "" {
		return subject{}, false
	}
	return subject{ascii: a.ASCII, text: a.Domain.Form}, true
}

// cacheKey is the same for the same names in whatever order.
func cacheKey(kind string, all []subject) string {
	texts := make([]string, 0, len(all)+1)
	for _, s := range all {
		texts = append(texts, s.text)
	}
	slices.Sort(texts)
	return kind + " " + strings.Join(texts, " ")
}

// reader is who a certificate is shown to.
type reader string

const (
	anybody reader = ""
	// servers have no need of an XmppAddr (RFC 6120 §13.7.1.2.1), and ejabberd
	// 23.01 ends a stream to a server whose certificate has one.
	servers reader = "servers "
)

// altName writes the subjectAltName of a certificate for all subjects: DNS-ID,
// SRV-IDs and XmppAddr for a domain, iPAddress and XmppAddr for an address.
func altName(all []subject, to reader) (pkix.Extension, error) {
	var b cryptobyte.Builder
	b.AddASN1(asn.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, s := range all {
			if s.ip.IsValid() {
				b.AddASN1(asn.Tag(7).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(s.ip.AsSlice()) })
			} else {
				b.AddASN1(asn.Tag(2).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(s.ascii)) })
				for _, service := range services {
					addOther(b, oidSRVName, asn.IA5String, service+s.ascii)
				}
			}
			if to != servers {
				addOther(b, oidXmppAddr, asn.UTF8String, s.text)
			}
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return pkix.Extension{}, fmt.Errorf("write the names of a certificate: %w", err)
	}
	return pkix.Extension{Id: oidAltName, Value: der}, nil
}

// addOther writes an otherName.
func addOther(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, tag asn.Tag, text string) {
	zero := asn.Tag(0).ContextSpecific().Constructed()
	b.AddASN1(zero, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(zero, func(b *cryptobyte.Builder) {
			b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(text)) })
		})
	})
}

// commonName is a name that fits into a subject, for those who show it to
// people; no peer should look for a domain there (RFC 6125 §6.4.4).
func commonName(all []subject) string {
	for _, s := range all {
		if s.ip.IsValid() {
			return s.ip.String()
		}
		if len(s.ascii) <= maxCommon {
			return s.ascii
		}
	}
	return ""
}
