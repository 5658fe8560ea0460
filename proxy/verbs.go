package proxy

import (
	"fmt"
	"time"

	"xmppscope/decode"
)

// This file is what a person or a program does to a running connection.

// Held lists what waits: the client's direction first, each in its order.
func (c *Conn) Held() (all []Held) {
	for d := range 2 {
		l := c.way(decode.Dir(d))
		if l == nil {
			continue
		}
		l.mu.Lock()
		for _, it := range l.wait {
			if it.kind == unitItem {
				all = append(all, Held{ID: it.id, Dir: l.dir, Event: it.event, XML: it.text(),
					Since: it.since, Until: it.until, Asked: it.held, Why: it.why})
			}
		}
		l.mu.Unlock()
	}
	return all
}

// Release decides about a held unit. Where others wait before it, the decision
// stands until its turn comes, and can be changed until then. The verdict Hold
// takes a decision back.
func (c *Conn) Release(id uint32, v Verdict) error {
	for d := range 2 {
		l := c.way(decode.Dir(d))
		if l != nil && l.release(id, v) {
			return nil
		}
	}
	return fmt.Errorf("nothing with the number %d is held", id)
}

func (l *lane) release(id uint32, v Verdict) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range l.wait {
		if it.id != id || it.kind != unitItem {
			continue
		}
		it.stopTimer()
		switch v.Do {
		case Hold:
			it.verdict, it.held = nil, true
		case Delay:
			it.until, it.held = l.c.p.now().Add(v.Delay), true
			l.later(it, v)
		default:
			it.verdict = &v
			l.kick()
		}
		return true
	}
	return false
}

// GoOn lets all that is held go on: what the gate held as it came, what it
// delayed as it was to go then. What only waits behind that is decided by the
// gate when its turn comes, and so is what waits in a frozen direction, which
// stays frozen for what comes later.
func (c *Conn) GoOn(why string) {
	for d := range 2 {
		if l := c.way(decode.Dir(d)); l != nil {
			l.letGo(why)
		}
	}
}

func (l *lane) letGo(why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, it := range l.wait {
		if it.kind != unitItem || it.verdict != nil {
			continue // what was decided stands
		}
		it.passes = l.frozen
		if !it.held {
			continue
		}
		it.verdict = &Verdict{Why: why}
		if it.then != nil {
			it.verdict = it.then
		}
		it.stopTimer()
	}
	l.kick()
}

func (it *item) stopTimer() {
	if it.timer != nil {
		it.timer.Stop()
		it.timer, it.then, it.until = nil, nil, time.Time{}
	}
}

// Freeze stops a direction at the next place between elements; what comes is
// held until Thaw, or until it is released one by one.
func (c *Conn) Freeze(d decode.Dir) {
	if l := c.way(d); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.frozen = true
	}
}

// Thaw lets a direction go on.
func (c *Conn) Thaw(d decode.Dir) {
	if l := c.way(d); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.frozen = false
		l.kick()
	}
}

// Clock is when a side was last heard and last told anything; zero for never.
type Clock struct {
	LastIn, LastOut time.Time
	// Ended is set when the side has closed its direction.
	Ended bool
}

// Clocks are those of the client and of the server.
func (c *Conn) Clocks() (client, server Clock) {
	c.mu.Lock()
	b := c.b
	c.mu.Unlock()
	return c.a.clock(), b.clock()
}

func (l *leg) clock() (k Clock) {
	if l == nil {
		return k
	}
	if n := l.lastIn.Load(); n != 0 {
		k.LastIn = time.Unix(0, n)
	}
	if n := l.lastOut.Load(); n != 0 {
		k.LastOut = time.Unix(0, n)
	}
	k.Ended = l.finished.Load()
	return k
}
