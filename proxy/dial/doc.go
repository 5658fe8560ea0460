// Package dial finds where a domain is served and opens the upstream leg: DNS
// (RFC 6120 §3.2, XEP-0368 §3), host-meta (XEP-0156), TCP, and what must happen
// on the connection until the stream that was wished for can begin: STARTTLS,
// direct TLS, a WebSocket.
//
// Every decision is told to a [Trail]: what was asked, what was answered, what
// was tried, and why it failed. Nothing is connected to but what was asked for,
// and never the program itself.
//
// It knows names, addresses and the switch between layers. It must not know
// what the streams carry, who watches them, or whether a certificate is good:
// the caller hands in hooks for that.
//
// # Extending
//
// A wrapping is a line in the table of wrapping.go and, where it needs a
// negotiation, a case in raise.go.
package dial
