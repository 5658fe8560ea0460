package explain

import (
	"strings"

	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// tlsTexts says what each message of TLS is, in the order of a handshake.
var tlsTexts = []struct {
	name, text string
	ref        spec.Ref
}{
	{"client_hello", "The first message of TLS: the client says which versions, cipher suites and groups it has, and whom it wants to talk to.", spec.RFC(8446, "4.1.2")},
	{"hello_retry_request", "The server wants a second ClientHello, with a key share of another group or with a cookie.", spec.RFC(8446, "4.1.4")},
	{"server_hello", "The server chooses the version, the cipher suite and its half of the key agreement.", spec.RFC(8446, "4.1.3")},
	{"encrypted_extensions", "The rest of the server's choices, such as ALPN, already encrypted (TLS 1.3).", spec.RFC(8446, "4.3.1")},
	{"certificate_request", "The server asks the client for a certificate.", spec.RFC(8446, "4.3.2")},
	{"certificate", "A chain of certificates, that of the sender first.", spec.RFC(8446, "4.4.2")},
	{"certificate_verify", "A signature over the handshake so far, made with the key of the certificate.", spec.RFC(8446, "4.4.3")},
	{"certificate_status", "A fresh statement of the issuer that the certificate is not revoked (OCSP stapling).", spec.RFC(6066, "8")},
	{"server_key_exchange", "The server's half of the key agreement, signed (TLS up to 1.2).", spec.RFC(5246, "7.4.3")},
	{"server_hello_done", "The server's part of the first exchange is over (TLS up to 1.2).", spec.RFC(5246, "7.4.5")},
	{"client_key_exchange", "The client's half of the key agreement, or the secret itself under the server's RSA key (TLS up to 1.2).", spec.RFC(5246, "7.4.7")},
	{"change_cipher_spec", "What the sender sends next is under the new keys (TLS up to 1.2; without meaning in TLS 1.3).", spec.RFC(5246, "7.1")},
	{"finished", "A checksum over the whole handshake, which ends it.", spec.RFC(8446, "4.4.4")},
	{"new_session_ticket", "A ticket with which the next connection is set up faster.", spec.RFC(8446, "4.6.1")},
	{"end_of_early_data", "The data that was sent before the server had answered is over.", spec.RFC(8446, "4.5")},
	{"key_update", "The sender goes on with new keys.", spec.RFC(8446, "4.6.3")},
	{"hello_request", "The server asks for a new handshake inside the connection (TLS up to 1.2).", spec.RFC(5246, "7.4.1.1")},
}

func tlsEntries() []Entry {
	var all []Entry
	for _, t := range tlsTexts {
		w := tlsWhys[t.name]
		all = append(all, Entry{Name: t.name, Sort: SortTLS, Text: t.text, Why: say(w.why, w.why12, w.why13), Expect: w.expect, Ref: t.ref})
	}
	return all
}

// alertEntries are all alerts that have a name.
func alertEntries() []Entry {
	var all []Entry
	for code := range 256 {
		m := tlswire.DescribeAlert([]byte{2, byte(code)})
		e := Entry{Name: field(m, "description"), Sort: SortAlert, Ref: m.Ref}
		for _, f := range m.Fields {
			switch f.Name {
			case "description":
				e.Text = upper(f.Meaning) + "."
			case "advice":
				e.Expect = upper(f.Value) + "."
			}
		}
		if !strings.HasPrefix(e.Name, "alert_") {
			all = append(all, e)
		}
	}
	return all
}
