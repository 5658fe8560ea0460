package lint

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/secure/precis"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// jidGroup is how addresses are written (RFC 7622 §3).
var jidGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: func(p *Pass) {
		e := p.Event
		for _, a := range [...]struct{ name, value string }{{"to", e.To}, {"from", e.From}} {
			if a.value == "" || e.Type == "error" && e.Dir == decode.FromReceiver {
				continue // an error repeats the address that it is about
			}
			if why := wrongJID(a.value); why != "" {
				p.ReportAt("jid-invalid", attrSpan(p, a.name), fmt.Sprintf("%s is %q: %s", a.name, short(a.value), why))
			}
		}
	},
	Rules: []Rule{
		{Name: "jid-invalid", Level: LevelError, Ref: spec.RFC(7622, "3"),
			Doc:    "An address has a domain, and may have a name before it and a resource behind it, each within the letters and the length allowed.",
			Advice: "check addresses before sending; a server answers with jid-malformed"},
	},
}

const (
	// maxPart is the longest part of an address in bytes (RFC 7622 §3.2 to §3.4),
	// maxAddress the longest address.
	maxPart    = 1023
	maxAddress = 3*maxPart + 2
)

// wrongJID says what is illegal in an address; empty where nothing is.
func wrongJID(jid string) string {
	rest, resource, hasResource := strings.Cut(jid, "/")
	local, domain, hasLocal := strings.Cut(rest, "@")
	if !hasLocal {
		local, domain = "", rest
	}
	switch {
	case !utf8.ValidString(jid):
		return "it is not UTF-8"
	case hasLocal && local == "":
		return "the part before @ is empty"
	case domain == "":
		return "the domain is empty"
	case hasResource && resource == "":
		return "the resource is empty"
	case len(local) > maxPart, len(domain) > maxPart, len(resource) > maxPart:
		return fmt.Sprintf("a part is longer than %d bytes", maxPart)
	}
	if why := wrongLocal(local); why != "" {
		return why
	}
	if why := wrongDomain(domain); why != "" {
		return why
	}
	return wrongResource(resource)
}

// wrongLocal holds a localpart against RFC 7622 §3.3.
func wrongLocal(local string) string {
	ascii := true
	for i := 0; i < len(local); i++ {
		switch c := local[i]; {
		case strings.IndexByte("\"&'/:<>@", c) >= 0:
			return fmt.Sprintf("the name before @ holds %q", c)
		case c <= ' ' || c == 0x7F:
			return "the name before @ holds white space or a control character"
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if ascii || !assigned(local) {
		return ""
	}
	if _, err := precis.UsernameCaseMapped.String(local); err != nil {
		return "the name before @ holds characters that are not allowed there"
	}
	return ""
}

// wrongDomain holds a domain against RFC 7622 §3.2.
func wrongDomain(domain string) string {
	if domain[0] == '[' || domain[0] >= '0' && domain[0] <= '9' {
		if _, err := netip.ParseAddr(strings.Trim(domain, "[]")); err == nil {
			return ""
		}
	}
	if domain[len(domain)-1] == '.' {
		return "the domain ends in a dot"
	}
	ascii := true
	for i := 0; i < len(domain); i++ {
		switch c := domain[i]; {
		case c <= ' ' || strings.IndexByte("\"&'/:<>@", c) >= 0 || c == 0x7F:
			return fmt.Sprintf("the domain holds %q", c)
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		switch {
		case label == "":
			return "the domain has an empty label"
		case len(label) > 3 && strings.EqualFold(label[:4], "xn--"):
			return "the domain is written in the form for DNS, with xn--"
		}
	}
	if !ascii && assigned(domain) {
		if _, err := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(false)).ToUnicode(domain); err != nil {
			return "the domain is no internationalised domain name"
		}
	}
	return ""
}

// wrongResource holds a resource against RFC 7622 §3.4.
func wrongResource(resource string) string {
	ascii := true
	for i := 0; i < len(resource); i++ {
		switch c := resource[i]; {
		case c < ' ' || c == 0x7F:
			return "the resource holds a control character"
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if ascii || !assigned(resource) {
		return ""
	}
	if _, err := precis.OpaqueString.String(resource); err != nil {
		return "the resource holds characters that are not allowed there"
	}
	return ""
}

// assigned tells that the tables at hand know all characters: one that was added
// to Unicode later cannot be judged by them.
func assigned(s string) bool {
	for _, r := range s {
		if !unicode.IsOneOf([]*unicode.RangeTable{unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C}, r) {
			return false
		}
	}
	return true
}
