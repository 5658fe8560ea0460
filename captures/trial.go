package captures

import (
	"slices"

	"xmppscope/decode"
)

// wait keeps an op of a connection whose first bytes do not say yet what it is.
func (d *desk) wait(c *conversation, o *op, bytes []byte) {
	if o.kind == opConnect {
		return
	}
	c.waiting = append(c.waiting, waiting{op: *o, bytes: slices.Clone(bytes)})
	if o.kind == opData {
		c.syn = o.syn
		c.mid = c.mid || o.mid
	}
	if o.kind == opEnd {
		c.ended++
	}
	known := len(c.sniffed[o.dir])
	c.sniffed[o.dir] = append(c.sniffed[o.dir], bytes...)
	if o.kind == opData && c.judged[o.dir] != notXMPP {
		c.judged[o.dir] = recognise(c.sniffed[o.dir], known, o.mid || o.off > 0)
	}
	d.kept += len(bytes)
	size := len(c.sniffed[0]) + len(c.sniffed[1])
	switch {
	case c.judged[o.dir] == isXMPP, c.judged[o.dir] == mayCarry:
		d.kept -= size
		d.begin(c, int(o.dir))
	case c.judged == [2]verdict{notXMPP, notXMPP}, size > maxSniff, len(c.waiting) > maxWaiting, c.ended >= 2, d.kept > maxKept:
		d.kept -= size
		d.drop(c)
	}
}

// mayBeGuessed is for how many connections, the first ones, secrets of TLS are
// tried where the capture lacks a hello: trying is costly, and connections that
// were there before the capture come first.
const mayBeGuessed = 256

// begin makes a decoder and replays what waited. What it makes is kept until
// it is decided what the connection is.
func (d *desk) begin(c *conversation, dir int) {
	sure := c.judged[dir] == isXMPP
	if c.syn[0].Frame == 0 && c.syn[1].Frame == 0 {
		p := c.sniffed[dir]
		c.swap = dir == 0 && fromReceiver(p) || dir == 1 && !fromReceiver(p) && fromInitiator(p)
	}
	o := d.o
	o.MidStream = c.mid
	o.Guess = c.stream.id < mayBeGuessed
	c.conn = decode.NewConn(0, o)
	c.stage = onTrial
	c.doubtful = c.mid && o.Guess && c.syn == [3]Mark{} && insideTLS(c.sniffed)
	if m := c.connected(); m.Frame != 0 {
		d.emit(c, c.conn.Connect(at(m)), 0, c.synFrames()...)
	}
	ops := c.waiting
	c.waiting, c.sniffed, c.ended = nil, [2][]byte{}, 0
	for i := range ops {
		d.again(c, &ops[i].op, ops[i].bytes)
		d.do(c, &ops[i].op, ops[i].bytes)
		d.turn(c)
		if c.stage == onTrial && sure {
			d.release(c, isConversation)
		}
		if c.stage == onTrial {
			d.judge(c)
		}
		if c.stage == dropped {
			return
		}
	}
}

// judge asks the decoder whether the connection is XMPP.
func (d *desk) judge(c *conversation) {
	switch c.conn.Verdict() {
	case decode.IsXMPP:
		d.release(c, isConversation)
	case decode.IsCarrier:
		d.release(c, isCarrier)
	case decode.NotXMPP:
		d.drop(c)
	default:
		if c.heldBytes > maxHeld || d.kept > maxKept {
			d.drop(c)
		}
	}
}

// keepTrial counts what a connection on trial makes.
func (d *desk) keepTrial(c *conversation, n int) {
	c.heldBytes += n
	d.kept += n
}

// release ends a trial: what was kept goes on.
func (d *desk) release(c *conversation, s stage) {
	held := c.held
	d.certain(c)
	c.stage, c.held = s, nil
	d.kept -= c.heldBytes
	c.heldBytes = 0
	sum := c.summary()
	d.put(c, made{kind: madeBegun, sum: &sum})
	for i := range held {
		d.put(c, held[i])
	}
}

// drop forgets a connection.
func (d *desk) drop(c *conversation) {
	if c.stage == onTrial {
		if s := c.conn.Summary(); s.Encrypted && !s.Decrypted {
			d.now = append(d.now, made{kind: madeHidden, conv: c, op: d.op})
		}
	}
	d.certain(c)
	c.stage, c.held = dropped, nil
	c.conn, c.carried = nil, [2][]carriage{} // the connection may stay for long
	d.kept -= c.heldBytes
	c.heldBytes = 0
	c.stream.ignored.Store(true)
	c.waiting, c.sniffed = nil, [2][]byte{}
}

// lookups hands on where a connection asked for XMPP, once it has been told: it
// may stay open long after that was gone to. Should it turn out to carry XMPP
// itself, what was kept is handed on with it instead.
func (d *desk) lookups(c *conversation) {
	last := &c.held[len(c.held)-1].event
	if last.Step != decode.StepHostMeta || last.Dir != decode.FromReceiver {
		return
	}
	for ; c.told < len(c.held); c.told++ {
		if m := c.held[c.told]; m.event.Kind == decode.KindHTTP && m.event.Step == decode.StepHostMeta {
			m.kind, m.conv, m.op = madeLookup, c, d.op
			d.now = append(d.now, m)
		}
	}
}
