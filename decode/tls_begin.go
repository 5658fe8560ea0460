package decode

import (
	"slices"
	"time"

	"xmppscope/decode/xmlstream"
)

// This file knows how a connection inside TLS began: with STARTTLS, with TLS at
// once, or before the capture.

// hello notes what a ClientHello says about the whole connection.
func (c *Conn) hello(e *Event) {
	info := c.tls.Info()
	c.named(info.ClientRandom)
	if c.sum.transport != TransportDirectTLS || c.sum.greeted {
		return
	}
	c.sum.greeted = true
	if !c.o.MidStream || offersXMPP(info.OfferedALPN) {
		e.Step = StepDirectTLS
	} else {
		// The capture begins behind <proceed/>.
		c.sum.transport = TransportTCP
		c.why = [2]Step{StepRestartAfterTLS, StepRestartAfterTLS}
	}
	c.o.MidStream = false
	for d := range c.half {
		h := &c.half[d]
		h.framer, h.fed, h.scope = xmlstream.NewFramer(c.o.XML), 0, nil
	}
}

// Waits tells whether records of TLS wait for keys; see [Options].
func (c *Conn) Waits() bool { return c.tls != nil && c.tls.Waits() }

// Unlock reads what waited for keys that have come since. Where none has, it
// makes no event.
func (c *Conn) Unlock() []Event {
	t := c.half[0].last
	if t.Before(c.half[1].last) {
		t = c.half[1].last
	}
	c.begin(t)
	if c.tls != nil {
		c.records(t, c.tls.Retry())
	}
	return c.out
}

// Settled tells that keys that were found by trying show which side is the
// client of TLS, Inverted that it is the one that was taken for the receiving
// entity, which initiates nothing (RFC 6120 §5.4.3.1): the whole has to be read
// again with the sides the other way round.
func (c *Conn) Settled() bool { return c.tls != nil && c.tls.Info().Guessed }

// Inverted: see Settled.
func (c *Conn) Inverted() bool { return c.Settled() && c.tls.Info().Client != int(FromInitiator) }

// named notes the name of a handshake in key logs.
func (c *Conn) named(random [32]byte) {
	if !slices.Contains(c.sum.randoms, random) && len(c.sum.randoms) < maxRandoms {
		c.sum.randoms = append(c.sum.randoms, random)
	}
}

// offersXMPP tells direct TLS for XMPP by its ALPN (XEP-0368 §3).
func offersXMPP(alpn []string) bool {
	return slices.Contains(alpn, "xmpp-client") || slices.Contains(alpn, "xmpp-server")
}

// guessed tells once that the keys were found by trying, with what they tell of
// the connection.
func (c *Conn) guessed(dir Dir, t time.Time, x Extent) {
	i := c.tls.Info()
	if !i.Guessed || c.sum.guessed {
		return
	}
	c.sum.guessed = true
	c.named(i.ClientRandom)
	c.tlsNote(dir, t, x, "the keys were found by trying those of the key log, because a hello is missing", c.learn("", true))
}

// inMidstream says what the first plaintext tells where no ClientHello came:
// most connections begin with STARTTLS (RFC 6120 §5), and a stream header right
// behind the handshake restarts the stream.
func (c *Conn) inMidstream() {
	i := c.tls.Info()
	if !c.o.MidStream || c.sum.greeted || c.sum.opened != [2]bool{} || offersXMPP([]string{i.ALPN}) {
		return
	}
	c.sum.transport = TransportTCP
	if i.Finished[0] || i.Finished[1] {
		c.why = [2]Step{StepRestartAfterTLS, StepRestartAfterTLS}
	}
}
