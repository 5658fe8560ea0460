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
	Profile             Profile
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
