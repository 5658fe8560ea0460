package lint

import (
	"bytes"
	"strings"

	"xmppscope/decode/xmlstream"
)

// Namespaces of the stream and of its negotiation.
const (
	nsStreams   = xmlstream.NSStreams
	nsClient    = xmlstream.NSClient
	nsServer    = xmlstream.NSServer
	nsTLS       = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL      = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2     = "urn:xmpp:sasl:2"
	nsBind      = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSession   = "urn:ietf:params:xml:ns:xmpp-session"
	nsCompress  = "http://jabber.org/protocol/compress"
	nsCompressF = "http://jabber.org/features/compress"
	nsSM        = "urn:xmpp:sm:3"
	nsSM2       = "urn:xmpp:sm:2"
	nsCSI       = "urn:xmpp:csi:0"
	nsRegister  = "jabber:iq:register"
	nsRegisterF = "http://jabber.org/features/iq-register"
	nsIQAuth    = "jabber:iq:auth"
	nsDialback  = "jabber:server:dialback"
	nsDialbackF = "urn:xmpp:features:dialback"
	nsBidi      = "urn:xmpp:bidi"
	nsFraming   = "urn:ietf:params:xml:ns:xmpp-framing"
	nsHTTPBind  = "http://jabber.org/protocol/httpbind"
	nsXBOSH     = "urn:xmpp:xbosh"
)

// isContent tells the namespaces that stanzas may stand in (RFC 6120 §4.8.2,
// XEP-0114 §3).
func isContent(space string) bool {
	return space == nsClient || space == nsServer || strings.HasPrefix(space, "jabber:component:")
}

// isStanzaName tells the local names that only stanzas have.
func isStanzaName(local string) bool {
	return local == "message" || local == "presence" || local == "iq"
}

// bare cuts the resource off a JID.
func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return b
}

// short makes wire text fit into a finding.
func short(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// prefixOf is the prefix of an element as written; empty where it has none.
func prefixOf(n *xmlstream.Node) string {
	name := n.QName.Of(n.Unit())
	if at := bytes.IndexByte(name, ':'); at >= 0 {
		return string(name[:at])
	}
	return ""
}

// valueSpan is where the value of an attribute stands, the start tag where
// there is no such attribute.
func valueSpan(n *xmlstream.Node, space, local string) xmlstream.Span {
	if a := n.FindAttr(space, local); a != nil {
		return a.Raw
	}
	return n.Tag
}

// idSpan is where the id of the event's element stands.
func idSpan(p *Pass) xmlstream.Span {
	if n := p.Node(); n != nil {
		return valueSpan(n, "", "id")
	}
	return xmlstream.Span{}
}
