// Package web is XMPP in HTTP as a proxy needs it: WebSocket (RFC 7395) and BOSH
// (XEP-0124, XEP-0206). A [Talk] cuts both directions of a connection into
// messages, tells the XML in each, and makes a message that carries other XML
// instead. [ServeSocket], [ServeBOSH] and [DialSocket] translate: they are the
// server that a client of the web wants, or the client, with a plain stream of
// XML behind them.
//
// It knows bytes, HTTP, frames and the XML around stanzas. It does not know
// what a proxy is, who decides about a message, or what a stanza means.
package web
