package verify

import (
	"net/netip"
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// reference is the domain in the forms that identifiers are compared with
// (RFC 6125 §6.2).
type reference struct {
	ascii   string     // A-labels, lower case; empty for an address
	ip      netip.Addr // invalid for a domain
	service string     // what an SRV-ID begins with
}

func (c *Check) reference() (reference, bool) {
	ref := reference{service: c.Purpose.service()}
	if ip, err := netip.ParseAddr(strings.Trim(c.Domain, "[]")); err == nil {
		ref.ip = ip.Unmap()
		return ref, true
	}
	a := jid.Read(c.Domain)
	if a.Local.Present || a.Resource.Present {
		return ref, false
	}
	ref.ascii = a.ASCII
	return ref, a.ASCII != ""
}

// match looks for an identifier that fits the domain and says what came of it.
// The kind it fits by is 0 where none does.
func (c *Check) match(r *Result, ids []tlswire.Identifier) tlswire.IdentifierKind {
	ref, ok := c.reference()
	if !ok {
		r.add(BadDomain, true, spec.RFC(7622, "3.2"), word(c.Domain)+" is no domain, so no certificate can be for it")
		return 0
	}
	common := true // a common name counts only where there is nothing else
	for _, id := range ids {
		if id.Kind != tlswire.CNID && id.Kind != tlswire.IPID {
			common = false
		}
	}
	for _, id := range ids {
		if id.Fault != "" || id.Kind == tlswire.CNID && !common || !ref.fits(id) {
			continue
		}
		r.MatchKind, r.Match, r.MatchRef = id.Kind.String(), word(id.Text), matchRef(id)
		if id.Kind == tlswire.CNID {
			r.add(CommonNameOnly, false, spec.RFC(6125, "6.4.4"), "the domain stands in the subject only, where many do not look for it")
		}
		if _, rest, star := strings.Cut(id.Text, "*."); star && !strings.Contains(rest, ".") {
			r.add(WideWildcard, false, spec.RFC(6125, "6.4.3"), "the name "+word(id.Text)+" is good for every domain below a top-level one")
		}
		return id.Kind
	}
	r.add(NameMismatch, true, spec.RFC(6120, "13.7.2.1"), c.mismatch(ref, ids, common))
	return 0
}

// matchRef is the section by which an identifier fits.
func matchRef(id tlswire.Identifier) spec.Ref {
	switch {
	case strings.Contains(id.Text, "*"):
		return spec.RFC(6125, "6.4.3")
	case id.Kind == tlswire.SRVID:
		return spec.RFC(6125, "6.5.1")
	case id.Kind == tlswire.XmppAddr:
		return spec.RFC(6120, "13.7.1.4")
	case id.Kind == tlswire.CNID:
		return spec.RFC(6125, "6.4.4")
	case id.Kind == tlswire.IPID:
		return spec.RFC(5280, "4.2.1.6")
	case strings.Contains(strings.ToLower(id.Text), "xn--"):
		return spec.RFC(6125, "6.4.2")
	}
	return spec.RFC(6125, "6.4.1")
}

// fits compares one identifier with the domain.
func (ref reference) fits(id tlswire.Identifier) bool {
	if ref.ip.IsValid() {
		ip, err := netip.ParseAddr(id.Text)
		return id.Kind == tlswire.IPID && err == nil && ip.Unmap() == ref.ip
	}
	switch id.Kind {
	case tlswire.DNSID, tlswire.CNID:
		return fitsDomain(id.Text, ref.ascii) == fits
	case tlswire.SRVID:
		service, domain := cutService(id.Text)
		return service == ref.service && fitsDomain(domain, ref.ascii) == fits
	case tlswire.XmppAddr:
		a := jid.Read(id.Text)
		return !a.Local.Present && !a.Resource.Present && a.ASCII == ref.ascii
	}
	return false
}

// fit is how a name fits a domain.
type fit uint8

const (
	differs fit = iota
	fits
	tooDeep  // the star would have to stand for several labels
	tooShort // the star would have to stand for no label
	badStar  // a star that is not the whole left-most label
)

// fitsDomain compares a name as certificates have it, in A-labels, with a
// domain of lower case. A star stands for one whole label, the left-most one
// (RFC 6120 §13.7.1.2.1).
func fitsDomain(name, domain string) fit {
	name = strings.ToLower(name)
	rest, star := strings.CutPrefix(name, "*.")
	switch {
	case strings.Contains(rest, "*"):
		return badStar
	case !star && name == domain:
		return fits
	case !star || rest == "":
		return differs
	case rest == domain:
		return tooShort
	}
	label, ok := strings.CutSuffix(domain, "."+rest)
	switch {
	case !ok || label == "":
		return differs
	case strings.Contains(label, "."):
		return tooDeep
	}
	return fits
}

// cutService takes the name of an SRV-ID apart: _xmpp-client. and the domain.
func cutService(name string) (service, domain string) {
	i := strings.IndexByte(name, '.')
	if !strings.HasPrefix(name, "_") || i < 0 {
		return "", name
	}
	return strings.ToLower(name[:i+1]), name[i+1:]
}

// mismatch says what the certificate is for instead, and why a name that looks
// right does not count.
func (c *Check) mismatch(ref reference, ids []tlswire.Identifier, common bool) string {
	text := "the certificate is for "
	count := 0
	for _, id := range ids {
		if id.Kind == tlswire.CNID && !common {
			continue
		}
		if count++; count > maxTold {
			continue
		}
		if count > 1 {
			text += ", "
		}
		text += word(id.Text)
	}
	switch {
	case count == 0:
		text += "no name at all"
	case count > maxTold:
		text += ", …"
	}
	text += " and not for " + word(c.Domain)
	for _, id := range ids {
		if why := c.near(ref, id, common); why != "" {
			return text + ": " + why
		}
	}
	return text
}

// near is why a name that looks right does not count; empty for one that does
// not look so.
func (c *Check) near(ref reference, id tlswire.Identifier, common bool) string {
	name := word(id.Text)
	switch {
	case strings.ContainsRune(id.Text, 0):
		return "the name " + name + " has a zero byte in it, as forged ones have"
	case id.Fault != "" && ref.fits(tlswire.Identifier{Kind: id.Kind, Text: id.Text}):
		return name + " does not count as " + id.Kind.String() + ", for " + id.Fault
	case id.Kind == tlswire.CNID && !common && fitsDomain(id.Text, ref.ascii) == fits:
		return "the domain stands in the subject, which does not count where there are other names"
	case id.Kind == tlswire.SRVID && ref.ascii != "":
		if service, domain := cutService(id.Text); service != ref.service && fitsDomain(domain, ref.ascii) == fits {
			return name + " is for another service than " + strings.TrimSuffix(ref.service, ".")
		}
	case id.Kind == tlswire.DNSID && ref.ip.IsValid() && id.Text == ref.ip.String():
		return "an address counts only as an IP address, and " + name + " stands there as a DNS name"
	}
	if id.Kind != tlswire.DNSID {
		return ""
	}
	switch fitsDomain(id.Text, ref.ascii) {
	case tooDeep:
		return "the star of " + name + " stands for one label and not for several"
	case tooShort:
		return "the star of " + name + " stands for a label, and the domain has none there"
	case badStar:
		return "a star counts only as the whole left-most label, and in " + name + " it is not"
	}
	host := strings.ToLower(strings.TrimSuffix(c.Host, "."))
	if host != "" && host != ref.ascii && fitsDomain(id.Text, host) == fits {
		return word(host) + " is the machine that DNS leads to, and a certificate counts for the domain"
	}
	return ""
}
