package captures

import (
	"fmt"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// desk turns ordered bytes into events: it recognises XMPP, feeds the decoder
// of each conversation, and knows which frame carried what. Several desks share
// the connections among them.
type desk struct {
	index int
	o     decode.Options
	in    chan *batch
	now   []made
	op    int // index of the op at work in its batch
	kept  int // bytes of connections that are not decided
	slab  []uint32
	// locked are the conversations whose TLS waits for keys.
	locked []*conversation
	// busy are the conversations that have spoken lately; others are kept small.
	busy [maxBusy]*conversation
	slot int
}

// maxBusy bounds the conversations of a desk that are not kept small.
const maxBusy = 1 << 9

// rouse notes that a conversation speaks. The one that has been listed for longest
// makes room, and is kept small until it speaks again.
func (d *desk) rouse(c *conversation) {
	if c.busy {
		return
	}
	if old := d.busy[d.slot]; old != nil {
		if old.busy = false; old.conn != nil {
			old.conn.Rest()
		}
	}
	c.busy = true
	d.busy[d.slot] = c
	d.slot = (d.slot + 1) % maxBusy
}

// made is one thing that a desk made of an op: an event, or the beginning or
// end of a conversation or of a connection that carries several.
type made struct {
	op    int
	conv  *conversation
	kind  madeKind
	event decode.Event
	sum   *decode.Conversation
	// carrier is set for what a connection that carries BOSH makes.
	carrier bool
}

type madeKind uint8

const (
	madeEvent  madeKind = iota
	madeBegun           // of a conversation: sum is what is known before its first event
	madeOver            // sum is all there is to say
	madeLookup          // event of a connection that only asked where to go
	madeHidden          // a connection that TLS hides
)

func newDesk(index int, o decode.Options) *desk {
	o.Number = nil               // numbered when the desks' work is put in order
	o.Tree = new(xmlstream.Tree) // all connections of a desk share it
	return &desk{index: index, o: o, in: make(chan *batch, batchesAhead)}
}

func (d *desk) run() {
	for b := range d.in {
		d.now = b.made[d.index]
		for i := range b.ops {
			o := &b.ops[i]
			if o.kind == opKeys {
				d.op = i
				d.unlock()
			} else if o.flow.desk == d.index && !o.flow.ignored.Load() {
				d.op = i
				d.take(o.flow.conv, o, b.bytes[o.at:o.at+int(dataLen(o))])
			}
		}
		b.made[d.index] = d.now
		b.decoded.Done()
	}
}

func (d *desk) take(c *conversation, o *op, bytes []byte) {
	if c.conn == nil {
		d.wait(c, o, bytes)
		return
	}
	d.rouse(c)
	d.again(c, o, bytes)
	d.do(c, o, bytes)
	d.turn(c)
	if c.stage == onTrial {
		d.judge(c)
	}
}

func dataLen(o *op) int64 {
	if o.kind == opData {
		return o.n
	}
	return 0
}

// do applies one op to a conversation.
func (d *desk) do(c *conversation, o *op, bytes []byte) {
	dir := decode.Dir(o.dir)
	if c.swap {
		dir = dir.Other()
	}
	t := at(o.mark)
	switch o.kind {
	case opData:
		c.carried[dir] = append(c.carried[dir], carriage{o.off + int64(len(bytes)), o.mark.Frame})
		for len(bytes) > 0 {
			events, n := c.conn.Feed(dir, t, bytes)
			d.emit(c, events, o.mark.Frame)
			bytes = bytes[n:]
		}
		d.lock(c)
	case opGap:
		d.emit(c, c.conn.Gap(dir, t, o.n), o.mark.Frame)
	case opConflict:
		d.emit(c, c.conn.Note(dir, t, fmt.Sprintf("frame %d brings %d bytes of this direction again with other content, at offset %d; what came first counts", o.mark.Frame, o.n, o.off)), o.mark.Frame)
	case opMarks:
		c.conn.Proxied()
		for _, m := range o.marks {
			d.emit(c, c.conn.Mark(t, m), o.mark.Frame)
		}
		d.lock(c)
	case opEnd:
		d.end(c, o, dir, t)
	}
}

func (d *desk) end(c *conversation, o *op, dir decode.Dir, t time.Time) {
	switch {
	case o.cause == EndFIN:
		d.emit(c, c.conn.End(dir, t), o.mark.Frame)
	case o.cause == EndRST && !c.reset:
		c.reset = true
		d.emit(c, c.conn.Reset(dir, t), o.mark.Frame)
	}
	c.frames = int(o.count[0] + o.count[1])
	if c.ended++; c.ended == 2 {
		d.emit(c, c.conn.Finish(t), 0)
		d.close(c)
	}
}

// close sums a conversation up.
func (d *desk) close(c *conversation) {
	if c.stage == onTrial {
		d.judge(c)
	}
	if c.stage == isConversation || c.stage == isCarrier {
		sum := c.summary()
		d.put(c, made{kind: madeOver, sum: &sum})
	}
	d.drop(c)
}

// emit hands events on with the frames that carried them; others go to events
// without bytes.
func (d *desk) emit(c *conversation, events []decode.Event, frame uint32, others ...uint32) {
	for i := range events {
		e := &events[i]
		switch {
		case len(e.Wire) > 0:
			e.Frames, e.Seams = d.carriers(c, e)
		case len(others) > 0:
			e.Frames = others
		case frame != 0:
			e.Frames = d.keep(frame)
		}
		d.put(c, made{event: *e})
	}
}

// put hands something on, or keeps it while the connection is on trial.
func (d *desk) put(c *conversation, m made) {
	m.conv, m.op = c, d.op
	switch c.stage {
	case onTrial:
		c.held = append(c.held, m)
		d.lookups(c)
		d.keepTrial(c, len(m.event.Wire)+len(m.event.Body))
		return
	case isCarrier:
		m.carrier = true
	}
	d.now = append(d.now, m)
}

// carriers lists the frames that carried an event, and where the bytes of each
// but the last end. The events of a direction come in the order of its bytes;
// those in one TLS record have the same ones.
func (d *desk) carriers(c *conversation, e *decode.Event) (frames []uint32, seams []int64) {
	q := c.carried[e.Dir]
	end := e.Raw.End
	i := 0
	for i < len(q) && q[i].end <= e.Raw.Start {
		i++
	}
	from := i
	d.slab = d.slab[len(d.slab):]
	for ; i < len(q); i++ {
		if n := len(d.slab); n == 0 || d.slab[n-1] != q[i].frame {
			if n > 0 {
				seams = append(seams, q[i-1].end)
			}
			d.slab = d.keepOn(q[i].frame)
		}
		if q[i].end >= end {
			break
		}
	}
	if from == len(q) {
		return nil, nil
	}
	c.carried[e.Dir] = shift(q, from)
	return d.slab[:len(d.slab):len(d.slab)], seams
}

// shift drops the first n of q and keeps its memory from creeping.
func shift(q []carriage, n int) []carriage {
	if n == 0 {
		return q
	}
	return q[:copy(q, q[n:])]
}

// keep stores one frame number for an event.
func (d *desk) keep(frame uint32) []uint32 {
	d.slab = d.slab[len(d.slab):]
	d.slab = d.keepOn(frame)
	return d.slab[:1:1]
}

// keepOn appends to the slab at hand, and begins a new one where it is full: a
// list must lie in one piece.
func (d *desk) keepOn(frame uint32) []uint32 {
	if len(d.slab) == cap(d.slab) {
		next := make([]uint32, len(d.slab), max(1024, 2*len(d.slab)))
		copy(next, d.slab)
		d.slab = next
	}
	return append(d.slab, frame)
}
