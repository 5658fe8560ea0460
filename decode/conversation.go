package decode

import "time"

// Outcome is how a conversation ended.
type Outcome uint8

const (
	// OutcomeOpen: still live.
	OutcomeOpen Outcome = iota
	// OutcomeClosed: both streams were closed.
	OutcomeClosed
	// OutcomeError: a stream error ended it.
	OutcomeError
	// OutcomeCut: TCP ended first.
	OutcomeCut
	// OutcomeReset: TCP was reset first.
	OutcomeReset
	// OutcomeTruncated: the capture ends first, or its bytes are incomplete.
	OutcomeTruncated
)

var outcomeNames = [...]string{"open", "closed", "error", "cut", "reset", "truncated"}

func (o Outcome) String() string { return nameOf(outcomeNames[:], int(o)) }

// Conversation sums up one conversation. Conn.Summary fills what the bytes
// tell; the reader of the capture or the proxy adds addresses and counts.
type Conversation struct {
	Conn ConnID
	// Initiator and Receiver are host:port, IPv6 in brackets.
	Initiator, Receiver string
	// Also are the ends of further TCP connections that carried it (BOSH).
	Also    [][2]string
	Profile Profile
	// Transport is tcp, direct-tls, websocket or bosh.
	Transport string
	// Domain is the domain that the initiating entity asked for.
	Domain string
	// JID is the full JID bound, or else the identity that logged in.
	JID        string
	Phase      Phase
	Start, End time.Time
	Outcome    Outcome
	// Encrypted is set once TLS carries it; Decrypted when it was read.
	Encrypted, Decrypted bool
	// Hidden counts the bytes inside TLS that could not be read: none where a
	// handshake has failed.
	Hidden int64
	// TLS is what became known of the TLS connection.
	TLS TLS
	// Randoms are the client randoms of its handshakes, by which a key log
	// names their secrets.
	Randoms [][32]byte
	// Events, Frames and Bytes are counts; Bytes are plaintext of both
	// directions, Lost the bytes that the capture lacks.
	Events, Frames int
	Bytes, Lost    int64
}

// The transports of CONTRACT.
const (
	TransportTCP       = "tcp"
	TransportDirectTLS = "direct-tls"
	TransportWebSocket = "websocket"
	TransportBOSH      = "bosh"
)

// summing is what a Conn notes for its summary alone.
type summing struct {
	start, end  time.Time
	events      int
	bytes, lost int64
	transport   string
	randoms     [][32]byte
	greeted     bool     // a ClientHello was seen
	guessed     bool     // that its keys were found by trying was told
	sign        bool     // something was read that XMPP alone has
	opened      [2]bool  // application data was decrypted
	hidden      [2]int64 // bytes of records that were not
	alert       bool     // TLS failed
	reset, live bool     // live: neither ended nor finished
}

// Summary sums up the conversation so far. Addresses and frames are for the
// caller to add.
func (c *Conn) Summary() Conversation {
	s := c.state
	who := s.JID
	if who == "" {
		who = s.Identity
	}
	n := Conversation{
		Conn: c.id, Profile: s.Profile, Domain: s.Domain, JID: who, Phase: s.Phase,
		Transport: c.sum.transport, Start: c.sum.start, End: c.sum.end, Outcome: c.outcome(),
		Encrypted: s.Layer&LayerTLS != 0, TLS: s.TLS, Randoms: c.sum.randoms,
		Decrypted: c.sum.opened != [2]bool{}, Hidden: c.sum.hidden[0] + c.sum.hidden[1],
		Events: c.sum.events, Bytes: c.sum.bytes, Lost: c.sum.lost,
	}
	if n.Transport == "" {
		n.Transport = TransportTCP
	}
	if n.Profile == ProfileUnknown && c.web != nil { // who speaks HTTP is a client
		n.Profile = ProfileC2S
	}
	if n.Domain == "" {
		n.Domain = s.TLS.SNI
	}
	return n
}

func (c *Conn) outcome() Outcome {
	s := c.state
	ended := c.half[0].ended || c.half[1].ended
	switch {
	case s.Error != "":
		return OutcomeError
	case c.closed(FromInitiator) && c.closed(FromReceiver):
		return OutcomeClosed
	case c.sum.reset:
		return OutcomeReset
	case ended && c.tls != nil && c.sum.opened == [2]bool{} && !c.sum.alert:
		// What stood inside cannot be seen; TCP was ended in order.
		return OutcomeClosed
	case ended:
		return OutcomeCut
	case c.sum.live:
		return OutcomeOpen
	}
	return OutcomeTruncated
}

// closed tells whether a direction's stream was closed; one of which nothing
// was captured does not count.
func (c *Conn) closed(dir Dir) bool {
	h := &c.half[dir]
	if !h.seen {
		return c.half[dir.Other()].seen
	}
	return c.state.Headers[dir] > 0 && !c.state.Open[dir]
}
