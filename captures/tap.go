package captures

import (
	"context"
	"io"
	"net/netip"
	"sync"
	"time"

	"github.com/google/gopacket/layers"

	"xmppscope/decode"
)

// Tap makes a capture of what passes through a proxy: packets of TCP with the
// real bytes of both legs, the keys of TLS, and marks of what the proxy did. The
// packets go to a file, to a reader in this process, or to both; whoever reads
// them gets the same events.
//
// Its methods may be called from any goroutine. It never fails its caller: what
// cannot be written is told to Failed once.
type Tap struct {
	o      TapOptions
	mu     sync.Mutex
	out    *Writer // nil where nothing is recorded, or no longer
	make   segments
	conns  map[legKey]*tapConn
	made   uint32
	frames uint32
	unsent bool // the file lacks something that was written
	keys   []Secret
	ahead  []tapPacket
	size   int // of the data ahead
	room   *sync.Cond
	bell   chan struct{}
	ended  bool
	gone   bool // nobody reads any more
	latest int64
	ticker *time.Timer
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
	last   time.Time
	window uint16 // goes round
}

type tapPacket struct {
	data   []byte
	marks  []decode.Mark
	time   int64
	frame  uint32
	beside bool
}

const (
	tapAhead   = 16 << 20               // bytes that wait for the reader
	tapDelay   = 100 * time.Millisecond // until what was made is in the file
	tapSegment = 60 << 10               // bytes of one packet
)

// NewTap begins a capture.
func NewTap(o TapOptions) *Tap {
	t := &Tap{o: o, make: newSegments(), conns: map[legKey]*tapConn{}, bell: make(chan struct{}, 1)}
	t.room = sync.NewCond(&t.mu)
	if o.Record != nil {
		t.out = newWriter(o.Record, recorderName)
		t.out.names = true
		t.out.iface(ifaceKey{LinkEthernet, false})
		t.out.iface(ifaceKey{LinkEthernet, true})
		t.flush()
	}
	return t
}

// Open says that a leg was set up. beside is false for the leg of the client,
// which is the conversation, and true for that of the server.
func (t *Tap) Open(flow uint64, beside bool, initiator, receiver netip.AddrPort, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	initiator = netip.AddrPortFrom(initiator.Addr().Unmap(), initiator.Port())
	receiver = netip.AddrPortFrom(receiver.Addr().Unmap(), receiver.Port())
	t.made++
	seq := t.made * firstSeq
	c := &tapConn{ends: [2]netip.AddrPort{initiator, receiver}, next: [2]uint32{seq, seq}, last: at}
	t.conns[legKey{flow, beside}] = c
	size := layers.TCPOption{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: []byte{0xff, 0xd7}}
	t.segment(c, beside, 0, at, nil, layers.TCP{SYN: true, Options: []layers.TCPOption{size}}, nil)
	t.segment(c, beside, 1, at, nil, layers.TCP{SYN: true, ACK: true, Options: []layers.TCPOption{size}}, nil)
	t.segment(c, beside, 0, at, nil, layers.TCP{ACK: true}, nil)
}

// Data is bytes that were sent on a leg. dir is FromInitiator for the side that
// opened it. The marks are about the client's leg and come before the bytes.
func (t *Tap) Data(flow uint64, beside bool, dir decode.Dir, at time.Time, p []byte, marks ...decode.Mark) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.markOn(flow, beside, at, &marks)
	c := t.conns[legKey{flow, beside}]
	if c == nil {
		return
	}
	for len(p) > 0 {
		n := min(len(p), tapSegment)
		t.segment(c, beside, int(dir), at, p[:n], layers.TCP{ACK: true, PSH: n == len(p)}, marks)
		p, marks = p[n:], nil
	}
}

// markOn sends marks that come with bytes of the server's leg ahead of them, on
// the client's.
func (t *Tap) markOn(flow uint64, beside bool, at time.Time, marks *[]decode.Mark) {
	if beside && len(*marks) > 0 {
		t.mark(flow, at, *marks)
		*marks = nil
	}
}

// Mark is marks without bytes.
func (t *Tap) Mark(flow uint64, at time.Time, marks ...decode.Mark) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mark(flow, at, marks)
}

func (t *Tap) mark(flow uint64, at time.Time, marks []decode.Mark) {
	c := t.conns[legKey{flow, false}]
	if c != nil && len(marks) > 0 {
		// Another window each time, or readers take it for a second acknowledgement.
		c.window = (c.window + 1) % 1000
		t.segment(c, false, int(marks[0].Dir), at, nil, layers.TCP{ACK: true, Window: maxWindow - 1 - c.window}, marks)
	}
}

