package captures

import (
	"io"
	"math"
	"net/netip"
	"sync"
	"time"

	"xmppscope/decode"
)

// Tap makes a capture of what passes through a proxy: packets of TCP with the
// real bytes of both legs, the keys of TLS, and marks of what the proxy did. The
// packets go to a file, to a reader in this process, or to both; whoever reads
// them gets the same events.
//
// Its methods may be called from any goroutine. They only note what passes:
// packets are made by who reads them, or by a goroutine of the tap's own where
// nobody does. It never fails its caller: what cannot be written is told to
// Failed once.
type Tap struct {
	o     TapOptions
	bell  chan struct{}
	quiet sync.WaitGroup // the goroutine that makes packets nobody reads

	mu    sync.Mutex
	log   tapLog
	wake  int // how much must be noted until the bell is rung
	room  *sync.Cond
	ended bool
	keys  []Secret
	gone  bool // nobody reads

	// Of who makes packets.
	making sync.Mutex
	out    *Writer // nil where nothing is recorded, or no longer
	make   segments
	conns  map[legKey]*tapConn
	made   uint32
	frames uint32
	unsent bool // the file lacks something that was written
	ticker *time.Timer
	marked []decode.Mark // told with the next bytes of leg A
	silent bool          // nothing is recorded: the other leg is told of for its marks only
	steady int           // breaths, one after the other, in which something came
}

// TapOptions of a [Tap].
type TapOptions struct {
	// Record is where the recording goes; nil for none. Whole blocks are written
	// to it, soon after they are made.
	Record io.Writer
	// Live is set where [Tap.Input] will be read.
	Live bool
	// Failed is told, once, that nothing more is recorded.
	Failed func(error)
}

type legKey struct {
	flow   uint64
	beside bool
}

// tapConn is one leg of one connection.
type tapConn struct {
	ends   [2]netip.AddrPort
	next   [2]uint32
	over   [2]bool
	last   int64
	window uint16 // goes round
}

// tapNote is one thing that passed.
type tapNote struct {
	what  tapKind
	key   legKey
	side  uint8
	reset bool
	more  bool // of data: the same write goes on
	at    int64
	ends  *[2]netip.AddrPort
	data  []byte
	marks []decode.Mark
}

type tapKind uint8

const (
	tapOpen tapKind = iota
	tapData
	tapMarks // with the bytes that follow
	tapMark
	tapEnd
	tapForget
	tapKeys
)

const (
	tapAhead   = 16 << 20               // bytes that wait in memory to become packets
	tapDelay   = 100 * time.Millisecond // until what was made is in the file
	tapSegment = 60 << 10               // bytes of one packet
)

// NewTap begins a capture.
func NewTap(o TapOptions) *Tap {
	t := &Tap{o: o, make: newSegments(), conns: map[legKey]*tapConn{}, bell: make(chan struct{}, 1), wake: math.MaxInt, gone: !o.Live, silent: o.Record == nil}
	t.room = sync.NewCond(&t.mu)
	if o.Record != nil {
		t.out = newWriter(o.Record, recorderName)
		t.out.names = true
		t.out.iface(ifaceKey{LinkEthernet, false})
		t.out.iface(ifaceKey{LinkEthernet, true})
		t.flush()
	}
	if t.gone {
		t.quiet.Go(t.record)
	}
	return t
}

// note keeps what passed until it becomes a packet.
func (t *Tap) note(n tapNote) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.log.add(n)
		t.noted()
	}
}

// Open says that a leg was set up. beside is false for the leg of the client,
// which is the conversation, and true for that of the server.
func (t *Tap) Open(flow uint64, beside bool, initiator, receiver netip.AddrPort, at time.Time) {
	t.note(tapNote{what: tapOpen, key: legKey{flow, beside}, at: at.UnixNano(), ends: &[2]netip.AddrPort{
		netip.AddrPortFrom(initiator.Addr().Unmap(), initiator.Port()), netip.AddrPortFrom(receiver.Addr().Unmap(), receiver.Port())}})
}

