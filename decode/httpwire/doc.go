// Package httpwire reads HTTP/1.1 (RFC 9110, RFC 9112) and WebSocket (RFC 6455,
// RFC 7692) from outside: the messages of both directions of one connection,
// with their exact bytes.
//
// It knows bytes. It must not know what bodies and messages carry.
package httpwire

import "xmppscope/decode/spec"

// Fault is one thing that is wrong with a message, at one byte of it.
type Fault struct {
	Rule string // in the style of the lint rules
	Text string // in plain words
	Pos  int
	Ref  spec.Ref
}
