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
			Why:    "This saves a round trip, and no feature list in the clear can be tampered with.",
			Expect: "After the handshake the initiating side opens its stream. STARTTLS is not offered again."},
	},
	Kinds:   []decode.Kind{decode.KindTLS},
	Title:   tlsTitle,
	Explain: explainTLS,
}

func tlsTitle(e *decode.Event) string {
	switch {
	case e.Name.Local == "":
		return "sends " + count(len(e.Wire), "byte") + " inside TLS"
	case e.Name.Local == "change_cipher_spec":
		return "TLS: changes to the new keys"
	}
	return "TLS: " + short(TLSMessage(e).Title, 2*inTitle)
}

// TLSMessage takes a TLS event apart into its fields. What it gives comes from
// the wire in parts.
func TLSMessage(e *decode.Event) tlswire.Message {
	switch e.Name.Local {
	case "":
		return tlswire.DescribeRecords(e.Wire)
	case "alert":
		return tlswire.DescribeAlert(e.Wire)
	case "change_cipher_spec":
		return tlswire.DescribeChangeCipherSpec()
	}
	return tlswire.Describe(e.Wire, stateOf(e).TLS.Version)
}

func explainTLS(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	m := TLSMessage(e)
	if e.Name.Local != "" {
		x.Ref = m.Ref
	}
	x.What = tlsWords(e)
	if why := tlsWhys[e.Name.Local]; why.why != "" {
		x.Why, x.Expect = why.why, why.expect
	}
	for _, f := range m.Fields {
		if f.Meaning == "" && f.Value == "" {
			continue
		}
		line := f.Name
		if f.Value != "" {
			line += " = " + short(f.Value, inSentence)
		}
		if f.Meaning != "" {
			line += ": " + f.Meaning
		}
		x.more(line)
		x.note(xmlstream.Span{Start: int32(f.Start), End: int32(f.End)}, line)
	}
}

// tlsWords says what a TLS event is, with what matters most on its wire.
func tlsWords(e *decode.Event) string {
	s := stateOf(e)
	switch e.Name.Local {
	case "":
		text := sender(e) + " sends " + count(len(e.Wire), "byte") + " of encrypted records. They cannot be read"
		if _, why, ok := strings.Cut(e.Note, ": "); ok {
			text += ": " + why
		}
		return text + ". To read them, give the key log of one of the two programs with --keylog, or set SSLKEYLOGFILE before they start."
	case "client_hello":
		return say(sender(e)+" begins TLS and says what it can do.", pick(s.TLS.SNI == "", "It names no server (no SNI).", "It wants to talk to "+value(s.TLS.SNI)+"; this name can be read by everybody on the way."))
	case "hello_retry_request":
		return sender(e) + " wants a second ClientHello, with a key share of another group or with a cookie."
	case "server_hello":
		return sender(e) + " has chosen: " + tlswire.VersionName(s.TLS.Version) + " with " + tlswire.CipherName(s.TLS.Cipher) + "."
	case "certificate":
		return sender(e) + " shows its certificate."
	case "alert":
		if e.Condition == "" {
			return sender(e) + " says that it will send nothing more inside TLS."
		}
		return sender(e) + " reports a fault of TLS: " + value(e.Condition) + "."
	case "finished":
		return sender(e) + " proves that it saw the same handshake as the other side."
	}
	return sender(e) + " sends the TLS message " + value(e.Name.Local) + "."
}

// tlsWhys says what a message of TLS is for, by its name.
var tlsWhys = map[string]struct{ why, expect string }{
	"client_hello": {"The client offers, the server chooses. Nothing is encrypted yet, so everybody on the way can read this.",
		"The server answers with a ServerHello, or with an alert where nothing offered suits it."},
	"hello_retry_request": {"The client guessed which group the server would like and guessed wrong. This costs one round trip.",
		"The client says hello again; the random number in it stays the same."},
	"server_hello": {"From this message on both sides can compute the keys. In TLS 1.3 everything after it is encrypted, the certificate too.",
		"The server shows its certificate, unless an older session goes on."},
	"certificate": {"The certificate binds a name to a key. Whoever checks it must find the XMPP domain among its names, and a signature of somebody trusted.",
		"A proof follows that the sender has the key that belongs to the certificate."},
	"encrypted_extensions": {"What was answered in clear in TLS 1.2 is answered here in secret.", "The certificate of the server follows, or Finished where an older session goes on."},
	"certificate_request":  {"A server that asks for a certificate may let the client log in with it (SASL EXTERNAL).", "The client shows a certificate, or an empty list."},
	"certificate_verify":   {"A certificate can be copied by anybody; only its owner can sign with the key.", "Finished follows."},
	"server_key_exchange":  {"The server's half of a key agreement that leaves no secret behind (forward secrecy), signed with the certificate's key.", "The server's hello ends."},
	"server_hello_done":    {"TLS up to 1.2 says explicitly where the server's hello ends.", "The client sends its half of the key agreement."},
	"client_key_exchange":  {"With this both sides can compute the master secret.", "The client changes to the new keys and sends Finished."},
	"finished":             {"It is a checksum over the whole handshake under the new keys. If somebody on the way changed a byte of it, this does not fit.", "When both have sent it, TLS is set up: a new stream begins inside."},
	"new_session_ticket":   {"With a ticket the next connection is set up faster. It is no answer to anything.", "Nothing: the conversation goes on."},
	"key_update":           {"Long connections change their keys from time to time.", "What the sender sends next is encrypted with its new keys."},
	"end_of_early_data":    {"What comes next is encrypted with the keys of this handshake.", "The client ends the handshake with Finished."},
	"change_cipher_spec":   {"Up to TLS 1.2 this is the switch to the new keys. In TLS 1.3 it means nothing.", "Finished is the next message, and the first under the new keys."},
	"certificate_status":   {"A recent statement of the issuer that the certificate still holds, so that the client need not ask.", "The handshake goes on."},
	"alert":                {"TLS has one kind of message for goodbye and for every fault. A fault during the handshake is the usual reason why an encrypted connection never comes to XMPP.", "After a fault the connection ends. After close_notify the other side says the same, and TCP ends."},
}
