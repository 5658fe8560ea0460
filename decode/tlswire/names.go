package tlswire

import (
	"crypto/tls"
	"fmt"
)

// VersionName is the name of a version, such as TLS 1.3.
func VersionName(v uint16) string {
	switch {
	case v == SSL30:
		return "SSL 3.0"
	case v >= TLS10 && v <= TLS13:
		return fmt.Sprintf("TLS 1.%d", v-TLS10)
	}
	return fmt.Sprintf("0x%04x", v)
}

// CipherName is the name of a cipher suite (IANA).
func CipherName(id uint16) string { return tls.CipherSuiteName(id) }

// messageNames are the names of handshake messages (RFC 8446 §4, RFC 5246
// §7.4).
var messageNames = map[uint8]string{
	TypeHelloRequest: "hello_request", TypeClientHello: "client_hello", TypeServerHello: "server_hello",
	TypeNewSessionTicket: "new_session_ticket", TypeEndOfEarlyData: "end_of_early_data", TypeEncryptedExtensions: "encrypted_extensions",
	TypeCertificate: "certificate", TypeServerKeyExchange: "server_key_exchange", TypeCertificateRequest: "certificate_request",
	TypeServerHelloDone: "server_hello_done", TypeCertificateVerify: "certificate_verify", TypeClientKeyExchange: "client_key_exchange",
	TypeFinished: "finished", TypeCertificateURL: "certificate_url", TypeCertificateStatus: "certificate_status",
	TypeKeyUpdate: "key_update", TypeMessageHash: "message_hash",
}

// MessageName is the name of a handshake message, header included.
func MessageName(msg []byte) string {
	if len(msg) == 0 {
		return ""
	}
	if msg[0] == TypeServerHello && len(msg) >= 38 && [32]byte(msg[6:38]) == retryRandom {
		return "hello_retry_request"
	}
	if n, ok := messageNames[msg[0]]; ok {
		return n
	}
	return fmt.Sprintf("handshake_%d", msg[0])
}
