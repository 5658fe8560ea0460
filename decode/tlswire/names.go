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
func CipherName(id uint16) string {
	switch id {
	case 0x00ff:
		return "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"
	case 0x5600:
		return "TLS_FALLBACK_SCSV"
	}
	if isGREASE(id) {
		return "GREASE"
	}
	if n, ok := cipherNames[id]; ok {
		return n
	}
	return tls.CipherSuiteName(id)
}

// cipherNames are names that crypto/tls does not have.
var cipherNames = map[uint16]string{
	0x0001: "TLS_RSA_WITH_NULL_MD5", 0x0002: "TLS_RSA_WITH_NULL_SHA", 0x003b: "TLS_RSA_WITH_NULL_SHA256", 0x0004: "TLS_RSA_WITH_RC4_128_MD5",
	0x1304: "TLS_AES_128_CCM_SHA256", 0x1305: "TLS_AES_128_CCM_8_SHA256",
	0x0016: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", 0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", 0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
	0x003d: "TLS_RSA_WITH_AES_256_CBC_SHA256", 0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", 0x006b: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
	0x009e: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 0x009f: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
	0xc024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", 0xc028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", 0xc008: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
	0xc09c: "TLS_RSA_WITH_AES_128_CCM", 0xc09d: "TLS_RSA_WITH_AES_256_CCM", 0xc09e: "TLS_DHE_RSA_WITH_AES_128_CCM", 0xc09f: "TLS_DHE_RSA_WITH_AES_256_CCM",
	0xc0a0: "TLS_RSA_WITH_AES_128_CCM_8", 0xc0a1: "TLS_RSA_WITH_AES_256_CCM_8", 0xc0a2: "TLS_DHE_RSA_WITH_AES_128_CCM_8", 0xc0a3: "TLS_DHE_RSA_WITH_AES_256_CCM_8",
	0xc0ac: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", 0xc0ad: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", 0xc0ae: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", 0xc0af: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
	0xccaa: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0x00a8: "TLS_PSK_WITH_AES_128_GCM_SHA256", 0x00a9: "TLS_PSK_WITH_AES_256_GCM_SHA384",
	0xc035: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA", 0xc036: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA",
}

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

// GroupName is the name of a curve or group (IANA, TLS Supported Groups).
func GroupName(id uint16) string {
	if n, ok := groupNames[id]; ok {
		return n
	}
	return numbered(id)
}

// SignatureName is the name of a signature algorithm (IANA, TLS
// SignatureScheme).
func SignatureName(id uint16) string {
	if n, ok := signatureNames[id]; ok {
		return n
	}
	return numbered(id)
}

func numbered(id uint16) string {
	if isGREASE(id) {
		return "GREASE"
	}
	return fmt.Sprintf("0x%04x", id)
}

var groupNames = map[uint16]string{
	19: "secp192r1", 21: "secp224r1", 22: "secp256k1", 23: "secp256r1", 24: "secp384r1", 25: "secp521r1",
	26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1", 29: "x25519", 30: "x448",
	256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192",
	512: "MLKEM512", 513: "MLKEM768", 514: "MLKEM1024", 0x11eb: "SecP256r1MLKEM768", 0x11ec: "X25519MLKEM768", 0x11ed: "SecP384r1MLKEM1024",
	0x6399: "X25519Kyber768Draft00",
}

var signatureNames = map[uint16]string{
	0x0101: "rsa_pkcs1_md5", 0x0201: "rsa_pkcs1_sha1", 0x0202: "dsa_sha1", 0x0203: "ecdsa_sha1",
	0x0301: "rsa_pkcs1_sha224", 0x0302: "dsa_sha224", 0x0303: "ecdsa_sha224", 0x0402: "dsa_sha256",
	0x0401: "rsa_pkcs1_sha256", 0x0501: "rsa_pkcs1_sha384", 0x0601: "rsa_pkcs1_sha512",
	0x0403: "ecdsa_secp256r1_sha256", 0x0503: "ecdsa_secp384r1_sha384", 0x0603: "ecdsa_secp521r1_sha512",
	0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512",
	0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512",
	0x0502: "dsa_sha384", 0x0602: "dsa_sha512", 0x081a: "ecdsa_brainpoolP256r1tls13_sha256", 0x081b: "ecdsa_brainpoolP384r1tls13_sha384", 0x081c: "ecdsa_brainpoolP512r1tls13_sha512",
	0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
}
