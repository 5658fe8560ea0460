package proxy

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"xmppscope/decode"
)

// This file is the way to the tap. Calls about one flow come one after the
// other, with times that never run back.

// stamp is the time of what is told now; at is when it happened, zero for now.
// The caller holds tapMu.
func (c *Conn) stamp(at time.Time) time.Time {
	if at.IsZero() {
		at = c.p.now()
	}
	if at.Before(c.lastT) {
		at = c.lastT
	}
	c.lastT = at
	return at
}

func (c *Conn) data(leg Leg, dir decode.Dir, at time.Time, p []byte, marks []decode.Mark) {
	tap := c.p.o.Tap
	if tap == nil {
		return
	}
	c.tapMu.Lock()
	defer c.tapMu.Unlock()
	tap.Data(c.flow, leg, dir, c.stamp(at), p, marks...)
}

func (c *Conn) mark(marks ...decode.Mark) {
	tap := c.p.o.Tap
	if tap == nil || len(marks) == 0 {
		return
	}
	c.tapMu.Lock()
	defer c.tapMu.Unlock()
	tap.Mark(c.flow, c.stamp(time.Time{}), marks...)
}

// closed says that a direction of a leg has ended, once.
func (c *Conn) closed(leg Leg, dir decode.Dir, reset bool) {
	tap := c.p.o.Tap
	if tap == nil {
		return
	}
	c.tapMu.Lock()
	defer c.tapMu.Unlock()
	if !c.opened[leg] || c.ended[leg][dir] {
		return
	}
	c.ended[leg][dir] = true
	if reset {
		c.ended[leg] = [2]bool{true, true}
	}
	tap.Close(c.flow, leg, dir, c.stamp(time.Time{}), reset)
}

// abandoned says of the legs that were closed before their peers had ended that
// they are: whatever comes there is answered by a reset.
func (c *Conn) abandoned() {
	tap := c.p.o.Tap
	if tap == nil {
		return
	}
	c.tapMu.Lock()
	defer c.tapMu.Unlock()
	for leg, ours := range [...]decode.Dir{LegClient: decode.FromReceiver, LegServer: decode.FromInitiator} {
		if c.opened[leg] && c.ended[leg] != [2]bool{true, true} {
			c.ended[leg] = [2]bool{true, true}
			tap.Close(c.flow, Leg(leg), ours, c.stamp(time.Time{}), true)
		}
	}
}

// quoted is wire text in a note. It is recorded, as all of the wire is; a log may
// go to others, and has its length alone.
type quoted []byte

func (q quoted) String() string { return legible(q) }

// note records something that the proxy did or found.
func (c *Conn) note(dir decode.Dir, format string, args ...any) {
	if c.p.log.Enabled(context.Background(), slog.LevelInfo) {
		shown := slices.Clone(args)
		for i, a := range shown {
			if q, ok := a.(quoted); ok {
				shown[i] = "(" + counted(len(q), "byte") + ")"
			}
		}
		c.p.log.Info(fmt.Sprintf(format, shown...), "flow", c.flow)
	}
	c.mark(decode.Mark{Do: decode.MarkNote, Dir: dir, Note: fmt.Sprintf(format, args...)})
}
