package decode

// TLS is what is known of the TLS connection that carries a stream, read from
// its handshake or, in a live proxy, told by the library that made it.
type TLS struct {
	// Version is 0x0301 for TLS 1.0 up to 0x0304 for TLS 1.3, Cipher the number
	// of the cipher suite; zero until the server has chosen.
	Version, Cipher uint16
	// SNI is the server name that the client asked for (RFC 6066 §3), ALPN the
	// protocol agreed on, or offered where the answer is hidden (RFC 7301).
	SNI, ALPN string
	// Resumed is set where the handshake was short because an older session
	// goes on.
	Resumed bool
	// Keys says where the keys came from: keylog, embedded or proxy. Empty where
	// nothing could be decrypted.
	Keys string
	// ServerNames and ClientNames are the identities in the leaf certificates,
	// as far as those could be seen.
	ServerNames, ClientNames []string
}
