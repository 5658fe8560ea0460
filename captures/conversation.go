package captures

import (
	"net/netip"
	"slices"
	"time"

	"xmppscope/decode"
)

// conversation is a TCP connection that is or may become a conversation.
type conversation struct {
	stream *stream
	addr   [2]netip.AddrPort
	conn   *decode.Conn // nil until its first bytes say how to read it
	stage  stage
	swap   bool // the sides are the other way round than they seemed
	mid    bool
	// doubtful: keys may show that swap is wrong; replay is what is read again then.
	doubtful    bool
	replay      []waiting
	replayBytes int
	// sniffed and waiting hold what came before there was a decoder, held what
	// the decoder made before it was decided that this is XMPP.
	sniffed   [2][]byte
	judged    [2]verdict
	waiting   []waiting
	held      []made
	heldBytes int
	told      int // how many of held were looked at for lookups
	syn       [3]Mark
	// carried are the frames of the bytes that stand in no event yet.
	carried [2][]carriage
	frames  int
	ended   int
	reset   bool
	busy    bool // it stands in the list of its desk
	locked  bool // its desk knows that it waits for keys
	// What follows belongs to the numbering: its own number, and those that
	// its events got, in order.
	id    decode.ConnID
	begun decode.Conversation
	seqs  seqs
	led   int       // lookups that led to it
	since time.Time // of the first of them
}

// stage is how far a connection was decided.
type stage uint8

const (
	unread         stage = iota // no decoder yet
	onTrial                     // what the decoder makes is kept
	isConversation              // XMPP
	isCarrier                   // requests of BOSH
	dropped
)

type waiting struct {
	op
	bytes []byte
}

// carriage says that a frame carried the bytes of a direction up to an offset.
type carriage struct {
	end   int64
	frame uint32
}

const (
	maxWaiting = 256      // segments of one connection without a decoder
	maxHeld    = 1 << 20  // bytes that one connection makes while on trial
	maxKept    = 64 << 20 // bytes of all of both kinds
)

// summary is what the decoder knows so far, with addresses and frames.
func (c *conversation) summary() decode.Conversation {
	s := c.conn.Summary()
	s.Initiator, s.Receiver = c.addr[0].String(), c.addr[1].String()
	if c.swap {
		s.Initiator, s.Receiver = s.Receiver, s.Initiator
	}
	s.Frames = c.frames
	return s
}

// client is the host that opened the connection.
func (c *conversation) client() netip.Addr {
	if c.swap {
		return c.addr[1].Addr()
	}
	return c.addr[0].Addr()
}

// connected is when TCP was set up, as far as the capture shows it.
func (c *conversation) connected() (m Mark) {
	for _, s := range c.syn {
		if s.Frame != 0 {
			m = s
		}
	}
	return m
}

func (c *conversation) synFrames() (all []uint32) {
	for _, s := range c.syn {
		if s.Frame != 0 && !slices.Contains(all, s.Frame) {
			all = append(all, s.Frame)
		}
	}
	return all
}

func at(m Mark) time.Time { return time.Unix(0, m.Time).UTC() }
