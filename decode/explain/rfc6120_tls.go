package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

var tlsTopic = Topic{
	Name: "rfc6120-tls",
	Doc:  "TLS: the handshake, its alerts, and what can be seen of encrypted bytes without keys.",
	Ref:  spec.RFC(6120, "5.4.3"),
	Steps: []Step{
		{Step: decode.StepTLSHandshake, Ref: spec.RFC(6120, "5.4.3"),
			Text:   "Both sides agree on keys, and the server proves its name with a certificate. From then on everything is encrypted.",
			Why:    "TLS protects the stream against reading and changing on the way. The certificate matters as much as the encryption: it tells the client that it talks to the right server.",
			Expect: "When the handshake is over, the initiating side opens a new stream inside the encryption. If it fails, a TLS alert follows and the connection ends."},
		{Step: decode.StepDirectTLS, Ref: spec.XEP(368, "3"),
			Text:   "TLS begins with the first byte of the connection, without STARTTLS.",
			Why:    "Direct TLS saves two round trips, that of the first headers and that of STARTTLS, and no feature list in the clear can be tampered with.",
			Expect: "After the handshake the initiating side opens its stream. STARTTLS is not offered again."},
	},
	Kinds:   []decode.Kind{decode.KindTLS},
	Title:   tlsTitle,
	Explain: explainTLS,
}

// TLSMessage takes a TLS event apart into its fields. What it gives comes from
// the wire in parts.
func TLSMessage(e *decode.Event) tlswire.Message {
	switch e.Name.Local {
	case "":
		return describeRecords(e)
	case "alert":
		return tlswire.DescribeAlert(e.Wire)
	case "change_cipher_spec":
		return tlswire.DescribeChangeCipherSpec()
	}
	return tlswire.Describe(e.Wire, stateOf(e).TLS.Version)
}

// tlsTitle names what matters most of a message, so that a list of titles is
// the handshake in short.
func tlsTitle(e *decode.Event) string {
	s := stateOf(e)
	switch e.Name.Local {
	case "":
		return recordsTitle(e)
	case "client_hello":
		return helloTitle(e)
	case "server_hello":
		return "ServerHello " + tlswire.VersionName(s.TLS.Version) + " " + strings.TrimPrefix(tlswire.CipherName(s.TLS.Cipher), "TLS_")
	case "hello_retry_request":
		h, _ := tlswire.ParseServerHello(e.Wire)
		return "asks for another ClientHello" + when(h.Group != 0, " with the group "+tlswire.GroupName(h.Group))
	case "encrypted_extensions":
		alpn, _, _ := tlswire.ParseEncryptedExtensions(e.Wire)
		return "sends EncryptedExtensions" + when(alpn != "", " ALPN "+name(alpn))
	case "certificate":
		return certificateTitle(e)
	case "certificate_request":
		return "asks " + reader(e) + " for a certificate"
	case "change_cipher_spec":
		return pick(tlsVersion(e) >= tlswire.TLS13, "sends ChangeCipherSpec, which means nothing", "changes to the new keys (ChangeCipherSpec)")
	case "alert":
		return pick(e.Condition == "", "ends TLS in order (close_notify)", "reports a fault of TLS: "+name(e.Condition))
	case "server_key_exchange":
		curve := field(TLSMessage(e), "curve")
		return "sends its half of the key agreement" + when(curve != "", " ("+name(curve)+")")
	}
	if t := tlsTitles[e.Name.Local]; t != "" {
		return t
	}
	return "sends a TLS message of an unknown type"
}

// tlsTitles are the titles that depend on nothing.
var tlsTitles = map[string]string{
	"hello_request":       "asks for a new handshake",
	"certificate_verify":  "proves that the certificate's key is its own",
	"server_hello_done":   "ends its hello (ServerHelloDone)",
	"client_key_exchange": "sends its half of the key agreement",
	"finished":            "sends Finished",
	"new_session_ticket":  "gives a session ticket",
	"key_update":          "goes on with new keys (KeyUpdate)",
	"end_of_early_data":   "ends its early data",
	"certificate_status":  "shows that its certificate is not revoked (OCSP)",
	"certificate_url":     "says where its certificate can be found",
}

