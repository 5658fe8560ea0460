package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/rangetable"

	"xmppscope/decode"
	"xmppscope/decode/jid"
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
				p.ReportAt("jid-invalid", attrSpan(p, a.name), fmt.Sprintf("%s is \"%s\": %s", a.name, short(a.value), why))
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
	maxPart    = jid.MaxPart
	maxAddress = 3*maxPart + 2
)

// wrongJID says what is illegal in an address; empty where nothing is.
func wrongJID(address string) string {
	if plainJID(address) || !utf8.ValidString(address) || !assigned(address) {
		return "" // text that is not UTF-8 breaks xml-encoding
	}
	a := jid.Read(address)
	if len(a.Faults) > 0 {
		return a.Faults[0].Text
	}
	// Who reads an address takes these away; who writes one must not put them
	// there (RFC 7622 §3.2).
	_, domain, _ := jid.Split(address)
	if strings.HasSuffix(domain, ".") {
		return "the domain ends in a dot"
	}
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) >= 4 && strings.EqualFold(label[:4], "xn--") {
			return "the domain is written in the form for DNS, with xn--"
		}
	}
	return ""
}

// plainJID tells the addresses that are legal at first sight: short, of ASCII,
// and without anything that needs a closer look.
func plainJID(address string) bool {
	if len(address) > maxPart {
		return false
	}
	rest, resource, hasResource := strings.Cut(address, "/")
	local, domain, hasLocal := strings.Cut(rest, "@")
	if !hasLocal {
		local, domain = "", rest
	}
	if hasLocal && local == "" || hasResource && resource == "" {
		return false
	}
	for i := 0; i < len(resource); i++ {
		if c := resource[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return plainLetters(local, true) && plainLetters(domain, false) && plainLabels(domain)
}

// plainLetters tells text of letters, digits, dots, dashes and low lines.
func plainLetters(s string, empty bool) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '.' || c == '-' || c == '_') {
			return false
		}
	}
	return empty || s != ""
}

// plainLabels tells a domain of labels of letters: no number that might be an IP
// address, no A-label, nothing empty.
func plainLabels(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || isDigit(label[0]) || label[0] == '-' || label[len(label)-1] == '-' || strings.Contains(label, "--") {
			return false
		}
	}
	return true
}

// assigned tells that the tables at hand know all characters: one that was added
// to Unicode later cannot be judged by them.
func assigned(s string) bool {
	known := rangetable.Assigned(precis.UnicodeVersion)
	for _, r := range s {
		if known == nil || !unicode.Is(known, r) {
			return false
		}
	}
	return true
}
