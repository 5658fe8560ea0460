package tlswire

import (
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
)

func (v *view) clientHello() {
	at := v.at()
	var version uint16
	if !v.s.ReadUint16(&version) {
		return
	}
	v.add(at, "legacy_version", VersionName(version), "the version field of old; where supported_versions is there, that counts")
	if !v.bytes(32, "random", "made new for every handshake; key logs name the connection by it") ||
		!v.short("session_id", func(b []byte) (string, string) {
			if len(b) == 0 {
				return "empty", "no older session is named"
			}
			return fmt.Sprintf("%x", b), "an older session to go on with, or in TLS 1.3 only there to look like one"
		}) {
		return
	}
	at = v.at()
	var suites cryptobyte.String
	if !v.s.ReadUint16LengthPrefixed(&suites) {
		return
	}
	v.add(at, "cipher_suites", list(numbers(suites), CipherName), "what the client can encrypt with, the preferred one first")
	if !v.short("compression_methods", func(b []byte) (string, string) {
		if len(b) == 1 && b[0] == 0 {
			return "null", "no compression, as it must be since the CRIME attack"
		}
		return fmt.Sprintf("%x", b), "compression inside TLS leaks secrets and must not be used"
	}) {
		return
	}
	v.extensions(true)
	v.m.Title = clientTitle(v.msg)
}

// clientTitle says in one line what a client wants.
func clientTitle(msg []byte) string {
	h, _ := ParseClientHello(msg)
	best := h.Version
	for _, n := range h.Versions {
		if !isGREASE(n) && n > best {
			best = n
		}
	}
	title := "ClientHello, up to " + VersionName(best)
	if h.SNI != "" {
		title += ", SNI " + h.SNI
	}
	if len(h.ALPN) > 0 {
		title += ", ALPN " + strings.Join(h.ALPN, " ")
	}
	return title
}

func (v *view) serverHello() {
	h, _ := ParseServerHello(v.msg)
	at := v.at()
	var version, suite uint16
	if !v.s.ReadUint16(&version) {
		return
	}
	v.add(at, "legacy_version", VersionName(version), "the version field of old; where supported_versions is there, that counts")
	meaning := "made new by the server for every handshake"
	v.m.Title = "ServerHello, " + VersionName(h.Version) + ", " + CipherName(h.CipherSuite)
	if h.RetryRequest {
		meaning = "this value marks a HelloRetryRequest"
		v.m.Title = "HelloRetryRequest: say hello again"
		if h.Group != 0 {
			v.m.Title += " with a key share for " + GroupName(h.Group)
		}
	}
	if !v.bytes(32, "random", meaning) || !v.short("session_id", func(b []byte) (string, string) {
		if len(b) == 0 {
			return "empty", "the server gives no id to go on with later"
		}
		return fmt.Sprintf("%x", b), "in TLS 1.2 the id of this session; in TLS 1.3 an echo of the client's"
	}) {
		return
	}
	at = v.at()
	if !v.s.ReadUint16(&suite) {
		return
	}
	v.add(at, "cipher_suite", CipherName(suite), "what the server has chosen out of the client's list")
	at = v.at()
	var compression uint8
	if !v.s.ReadUint8(&compression) {
		return
	}
	if compression == 0 {
		v.add(at, "compression_method", "null", "no compression, as it must be since the CRIME attack")
	} else {
		v.add(at, "compression_method", fmt.Sprintf("%02x", compression), "compression inside TLS leaks secrets and must not be used")
	}
	v.extensions(false)
}

func (v *view) encryptedExtensions() { v.extensions(false) }

// extensions takes the list of extensions apart.
func (v *view) extensions(client bool) {
	var n uint16
	if v.s.Empty() || !v.s.ReadUint16(&n) {
		return
	}
	for !v.s.Empty() {
		at := v.at()
		var typ uint16
		var e cryptobyte.String
		if !v.s.ReadUint16(&typ) || !v.s.ReadUint16LengthPrefixed(&e) {
			return
		}
		value, meaning := extension(typ, e, client)
		v.add(at, extensionName(typ), value, meaning)
	}
}

