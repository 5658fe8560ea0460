package captures

import (
	"slices"

	"xmppscope/decode"
)

// Which side of a connection initiated it a capture that begins in its middle
// does not show, and ports may mislead. Inside TLS the keys that fit tell it:
// what was read until then is read once more, the other way round.

// again keeps an op of a connection on trial that may have to be read again.
func (d *desk) again(c *conversation, o *op, bytes []byte) {
	if !c.doubtful {
		return
	}
	if d.kept+len(bytes) > maxKept || c.replayBytes+len(bytes) > maxHeld {
		d.certain(c)
		return
	}
	c.replay = append(c.replay, waiting{op: *o, bytes: slices.Clone(bytes)})
	c.replayBytes += len(bytes)
	d.kept += len(bytes)
}

// certain says that the sides are known, or that nothing will tell.
func (d *desk) certain(c *conversation) {
	d.kept -= c.replayBytes
	c.doubtful, c.replay, c.replayBytes = false, nil, 0
}

// turn begins anew with the sides the other way round where the keys say so.
func (d *desk) turn(c *conversation) {
	if !c.doubtful || c.stage != onTrial || !c.conn.Settled() {
		return
	}
	ops := c.replay
	d.certain(c)
	if !c.conn.Inverted() {
		return
	}
	o := d.o
	o.MidStream, o.Guess = true, true
	c.swap = !c.swap
	c.conn = decode.NewConn(0, o)
	d.keepTrial(c, -c.heldBytes)
	c.held, c.told, c.carried, c.reset, c.ended = nil, 0, [2][]carriage{}, false, 0
	for i := range ops {
		if d.do(c, &ops[i].op, ops[i].bytes); c.conn == nil {
			return
		}
	}
}
