package xmlstream

import "bytes"

// strength says how sure a start tag is to be one of the first level.
type strength uint8

const (
	implausible strength = iota
	weak                 // also found side by side inside other elements
	strong
)

const (
	nsSASL     = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2    = "urn:xmpp:sasl:2"
	nsTLS      = "urn:ietf:params:xml:ns:xmpp-tls"
	nsCompress = "http://jabber.org/protocol/compress"
	nsSM       = "urn:xmpp:sm:"
	nsCSI      = "urn:xmpp:csi:0"
	nsDialback = "jabber:server:dialback"
	nsAccept   = "jabber:component:accept"
	nsConnect  = "jabber:component:connect"
	nsBidi     = "urn:xmpp:bidi"
)

// plausible judges a start tag. Stanzas inherit their namespace; what is not
// a stanza names it in the tag, and must, for <a/>, <r/> or <active/> are
// common names elsewhere (XHTML, XEP-0085).
func plausible(tag, name []byte) strength {
	prefix, local := splitName(name)
	space, declared := rawAttr(tag, name, "xmlns")
	ns := string(space)
	is := func(yes bool, s strength) strength {
		if yes {
			return s
		}
		return implausible
	}
	switch string(local) {
	case "message", "presence", "iq":
		return is(!declared || ns == NSClient || ns == NSServer || ns == nsAccept || ns == nsConnect, strong)
	case "features", "error":
		return is(len(prefix) > 0 || ns == NSStreams, strong)
	case "result", "verify":
		return is(string(prefix) == "db" || ns == nsDialback, strong)
	case "handshake":
		return is(!declared || ns == nsAccept || ns == nsConnect, strong)
	case "r", "a":
		return is(bytes.HasPrefix(space, []byte(nsSM)), strong)
	case "auth", "authenticate", "challenge", "response", "success", "abort", "continue", "next":
		return is(ns == nsSASL || ns == nsSASL2, strong)
	case "failure":
		return is(ns == nsSASL || ns == nsSASL2 || ns == nsTLS || ns == nsCompress, strong)
	case "proceed":
		return is(ns == nsTLS, strong)
	case "starttls":
		return is(ns == nsTLS, weak)
	case "compress", "compressed":
		return is(ns == nsCompress, strong)
	case "enable", "enabled", "resume", "resumed", "failed":
		return is(bytes.HasPrefix(space, []byte(nsSM)), weak)
	case "active", "inactive":
		return is(ns == nsCSI, weak)
	case "bidi":
		return is(ns == nsBidi, weak)
	}
	return implausible
}

// plausibleHeader judges whether a start tag is that of a stream. Elements of
// that name occur in payloads; there they have no prefix, or not this
// namespace.
func plausibleHeader(tag, name []byte) bool {
	prefix, local := splitName(name)
	return string(local) == "stream" && (len(prefix) > 0 || bytes.Contains(tag, []byte("etherx.jabber.org")))
}

// rawAttr finds the value of an attribute as written.
func rawAttr(tag, name []byte, attr string) ([]byte, bool) {
	b := tag[1+len(name):]
	for {
		eq := bytes.IndexByte(b, '=')
		if eq < 0 {
			return nil, false
		}
		key := bytes.TrimSpace(b[:eq])
		b = bytes.TrimLeft(b[eq+1:], " \t\r\n")
		if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
			return nil, false
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return nil, false
		}
		if string(key) == attr {
			return b[1 : 1+end], true
		}
		b = b[end+2:]
	}
}
