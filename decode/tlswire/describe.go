package tlswire

import (
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"

	"xmppscope/decode/spec"
)

// Field is one thing that a message says: Value is from the wire and must be
// disarmed before it is shown, Meaning says it in words. Start and End are its
// bytes in the message; both are 0 where it has none of its own.
type Field struct {
	Name, Value, Meaning string
	Start, End           int
}

// Message is a message taken apart for a reader.
type Message struct {
	Name   string // as the standards write it, such as client_hello
	Title  string // a few words, from the wire in parts
	Fields []Field
	Ref    spec.Ref
}

// describer takes a kind of handshake message apart.
type describer struct {
	title string
	ref   spec.Ref
	fill  func(*view)
}

// describers is the table of handshake messages, by type.
var describers = map[uint8]describer{
	TypeHelloRequest:        {"asks for a new handshake", spec.RFC(5246, "7.4.1.1"), nil},
	TypeClientHello:         {"ClientHello", spec.RFC(8446, "4.1.2"), (*view).clientHello},
	TypeServerHello:         {"ServerHello", spec.RFC(8446, "4.1.3"), (*view).serverHello},
	TypeNewSessionTicket:    {"session ticket", spec.RFC(8446, "4.6.1"), (*view).ticket},
	TypeEndOfEarlyData:      {"end of the early data", spec.RFC(8446, "4.5"), nil},
	TypeEncryptedExtensions: {"encrypted extensions", spec.RFC(8446, "4.3.1"), (*view).encryptedExtensions},
	TypeCertificate:         {"certificate", spec.RFC(8446, "4.4.2"), (*view).certificate},
	TypeServerKeyExchange:   {"key exchange of the server", spec.RFC(5246, "7.4.3"), (*view).serverKeyExchange},
	TypeCertificateRequest:  {"asks for a certificate of the client", spec.RFC(8446, "4.3.2"), (*view).certificateRequest},
	TypeServerHelloDone:     {"the server's hello is done", spec.RFC(5246, "7.4.5"), nil},
	TypeCertificateVerify:   {"proof of the certificate's key", spec.RFC(8446, "4.4.3"), (*view).certificateVerify},
	TypeClientKeyExchange:   {"key exchange of the client", spec.RFC(5246, "7.4.7"), (*view).clientKeyExchange},
	TypeFinished:            {"Finished", spec.RFC(8446, "4.4.4"), (*view).finished},
	TypeCertificateStatus:   {"proof that the certificate is not revoked (OCSP)", spec.RFC(6066, "8"), nil},
	TypeKeyUpdate:           {"goes on with new keys", spec.RFC(8446, "4.6.3"), (*view).keyUpdate},
}

// Describe takes a handshake message apart, header included. version is the
// one agreed on, 0 where it is not known.
func Describe(msg []byte, version uint16) Message {
	m := Message{Name: MessageName(msg), Title: "handshake message of a type that is not known", Ref: spec.RFC(8446, "4")}
	if len(msg) == 0 {
		return m
	}
	d, ok := describers[msg[0]]
	if !ok {
		return m
	}
	m.Title, m.Ref = d.title, d.ref
	if d.fill != nil && len(msg) >= 4 {
		v := view{m: &m, msg: msg, s: cryptobyte.String(msg[4:]), version: version}
		d.fill(&v)
	}
	return m
}

// DescribeChangeCipherSpec is the message that has no content.
func DescribeChangeCipherSpec() Message {
	return Message{Name: "change_cipher_spec", Title: "from here on with the new keys", Ref: spec.RFC(5246, "7.1"), Fields: []Field{
		{Name: "value", Value: "1", Meaning: "up to TLS 1.2 the keys agreed on count from the next record on; in TLS 1.3 it means nothing and is sent only because old firewalls look for it", Start: 0, End: 1}}}
}

// view is a message while it is taken apart.
type view struct {
	m       *Message
	msg     []byte
	s       cryptobyte.String // what is left
	version uint16
}

// at is where what is left begins in the message.
func (v *view) at() int { return len(v.msg) - len(v.s) }

// add notes a field that stands in the bytes since start.
func (v *view) add(start int, name, value, meaning string) {
	v.m.Fields = append(v.m.Fields, Field{Name: name, Value: value, Meaning: meaning, Start: start, End: v.at()})
}

// bytes reads n bytes as a field.
func (v *view) bytes(n int, name, meaning string) bool {
	at := v.at()
	var b []byte
	if !v.s.ReadBytes(&b, n) {
		return false
	}
	v.add(at, name, fmt.Sprintf("%x", b), meaning)
	return true
}

// short reads a vector with a length of one byte.
func (v *view) short(name string, meaning func([]byte) (value, meaning string)) bool {
	at := v.at()
	var b cryptobyte.String
	if !v.s.ReadUint8LengthPrefixed(&b) {
		return false
	}
	value, m := meaning(b)
	v.add(at, name, value, m)
	return true
}

func list[T any](all []T, name func(T) string) string {
	var b strings.Builder
	for i, one := range all {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name(one))
	}
	return b.String()
}

// isGREASE tells values that mean nothing and are there so that servers stay
// tolerant of new ones (RFC 8701).
func isGREASE(n uint16) bool { return n&0x0f0f == 0x0a0a && n>>8 == n&0xff }
