package captures

import (
	"net/netip"

	"xmppscope/decode"
)

// Handler receives what the TCP connections of a capture carried. Calls come in
// file order, on the goroutine that feeds the [Assembler]. A direction is 0 for
// bytes of the initiating side and 1 for those of the receiving side.
type Handler interface {
	// Connect is called once for each connection, at its first packet.
	Connect(f *Flow)
	// Data delivers the next bytes of a direction: never twice, never out of order.
	Data(f *Flow, dir int, c Chunk)
	// Gap tells of bytes that were sent and are not in the capture. The next
	// chunk continues after them.
	Gap(f *Flow, dir int, g Gap)
	// Conflict tells that bytes came again with other content. What came first
	// was or will be delivered.
	Conflict(f *Flow, dir int, c Conflict)
	// Marks tells what a proxy did, before the bytes of the packet that brought it.
	Marks(f *Flow, m Mark, all []decode.Mark)
	// End is called once for each direction that sent or could have sent.
	End(f *Flow, dir int, e End)
}

// Mark is a point in a capture. Frame 0 means there is none.
type Mark struct {
	Time  int64 // nanoseconds since 1970-01-01T00:00:00Z
	Frame uint32
	File  uint16
}

// Chunk is a run of bytes in sequence.
type Chunk struct {
	// Mark names the frame that carried the bytes. Its Time never runs back in
	// a direction: bytes that waited for an earlier segment have the time at
	// which that one came.
	Mark
	Off   int64  // of the first byte in its direction's stream, from 0
	Bytes []byte // valid during the call
}

// GapCause says why bytes are missing.
type GapCause uint8

// Causes of gaps.
const (
	GapLost GapCause = iota // the segment is not in the capture
	GapCut                  // the frame is there, but cut short by the snapshot length
)

func (c GapCause) String() string {
	if c == GapCut {
		return "cut off by the snapshot length"
	}
	return "not in the capture"
}

// Gap is a run of missing bytes.
type Gap struct {
	Mark  // the frame at which the loss was certain
	Off   int64
	N     int64
	Cause GapCause
}

// Conflict is a range that came twice with different content.
type Conflict struct {
	Mark // the frame whose bytes were not taken
	Off  int64
	N    int64
}

// EndCause says how a direction ended.
type EndCause uint8

// Causes of ends.
const (
	EndFIN     EndCause = iota // closed in order, all bytes before it delivered or reported as gaps
	EndRST                     // the connection was reset, by this side or by the other
	EndReused                  // the same addresses and ports began a new connection
	EndForgot                  // the table of connections was full
	EndCapture                 // the capture is over
)

func (c EndCause) String() string {
	return [...]string{"closed", "reset", "replaced by a new connection", "forgotten", "capture ends"}[min(c, EndCapture)]
}

// End tells that nothing more comes in a direction.
type End struct {
	Mark
	Off   int64 // length of the stream, gaps included
	Cause EndCause
}

// Flow is one TCP connection.
type Flow struct {
	ID   uint32 // 1, 2, 3 … in the order of first packets
	User any    // belongs to the handler

	// SYN, SYN+ACK and the ACK that completes the handshake, as far as seen.
	SYN, SYNACK, ACK Mark
	Reset            Mark // the first RST that was not stale
	ResetBy          int  // the side that sent it
	First            Mark // its first packet
	Last             Mark // its last packet so far

	Packets [2]uint32 // by direction
	// Late counts segments whose bytes came after their place had been passed
	// or after the end of their direction.
	Late uint32

	addr    [2]netip.AddrPort
	half    [2]half
	swapped bool // the initiator is the higher endpoint of the table's key
	ignored bool
	busy    bool // stands in the assembler's ring
	waits   bool // stands in the assembler's waiting list
	key     flowKey
}

// Addr is the address of the initiator (0) or of the receiver (1). Without a SYN
// the side with the lower port counts as the receiver.
func (f *Flow) Addr(side int) netip.AddrPort { return f.addr[side&1] }

// Ignore tells the assembler that the handler wants nothing more of this
// connection. Its buffers are given back at once.
func (f *Flow) Ignore() { f.ignored = true }

// Midstream reports whether the capture began after the direction's first byte,
// or lost the SYN that would tell.
func (f *Flow) Midstream(dir int) bool { return !f.half[dir&1].hasISN }
