package decode

import (
	"strings"

	"xmppscope/decode/xmlstream"
)

// Verdict says whether a connection is XMPP, as far as it was read.
type Verdict uint8

const (
	// Undecided: too little was seen.
	Undecided Verdict = iota
	// IsXMPP: it is a conversation.
	IsXMPP
	// IsCarrier: its requests carry BOSH; [Sessions] makes conversations of them.
	IsCarrier
	// NotXMPP: it is something else, or cannot be told from it.
	NotXMPP
)

// How much of a connection is looked at before it is taken for something else.
const (
	maxPlainTrial = 16 << 10 // bytes inside TLS
	maxMidTrial   = 1 << 18  // the same in mid-stream, where a long stanza may be first
	maxWebTrial   = 64       // HTTP messages
	maxWebBytes   = 256 << 10
)

// Verdict judges a connection that began with TLS or HTTP. XMPP inside TLS
// is found by ALPN (XEP-0368 §3) or, where keys are known, by what is inside.
func (c *Conn) Verdict() Verdict {
	s := &c.sum
	switch {
	case c.web != nil && c.web.bosh:
		return IsCarrier
	case c.web != nil && c.web.xmpp, c.state.Headers != [2]int{} && (c.sum.sign || !c.o.MidStream):
		return IsXMPP
	case c.web != nil && (c.web.count > maxWebTrial || s.bytes > maxWebBytes):
		return NotXMPP
	case c.web != nil:
		return Undecided
	case c.tls == nil && s.bytes > 0, s.bytes > maxPlainTrial && !c.o.MidStream, s.bytes > maxMidTrial:
		return NotXMPP
	case c.tls == nil:
		return Undecided
	case offersXMPP(c.tls.Info().OfferedALPN):
		return IsXMPP
	case s.opened != [2]bool{}:
		return Undecided
	case s.hidden[0] > 0 && s.hidden[1] > 0, c.o.MidStream && c.tls.Info().Hopeless, s.hidden[0]+s.hidden[1] > maxPlainTrial:
		return NotXMPP
	}
	return Undecided
}

// isSign tells an element that only XMPP has, where reading began in the
// middle and no stream header came.
func isSign(n xmlstream.Name) bool {
	return IsStanza(n) || n.Space == nsStreams || strings.HasPrefix(n.Space, "urn:xmpp:") || strings.HasPrefix(n.Space, "urn:ietf:params:xml:ns:xmpp-")
}
