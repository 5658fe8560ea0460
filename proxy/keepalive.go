package proxy

import (
	"time"

	"xmppscope/decode"
)

// While something is held, a side may come to think that the other is gone.
// White space between elements keeps it from that (RFC 6120 §4.6.1).

// awake begins to keep both sides alive, until nothing is held any more. It is
// called with the mu of a lane held.
func (c *Conn) awake() {
	every := c.p.o.Keepalive
	c.mu.Lock()
	defer c.mu.Unlock()
	if every < 0 || c.begun || c.over.Load() {
		return
	}
	c.begun = true
	c.background(func() { c.keepAlive(every) })
}

func (c *Conn) keepAlive(every time.Duration) {
	t := time.NewTicker(every / 2)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-c.ctx.Done():
			return
		}
		if len(c.Held()) == 0 {
			c.mu.Lock()
			c.begun = false
			c.mu.Unlock()
			return
		}
		for d := range 2 {
			c.way(decode.Dir(d)).breathe(every)
		}
	}
}

// breathe sends white space where nothing has been sent for long and where the
// RFC allows it: between elements, and not while anything is negotiated.
func (l *lane) breathe(every time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	quiet := l.c.p.now().Sub(time.Unix(0, l.to.lastOut.Load()))
	if !l.c.settled.Load() || quiet < every || l.dead || l.over || l.opaque || l.busy || l.begun() {
		return
	}
	l.c.mark(l.place(Insert{Dir: l.dir, XML: []byte(" "), Synthetic: true, Why: "keeps the " + who(l.dir.Other()) + " from thinking that nobody is there"})...)
	l.kick()
}
