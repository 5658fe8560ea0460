// Package ledger keeps the counts of stream management (XEP-0198) true for both
// peers of a connection while the tool between them drops stanzas, adds some, or
// answers by itself.
//
// Each peer counts the stanzas that it sends and receives on its own leg. As long
// as the tool only forwards, the counts of both legs are one, and every element
// goes on as it is. A stanza that is dropped was sent and never received; one that
// is added was received and never sent. From then on the attribute h of <a/>,
// <resume/>, <resumed/> and <failed/> is translated, until both peers have
// confirmed what came before.
//
// What the tool drops counts as handled once everything before it is: the sender
// is not to keep it, nor to send it again when it resumes. What the tool holds is
// never acknowledged.
//
// The room knows counts and the elements that carry them. It does not know
// sockets, the clock, or why a stanza was dropped.
package ledger

// Fate is what became of an element.
type Fate uint8

const (
	// Forwarded went on; edited in its inside at most.
	Forwarded Fate = iota + 1
	// Dropped was taken off the wire.
	Dropped
	// Injected was put in by a person, Synthetic by the tool itself.
	Injected
	Synthetic
)

// Direction is the ledger of one direction, for the screen. Counts are modulo
// 2^32 and begin where counting did.
type Direction struct {
	// Counting: the sender has asked for stream management or agreed to it.
	Counting bool
	// Sent is how many stanzas the sender has sent on its leg, Delivered how many
	// went on to the receiver on the other.
	Sent, Delivered uint32
	// Confirmed is the receiver's last h, in its own count; Told the same as the
	// sender was told it, in the sender's.
	Confirmed, Told uint32
	// Waiting of those sent are held, or wait behind one that is.
	Waiting uint32
	// Dropped, Injected and Synthetic count what the tool did.
	Dropped, Injected, Synthetic uint64
}

// Shift is by how much h is larger for the sender than the receiver's count, once
// all that went on is confirmed.
func (d Direction) Shift() int32 { return int32(d.Sent - d.Waiting - d.Delivered) }

// View is the ledger of a connection for the screen.
type View struct {
	// ID is what the stream can be resumed by; empty where it cannot.
	ID string
	// Resumed: the stream goes on from one of an older connection.
	Resumed bool
	// Dirs is by the direction of the stanzas: index decode.FromInitiator for
	// those of the initiating entity.
	Dirs [2]Direction
}

// Namespaces of the elements that carry counts.
const (
	nsSM    = "urn:xmpp:sm:3"
	nsSM2   = "urn:xmpp:sm:2"
	nsSASL2 = "urn:xmpp:sasl:2"
	nsBind2 = "urn:xmpp:bind:0"
)

func isSM(space string) bool { return space == nsSM || space == nsSM2 }
