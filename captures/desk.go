package captures

import (
	"fmt"
	"net/netip"
	"slices"
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
}

// made is one thing that a desk made of an op: an event, or the beginning or
// end of a conversation.
type made struct {
	op    int
	conv  *conversation
	event decode.Event
	begun *decode.Conversation
	over  *decode.Conversation
}

// conversation is a TCP connection that is or may become a conversation.
type conversation struct {
	stream *stream
	addr   [2]netip.AddrPort
	conn   *decode.Conn // nil until XMPP is recognised
	swap   bool         // the sides are the other way round than they seemed
	mid    bool
	// sniffed and waiting hold what came before the decision.
	sniffed [2][]byte
	judged  [2]verdict
	waiting []waiting
	syn     [3]Mark
	// carried are the frames of the bytes that stand in no event yet.
	carried [2][]carriage
	frames  int
	ended   int
	reset   bool
	// What follows belongs to the numbering: its own number, and those that
	// its events got, in order.
	id   decode.ConnID
	seqs []decode.Seq
}

type waiting struct {
	op
	bytes []byte
}

// carriage says that a frame carried the bytes of a direction up to an offset.
type carriage struct {
	end   int64
	frame uint32
}

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
			if o.flow.desk == d.index && !o.flow.ignored.Load() {
				d.op = i
				d.take(o.flow.conv, o, b.bytes[o.at:o.at+int(dataLen(o))])
			}
		}
		b.made[d.index] = d.now
		b.decoded.Done()
	}
}

func (d *desk) take(c *conversation, o *op, bytes []byte) {
	if c.conn != nil {
		d.do(c, o, bytes)
	} else {
		d.wait(c, o, bytes)
	}
}

func dataLen(o *op) int64 {
	if o.kind == opData {
		return o.n
	}
	return 0
}

// wait keeps an op of a connection that is not recognised yet.
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
	case c.judged[o.dir] == isXMPP:
		d.kept -= size
		d.begin(c, int(o.dir))
	case c.judged == [2]verdict{notXMPP, notXMPP}, size > maxSniff, len(c.waiting) > maxWaiting, c.ended >= 2, d.kept > maxKept:
		d.kept -= size
		c.stream.ignored.Store(true)
		c.waiting, c.sniffed = nil, [2][]byte{}
	}
}

const (
	maxWaiting = 256      // segments of one connection that is not decided
	maxKept    = 64 << 20 // bytes of all of them
)

// begin makes a conversation of a connection and replays what waited.
func (d *desk) begin(c *conversation, dir int) {
	if c.syn[0].Frame == 0 && c.syn[1].Frame == 0 {
		p := c.sniffed[dir]
		c.swap = dir == 0 && fromReceiver(p) || dir == 1 && !fromReceiver(p) && fromInitiator(p)
	}
	o := d.o
	o.MidStream = c.mid
	c.conn = decode.NewConn(0, o)
	sum := c.summary()
	d.now = append(d.now, made{op: d.op, conv: c, begun: &sum})
	if m := c.connected(); m.Frame != 0 {
		d.emit(c, c.conn.Connect(at(m)), 0, c.synFrames()...)
	}
	ops := c.waiting
	c.waiting, c.sniffed, c.ended = nil, [2][]byte{}, 0
	for i := range ops {
		d.do(c, &ops[i].op, ops[i].bytes)
	}
}

// summary is what the decoder knows so far, with addresses and frames.
func (c *conversation) summary() decode.Conversation {
	s := c.conn.Summary()
	s.Initiator, s.Receiver = c.addr[0].String(), c.addr[1].String()
	if c.swap {
		s.Initiator, s.Receiver = s.Receiver, s.Initiator
	}
	s.Frames = c.frames
	return s
}

// connected is when TCP was set up, as far as the capture shows it.
func (c *conversation) connected() (m Mark) {
	for _, s := range c.syn {
		if s.Frame != 0 {
			m = s
		}
	}
	return m
}

func (c *conversation) synFrames() (all []uint32) {
	for _, s := range c.syn {
		if s.Frame != 0 && !slices.Contains(all, s.Frame) {
			all = append(all, s.Frame)
		}
	}
	return all
}

func at(m Mark) time.Time { return time.Unix(0, m.Time).UTC() }

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
	case opGap:
		d.emit(c, c.conn.Gap(dir, t, o.n), o.mark.Frame)
	case opConflict:
		d.emit(c, c.conn.Note(dir, t, fmt.Sprintf("frame %d brings %d bytes of this direction again with other content, at offset %d; what came first counts", o.mark.Frame, o.n, o.off)), o.mark.Frame)
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
		d.close(c, t)
	}
}

// close brings out the rest of a conversation and sums it up.
func (d *desk) close(c *conversation, t time.Time) {
	d.emit(c, c.conn.Finish(t), 0)
	c.stream.ignored.Store(true)
	sum := c.summary()
	d.now = append(d.now, made{op: d.op, conv: c, over: &sum})
}

// emit hands events on with the frames that carried them; others go to events
// without bytes.
func (d *desk) emit(c *conversation, events []decode.Event, frame uint32, others ...uint32) {
	for i := range events {
		d.now = append(d.now, made{op: d.op, conv: c, event: events[i]})
		e := &d.now[len(d.now)-1].event
		switch {
		case len(e.Wire) > 0:
			e.Frames = d.carriers(c, e)
		case len(others) > 0:
			e.Frames = others
		case frame != 0:
			e.Frames = d.keep(frame)
		}
	}
}

// carriers lists the frames that carried an event. The events of a direction
// come in the order of its bytes.
func (d *desk) carriers(c *conversation, e *decode.Event) []uint32 {
	q := c.carried[e.Dir]
	end := e.Off + int64(len(e.Wire))
	i := 0
	for i < len(q) && q[i].end <= e.Off {
		i++
	}
	from := i
	d.slab = d.slab[len(d.slab):]
	for ; i < len(q); i++ {
		if n := len(d.slab); n == 0 || d.slab[n-1] != q[i].frame {
			d.slab = d.keepOn(q[i].frame)
		}
		if q[i].end >= end {
			break
		}
	}
	if from == len(q) {
		return nil
	}
	c.carried[e.Dir] = shift(q, min(i, len(q)-1))
	return d.slab[:len(d.slab):len(d.slab)]
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
