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
			if quiet := c.quiet(); quiet >= most && c.still() {
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

// still tells whether nothing waits in either direction, and nothing is being
// written: what was let go a moment ago is on its way until then.
func (c *Conn) still() bool {
	for d := range 2 {
		if l := c.way(decode.Dir(d)); l != nil && !l.atRest() {
			return false
		}
	}
	return true
}

func (l *lane) atRest() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.wait) == 0 && len(l.out) == 0 && !l.busy
}

// quiet is how long neither side has said anything.
func (c *Conn) quiet() time.Duration {
	last := max(c.a.lastIn.Load(), c.beyond().lastIn.Load())
	return c.p.now().Sub(time.Unix(0, last))
}