// extension says what one extension holds.
func extension(typ uint16, e cryptobyte.String, client bool) (value, meaning string) {
	x, ok := extensionTable[typ]
	if !ok {
		if isGREASE(typ) {
			return "", "means nothing: it is there so that servers stay tolerant of what they do not know (GREASE)"
		}
		return fmt.Sprintf("%d bytes", len(e)), ""
	}
	meaning = x.means
	if x.value != nil {
		value = x.value(e, client)
	}
	return value, meaning
}

// extensionTable is what is known of extensions (IANA; RFC 8446 §4.2).
var extensionTable = map[uint16]struct {
	name, means string
	value       func(e cryptobyte.String, client bool) string
}{
	extServerName: {"server_name (SNI)", "the name whose certificate the client wants to see; for XMPP the domain, not the host. It is readable by everybody on the way", func(e cryptobyte.String, _ bool) string {
		var h ClientHello
		h.serverName(e)
		return h.SNI
	}},
	extALPN: {"application_layer_protocol_negotiation (ALPN)", "what is to be spoken inside: xmpp-client or xmpp-server for direct TLS (XEP-0368)", func(e cryptobyte.String, _ bool) string { return strings.Join(protocols(e), ", ") }},
	extVersions: {"supported_versions", "the versions that count", func(e cryptobyte.String, client bool) string {
		if client {
			e.Skip(1)
		}
		return list(numbers(e), VersionName)
	}},
	extGroups:              {"supported_groups", "the curves and groups in which keys can be agreed on", prefixed(GroupName)},
	extSignatureAlgorithms: {"signature_algorithms", "the signatures that are accepted in certificates and proofs", prefixed(SignatureName)},
	extSignatureCert:       {"signature_algorithms_cert", "the signatures that are accepted in certificates", prefixed(SignatureName)},
	extKeyShare: {"key_share", "the sender's half of the key agreement", func(e cryptobyte.String, client bool) string {
		var h ClientHello
		if client {
			h.extension(extKeyShare, e)
			return list(h.KeyShares, GroupName)
		}
		var g uint16
		e.ReadUint16(&g)
		return GroupName(g)
	}},
	extSessionTicket: {"session_ticket", "an older session can be gone on with by a ticket", func(e cryptobyte.String, client bool) string {
		if len(e) == 0 {
			return "empty"
		}
		return fmt.Sprintf("a ticket of %d bytes", len(e))
	}},
	extPSK: {"pre_shared_key", "go on from an older session, or from a key that both sides know", func(e cryptobyte.String, client bool) string {
		if !client {
			return "accepted"
		}
		var h ClientHello
		h.extension(extPSK, e)
		return fmt.Sprintf("%d offered", h.PSKIdentities)
	}},
	extPSKModes:          {"psk_key_exchange_modes", "how an older key may be used", nil},
	extEarlyData:         {"early_data", "the client sends data at once, before the server has answered; such data can be played again by an attacker", nil},
	extEMS:               {"extended_master_secret", "ties the keys to this very handshake (RFC 7627)", nil},
	extEncryptThenMAC:    {"encrypt_then_mac", "with block ciphers: checksum after encryption, which is safer (RFC 7366)", nil},
	extRenegotiation:     {"renegotiation_info", "protects against a handshake that is slipped under (RFC 5746)", nil},
	extStatusRequest:     {"status_request", "the server should prove itself that its certificate is not revoked (OCSP)", nil},
	extSCT:               {"signed_certificate_timestamp", "proof that the certificate stands in public logs", nil},
	extPointFormats:      {"ec_point_formats", "how points of curves are written", nil},
	extPadding:           {"padding", "only makes the hello longer, for servers that stumble over some lengths (RFC 7685)", nil},
	extRecordSizeLimit:   {"record_size_limit", "the longest record that the sender takes", nil},
	extCookie:            {"cookie", "comes back so that the server need not remember the first hello", nil},
	extPostHandshakeAuth: {"post_handshake_auth", "the client can show a certificate later", nil},
	extECH:               {"encrypted_client_hello", "the real hello is hidden inside this one", nil},
}

func prefixed(name func(uint16) string) func(cryptobyte.String, bool) string {
	return func(e cryptobyte.String, _ bool) string {
		var l cryptobyte.String
		e.ReadUint16LengthPrefixed(&l)
		return list(numbers(l), name)
	}
}

func extensionName(typ uint16) string {
	if x, ok := extensionTable[typ]; ok {
		return x.name
	}
	return fmt.Sprintf("extension %d", typ)
}
