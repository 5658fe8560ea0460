// Package sandbox is the practice server: an XMPP server for one domain or a few,
// some accounts and one process, made to be talked to by anybody's client and to
// be watched. It negotiates as RFC 6120 says, with real TLS and real SASL, keeps
// rosters, presence and messages as RFC 6121 says, and keeps everything in
// memory.
//
// What it can do stands in tables: the features it offers (features.go), the
// elements it understands beside stanzas (elements.go), the questions it
// answers before a login (early.go) and behind it (iq.go), the mechanisms it logs
// people in with (sasl.go, fast.go) and what it does wrong on demand
// (misbehave.go). To add one, write its file and its line there.
//
// It knows XML, addresses and sockets. It must not know events, captures, the
// proxy, or who watches it; what its bytes mean is for decode to say, which it
// must not ask.
//
// One lock, Server.mu, guards what sessions share: accounts, rosters, presence,
// ledgers. It is held while an element of somebody who is logged in is
// handled, so nothing done under it may wait: answers go into the outbox of
// their connection, and a goroutine of its own writes them.
package sandbox
