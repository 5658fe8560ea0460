package decode

// Namespaces that the negotiation itself is made of.
const (
	nsStreams    = "http://etherx.jabber.org/streams"
	nsClient     = "jabber:client"
	nsServer     = "jabber:server"
	nsComponent  = "jabber:component:accept"
	nsComponentC = "jabber:component:connect"
	nsTLS        = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL       = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2      = "urn:xmpp:sasl:2"
	nsStreamErr  = "urn:ietf:params:xml:ns:xmpp-streams"
	nsStanzaErr  = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsBind       = "urn:ietf:params:xml:ns:xmpp-bind"
	nsBind2      = "urn:xmpp:bind:0"
	nsBind2Old   = "urn:xmpp:bind2:1"
	nsSession    = "urn:ietf:params:xml:ns:xmpp-session"
	nsCompress   = "http://jabber.org/protocol/compress"
	nsCompressF  = "http://jabber.org/features/compress"
	nsSM         = "urn:xmpp:sm:3"
	nsSM2        = "urn:xmpp:sm:2"
	nsCSI        = "urn:xmpp:csi:0"
	nsCarbons    = "urn:xmpp:carbons:2"
	nsRoster     = "jabber:iq:roster"
	nsRegister   = "jabber:iq:register"
	nsIQAuth     = "jabber:iq:auth"
	nsData       = "jabber:x:data"
	nsPing       = "urn:xmpp:ping"
	nsDialback   = "jabber:server:dialback"
	nsBidi       = "urn:xmpp:bidi"
	nsFAST       = "urn:xmpp:fast:0"
	nsUpgrade    = "urn:xmpp:sasl:upgrade:0"
	nsIAP        = "urn:xmpp:iap:0"
	nsSCRAMUpgr  = "urn:xmpp:scram-upgrade:0"
	nsChannelB   = "urn:xmpp:sasl-cb:0"
	nsFraming    = "urn:ietf:params:xml:ns:xmpp-framing"
	nsHTTPBind   = "http://jabber.org/protocol/httpbind"
	nsXBOSH      = "urn:xmpp:xbosh"
)

// Namespaces that are marked inside of stanzas.
const (
	nsReceipts = "urn:xmpp:receipts"
	nsMarkers  = "urn:xmpp:chat-markers:0"
	nsStates   = "http://jabber.org/protocol/chatstates"
	nsStanzaID = "urn:xmpp:sid:0"
)

// isContent tells whether ns is a content namespace (RFC 6120 §4.8.2;
// XEP-0114 §3).
func isContent(ns string) bool {
	switch ns {
	case nsClient, nsServer, nsComponent, nsComponentC:
		return true
	}
	return false
}

// isComponent tells the two content namespaces of components apart from others.
func isComponent(ns string) bool { return ns == nsComponent || ns == nsComponentC }
