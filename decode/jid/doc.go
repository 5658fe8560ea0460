// Package jid takes addresses of XMPP apart and brings them into the form in
// which they are compared (RFC 7622); it knows the escapes of XEP-0106 and the
// addresses in links (RFC 5122).
//
// It must not know what an address is used for: no event, no stanza, and no
// account is known here. What is wrong is told with its byte, and never an
// error that stops the rest from being looked at.
package jid
