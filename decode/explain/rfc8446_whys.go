package explain

// tlsWhy says what a message of TLS is for, and what follows. Texts that end in
// 12 hold up to TLS 1.2, in 13 from TLS 1.3 on.
type tlsWhy struct {
	why, why12, why13 string
	expect, expect12  string
}

// tlsWhys has them by the name of the message; an alert that is a goodbye by its
// own.
var tlsWhys = map[string]tlsWhy{
	"hello_request": {why: "Up to TLS 1.2 the keys of a connection could be agreed on anew in the middle of it. TLS 1.3 has done away with that.",
		expect: "The client sends a ClientHello, or an alert that refuses."},
	"client_hello": {why: "The client offers, the server chooses. Nothing is encrypted yet, so everybody on the way can read this.",
		expect: "The server answers with a ServerHello, or with an alert where nothing offered suits it."},
	"hello_retry_request": {why: "The client guessed which group the server would like and guessed wrong. This costs one round trip.",
		expect: "The client says hello again; the random number in it stays the same."},
	"server_hello": {why: "The server takes the best that both sides have.",
		why12:    "Up to TLS 1.2 the certificate and the rest of the handshake are still sent in the clear.",
		why13:    "From this message on both sides can compute keys: in TLS 1.3 everything after it is encrypted, the certificate too.",
		expect:   "The server sends EncryptedExtensions, its certificate and Finished, all encrypted.",
		expect12: "The server shows its certificate, unless an older session goes on."},
	"encrypted_extensions": {why: "What was answered in the clear in TLS 1.2, such as the protocol spoken inside, is answered in secret in TLS 1.3.",
		expect: "The certificate of the server follows, or Finished where an older session goes on."},
	"certificate": {why: "The certificate binds a name to a key. Whoever checks it must find the XMPP domain among its names, and a signature of somebody trusted.",
		why12:    "Up to TLS 1.2 everybody on the way can read it.",
		why13:    "In TLS 1.3 it is encrypted, so that nobody on the way learns it.",
		expect:   "A proof follows that the sender has the key that belongs to the certificate.",
		expect12: "The key exchange follows, signed with the certificate's key."},
	"certificate_request": {why: "A server that asks for a certificate may let the other side log in with it (SASL EXTERNAL). Between servers that is the usual way.",
		expect: "A certificate, or an empty list."},
	"certificate_verify": {why: "A certificate can be copied by anybody; only its owner can sign with the key.",
		expect: "Finished follows."},
	"certificate_status": {why: "A recent statement of the issuer that the certificate still holds, so that the client need not ask.",
		expect: "The handshake goes on."},
	"server_key_exchange": {why: "A secret that is agreed on, and not sent, cannot be computed later even by somebody who steals the server's key (forward secrecy). TLS 1.3 has this in its hellos.",
		expect: "The server's hello ends."},
	"server_hello_done": {why: "TLS up to 1.2 says explicitly where the server's hello ends.",
		expect: "The client sends its half of the key agreement."},
	"client_key_exchange": {why: "With this both sides can compute the master secret. It is what a key log has under CLIENT_RANDOM.",
		expect: "The client changes to the new keys and sends Finished."},
	"finished": {why: "It is a checksum over the whole handshake under the new keys. If somebody on the way changed a byte of it, this does not fit.",
		expect: "When both have sent it, TLS is set up: a new stream begins inside."},
	"new_session_ticket": {why: "With a ticket the next connection is set up faster. It is no answer to anything.",
		why13:    "In TLS 1.3 it comes when the handshake is over, often beside the first answer of the stream.",
		expect:   "Nothing: the conversation goes on.",
		expect12: "The server changes to the new keys."},
	"key_update": {why: "Long connections change their keys from time to time, so that one key does not protect too much.",
		expect: "What the sender sends next is encrypted with its new keys."},
	"end_of_early_data": {why: "What comes next is encrypted with the keys of this handshake.",
		expect: "The client ends the handshake with Finished."},
	"change_cipher_spec": {why12: "Up to TLS 1.2 this is the switch to the keys that were just agreed on.",
		why13:    "The first boxes that met TLS 1.3 dropped what did not look like TLS 1.2, so it is made to look like it.",
		expect:   "The handshake goes on with the message that was due.",
		expect12: "Finished is the next message, and the first under the new keys."},
	"close_notify": {why: "TLS says goodbye in a way that nobody on the way can forge, so that an end can be told from a cut.",
		expect: "The other side says the same, and TCP ends."},
	"alert": {why: "TLS has one kind of message for goodbye and for every fault. It comes from the side that noticed the fault, which need not be the one that made it.",
		expect: "The connection ends, and no stream is closed before."},
}
