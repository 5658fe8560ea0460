// Package tlswire reads TLS from outside: the records of both directions, the
// handshake and the alerts of TLS 1.0 to 1.3 (RFC 2246, 4346, 5246, 8446), and
// with the secrets of a key log (RFC 9850) what is inside.
//
// It knows bytes and secrets. It must not know what is carried, where bytes
// come from, or what time it is.
package tlswire

import "xmppscope/decode/spec"

// Fault is one thing that is wrong with a message or record, at one byte.
type Fault struct {
	Rule string // in the style of the lint rules
	Text string // in plain words
	Pos  int    // byte of the message, from 0
	Ref  spec.Ref
}

// Record types (RFC 8446 §5.1, RFC 6520 §3).
const (
	RecordChangeCipherSpec = 20
	RecordAlert            = 21
	RecordHandshake        = 22
	RecordData             = 23
	RecordHeartbeat        = 24
)

// Handshake types (RFC 8446 §4 and its predecessors).
const (
	TypeHelloRequest        = 0
	TypeClientHello         = 1
	TypeServerHello         = 2
	TypeNewSessionTicket    = 4
	TypeEndOfEarlyData      = 5
	TypeEncryptedExtensions = 8
	TypeCertificate         = 11
	TypeServerKeyExchange   = 12
	TypeCertificateRequest  = 13
	TypeServerHelloDone     = 14
	TypeCertificateVerify   = 15
	TypeClientKeyExchange   = 16
	TypeFinished            = 20
	TypeCertificateURL      = 21
	TypeCertificateStatus   = 22
	TypeKeyUpdate           = 24
	TypeMessageHash         = 254
)

// Versions of the protocol.
const (
	SSL30 = 0x0300
	TLS10 = 0x0301
	TLS11 = 0x0302
	TLS12 = 0x0303
	TLS13 = 0x0304
)

// Keys finds the secrets of a handshake by its client random. It must be safe
// for concurrent use. from says where the secret was found, such as keylog or
// embedded.
type Keys interface {
	Secret(label string, random *[32]byte) (secret []byte, from string)
}
