package lint

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Namespaces of what stands in stanzas.
const (
	nsStanzaErr = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsRoster    = "jabber:iq:roster"
	nsPing      = "urn:xmpp:ping"
)

// fromClient tells what a client itself has sent. What comes from the server
// was written by somebody else, whom this conversation does not show; servers
// and components speak for many.
func fromClient(e *decode.Event) bool {
	return e.Dir == decode.FromInitiator && e.State.Profile == decode.ProfileC2S
}

// ownJID is the client's full JID, as far as it is known.
func ownJID(p *Pass) string {
	if jid := p.Event.State.JID; jid != "" {
		return jid
	}
	if s := p.IM(); s != nil {
		jid, _ := s.JID()
		return jid
	}
	return ""
}

// sameBare tells whether two addresses are of the same account: the letters of
// localpart and domain count as small ones (RFC 7622 §3.2, §3.3).
func sameBare(a, b string) bool { return strings.EqualFold(bare(a), bare(b)) }

// sameAddress tells whether two addresses are the same.
func sameAddress(a, b string) bool {
	return a == b || sameBare(a, b) && resourceOf(a) == resourceOf(b)
}

// resourceOf is what stands behind the bare address.
func resourceOf(jid string) string {
	_, r, _ := strings.Cut(jid, "/")
	return r
}

// domainOf is the domain of an address.
func domainOf(jid string) string {
	jid = bare(jid)
	if _, d, ok := strings.Cut(jid, "@"); ok {
		return d
	}
	return jid
}

// attrSpan is where the value of an attribute of the event's element stands.
func attrSpan(p *Pass, local string) xmlstream.Span {
	e := p.Event
	if e.Kind == decode.KindStanza && !p.parsed {
		if n := p.engine.tag.ParseTag(e.Text(), e.Scope, xmlstream.Options{}); n != nil {
			return valueSpan(n, "", local)
		}
	}
	if n := p.Node(); n != nil {
		return valueSpan(n, "", local)
	}
	return xmlstream.Span{}
}

// mayBeServers tells a stanza that names its sender where the beginning of the
// stream was not captured: it may be one between servers.
func mayBeServers(e *decode.Event) bool { return e.State.Late && e.From != "" && e.To != "" }
