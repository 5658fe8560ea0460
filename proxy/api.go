package proxy

import (
	"net/netip"
	"time"

	"xmppscope/decode"
)

// Leg is one of the two TCP connections of a proxied connection.
type Leg uint8

const (
	// LegClient is leg A: the initiating entity opened it, the proxy took it.
	LegClient Leg = iota
	// LegServer is leg B: the proxy opened it.
	LegServer
)

func (l Leg) String() string { return [...]string{"client", "server"}[l&1] }

// Tap is told everything that passes on both legs at the level of TCP, and what
// the proxy did itself. Calls may come from any goroutine; those about one flow
// come one after the other, in an order in which a cause stands before what it
// causes, and their times never run backwards. They must be quick. Slices are
// the proxy's own again when the call returns.
type Tap interface {
	// Open says that a leg has been set up, before anything else about it.
	Open(flow uint64, leg Leg, initiator, receiver netip.AddrPort, t time.Time)
	// Data is bytes of TCP: where TLS is on, ciphertext, what was read one
	// record at a time. dir is FromInitiator for what the side that opened this
	// leg sends. The marks concern leg A and are told before p.
	Data(flow uint64, leg Leg, dir decode.Dir, t time.Time, p []byte, marks ...decode.Mark)
	// Mark is marks without bytes.
	Mark(flow uint64, t time.Time, marks ...decode.Mark)
	// Close says that a direction of a leg has ended: by FIN or, with reset, by
	// RST, which ends both.
	Close(flow uint64, leg Leg, dir decode.Dir, t time.Time, reset bool)
	// Keys is one line of a TLS key log, with its end of line, before the bytes
	// that need it where that is possible. It is secret.
	Keys(line []byte)
}

// Forgetter is what a [Tap] may also be: one that wants to know that nothing
// more comes about a flow.
type Forgetter interface{ Forget(flow uint64) }

// Gate decides about units before they are sent on. It is asked about every
// unit of an inspected connection when its turn has come: everything before it
// in its direction has been decided, and e.State is what is true by then. It is
// called with locks held: it must be quick, must not block and must not call
// methods of the connection other than its facts ([Conn.ID], [Conn.Facts]).
type Gate interface {
	Decide(c *Conn, e *decode.Event) Verdict
}

// Watcher is what a [Gate] may also be: one that does not always look. While
// Watching is false the gate is not asked, and bytes go on as they arrive once
// the negotiation is over. A gate that is no Watcher always looks. Watching is
// called often and must be no more than a load of a variable.
type Watcher interface {
	Watching(c *Conn) bool
}

// Action is what is to happen to a unit.
type Action uint8

const (
	// Forward sends it on, byte for byte.
	Forward Action = iota
	// Hold keeps it, and what follows in its direction, until [Conn.Release].
	Hold
	// Edit sends Verdict.XML in its place.
	Edit
	// Drop sends nothing.
	Drop
	// Close ends the connection as Verdict.How says; the unit is not sent.
	Close
	// Delay keeps it for Verdict.Delay and then does Edit where there is XML,
	// else Forward.
	Delay
)

var actionNames = [...]string{"forward", "hold", "edit", "drop", "close", "delay"}

func (a Action) String() string {
	if int(a) < len(actionNames) {
		return actionNames[a]
	}
	return ""
}

// Verdict is what a [Gate] or a person decides about a unit. The zero value
// forwards it.
type Verdict struct {
	Do Action
	// XML is what an edit sends: bytes as they are to leave, whole or not,
	// well-formed or not. The caller has checked what it wants checked.
	XML []byte
	// Before and After are sent around the unit, or where it would have been.
	Before, After []Insert
	// How is how Close ends the connection.
	How CloseHow
	// Delay is how long Delay waits.
	Delay time.Duration
	// Cuts are places in the unit at which its bytes are written in portions of
	// their own, ascending. Join lets it wait to be written together with what
	// comes next in its direction, for a second at most.
	Cuts []int
	Join bool
	// Why is told in the record: the name of a rule, "by hand".
	Why string
}

// Place says where an insertion stands relative to what is held.
type Place uint8

const (
	// AfterHeld is behind everything that waits in its direction now.
	AfterHeld Place = iota
	// BeforeHeld is in front of the first unit that waits.
	BeforeHeld
)

// Insert is bytes that no peer sent.
type Insert struct {
	// Dir is who it is to seem to come from: FromInitiator goes to the server.
	// In a Verdict an insertion into the other direction goes behind what waits
	// there.
	Dir decode.Dir
	XML []byte
	// FreshID gives the stanza an id of its own that no peer has used; the answer
	// to an iq keeps that of its question.
	FreshID bool
	// Swallow keeps the answer to an injected iq from the side that did not
	// ask; it is recorded as dropped.
	Swallow bool
	// Synthetic marks what the proxy must add by itself, as opposed to what a
	// person or a rule injects.
	Synthetic bool
	Why       string
}

// Held is a unit that waits.
type Held struct {
	// ID counts what was ever held of a connection from 1; it is that of the
	// marks.
	ID  uint32
	Dir decode.Dir
	// Event is what the unit would be if it went on now; nil while something
	// that waits before it is undecided.
	Event *decode.Event
	// XML is the unit as it came.
	XML []byte
	// Since is when it arrived, Until when it goes on by itself (zero: never).
	Since, Until time.Time
	// Asked is set where the gate wants it held; otherwise it only waits for
	// what is before it, or for a direction that is frozen.
	Asked bool
	Why   string
}

// Layer names for [CloseHow].
const (
	CloseTCP    = "tcp"    // RST
	CloseTLS    = "tls"    // close_notify, or a fatal alert during a handshake
	CloseStream = "stream" // a stream error where there is a condition, and the end tag
)

// CloseHow says how a connection is ended. Both legs end at the same layer: who
// is cut off keeps its session for a resume (XEP-0198 §5), on either side. An
// error is for the side that is named; the other hears the end tag alone.
type CloseHow struct {
	// Layer is CloseTCP, CloseTLS or CloseStream; empty is CloseStream.
	Layer string
	// Condition is that of a stream error (RFC 6120 §4.9.3), Text its text. No
	// condition closes the stream without an error (RFC 6120 §4.4).
	Condition, Text string
	// To is the side that is told: decode.FromReceiver tells the client,
	// because it is to seem to come from the server. Both tells both.
	To   decode.Dir
	Both bool
}
