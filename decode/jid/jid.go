package jid

import "strings"

// MaxPart is the most octets that each part may have in its normal form
// (RFC 7622 §3.2, §3.3, §3.4).
const MaxPart = 1023

// JID is an address in its normal form. It is comparable: two addresses are
// the same where their JIDs are equal. The zero JID is no address.
type JID struct{ Local, Domain, Resource string }

// Parse brings an address into its normal form. The error is a *Fault, the
// first one in the order of the bytes.
func Parse(s string) (JID, error) {
	local, domain, resource := Split(s)
	if plain(s, local, domain, resource) {
		return JID{local, domain, resource}, nil
	}
	a := Read(s)
	if len(a.Faults) > 0 {
		return JID{}, &a.Faults[0]
	}
	return a.JID(), nil
}

// Split cuts at the first slash and, before it, at the first at sign, and
// judges nothing (RFC 7622 §3.1).
func Split(s string) (local, domain, resource string) {
	domain, resource, _ = strings.Cut(s, "/")
	if l, d, ok := strings.Cut(domain, "@"); ok {
		return l, d, resource
	}
	return "", domain, resource
}

// String writes the address.
func (j JID) String() string {
	s := j.Domain
	if j.Local != "" {
		s = j.Local + "@" + s
	}
	if j.Resource != "" {
		s += "/" + j.Resource
	}
	return s
}

// Bare is the address without its resource.
func (j JID) Bare() JID { return JID{Local: j.Local, Domain: j.Domain} }

// Form says in words what sort of address it is.
func (j JID) Form() string {
	switch {
	case j.Local != "" && j.Resource != "":
		return "full address"
	case j.Local != "":
		return "bare address"
	case j.Resource != "":
		return "domain with a resource"
	}
	return "domain"
}

// plain tells at little cost that an address is in its normal form: nothing but
// small letters, digits and what else of ASCII cannot go wrong.
func plain(s, local, domain, resource string) bool {
	if len(s) > MaxPart || len(domain) == 0 || len(domain) > maxName || strings.HasPrefix(s, "@") || strings.HasSuffix(s, "/") && resource == "" {
		return false
	}
	for i := range len(local) {
		if c := local[i]; c <= ' ' || c > '~' || c >= 'A' && c <= 'Z' || strings.IndexByte(excluded, c) >= 0 {
			return false
		}
	}
	for i := range len(resource) {
		if c := resource[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return plainDomain(domain)
}

// plainDomain: labels of small letters, digits and inner hyphens, a letter
// first, none of them an A-label.
func plainDomain(domain string) bool {
	start := 0
	for i := 0; i <= len(domain); i++ {
		if i < len(domain) && domain[i] != '.' {
			c := domain[i]
			if !(c >= 'a' && c <= 'z' || i > start && (c >= '0' && c <= '9' || c == '-')) {
				return false
			}
			continue
		}
		label := domain[start:i]
		if label == "" || len(label) > maxLabel || label[len(label)-1] == '-' || len(label) > 3 && label[2:4] == "--" {
			return false
		}
		start = i + 1
	}
	return true
}
