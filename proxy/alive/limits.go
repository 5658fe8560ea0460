package alive

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
	PingSent                    // its ping is not answered
	AckAsked                    // its <r/> is not answered
	Lost                        // the connection is gone: how long it can be resumed
	Writing                     // the peer does not read
)

var whenNames = [...]string{BeforeLogin: "before login", Silence: "silence", PingSent: "ping without answer", AckAsked: "request for acknowledgement without answer", Lost: "connection lost", Writing: "peer does not read"}

func (w When) String() string {
	if int(w) < len(whenNames) {
		return whenNames[w]
	}
	return ""
}

// limits is the table: the defaults of releases that were looked at. A
// configuration may change every one of them.
var limits = []Limit{
	{"Prosody", decode.FromReceiver, BeforeLogin, 5 * time.Minute, "ends the stream with connection-timeout", "0.12 mod_c2s: c2s_timeout"},
	{"Prosody", decode.FromReceiver, Silence, 14 * time.Minute, "sends a blank, or <r/> where stream management is on, and closes if that <r/> finds no answer for as long again", "0.12 net.server_epoll: read_timeout; mod_c2s, mod_smacks: c2s-read-timeout"},
	{"Prosody", decode.FromReceiver, Writing, 3 * time.Minute, "closes the connection", "0.12 net.server_epoll: send_timeout"},
	{"Prosody", decode.FromReceiver, Lost, 10 * time.Minute, "forgets the stream", "0.12 mod_smacks: smacks_hibernation_time"},
	{"Prosody (BOSH)", decode.FromReceiver, Silence, time.Minute, "ends the session when no request is open", "0.12 mod_bosh: bosh_max_inactivity"},
	{"Prosody (servers)", decode.FromReceiver, BeforeLogin, 90 * time.Second, "ends the stream with connection-timeout", "0.12 mod_s2s: s2s_timeout"},
	{"ejabberd", decode.FromReceiver, BeforeLogin, 2 * time.Minute, "ends the stream", "option negotiation_timeout"},
	{"ejabberd", decode.FromReceiver, AckAsked, time.Minute, "closes the connection and keeps the stream for resumption", "mod_stream_mgmt: ack_timeout"},
	{"ejabberd", decode.FromReceiver, Lost, 5 * time.Minute, "forgets the stream", "mod_stream_mgmt: resume_timeout"},
	{"profanity", decode.FromInitiator, Silence, time.Minute, "pings the server, busy or not", "preferences: autoping"},
	{"profanity", decode.FromInitiator, PingSent, 20 * time.Second, "disconnects", "preferences: autoping.timeout"},
	{"slixmpp", decode.FromInitiator, Silence, 5 * time.Minute, "sends a blank", "1.8 xmlstream: whitespace_keepalive_interval"},
	{"slixmpp (keepalive on)", decode.FromInitiator, PingSent, 30 * time.Second, "connects anew", "1.8 xep_0199: timeout; a ping every 300 s"},
}

// Limits lists the table. The slice is a copy.
func Limits() []Limit { return slices.Clone(limits) }

// Next are the limits of one side that count in a state, the shortest first.
func Next(side decode.Dir, when When) []Limit {
	var all []Limit
	for _, l := range limits {
		if l.Side == side && l.When == when {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b Limit) int { return int(a.After - b.After) })
	return all
}
