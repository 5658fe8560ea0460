package proxy

import (
	"sync"
	"time"

	"xmppscope/decode/xmlstream"
)

// behind is what has gone on and has not been read yet. Whoever waits for an
// answer must not wait for the decoder, so what passes is put aside and read a
// moment later, or when somebody wants to know what is true.
//
// A lane that frames units itself has caught up before, and puts nothing aside;
// so its framer has one user at a time, with the lane's mu or with this one's.
type behind struct {
	mu    sync.Mutex
	buf   *[]byte
	size  int
	parts []part
	noted bool // among those that lag
}

// lagging are the connections that have something put aside, in the order in
// which they began to. One clock serves them all, so that it wakes the machine
// rarely.
type lagging struct {
	mu    sync.Mutex
	queue []laggard
	timer *time.Timer
	over  bool
}

type laggard struct {
	c     *Conn
	since time.Time
}

func (g *lagging) add(c *Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.queue = append(g.queue, laggard{c, c.p.now()}); len(g.queue) == 1 {
		g.tick()
	}
}

// tick has the clock call again. The caller holds mu.
func (g *lagging) tick() {
	switch {
	case g.over:
	case g.timer == nil:
		g.timer = time.AfterFunc(lagTick, g.sweep)
	default:
		g.timer.Reset(lagTick)
	}
}

// due takes those whose time has come, and the first of too many.
func (g *lagging) due() []laggard {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := max(0, len(g.queue)-maxLagging)
	for n < len(g.queue) && g.queue[n].c.p.now().Sub(g.queue[n].since) >= lag {
		n++
	}
	due := g.queue[:n:n]
	if g.queue = g.queue[n:]; len(g.queue) > 0 {
		g.tick()
	} else {
		g.queue = nil
	}
	return due
}

func (g *lagging) sweep() {
	for _, x := range g.due() {
		c := x.c
		c.after.mu.Lock()
		c.after.noted = false
		c.read()
		c.tidy()
		c.after.mu.Unlock()
	}
}

func (g *lagging) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	if g.timer != nil {
		g.timer.Stop()
	}
}

// part is a piece of a direction.
type part struct {
	l *lane
	n int
}

// lag is how long what has passed may stay unread where nobody asks, but for a
// lagTick: much of a connection at once costs less than little of it often.
// Beyond maxLagging connections it is less long, for each keeps a whole buffer.
const (
	lag        = time.Second
	lagTick    = 50 * time.Millisecond
	maxLagging = 512
)

// later puts a piece aside.
func (c *Conn) later(l *lane, p []byte) {
	b := &c.after
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(p) > 0 {
		if b.buf == nil {
			b.buf = c.p.bufs.get()
			if !b.noted {
				b.noted = true
				c.p.lagging.add(c)
			}
		}
		n := copy((*b.buf)[b.size:], p)
		p = p[n:]
		if b.size += n; n > 0 {
			if k := len(b.parts) - 1; k >= 0 && b.parts[k].l == l {
				b.parts[k].n += n
			} else {
				b.parts = append(b.parts, part{l, n})
			}
		}
		if b.size == len(*b.buf) {
			c.read()
		}
	}
}

// tidyLater has memory given back that is not needed while nothing comes.
func (c *Conn) tidyLater() {
	b := &c.after
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.noted {
		b.noted = true
		c.p.lagging.add(c)
	}
}

// tidy gives that memory back: a connection may say nothing for hours. A lane
// that is at work is left alone. The caller holds after.mu.
func (c *Conn) tidy() {
	for _, l := range c.lane {
		if l == nil || !l.mu.TryLock() {
			continue
		}
		if f, ok := l.framer.(*xmlstream.Framer); ok && !l.busy {
			f.Rest()
		}
		l.mu.Unlock()
	}
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	c.dec.Rest()
}

// catchUp reads what was put aside.
func (c *Conn) catchUp() {
	c.after.mu.Lock()
	defer c.after.mu.Unlock()
	c.read()
}

func (c *Conn) read() {
	b := &c.after
	if b.buf == nil {
		return
	}
	p := (*b.buf)[:b.size]
	for _, x := range b.parts {
		if !x.l.opaque.Load() {
			x.l.follow(p[:x.n])
		}
		p = p[x.n:]
	}
	c.p.bufs.put(b.buf)
	b.buf, b.size, b.parts = nil, 0, b.parts[:0]
}
