package proxy

import (
	"time"

	"xmppscope/decode"
)

// lingers ends a connection of which one direction has ended, when the other has
// said nothing for a while and nothing of it waits: a peer that is gone looks
// like one that has closed its half, and such connections would add up.
func (c *Conn) lingers(most time.Duration) {
	c.background(func() {
		t := time.NewTicker(most)
		defer t.Stop()
		for {
			select {
			case <-t.C:
			case <-c.ctx.Done():
				return
			}
			if quiet := c.quiet(); quiet >= most && len(c.Held()) == 0 {
				dir := decode.FromInitiator
				if !c.a.finished.Load() {
					dir = decode.FromReceiver
				}
				c.note(dir, "the %s has ended, and nothing came from the %s for %v: the connection is closed", who(dir), who(dir.Other()), quiet.Round(time.Second))
				c.shut(nil)
				return
			}
		}
	})
}

// quiet is how long neither side has said anything.
func (c *Conn) quiet() time.Duration {
	last := max(c.a.lastIn.Load(), c.beyond().lastIn.Load())
	return c.p.now().Sub(time.Unix(0, last))
}
