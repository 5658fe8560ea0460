// Package alive decides how a peer may be kept from giving up while the tool holds
// something back, without telling it anything untrue and without a byte where none
// may stand.
//
// Three means exist. White space between elements keeps a connection open (RFC
// 6120 §4.6, §11.7); it says nothing about the other peer, so it is always
// honest, but it has no place in the negotiation of TLS and SASL (RFC 6120 §5.3.3,
// §6.3.5), nor on WebSocket, where a ping frame does the same (RFC 7395 §3.8), nor
// on BOSH, where an empty body answers the request that is open (XEP-0124 §8). An
// answer to <r/> claims what was confirmed already (proxy/ledger). An answer to a ping (XEP-0199)
// says that the pinged entity is there, so the tool gives it only where it has
// heard that entity itself a short time ago.
//
// The room decides; it has no clock, no socket, and sends nothing.
package alive

import (
	"time"

	"xmppscope/decode/spec"
)

// Carrier is what a leg wraps its XML in.
type Carrier uint8

const (
	Stream    Carrier = iota // TCP, with TLS or without
	WebSocket                // RFC 7395
	BOSH                     // XEP-0124
)

// Leg is what the tool knows of one side, as the peer at its other end has it.
type Leg struct {
	Carrier Carrier
	// Idle is for how long the tool has sent the peer nothing, Silent for how long
	// the peer has sent nothing.
	Idle, Silent time.Duration
	// Between: what is sent to the peer now would stand between two first-level
	// elements of an open stream.
	Between bool
	// Stage is where the leg stands, see Watch.
	Stage Stage
}

// Means is a way to keep a peer alive.
type Means uint8

const (
	Nothing    Means = iota
	WhiteSpace       // one blank, U+0020
	PingFrame        // a ping frame of WebSocket, below XMPP
)

// Verdict is a decision with its reason.
type Verdict struct {
	Do  Means
	Why string
	Ref spec.Ref
	// In is when to ask again; zero where time alone changes nothing.
	In time.Duration
}

// Every is how long the tool stays silent before it sends a sign of life. RFC 6120
// §4.6.4 wants no more than one in five minutes of a client that does it all day;
// the tool does it only while it holds something, and programs give up after one
// to five minutes.
const Every = 30 * time.Second

// Touch decides what to send to the peer of a leg. held is how long the oldest of
// what is held has been so, in either direction; 0 where nothing is.
func Touch(to Leg, held time.Duration) Verdict {
	switch {
	case held <= 0:
		return Verdict{Why: "nothing is held: the peers keep themselves alive"}
	case to.Stage == Ended:
		return Verdict{Why: "the stream has ended: nothing may follow", Ref: spec.RFC(6120, "4.4")}
	case to.Carrier == BOSH:
		return Verdict{Why: "BOSH has no white space: an open request is answered by an empty body before its wait is over, and the client must ask again", Ref: spec.XEP(124, "8")}
	case to.Idle < Every:
		return Verdict{Why: "the peer got something a short time ago", In: Every - to.Idle}
	case to.Carrier == WebSocket:
		return Verdict{Do: PingFrame, Why: "white space is no message of WebSocket; a ping frame does the same below XMPP, even during a login", Ref: spec.RFC(7395, "3.8")}
	}
	return between(to)
}

// between decides about white space on a stream.
func between(to Leg) Verdict {
	no := func(why string, ref spec.Ref) Verdict { return Verdict{Why: why, Ref: ref} }
	switch to.Stage {
	case Opening, Restarting:
		return no("a stream header is due, and it comes first in its document", spec.RFC(6120, "11.7"))
	case Switching:
		return no("no byte may stand between the request for a switch and the new layer, nor inside a handshake", spec.RFC(6120, "5.3.3"))
	case LoggingIn:
		return no("between the elements of a login no white space is allowed", spec.RFC(6120, "6.3.5"))
	}
	if !to.Between {
		return no("the peer is in the middle of an element: white space would become part of it", spec.RFC(6120, "11.7"))
	}
	return Verdict{Do: WhiteSpace, Why: "one blank between two elements keeps the connection open and means nothing", Ref: spec.RFC(6120, "4.6")}
}
