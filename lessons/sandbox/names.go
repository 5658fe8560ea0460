package sandbox

// Namespaces that the server speaks.
const (
	nsStreamErr = "urn:ietf:params:xml:ns:xmpp-streams"
	nsStanzaErr = "urn:ietf:params:xml:ns:xmpp-stanzas"
	nsTLS       = "urn:ietf:params:xml:ns:xmpp-tls"
	nsSASL      = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsBinding   = "urn:xmpp:sasl-cb:0"
	nsBind      = "urn:ietf:params:xml:ns:xmpp-bind"
	nsSession   = "urn:ietf:params:xml:ns:xmpp-session"
	nsRoster    = "jabber:iq:roster"
	nsSM        = "urn:xmpp:sm:3"
	nsCSI       = "urn:xmpp:csi:0"
	nsPing      = "urn:xmpp:ping"
	nsInfo      = "http://jabber.org/protocol/disco#info"
	nsItems     = "http://jabber.org/protocol/disco#items"
	nsVersion   = "jabber:iq:version"
	nsTime      = "urn:xmpp:time"
	nsLast      = "jabber:iq:last"
	nsPrivate   = "jabber:iq:private"
	nsVCard     = "vcard-temp"
	nsCarbons   = "urn:xmpp:carbons:2"
	nsForward   = "urn:xmpp:forward:0"
	nsDelay     = "urn:xmpp:delay"
	nsHints     = "urn:xmpp:hints"
	nsTooBig    = "urn:xmpp:errors"
)
