package decode

import (
	"time"

	"xmppscope/decode/xmlstream"
)

// Secured says that TLS was set up by whoever feeds the Conn, and takes off its
// records: from here on both directions are what was inside (RFC 6120
// §5.4.2.3). Before any byte it is direct TLS (XEP-0368).
func (c *Conn) Secured(t time.Time, info TLS) []Event {
	c.begin(t)
	if !c.half[0].seen && !c.half[1].seen {
		c.sum.transport = TransportDirectTLS
	}
	for d := range c.half {
		h := &c.half[d]
		c.leave(Dir(d), t)
		c.flushRun(Dir(d), t)
		h.mode, h.secure, h.turn = asXML, false, false
		h.framer, h.fed, h.scope = xmlstream.NewFramer(c.o.XML), 0, nil
	}
	c.tls = nil
	c.sum.opened = [2]bool{true, true}
	e := c.event(FromInitiator, t, KindNote)
	e.Off = c.half[FromInitiator].next
	e.Step = StepTLSHandshake
	e.Note = "TLS is set up"
	c.emit(e, func(s *State, _ *Event, _ *xmlstream.Node) {
		s.Layer |= LayerTLS
		s.TLS = info
	}, nil)
	return c.out
}
