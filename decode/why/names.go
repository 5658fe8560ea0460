package why

// Namespaces that questions are about.
const (
	nsStreams   = "http://etherx.jabber.org/streams"
	nsTLS       = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL      = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2     = "urn:xmpp:sasl:2"
	nsChannel   = "urn:xmpp:sasl-cb:0"
	nsBind      = "urn:ietf:params:xml:ns:xmpp-bind"
	nsBind2     = "urn:xmpp:bind:0"
	nsSession   = "urn:ietf:params:xml:ns:xmpp-session"
	nsCompressF = "http://jabber.org/features/compress"
	nsCompress  = "http://jabber.org/protocol/compress"
	nsSM        = "urn:xmpp:sm:3"
	nsSM2       = "urn:xmpp:sm:2"
	nsCSI       = "urn:xmpp:csi:0"
	nsCarbons   = "urn:xmpp:carbons:2"
	nsMUC       = "http://jabber.org/protocol/muc"
	nsMAM       = "urn:xmpp:mam:2"
	nsRoster    = "jabber:iq:roster"
	nsDiscoInfo = "http://jabber.org/protocol/disco#info"
	nsDialback  = "jabber:server:dialback"
	nsDialbackF = "urn:xmpp:features:dialback"
	nsIQAuthF   = "http://jabber.org/features/iq-auth"
	nsPing      = "urn:xmpp:ping"
	nsReceipts  = "urn:xmpp:receipts"
)
