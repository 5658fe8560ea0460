// Package sasl reads and checks authentication exchanges: what each message of
// a mechanism says, which byte of it is wrong, and, where a secret is known,
// every value between that secret and what stood on the wire.
//
// It knows bytes and secrets. It does not know XML, events, connections or
// time; the caller says which bytes were an initial response and which a
// challenge. The mechanisms stand in one table, one file each; to add one,
// write its file and its line in table.go.
//
// Three logins that are no SASL mechanism have their place here under a name
// of their own, because they are judged in the same way: IQ-AUTH (XEP-0078),
// COMPONENT (XEP-0114) and DIALBACK (XEP-0220).
package sasl
