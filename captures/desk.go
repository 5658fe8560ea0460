package captures

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// desk turns ordered bytes into items: it recognises XMPP, feeds the decoder of
// each conversation, and knows which frame carried what.
type desk struct {
	o       Options
	yield   func(Item, error) bool
	stopped bool
	seq     decode.Seq
	conns   decode.ConnID
	open    map[decode.ConnID]*conversation
	kept    int // bytes of connections that are not decided
	slab    []uint32
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
	last    Mark
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

func newDesk(o Options, yield func(Item, error) bool) *desk {
	d := &desk{o: o, yield: yield, open: map[decode.ConnID]*conversation{}}
	d.o.Decode.Tree = new(xmlstream.Tree) // one goroutine feeds all connections
	d.o.Decode.Number = func() decode.Seq {
		d.seq++
		return d.seq
	}
	return d
}

func (d *desk) take(b *batch) {
	for i := range b.ops {
		o := &b.ops[i]
		c := o.flow.conv
		if o.flow.ignored.Load() {
			continue
		}
		bytes := b.bytes[o.at : o.at+int(dataLen(o))]
		if c.conn != nil {
			d.do(c, o, bytes)
		} else {
			d.wait(c, o, bytes)
		}
		if d.stopped {
			return
		}
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
	c.sniffed[o.dir] = append(c.sniffed[o.dir], bytes...)
	if o.kind == opData && c.judged[o.dir] != notXMPP {
		c.judged[o.dir] = recognise(c.sniffed[o.dir], o.mid || o.off > 0)
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
	o := d.o.Decode
	o.MidStream = c.mid
	d.conns++
	c.conn = decode.NewConn(d.conns, o)
	d.open[d.conns] = c
	if d.o.Begin != nil {
		s := c.conn.Summary()
		c.name(&s)
		d.o.Begin(s)
	}
	if m := c.connected(); m.Frame != 0 {
		d.emit(c, c.conn.Connect(at(m)), 0, c.synFrames()...)
	}
	ops := c.waiting
	c.waiting, c.sniffed, c.ended = nil, [2][]byte{}, 0
	for i := range ops {
		d.do(c, &ops[i].op, ops[i].bytes)
	}
}

// name fills in the addresses of both sides.
func (c *conversation) name(s *decode.Conversation) {
	s.Initiator, s.Receiver = c.addr[0].String(), c.addr[1].String()
	if c.swap {
		s.Initiator, s.Receiver = s.Receiver, s.Initiator
	}
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
	c.last = o.mark
	switch o.kind {
	case opData:
		c.carried[dir] = append(c.carried[dir], carriage{o.off + int64(len(bytes)), o.mark.Frame})
		for len(bytes) > 0 && !d.stopped {
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

// finish closes what the input left open.
func (d *desk) finish() {
	for _, id := range slices.Sorted(maps.Keys(d.open)) {
		if c := d.open[id]; !d.stopped {
			d.close(c, at(c.last))
		}
	}
}

// close brings out the rest of a conversation and sums it up.
func (d *desk) close(c *conversation, t time.Time) {
	d.emit(c, c.conn.Finish(t), 0)
	delete(d.open, c.conn.ID())
	c.stream.ignored.Store(true)
	if d.stopped {
		return
	}
	s := c.conn.Summary()
	c.name(&s)
	s.Frames = c.frames
	d.stopped = !d.yield(Item{Conversation: &s}, nil)
}

// emit hands events on with the frames that carried them; others go to events
// without bytes.
func (d *desk) emit(c *conversation, events []decode.Event, frame uint32, others ...uint32) {
	for i := range events {
		if d.stopped {
			return
		}
		e := &events[i]
		switch {
		case len(e.Wire) > 0:
			e.Frames = d.carriers(c, e)
		case len(others) > 0:
			e.Frames = others
		case frame != 0:
			e.Frames = d.keep(frame)
		}
		d.stopped = !d.yield(Item{Event: e}, nil)
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