// End says that a direction of a leg has ended, by FIN or, with reset, by RST.
func (t *Tap) End(flow uint64, beside bool, dir decode.Dir, at time.Time, reset bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := legKey{flow, beside}
	c := t.conns[k]
	if c == nil || c.over[dir] && !reset || c.over == [2]bool{true, true} {
		return
	}
	if reset {
		c.over = [2]bool{true, true}
		t.segment(c, beside, int(dir), at, nil, layers.TCP{RST: true, ACK: true}, nil)
	} else {
		c.over[dir] = true
		t.segment(c, beside, int(dir), at, nil, layers.TCP{FIN: true, ACK: true}, nil)
	}
	if c.over == [2]bool{true, true} && !reset {
		t.segment(c, beside, int(dir.Other()), at, nil, layers.TCP{ACK: true}, nil)
	}
}

// Forget says that nothing more comes about a flow.
func (t *Tap) Forget(flow uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.conns, legKey{flow, false})
	delete(t.conns, legKey{flow, true})
}

// Keys is a line of a TLS key log, with its end of line.
func (t *Tap) Keys(line []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.o.Live && !t.gone {
		t.keys = append(t.keys, Secret{Type: SecretTLS, Data: append([]byte(nil), line...)})
		t.ring()
	}
	if t.out != nil {
		t.out.secrets(line)
		t.written()
	}
}

// segment makes one packet and hands it on.
func (t *Tap) segment(c *tapConn, beside bool, side int, at time.Time, data []byte, tcp layers.TCP, marks []decode.Mark) {
	if at.Before(c.last) {
		at = c.last
	}
	c.last = at
	frame, err := t.make.segment(c.ends, &c.next, side, data, tcp)
	if err != nil {
		return // addresses of two kinds: no packet has both
	}
	t.frames++
	if t.out != nil {
		var text []string
		for i := range marks {
			text = append(text, comments(&marks[i])...)
		}
		t.out.packet(&Packet{Data: frame, Time: at.UnixNano(), Link: LinkEthernet, Beside: beside}, text)
		t.written()
	}
	if t.o.Live && !beside {
		t.ahead = append(t.ahead, tapPacket{data: append([]byte(nil), frame...), marks: copyMarks(marks), time: at.UnixNano(), frame: t.frames})
		t.size += len(frame)
		t.ring()
		for t.size > tapAhead && !t.gone && !t.ended {
			t.room.Wait()
		}
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
		t.mu.Lock()
		defer t.mu.Unlock()
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

// Close brings everything into the file and ends the reader's input. What
// connections still carry is not captured any more.
func (t *Tap) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ticker != nil {
		t.ticker.Stop()
	}
	t.flush()
	t.ended = true
	clear(t.conns)
	t.room.Broadcast()
	t.ring()
	return nil
}

// ring wakes the reader.
func (t *Tap) ring() {
	select {
	case t.bell <- struct{}{}:
	default:
	}
}

// Input is what is captured from now on, to be read once in this process while
// it grows; see [Options.Live].
func (t *Tap) Input() Input {
	return Input{Name: "the proxy", Size: -1, source: func(ctx context.Context, o OpenOptions) (source, error) {
		return &tapSource{t: t, ctx: ctx, idle: o.Idle, file: uint16(o.File)}, nil
	}}
}

// tapSource is the reader's end.
type tapSource struct {
	t    *Tap
	ctx  context.Context
	idle func()
	file uint16
	now  []tapPacket
}

// Next gives the next packet; io.EOF when the tap was closed, or the context is
// done.
func (s *tapSource) Next(p *Packet) error {
	for len(s.now) == 0 {
		more, ended := s.t.take()
		if s.now = more; len(more) > 0 {
			break
		}
		if ended {
			return io.EOF
		}
		if s.idle != nil {
			s.idle()
		}
		select {
		case <-s.ctx.Done():
			return io.EOF
		case <-s.t.bell:
		}
	}
	n := &s.now[0]
	*p = Packet{Data: n.data, Marks: n.marks, Time: n.time, Frame: n.frame, OrigLen: uint32(len(n.data)), Link: LinkEthernet, File: s.file}
	s.now[0] = tapPacket{}
	s.now = s.now[1:]
	return nil
}

// take is all that waits.
func (t *Tap) take() (all []tapPacket, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all, t.ahead, t.size = t.ahead, nil, 0
	t.room.Broadcast()
	return all, t.ended
}

func (s *tapSource) Close() {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	s.t.gone = true
	s.t.ahead, s.t.keys = nil, nil
	s.t.room.Broadcast()
}

func (s *tapSource) Notices() []Notice { return nil }

func (s *tapSource) Secrets() []Secret {
	s.t.mu.Lock()
	defer s.t.mu.Unlock()
	return s.t.keys
}