func helloTitle(e *decode.Event) string {
	h, err := tlswire.ParseClientHello(e.Wire)
	if err != nil {
		return "ClientHello, damaged"
	}
	title := "ClientHello " + tlswire.VersionName(newest(h))
	title += when(h.SNI != "", " SNI "+name(h.SNI))
	title += when(len(h.ALPN) > 0, " ALPN "+short(strings.Join(h.ALPN, " "), inTitle))
	return title
}

// tlsVersion is the one agreed on, 0 where it is not known. A change of cipher
// before the server has chosen is that of TLS 1.3, after a HelloRetryRequest.
func tlsVersion(e *decode.Event) uint16 {
	v := stateOf(e).TLS.Version
	if v == 0 && e.Name.Local == "change_cipher_spec" {
		return tlswire.TLS13
	}
	return v
}

// newest is the highest version that a client offers.
func newest(h tlswire.ClientHello) uint16 {
	best := h.Version
	for _, v := range h.Versions {
		if v > best && v <= tlswire.TLS13 { // what lies above means nothing (RFC 8701)
			best = v
		}
	}
	return best
}

func certificateTitle(e *decode.Event) string {
	chain := certificates(e)
	if len(chain) == 0 {
		return "shows no certificate"
	}
	names := tlswire.CertificateNames(chain[0])
	if len(names) == 0 {
		return "shows its certificate"
	}
	return "shows its certificate for " + name(names[0]) + when(len(names) > 1, " and "+count(len(names)-1, "more name"))
}

// certificates is the chain that a message shows, leaf first.
func certificates(e *decode.Event) [][]byte {
	version := stateOf(e).TLS.Version
	chain, err := tlswire.ParseCertificates(e.Wire, version)
	if err != nil && version == 0 {
		chain, _ = tlswire.ParseCertificates(e.Wire, tlswire.TLS13)
	}
	return chain
}

func explainTLS(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	m := TLSMessage(e)
	if e.Name.Local == "" {
		explainRecords(x, e)
		return
	}
	x.Ref = m.Ref
	if old, ok := tls12Refs[e.Name.Local]; ok && tlsVersion(e) != 0 && tlsVersion(e) < tlswire.TLS13 {
		x.Ref = old
	}
	x.What = tlsWords(e, m)
	about := e.Name.Local
	if about == "alert" && e.Condition == "" {
		about = "close_notify"
	}
	if w, ok := tlsWhys[about]; ok {
		v := tlsVersion(e)
		why := say(w.why, when(v >= tlswire.TLS13, w.why13), when(v != 0 && v < tlswire.TLS13, w.why12))
		x.Why = say(when(e.Step == decode.StepDirectTLS, x.Why), why)
		x.Expect = w.expect
		if v != 0 && v < tlswire.TLS13 && w.expect12 != "" {
			x.Expect = w.expect12
		}
	}
	if advice := field(m, "advice"); advice != "" {
		x.Expect = say("What to do: "+advice+".", x.Expect)
	}
	for _, f := range m.Fields {
		line := f.Name + when(f.Value != "", " = "+short(f.Value, inSentence)) + when(f.Meaning != "", ": "+f.Meaning)
		x.note(xmlstream.Span{Start: int32(f.Start), End: int32(f.End)}, line)
	}
}

// tls12Refs is where TLS 1.2 says what RFC 8446 says anew for TLS 1.3.
var tls12Refs = map[string]spec.Ref{
	"server_hello":        spec.RFC(5246, "7.4.1.3"),
	"certificate":         spec.RFC(5246, "7.4.2"),
	"certificate_request": spec.RFC(5246, "7.4.4"),
	"certificate_verify":  spec.RFC(5246, "7.4.8"),
	"finished":            spec.RFC(5246, "7.4.9"),
	"alert":               spec.RFC(5246, "7.2"),
}

// field is the value of a field by its name.
func field(m tlswire.Message, name string) string {
	for _, f := range m.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}
