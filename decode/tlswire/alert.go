package tlswire

import (
	"fmt"

	"xmppscope/decode/spec"
)

// alertInfo is what an alert means and what to do about it.
type alertInfo struct {
	code   uint8
	name   string
	means  string
	advice string
}

// alerts is the table of all alerts (RFC 8446 §6, RFC 5246 §7.2).
var alerts = [...]alertInfo{
	{0, "close_notify", "the sender has nothing more to say; TLS ends in order", ""},
	{10, "unexpected_message", "a message came that has no place here", "one side's TLS library is broken, or something in between changed the order"},
	{20, "bad_record_mac", "a record did not fit its checksum", "bytes were changed on the way, or the two sides have different keys"},
	{21, "decryption_failed", "a record could not be decrypted (an alert no longer used)", ""},
	{22, "record_overflow", "a record was longer than allowed", ""},
	{30, "decompression_failure", "compressed data could not be unpacked (an alert no longer used)", ""},
	{40, "handshake_failure", "the two sides have no set of parameters in common", "compare the versions, cipher suites, groups and signature algorithms that the ClientHello offers with what the server is set up for"},
	{41, "no_certificate", "the client has no certificate (an alert of SSL 3.0)", ""},
	{42, "bad_certificate", "a certificate is damaged or its signature is wrong", "look at the certificate chain that the peer sent"},
	{43, "unsupported_certificate", "a certificate is of a kind that the sender cannot use", "look at the key type and the extended key usage of the certificate"},
	{44, "certificate_revoked", "a certificate was withdrawn by its issuer", "the certificate must be replaced"},
	{45, "certificate_expired", "a certificate is expired or not yet valid", "renew it, and compare the clocks of both machines"},
	{46, "certificate_unknown", "a certificate was not accepted, for a reason that is not told", "often the name in it is not the XMPP domain, or the issuer is not trusted"},
	{47, "illegal_parameter", "a field has a value that is not allowed", ""},
	{48, "unknown_ca", "the issuer of a certificate is not trusted", "install the issuer's certificate where the sender looks for it, or send the missing intermediate certificates"},
	{49, "access_denied", "the certificate is valid, but its owner may not come in", ""},
	{50, "decode_error", "a message could not be taken apart", ""},
	{51, "decrypt_error", "a signature or a Finished message did not fit", "with a pre-shared key: the two sides have different ones"},
	{60, "export_restriction", "an export rule was broken (an alert no longer used)", ""},
	{70, "protocol_version", "the version offered is known but not accepted", "one side insists on a newer TLS than the other has: allow TLS 1.2 or 1.3 on both"},
	{71, "insufficient_security", "the server wants stronger cipher suites than those offered", ""},
	{80, "internal_error", "the sender has a problem of its own", "look at its log"},
	{86, "inappropriate_fallback", "the client tried again with an older version although the server has a newer one", "something on the path may force connections down"},
	{90, "user_canceled", "the handshake was stopped on purpose", ""},
	{100, "no_renegotiation", "a new handshake inside the connection is refused", ""},
	{109, "missing_extension", "an extension that must be there is not", ""},
	{110, "unsupported_extension", "an extension came that was not asked for", ""},
	{111, "certificate_unobtainable", "a certificate could not be fetched", ""},
	{112, "unrecognized_name", "the server has no certificate for the name in SNI", "SNI must be the XMPP domain (the part of the address behind the @), and the server must be set up for it"},
	{113, "bad_certificate_status_response", "the stapled OCSP answer is not acceptable", ""},
	{114, "bad_certificate_hash_value", "a certificate does not have the hash announced", ""},
	{115, "unknown_psk_identity", "no pre-shared key is known by that name", ""},
	{116, "certificate_required", "the server wants a certificate of the client and got none", "give the client its certificate, or make it optional on the server"},
	{120, "no_application_protocol", "none of the protocols in ALPN is spoken here", "direct TLS for XMPP asks for xmpp-client or xmpp-server: this port may belong to another service"},
}

func alertOf(code uint8) *alertInfo {
	for i := range alerts {
		if alerts[i].code == code {
			return &alerts[i]
		}
	}
	return nil
}

// AlertName is the name of an alert (RFC 8446 §6).
func AlertName(code uint8) string {
	if a := alertOf(code); a != nil {
		return a.name
	}
	return fmt.Sprintf("alert_%d", code)
}

// DescribeAlert takes an alert of two bytes apart.
func DescribeAlert(b []byte) Message {
	m := Message{Name: "alert", Title: "alert", Ref: spec.RFC(8446, "6")}
	if len(b) < 2 {
		return m
	}
	level := Field{Name: "level", Value: fmt.Sprint(b[0]), Start: 0, End: 1}
	switch b[0] {
	case 1:
		level.Value, level.Meaning = "warning", "the connection may go on; TLS 1.3 does not look at the level"
	case 2:
		level.Value, level.Meaning = "fatal", "the connection is over"
	}
	what := Field{Name: "description", Value: AlertName(b[1]), Start: 1, End: 2}
	m.Title = "alert " + what.Value
	m.Fields = []Field{level, what}
	if a := alertOf(b[1]); a != nil {
		m.Fields[1].Meaning = a.means
		if a.advice != "" {
			m.Fields = append(m.Fields, Field{Name: "advice", Value: a.advice})
		}
	}
	return m
}
