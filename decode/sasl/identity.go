package sasl

import (
	"fmt"
	"strings"

	"xmppscope/decode/spec"
)

// identityFaults judges the names by the rules XMPP adds to every mechanism:
// RFC 6120 §6.3.7 on the simple username and §6.3.8 on the authorization
// identity.
func identityFaults(x *Exchange, mech *Mechanism, fields []Field) []Fault {
	authcid, authzid := fieldNamed(fields, mech.authcid), fieldNamed(fields, mech.authzid)
	var faults []Fault
	add := func(f *Field, rule, section, text string) {
		faults = append(faults, Fault{Rule: rule, Text: text, Pos: f.Span.Start, Ref: spec.RFC(6120, section)})
	}
	if authcid != nil && x.Domain != "" && strings.HasSuffix(strings.ToLower(authcid.Value), "@"+strings.ToLower(x.Domain)) {
		add(authcid, "sasl-username-is-jid", "6.3.7", fmt.Sprintf("the username is the whole address %s; most servers want the part before the @", short(authcid.Value)))
	}
	if authzid == nil || authzid.Value == "" {
		return faults
	}
	if strings.Contains(authzid.Value, "/") {
		add(authzid, "sasl-authzid-full-jid", "6.3.8", "the authorization identity names a resource; that comes later, with bind")
	}
	if authcid != nil && x.Domain != "" && strings.EqualFold(authzid.Value, authcid.Value+"@"+x.Domain) {
		add(authzid, "sasl-authzid-needless", "6.3.8", "the authorization identity says what the username implies already")
	}
	return faults
}

func fieldNamed(fields []Field, name string) *Field {
	if name == "" {
		return nil
	}
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}