// Data is bytes that were sent on a leg. dir is FromInitiator for the side that
// opened it. The marks are about the client's leg and come before the bytes.
func (t *Tap) Data(flow uint64, beside bool, dir decode.Dir, at time.Time, p []byte, marks ...decode.Mark) {
	what, when := uint8(0), at.UnixNano()
	if beside {
		if what = recBeside; t.silent && len(marks) == 0 {
			return
		}
	}
	if dir == decode.FromReceiver {
		what |= recSide
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	if len(marks) > 0 {
		how := tapMarks
		if len(p) == 0 {
			how = tapMark
		}
		t.log.add(tapNote{what: how, key: legKey{flow, beside}, at: when, marks: copyMarks(marks)})
	}
	for size := len(p); size > 0 && (!beside || !t.silent); size = len(p) {
		n := min(size, tapSegment)
		if n < size {
			t.log.bytes(what|recMore, flow, when, p[:n])
		} else {
			t.log.bytes(what, flow, when, p)
		}
		p = p[n:]
	}
	t.noted()
}

// Mark is marks without bytes.
func (t *Tap) Mark(flow uint64, at time.Time, marks ...decode.Mark) {
	t.note(tapNote{what: tapMark, key: legKey{flow, false}, at: at.UnixNano(), marks: copyMarks(marks)})
}

// End says that a direction of a leg has ended, by FIN or, with reset, by RST.
func (t *Tap) End(flow uint64, beside bool, dir decode.Dir, at time.Time, reset bool) {
	t.note(tapNote{what: tapEnd, key: legKey{flow, beside}, side: uint8(dir), at: at.UnixNano(), reset: reset})
}

// Forget says that nothing more comes about a flow.
func (t *Tap) Forget(flow uint64) { t.note(tapNote{what: tapForget, key: legKey{flow, false}}) }

// Keys is a line of a TLS key log, with its end of line.
func (t *Tap) Keys(line []byte) {
	t.note(tapNote{what: tapKeys, data: append([]byte(nil), line...)})
}

// take is all that was noted.
func (t *Tap) take() (k tapTaken, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k.blocks, k.rare = t.log.blocks, t.log.rare
	t.log.blocks, t.log.rare, t.log.size = nil, nil, 0
	t.room.Broadcast()
	return k, t.ended
}

// record makes packets that nobody but the file gets, until the tap is closed.
func (t *Tap) record() {
	for ended := false; !ended; {
		t.await(nil, nil)
		var k tapTaken
		k, ended = t.take()
		t.rest(&k)
	}
	t.mu.Lock()
	t.log.file.close()
	t.mu.Unlock()
}

// rest makes what is left of something taken into packets of the file.
func (t *Tap) rest(k *tapTaken) {
	for n, ok := t.next(k); ok; n, ok = t.next(k) {
		t.packets(&n, nil)
	}
}

// packets makes a note into packets, in the file and for give; those are valid
// during the call.
func (t *Tap) packets(n *tapNote, give func(Packet)) {
	t.making.Lock()
	defer t.making.Unlock()
	t.one(n, give)
}

func (t *Tap) one(n *tapNote, give func(Packet)) {
	c := t.conns[n.key]
	switch n.what {
	case tapOpen:
		t.made++
		seq := t.made * firstSeq
		c = &tapConn{ends: *n.ends, next: [2]uint32{seq, seq}, last: n.at}
		t.conns[n.key] = c
		const longest = 0xffd7
		t.segment(c, n, 0, nil, tcpHead{flags: flagSYN, longest: longest}, nil, give)
		t.segment(c, n, 1, nil, tcpHead{flags: flagSYN | flagACK, longest: longest}, nil, give)
		t.segment(c, n, 0, nil, tcpHead{flags: flagACK}, nil, give)
	case tapData:
		marks := t.marked
		t.marked = nil
		if c == nil {
			return
		}
		h := tcpHead{flags: flagACK | flagPSH}
		if n.more {
			h.flags = flagACK
		}
		t.segment(c, n, int(n.side), n.data, h, marks, give)
	case tapMarks:
		if !n.key.beside {
			t.marked = n.marks // with the bytes that follow
			return
		}
		fallthrough
	case tapMark:
		t.marks(n, give)
	case tapEnd:
		if c != nil {
			t.end(c, n, give)
		}
	case tapForget:
		delete(t.conns, n.key)
		delete(t.conns, legKey{n.key.flow, true})
	case tapKeys:
		t.mu.Lock()
		if !t.gone {
			t.keys = append(t.keys, Secret{Type: SecretTLS, Data: n.data, Proxy: true})
		}
		t.mu.Unlock()
		if t.out != nil {
			t.out.secrets(n.data)
			t.written()
		}
	}
}

// marks makes a packet without bytes on the client's leg.
func (t *Tap) marks(n *tapNote, give func(Packet)) {
	c := t.conns[legKey{n.key.flow, false}]
	if c == nil || len(n.marks) == 0 {
		return
	}
	own := *n
	own.key.beside = false
	// Another window each time, or readers take it for a second acknowledgement.
	c.window = (c.window + 1) % 1000
	t.segment(c, &own, int(n.marks[0].Dir), nil, tcpHead{flags: flagACK, window: maxWindow - 1 - c.window}, n.marks, give)
}

func (t *Tap) end(c *tapConn, n *tapNote, give func(Packet)) {
	if c.over[n.side] && !n.reset || c.over == [2]bool{true, true} {
		return
	}
	if n.reset {
		// Both sides send one: nothing is on its way any more, and readers need
		// not wait whether something is.
		over := c.over
		c.over = [2]bool{true, true}
		for _, side := range [...]uint8{n.side, n.side ^ 1} {
			if !over[side] || side == n.side {
				t.segment(c, n, int(side), nil, tcpHead{flags: flagRST | flagACK}, nil, give)
			}
		}
		return
	}
	c.over[n.side] = true
	t.segment(c, n, int(n.side), nil, tcpHead{flags: flagFIN | flagACK}, nil, give)
	if c.over == [2]bool{true, true} {
		t.segment(c, n, int(n.side^1), nil, tcpHead{flags: flagACK}, nil, give)
	}
}

// segment makes one packet and hands it on.
func (t *Tap) segment(c *tapConn, n *tapNote, side int, data []byte, h tcpHead, marks []decode.Mark, give func(Packet)) {
	c.last = max(c.last, n.at)
	t.frames++
	live := give != nil && !n.key.beside
	if !live && t.out == nil {
		return
	}
	t.make.sums = t.out != nil
	frame, err := t.make.segment(c.ends, &c.next, side, data, h)
	if err != nil {
		return // addresses of two kinds: no packet has both
	}
	p := Packet{Data: frame, Time: c.last, Frame: t.frames, OrigLen: uint32(len(frame)), Link: LinkEthernet, Beside: n.key.beside}
	if t.out != nil {
		var text []string
		for i := range marks {
			text = append(text, comments(&marks[i])...)
		}
		t.out.packet(&p, text)
		t.written()
	}
	if live {
		p.Marks = marks
		give(p)
	}
}

// copyMarks copies what the caller may use again.
func copyMarks(marks []decode.Mark) []decode.Mark {
	if len(marks) == 0 {
		return nil
	}
	all := append([]decode.Mark(nil), marks...)
	for i := range all {
		if all[i].Text != nil {
			all[i].Text = append([]byte{}, all[i].Text...)
		}
	}
	return all
}

// written sees to it that what was written comes into the file: at once where it
// is much, a little later else. The file always ends with a whole block.
func (t *Tap) written() {
	if t.out.w.Buffered() > t.out.w.Size()/2 {
		t.flush()
		return
	}
	if t.unsent || t.out.err != nil {
		t.failed()
		return
	}
	t.unsent = true
	t.ticker = time.AfterFunc(tapDelay, func() {
		t.making.Lock()
		defer t.making.Unlock()
		t.flush()
	})
}

func (t *Tap) flush() {
	t.unsent = false
	if t.out != nil {
		t.out.Flush()
		t.failed()
	}
}

// failed ends the recording where writing failed.
func (t *Tap) failed() {
	if t.out == nil || t.out.err == nil {
		return
	}
	err := t.out.err
	t.out = nil
	if t.o.Failed != nil {
		go t.o.Failed(err)
	}
}

// Close ends the capture and returns when the file has all of it, but for what
// a reader has not taken yet: that comes as the reader reads on. What
// connections still carry is not captured any more.
func (t *Tap) Close() error {
	t.mu.Lock()
	t.ended = true
	t.room.Broadcast()
	t.ring()
	t.mu.Unlock()
	t.quiet.Wait()
	t.making.Lock()
	defer t.making.Unlock()
	if t.ticker != nil {
		t.ticker.Stop()
	}
	t.flush()
	return nil
}
