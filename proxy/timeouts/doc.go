// Package timeouts knows how long common clients and servers wait before they give
// a connection up, so that whoever holds something sees who would go first, and
// when. What is sent to keep them waiting is proxy's matter.
//
// The room is a table. It has no clock, no socket, and sees no connection.
package timeouts

import (
	"slices"
	"time"

	"xmppscope/decode"
)

// Limit is how long a known program waits, as it comes.
type Limit struct {
	Program string
	// Side is who gives up: FromInitiator for a client, FromReceiver for a server.
	Side decode.Dir
	When When
	// After is the time until it acts.
	After time.Duration
	// What it does then, and where that was read.
	What, Source string
}

// When says in what state a limit counts.
type When uint8

const (
	BeforeLogin When = iota + 1 // from the connection to a successful login
	Silence                     // nothing comes from the peer
)

// limits is the table: the defaults of releases that were looked at, for streams on
// TCP between a client and a server. A configuration may change every one of them.
var limits = [...]Limit{
	{"Prosody", decode.FromReceiver, BeforeLogin, 5 * time.Minute, "ends the stream with connection-timeout", "0.12 mod_c2s: c2s_timeout"},
	{"Prosody", decode.FromReceiver, Silence, 14 * time.Minute, "sends a blank, or <r/> where stream management is on, and closes if that <r/> finds no answer for as long again", "0.12 net.server_epoll: read_timeout; mod_c2s, mod_smacks: c2s-read-timeout"},
	{"ejabberd", decode.FromReceiver, BeforeLogin, 2 * time.Minute, "ends the stream", "option negotiation_timeout"},
	{"profanity", decode.FromInitiator, Silence, time.Minute, "pings the server, busy or not", "preferences: autoping"},
	{"slixmpp", decode.FromInitiator, Silence, 5 * time.Minute, "sends a blank", "1.8 xmlstream: whitespace_keepalive_interval"},
}

// First is the limit of one side that is over first in a state; false where none is
// known.
func First(side decode.Dir, when When) (Limit, bool) {
	var all []Limit
	for _, l := range limits {
		if l.Side == side && l.When == when {
			all = append(all, l)
		}
	}
	if len(all) == 0 {
		return Limit{}, false
	}
	return slices.MinFunc(all, func(a, b Limit) int { return int(a.After - b.After) }), true
}
